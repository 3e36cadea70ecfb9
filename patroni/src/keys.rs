//! Certificates and keys from files.

use std::path::Path;
use std::sync::Arc;

use rustls::crypto::aws_lc_rs;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _};
use rustls::{ClientConfig, RootCertStore};

use crate::Error;

/// TLS as a client that believes only the cluster's own authority and shows its own certificate.
pub fn client(folder: &Path) -> Result<ClientConfig, Error> {
    let mut roots = RootCertStore::empty();
    let authority = folder.join("ca.crt");
    for certificate in certificates(&authority)? {
        roots
            .add(certificate)
            .map_err(|error| damaged(&authority, &error))?;
    }
    let own = folder.join("node.crt");
    let key_file = folder.join("node.key");
    let key =
        PrivateKeyDer::from_pem_file(&key_file).map_err(|error| damaged(&key_file, &error))?;
    let shown = certificates(&own)?;
    ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .and_then(|builder| {
            builder
                .with_root_certificates(roots)
                .with_client_auth_cert(shown, key)
        })
        .map_err(|error| damaged(&own, &error))
}

fn certificates(file: &Path) -> Result<Vec<CertificateDer<'static>>, Error> {
    CertificateDer::pem_file_iter(file)
        .and_then(Iterator::collect)
        .map_err(|error| damaged(file, &error))
}

/// A file's text.
pub fn text(file: &Path) -> Result<String, Error> {
    std::fs::read_to_string(file).map_err(|error| damaged(file, &error))
}

fn damaged(file: &Path, error: &dyn std::error::Error) -> Error {
    Error::Keys {
        path: file.to_owned(),
        why: error.to_string(),
    }
}
