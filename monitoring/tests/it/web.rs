//! TLS and passwords, by the file format of Prometheus' exporters.

use std::path::Path;
use std::sync::Arc;

use kardan_testdb::Database;
use rustls::pki_types::{CertificateDer, ServerName, pem::PemObject as _};
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use crate::support::{Exporter, config};

/// A certificate of its own for localhost, written into the folder.
fn certificate(folder: &Path) -> String {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    std::fs::write(folder.join("cert.pem"), made.cert.pem()).unwrap();
    std::fs::write(folder.join("key.pem"), made.signing_key.serialize_pem()).unwrap();
    made.cert.pem()
}

/// The status line of an answer over TLS, or why there is none.
async fn get(exporter: &Exporter, root: &str) -> Result<String, std::io::Error> {
    let mut roots = RootCertStore::empty();
    roots
        .add(CertificateDer::from_pem_slice(root.as_bytes()).unwrap())
        .unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let client = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let address = exporter.base.split("//").nth(1).unwrap();
    let stream = TcpStream::connect(address).await?;
    let name = ServerName::try_from("localhost").unwrap();
    let mut stream = TlsConnector::from(Arc::new(client))
        .connect(name, stream)
        .await?;
    stream
        .write_all(b"GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        .await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    Ok(String::from_utf8_lossy(&answer)
        .lines()
        .next()
        .unwrap_or_default()
        .to_owned())
}

#[tokio::test]
async fn metrics_come_over_tls_and_a_renewed_certificate_needs_no_restart() {
    let db = Database::create().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let first = certificate(folder.path());
    let file = folder.path().join("web.yml");
    std::fs::write(
        &file,
        "tls_server_config:\n  cert_file: cert.pem\n  key_file: key.pem\n  min_version: TLS13\n",
    )
    .unwrap();
    let mut config = config(&db.url_as("kardan_monitor"), &[]);
    config.web_config_file = file.display().to_string();
    let exporter = Exporter::of(&config, "https").await;
    assert_eq!(get(&exporter, &first).await.unwrap(), "HTTP/1.1 200 OK");
    let second = certificate(folder.path());
    let later = std::time::SystemTime::now() + std::time::Duration::from_secs(5);
    std::fs::File::options()
        .append(true)
        .open(folder.path().join("key.pem"))
        .unwrap()
        .set_modified(later)
        .unwrap();
    assert_eq!(get(&exporter, &second).await.unwrap(), "HTTP/1.1 200 OK");
    assert!(
        get(&exporter, &first).await.is_err(),
        "the former certificate is not shown any more"
    );
}

#[tokio::test]
async fn without_the_right_password_nothing_is_told() {
    let db = Database::create().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("web.yml");
    let hash = bcrypt::hash("right", 4).unwrap();
    std::fs::write(
        &file,
        format!("basic_auth_users:\n  prometheus: {hash}\nhttp_server_config:\n  headers:\n    X-Frame-Options: deny\n"),
    )
    .unwrap();
    let exporter = Exporter::start(
        &db.url_as("kardan_monitor"),
        &["--web.config.file", file.to_str().unwrap()],
    )
    .await;
    let client = reqwest::Client::new();
    for (login, status) in [
        (None, 401),
        (Some(("prometheus", "right")), 200),
        (Some(("prometheus", "wrong")), 401),
        (Some(("somebody", "right")), 401),
        (Some(("prometheus", "right")), 200),
    ] {
        for path in ["/metrics", "/"] {
            let mut request = client.get(format!("{}{path}", exporter.base));
            if let Some((user, password)) = login {
                request = request.basic_auth(user, Some(password));
            }
            let answer = request.send().await.unwrap();
            assert_eq!(answer.status(), status, "{login:?} {path}");
            assert_eq!(answer.headers()["x-frame-options"], "deny");
            assert_eq!(
                answer.headers().contains_key("www-authenticate"),
                status == 401
            );
        }
    }
}

#[tokio::test]
async fn a_mistake_in_the_web_configuration_is_named_before_anything_is_served() {
    let folder = tempfile::tempdir().unwrap();
    certificate(folder.path());
    let file = folder.path().join("web.yml");
    let tls = "tls_server_config:\n  cert_file: cert.pem\n  key_file: key.pem\n";
    for (text, said) in [
        ("tls_server_config:\n  cert: x\n".to_owned(), "cert"),
        (
            "tls_server_config:\n  cert_file: none.pem\n  key_file: key.pem\n".to_owned(),
            "none.pem",
        ),
        (format!("{tls}  min_version: TLS99\n"), "TLS99"),
        (
            format!("{tls}  client_auth_type: RequireAndVerifyClientCert\n"),
            "client_ca_file",
        ),
        (
            format!("{tls}  client_allowed_sans: [a]\n"),
            "client_allowed_sans",
        ),
        (format!("{tls}  cipher_suites: [NO_SUCH]\n"), "NO_SUCH"),
        (
            "basic_auth_users:\n  a: plain\n".to_owned(),
            "not a bcrypt hash",
        ),
        ("rate_limit:\n  burst: 1\n".to_owned(), "rate_limit"),
    ] {
        std::fs::write(&file, &text).unwrap();
        let mut config = config("", &[]);
        config.web_config_file = file.display().to_string();
        let error = kardan_monitoring::bind(&config)
            .await
            .map(|_| ())
            .unwrap_err()
            .to_string();
        assert!(error.contains(said), "{text}: {error}");
    }
}
