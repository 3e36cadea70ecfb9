//! What people get wrong, and what they are told.

use super::cluster;

#[test]
fn a_wrong_address_of_etcd_is_named() -> anyhow::Result<()> {
    let output = cluster::run(&["status", "--etcd", "https://127.0.0.1:1"])?;
    cluster::refused(&output, 3, "etcd at https://127.0.0.1:1")?;
    Ok(())
}

#[test]
fn a_cluster_that_etcd_does_not_know_is_named() -> anyhow::Result<()> {
    let output = cluster::run(&["status", "--prefix", "/kardan/another"])?;
    cluster::refused(&output, 1, "/kardan/another")?;
    Ok(())
}

#[test]
fn a_missing_key_is_named() -> anyhow::Result<()> {
    let empty = tempfile::tempdir()?;
    let output = cluster::command(&["status"])
        .env("KARDAN_CLUSTER_KEYS", empty.path())
        .output()?;
    cluster::refused(&output, 1, "ca.crt")?;
    Ok(())
}

#[test]
fn keys_of_another_authority_are_told_as_such() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let key = rcgen::KeyPair::generate()?;
    let certificate = params()?.self_signed(&key)?;
    std::fs::write(folder.path().join("ca.crt"), certificate.pem())?;
    std::fs::write(folder.path().join("node.crt"), certificate.pem())?;
    std::fs::write(folder.path().join("node.key"), key.serialize_pem())?;
    let output = cluster::command(&["status"])
        .env("KARDAN_CLUSTER_KEYS", folder.path())
        .output()?;
    cluster::refused(&output, 3, "keys are those of another cluster")?;
    Ok(())
}

#[test]
fn an_expired_certificate_is_told_as_such_with_how_to_replace_it() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let authority = cluster::folder().join("authority");
    let signer = rcgen::KeyPair::from_pem(&std::fs::read_to_string(authority.join("ca.key"))?)?;
    let mut issuer = params()?;
    issuer.distinguished_name = rcgen::DistinguishedName::new();
    issuer
        .distinguished_name
        .push(rcgen::DnType::CommonName, "kardan-cluster");
    let mut expired = params()?;
    expired.not_before = rcgen::date_time_ymd(2020, 1, 1);
    expired.not_after = rcgen::date_time_ymd(2021, 1, 1);
    let key = rcgen::KeyPair::generate()?;
    let certificate = expired.signed_by(&key, &rcgen::Issuer::new(issuer, signer))?;
    std::fs::copy(authority.join("ca.crt"), folder.path().join("ca.crt"))?;
    std::fs::write(folder.path().join("node.crt"), certificate.pem())?;
    std::fs::write(folder.path().join("node.key"), key.serialize_pem())?;
    let output = cluster::command(&["status"])
        .env("KARDAN_CLUSTER_KEYS", folder.path())
        .output()?;
    cluster::refused(&output, 3, "delete node.crt")?;
    Ok(())
}

fn params() -> anyhow::Result<rcgen::CertificateParams> {
    Ok(rcgen::CertificateParams::new(vec!["operator".to_owned()])?)
}
