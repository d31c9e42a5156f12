//! eSCL (AirScan), the protocol of network scanners, as far as it is text: what a device says it can do, how it stands, what it is
//! asked for. Pure; the worker program does the talking. Every text comes from the network and is bounded. Deliberately absent:
//! formats other than JPEG, which every eSCL device has, and authentication.

mod discovery;
mod documents;

pub use discovery::{Announced, DATAGRAM_BYTES_MAX, query, read_answer, scanners_in};
pub use documents::{AdfState, EsclCapabilities, EsclStatus, InputCaps, JobInfo, JobState, ScanRequest, read_capabilities, read_status};

/// Beginning of the identity of a scanner that is reached without a driver of the system.
pub const ID_PREFIX: &str = "escl:";
/// Longest address taken.
const ADDRESS_CHARS_MAX: usize = 400;

/// The identity of the scanner at an address a person typed: a name or number, with or without port, or a whole URL.
/// `None` when it can not be an address.
pub fn scanner_at(address: &str) -> Option<String> {
    let address = address.trim().trim_end_matches('/');
    let address = address.strip_prefix(ID_PREFIX).unwrap_or(address);
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
        check("ftp://192.0.2.7", None);
        check("http://a b/eSCL", None);
        check("http://user@host/eSCL", None);
        check("", None);
        assert_eq!(url_of("escl:http://192.0.2.7/eSCL"), Some("http://192.0.2.7/eSCL"));
        assert_eq!(url_of("airscan:e0:Office"), None);
    }
}
