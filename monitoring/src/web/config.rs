//! The web configuration in the format of Prometheus' exporters: TLS, passwords, headers. Read anew when the file, the
//! certificate or the key changes, so that a renewed certificate needs no restart.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use axum::http::{HeaderName, HeaderValue};
use rustls::crypto::aws_lc_rs;
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, SupportedProtocolVersion};
use serde::Deserialize;
use tracing::warn;

use crate::Error;
use crate::error::read_yaml;
use crate::source::{certificates, private_key};

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    tls_server_config: Option<Tls>,
    #[serde(default)]
    http_server_config: Http,
    #[serde(default)]
    basic_auth_users: BTreeMap<String, String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Http {
    /// Accepted, and HTTP/1.1 is served in any case.
    http2: Option<bool>,
    headers: BTreeMap<String, String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Tls {
    cert_file: PathBuf,
    key_file: PathBuf,
    client_auth_type: String,
    client_ca_file: Option<PathBuf>,
    client_allowed_sans: Vec<String>,
    min_version: Option<String>,
    max_version: Option<String>,
    cipher_suites: Vec<String>,
    curve_preferences: Vec<String>,
    /// Accepted: rustls goes by the server's order anyway.
    prefer_server_cipher_suites: Option<bool>,
}

/// What holds at the moment.
#[derive(Clone, Default)]
pub(super) struct Current {
    pub tls: Option<Arc<ServerConfig>>,
    pub users: Arc<BTreeMap<String, String>>,
    pub headers: Arc<Vec<(HeaderName, HeaderValue)>>,
    /// The files that it came from, with when they changed.
    files: Vec<(PathBuf, Option<SystemTime>)>,
}

/// The file, or none.
pub(super) struct WebConfig {
    path: Option<PathBuf>,
    current: Mutex<Current>,
    /// Passwords that were right or wrong, so that bcrypt runs once for each.
    pub(super) checked: Mutex<BTreeMap<[u8; 32], bool>>,
}

impl WebConfig {
    /// Reads the file; without a name there is neither TLS nor a password.
    pub(super) fn read(name: &str) -> Result<Self, Error> {
        let path = (!name.is_empty()).then(|| PathBuf::from(name));
        let current = match &path {
            Some(path) => load(path)?,
            None => Current::default(),
        };
        Ok(Self {
            path,
            current: Mutex::new(current),
            checked: Mutex::default(),
        })
    }

    /// What holds now. A file that has become wrong is told in the log, and what held before goes on.
    pub(super) fn now(&self) -> Current {
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(path) = &self.path
            && current
                .files
                .iter()
                .any(|(file, at)| changed_at(file) != *at)
        {
            match load(path) {
                Ok(new) => *current = new,
                Err(error) => {
                    warn!(%error, "the web configuration is not read anew; the former one goes on");
                    for (file, at) in &mut current.files {
                        *at = changed_at(file);
                    }
                }
            }
        }
        current.clone()
    }
}

fn changed_at(path: &Path) -> Option<SystemTime> {
    std::fs::metadata(path).and_then(|m| m.modified()).ok()
}

fn load(path: &Path) -> Result<Current, Error> {
    let file: File = read_yaml("web configuration", path)?;
    let wrong = |reason: String| Error::Yaml {
        path: path.to_owned(),
        reason,
    };
    let base = path.parent().unwrap_or(Path::new(""));
    let mut files = vec![path.to_owned()];
    let tls = match file.tls_server_config {
        Some(tls) => {
            files.extend([base.join(&tls.cert_file), base.join(&tls.key_file)]);
            files.extend(tls.client_ca_file.iter().map(|file| base.join(file)));
            Some(Arc::new(tls.server(base).map_err(|e| match e {
                Error::Flag { flag, reason } => {
                    wrong(format!("tls_server_config: {flag}: {reason}"))
                }
                other => other,
            })?))
        }
        None => None,
    };
    for (user, hash) in &file.basic_auth_users {
        if bcrypt::verify("", hash).is_err() {
            return Err(wrong(format!(
                "basic_auth_users: {user}: not a bcrypt hash"
            )));
        }
    }
    let headers = file
        .http_server_config
        .headers
        .iter()
        .map(|(name, value)| {
            Ok((
                name.parse()
                    .map_err(|_| wrong(format!("headers: {name} is no name of a header")))?,
                value
                    .parse()
                    .map_err(|_| wrong(format!("headers: {name}: not a header's value")))?,
            ))
        })
        .collect::<Result<_, Error>>()?;
    Ok(Current {
        tls,
        users: Arc::new(file.basic_auth_users),
        headers: Arc::new(headers),
        files: files
            .into_iter()
            .map(|file| {
                let at = changed_at(&file);
                (file, at)
            })
            .collect(),
    })
}

impl Tls {
    fn server(&self, base: &Path) -> Result<ServerConfig, Error> {
        let wrong = |flag: &'static str, reason: String| Error::Flag { flag, reason };
        if !self.client_allowed_sans.is_empty() {
            return Err(wrong(
                "client_allowed_sans",
                "not supported; leave it out, or put a proxy in front".into(),
            ));
        }
        let mut provider = aws_lc_rs::default_provider();
        keep(&mut provider.cipher_suites, &self.cipher_suites, |suite| {
            // IANA's names, as Go has them; those of TLS 1.3 begin with TLS13_ in rustls.
            format!("{:?}", suite.suite()).replace("TLS13_", "TLS_")
        })
        .map_err(|name| wrong("cipher_suites", format!("{name} is not known")))?;
        keep(
            &mut provider.kx_groups,
            &self.curve_preferences,
            |group| match format!("{:?}", group.name()).as_str() {
                "secp256r1" => "CurveP256".to_owned(),
                "secp384r1" => "CurveP384".to_owned(),
                "secp521r1" => "CurveP521".to_owned(),
                other => other.to_owned(),
            },
        )
        .map_err(|name| wrong("curve_preferences", format!("{name} is not known")))?;
        let provider = Arc::new(provider);
        let builder = ServerConfig::builder_with_provider(provider.clone())
            .with_protocol_versions(&self.versions()?)
            .map_err(|e| wrong("cipher_suites", e.to_string()))?;
        let roots = || -> Result<Arc<RootCertStore>, Error> {
            let file = self.client_ca_file.as_ref().ok_or_else(|| {
                wrong(
                    "client_ca_file",
                    format!("{} needs it", self.client_auth_type),
                )
            })?;
            let mut roots = RootCertStore::empty();
            roots.add_parsable_certificates(certificates(&base.join(file))?);
            Ok(Arc::new(roots))
        };
        let verifier = |optional: bool| {
            let builder = WebPkiClientVerifier::builder_with_provider(roots()?, provider.clone());
            let builder = if optional {
                builder.allow_unauthenticated()
            } else {
                builder
            };
            builder
                .build()
                .map_err(|e| wrong("client_ca_file", e.to_string()))
        };
        let builder = match self.client_auth_type.as_str() {
            "" if self.client_ca_file.is_some() => {
                builder.with_client_cert_verifier(verifier(false)?)
            }
            "" | "NoClientCert" | "RequestClientCert" => builder.with_no_client_auth(),
            "VerifyClientCertIfGiven" => builder.with_client_cert_verifier(verifier(true)?),
            "RequireAndVerifyClientCert" => builder.with_client_cert_verifier(verifier(false)?),
            other => {
                return Err(wrong(
                    "client_auth_type",
                    format!("{other} is not supported"),
                ));
            }
        };
        let mut config = builder
            .with_single_cert(
                certificates(&base.join(&self.cert_file))?,
                private_key(&base.join(&self.key_file))?,
            )
            .map_err(|e| wrong("cert_file", e.to_string()))?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(config)
    }

    fn versions(&self) -> Result<Vec<&'static SupportedProtocolVersion>, Error> {
        let number = |name: &'static str, text: &Option<String>, default: u8| match text.as_deref()
        {
            None => Ok(default),
            Some("TLS13") => Ok(3),
            // Older ones are not spoken; as a lower bound they do no harm.
            Some("TLS12" | "TLS11" | "TLS10") => Ok(2),
            Some(other) => Err(Error::Flag {
                flag: name,
                reason: format!("{other} is not TLS12 or TLS13"),
            }),
        };
        let (least, most) = (
            number("min_version", &self.min_version, 2)?,
            number("max_version", &self.max_version, 3)?,
        );
        let all = [(2, &rustls::version::TLS12), (3, &rustls::version::TLS13)];
        Ok(all
            .into_iter()
            .filter(|(n, _)| (least..=most).contains(n))
            .map(|(_, v)| v)
            .collect())
    }
}

/// Keeps what is named, in the order of the names; everything when nothing is named.
fn keep<T: Clone>(
    have: &mut Vec<T>,
    names: &[String],
    name_of: impl Fn(&T) -> String,
) -> Result<(), String> {
    if names.is_empty() {
        return Ok(());
    }
    *have = names
        .iter()
        .map(|name| {
            have.iter()
                .find(|item| name_of(item) == *name)
                .cloned()
                .ok_or_else(|| name.clone())
        })
        .collect::<Result<_, _>>()?;
    Ok(())
}
