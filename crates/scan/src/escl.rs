//! eSCL (AirScan), the protocol of network scanners, as far as it is text: what a device says it can do, how it stands, what it is
//! asked for. Pure; the worker program does the talking. Every text comes from the network and is bounded. Deliberately absent:
//! formats other than JPEG, which every eSCL device has, and authentication.

mod discovery;
mod documents;

use std::net::{IpAddr, Ipv6Addr};

pub use discovery::{Announced, DATAGRAM_BYTES_MAX, query, read_answer, scanners_in};
pub use documents::{AdfState, EsclCapabilities, EsclStatus, InputCaps, JobInfo, JobState, ScanRequest, read_capabilities, read_status};

/// Beginning of the identity of a scanner that is reached without a driver of the system.
pub const ID_PREFIX: &str = "escl:";
/// Longest address taken.
const ADDRESS_CHARS_MAX: usize = 400;

/// The identity of the scanner at an address a person typed: a name or number, with or without port, or a whole URL.
/// `None` when it can not be an address.
pub fn scanner_at(address: &str) -> Option<String> {
    let address = address.trim().trim_start_matches(ID_PREFIX).trim().trim_end_matches('/');
    if address.parse::<Ipv6Addr>().is_ok() {
        return Some(format!("{ID_PREFIX}http://[{address}]/eSCL"));
    }
    let (scheme, rest) = match address.split_once("://") {
        Some((scheme @ ("http" | "https"), rest)) => (scheme, rest),
        Some(_) => return None,
        None => ("http", address),
    };
    let (host, path) = rest.split_once('/').map_or((rest, "eSCL"), |(host, path)| (host, path));
    let named = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ':' | '[' | ']');
    let spelled = |c: char| c.is_ascii_graphic() && !matches!(c, '?' | '#' | '@' | '"' | '<' | '>' | '\\');
    let fits = !host.is_empty() && host.chars().all(named) && path.chars().all(spelled) && rest.len() <= ADDRESS_CHARS_MAX;
    fits.then(|| format!("{ID_PREFIX}{scheme}://{host}/{path}"))
}

/// The identity of the scanner that an installer named: the one at an address, where the words can be nothing else, or a driver's name as it
/// stands. `printer` alone and `printer:8080` are names that drivers have too; `escl:printer` is an address.
pub fn scanner_named(named: &str) -> String {
    let named = named.trim();
    let is_address = ["escl:", "http://", "https://"].iter().any(|beginning| named.starts_with(beginning)) || begins_with_host(named);
    scanner_at(named).filter(|_| is_address).unwrap_or_else(|| named.to_owned())
}

/// Whether a text without a scheme begins with a number of the network or a name with a dot, and at most a port after it.
fn begins_with_host(text: &str) -> bool {
    let place = text.split('/').next().unwrap_or_default();
    let is_port = |port: &str| port.parse::<u16>().is_ok();
    let host = match place.rsplit_once(':') {
        Some((host, port)) if is_port(port) => host,
        _ => place,
    };
    let number = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    let has_dot = host.contains('.') && host.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-'));
    place.parse::<Ipv6Addr>().is_ok() || number.parse::<IpAddr>().is_ok() || has_dot
}

/// The base URL in a scanner's identity, without a slash at its end; `None` when it is not of this kind.
pub fn url_of(id: &str) -> Option<&str> {
    let url = id.strip_prefix(ID_PREFIX)?;
    (url.starts_with("http://") || url.starts_with("https://")).then(|| url.trim_end_matches('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_taken_as_people_type_them() {
        let check = |typed, id: Option<&str>| assert_eq!(scanner_at(typed).as_deref(), id, "{typed}");
        check("192.0.2.7", Some("escl:http://192.0.2.7/eSCL"));
        check(" printer.local:8080/ ", Some("escl:http://printer.local:8080/eSCL"));
        check("https://192.0.2.7/eSCL", Some("escl:https://192.0.2.7/eSCL"));
        check("escl:http://[fe80::1]:80/eSCL/", Some("escl:http://[fe80::1]:80/eSCL"));
        check("fe80::1", Some("escl:http://[fe80::1]/eSCL"));
        check("escl:printer", Some("escl:http://printer/eSCL"));
        check("escl: printer/ ", Some("escl:http://printer/eSCL"));
        check("ftp://192.0.2.7", None);
        check("http://a b/eSCL", None);
        check("http://user@host/eSCL", None);
        check("", None);
        assert_eq!(url_of("escl:http://192.0.2.7/eSCL"), Some("http://192.0.2.7/eSCL"));
        assert_eq!(url_of("airscan:e0:Office"), None);
    }

    #[test]
    fn a_named_scanner_is_an_address_only_where_no_driver_can_be_meant() {
        let check = |named, id: &str| assert_eq!(scanner_named(named), id, "{named}");
        check("10.1.2.3", "escl:http://10.1.2.3/eSCL");
        check("10.1.2.3:8080", "escl:http://10.1.2.3:8080/eSCL");
        check(" printer.local ", "escl:http://printer.local/eSCL");
        check("printer.local/eSCL2", "escl:http://printer.local/eSCL2");
        check("http://host:8080/eSCL", "escl:http://host:8080/eSCL");
        check("escl:http://10.1.2.3/eSCL", "escl:http://10.1.2.3/eSCL");
        check("escl:printer", "escl:http://printer/eSCL");
        check("[fe80::1]:80", "escl:http://[fe80::1]:80/eSCL");
        check("fe80::1", "escl:http://[fe80::1]/eSCL");
        for driver in [
            "test:0",
            "airscan:e0:Virtual eSCL",
            "fujitsu:fi-7160:1208958",
            "pixma:MF410_192.0.2.7",
            "net:192.0.2.7:plustek:libusb:001:002",
            "hpaio:/net/Maker?ip=192.0.2.7",
            "v4l2:/dev/video0",
            "camera:http://127.0.0.1:9000/video",
            "printer",
            "printer:8080",
            r"{6BDD1FC6-810F-11D0-BEC7-08002BE2092F}\0001",
        ] {
            check(driver, driver);
        }
    }
}
