//! A network scanner over TLS, with a certificate that it made itself, as devices have. The virtual scanner speaks plain HTTP; a small
//! door before it ends the encryption. The certificate is made by the system's `openssl` for each run.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::sync::Arc;

use onewindow_scan::{Batch, ScanFault, Source, WorkerConfig};
use onewindow_testkit::escl::VirtualScanner;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::{run, sequences, small};

/// A certificate that names nobody in particular; `None` without openssl.
fn own_certificate() -> Option<Arc<ServerConfig>> {
    let dir = tempfile::tempdir().unwrap();
    let (key, certificate) = (dir.path().join("key.pem"), dir.path().join("certificate.pem"));
    let made = Command::new("openssl")
        .args(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=scanner", "-keyout"])
        .args([key.as_os_str(), "-out".as_ref(), certificate.as_os_str()])
        .output();
    if !made.is_ok_and(|made| made.status.success()) {
        eprintln!("SKIPPED: openssl is not installed");
        return None;
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![CertificateDer::from_pem_file(certificate).unwrap()],
            PrivateKeyDer::from_pem_file(key).unwrap(),
        )
        .unwrap();
    Some(Arc::new(config))
}

/// Opens the door; returns its port. It stays open until the test's process ends.
fn door_before(scanner_port: u16, config: Arc<ServerConfig>) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let config = Arc::clone(&config);
            // A client that hangs up in the middle is no fault of the door.
            std::thread::spawn(move || pass_one_request(stream, config, scanner_port).ok());
        }
    });
    port
}

/// Hands one request to the scanner and its whole answer back.
fn pass_one_request(stream: TcpStream, config: Arc<ServerConfig>, scanner_port: u16) -> std::io::Result<()> {
    let connection = ServerConnection::new(config).map_err(std::io::Error::other)?;
    let mut outside = StreamOwned::new(connection, stream);
    let mut request = Vec::new();
    let body_at = loop {
        let mut piece = [0; 4096];
        let length = outside.read(&mut piece)?;
        if length == 0 {
            return Ok(());
        }
        request.extend_from_slice(&piece[..length]);
        if let Some(end) = request.windows(4).position(|four| four == b"\r\n\r\n") {
            break end + 4;
        }
    };
    let head = String::from_utf8_lossy(&request[..body_at]).to_ascii_lowercase();
    let announced = head.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse::<usize>().ok());
    while request.len() < body_at + announced.unwrap_or(0) {
        let mut piece = [0; 4096];
        let length = outside.read(&mut piece)?;
        if length == 0 {
            return Ok(());
        }
        request.extend_from_slice(&piece[..length]);
    }
    let line_end = request.windows(2).position(|two| two == b"\r\n").unwrap_or(0);
    let mut inside = TcpStream::connect(("127.0.0.1", scanner_port))?;
    inside.write_all(&request[..line_end])?;
    inside.write_all(b"\r\nConnection: close")?;
    inside.write_all(&request[line_end..])?;
    std::io::copy(&mut inside, &mut outside)?;
    outside.conn.send_close_notify();
    outside.flush()
}

#[test]
fn a_scanner_is_reached_through_tls_with_a_certificate_of_its_own() {
    let Some(config) = own_certificate() else { return };
    let scanner = VirtualScanner::start(0).unwrap();
    scanner.load_feeder((1..=3).map(crate::own_client::sheet));
    let port = door_before(scanner.port(), config);
    let worker = WorkerConfig::new(env!("CARGO_BIN_EXE_onewindow-scan-worker"));
    let outcome = run(&worker, &Batch::new(format!("escl:https://127.0.0.1:{port}/eSCL"), small(Source::Feeder)));
    assert_eq!(outcome.end, Ok(3));
    assert_eq!(sequences(&outcome.pages), [1, 2, 3]);
    // Without encryption nobody answers at that door.
    let plain = run(&worker, &Batch::new(format!("escl:http://127.0.0.1:{port}/eSCL"), small(Source::Feeder)));
    assert!(matches!(plain.end, Err(ScanFault::Unreachable | ScanFault::ConnectionCut)), "{:?}", plain.end);
}
