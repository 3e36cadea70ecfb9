//! Which issuer is believed, as arguments and environment variables.

use std::path::PathBuf;

use crate::Secret;

/// The issuer of OpenID Connect that people may sign in by.
#[derive(Debug, Clone, Default, clap::Args)]
#[group(id = "oidc")]
pub struct Config {
    /// The issuer of OpenID Connect that people may sign in by, for example `https://oauth.telegram.org`
    #[arg(long, env = "KARDAN_OIDC_ISSUER", value_parser = issuer, requires_all = ["oidc_client_id", "oidc_redirects"])]
    pub oidc_issuer: Option<String>,
    /// What this server is called at the issuer
    #[arg(long, env = "KARDAN_OIDC_CLIENT_ID")]
    pub oidc_client_id: Option<String>,
    /// The secret of this server at the issuer; none for a public client
    #[arg(long, env = "KARDAN_OIDC_CLIENT_SECRET", hide_env_values = true)]
    pub oidc_client_secret: Option<Secret>,
    /// A file that holds the secret of this server at the issuer
    #[arg(
        long,
        env = "KARDAN_OIDC_CLIENT_SECRET_FILE",
        conflicts_with = "oidc_client_secret"
    )]
    pub oidc_client_secret_file: Option<PathBuf>,
    /// Pages that the issuer may send people back to, with commas between them
    #[arg(long, env = "KARDAN_OIDC_REDIRECTS", value_delimiter = ',')]
    pub oidc_redirects: Vec<String>,
    /// The claim with the person's number in Telegram, where the issuer is Telegram's: then it is the same account
    #[arg(long, env = "KARDAN_OIDC_TELEGRAM_CLAIM", requires = "oidc_issuer")]
    pub oidc_telegram_claim: Option<String>,
}

/// An address that is safe to believe: of TLS, or of this machine.
fn issuer(text: &str) -> Result<String, String> {
    if is_safe(text) {
        Ok(text.to_owned())
    } else {
        Err("expected an address that begins with https://".to_owned())
    }
}

/// Whether nobody between can change what comes from this address.
pub fn is_safe(address: &str) -> bool {
    reqwest::Url::parse(address).is_ok_and(|url| match url.scheme() {
        "https" => true,
        "http" => matches!(url.host_str(), Some("127.0.0.1" | "[::1]" | "localhost")),
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_issuer_is_believed_over_tls_and_on_this_machine_only() {
        for good in [
            "https://id.example",
            "http://127.0.0.1:9000/a",
            "http://localhost",
        ] {
            assert!(issuer(good).is_ok(), "{good}");
        }
        for bad in [
            "http://id.example",
            "ftp://localhost",
            "id.example",
            "http://localhost.example",
        ] {
            assert!(issuer(bad).is_err(), "{bad}");
        }
    }
}
