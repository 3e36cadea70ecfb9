//! The issuer on the network: where its doors are, which keys are its own, and what it gives for a code.

use std::sync::Arc;
use std::time::{Duration, Instant};

use jsonwebtoken::jwk::JwkSet;
use reqwest::{Client, RequestBuilder, StatusCode, Url, redirect};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use tokio::sync::Mutex;

use super::claims::{Expected, Identity, NoProof, read};
use super::config::{Config, is_safe};
use super::flow::Verifier;
use crate::Secret;

/// How long what the issuer says of itself is believed.
const FRESH: Duration = Duration::from_secs(3600);
/// How often it is asked again because a proof names a key that was not there.
const AGAIN: Duration = Duration::from_secs(30);
/// How long it may take for an answer.
const PATIENCE: Duration = Duration::from_secs(4);
/// How long an answer of it may be, in bytes.
const LONGEST: usize = 256 << 10;

/// Why nobody is signed in.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// The issuer cannot be reached, or says what makes no sense.
    #[error("the issuer does not answer as it should: {0}")]
    Issuer(String),
    /// The issuer knows no such code.
    #[error("the issuer does not take the code")]
    Code,
    /// The state is not the one of the verifier.
    #[error("the state is of another sign-in")]
    State,
    /// What the issuer gave is no proof.
    #[error("the proof does not hold: {0}")]
    Proof(#[from] NoProof),
    /// The page is none of those that people may be sent to.
    #[error("people may not be sent to this page")]
    Redirect,
    /// The operating system gives no random bytes.
    #[error(transparent)]
    Random(#[from] getrandom::Error),
}

/// The issuer that people may sign in by.
pub struct Issuer {
    address: String,
    client_id: String,
    client_secret: Option<Secret>,
    redirects: Vec<String>,
    telegram_claim: Option<String>,
    http: Client,
    known: Mutex<Option<Known>>,
}

#[derive(Clone)]
struct Known {
    at: Instant,
    doors: Arc<Doors>,
    keys: Arc<JwkSet>,
}

/// What the issuer says of itself, as far as it is needed.
#[derive(Deserialize)]
struct Doors {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
    #[serde(default)]
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
}

#[derive(Deserialize)]
struct Answer {
    id_token: String,
}

impl Issuer {
    /// The issuer of the configuration, when there is one. Nothing is asked of it yet.
    pub fn new(
        config: &Config,
        client_secret: Option<Secret>,
    ) -> Result<Option<Self>, reqwest::Error> {
        let (Some(address), Some(client_id)) = (&config.oidc_issuer, &config.oidc_client_id) else {
            return Ok(None);
        };
        let http = Client::builder()
            .timeout(PATIENCE)
            .redirect(redirect::Policy::none())
            .build()?;
        Ok(Some(Self {
            address: address.clone(),
            client_id: client_id.clone(),
            client_secret,
            redirects: config.oidc_redirects.clone(),
            telegram_claim: config.oidc_telegram_claim.clone(),
            http,
            known: Mutex::default(),
        }))
    }

    /// The issuer's name.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Where a person is sent, and the secret that the page keeps meanwhile.
    pub async fn begin(&self, redirect: &str) -> Result<(Url, Verifier), Trouble> {
        self.allow(redirect)?;
        let verifier = Verifier::new()?;
        let doors = self.known(None).await?.doors;
        let mut url = Url::parse(&doors.authorization_endpoint).map_err(nonsense)?;
        url.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("scope", "openid profile")
            .append_pair("client_id", &self.client_id)
            .append_pair("redirect_uri", redirect)
            .append_pair("state", &verifier.state())
            .append_pair("nonce", &verifier.nonce())
            .append_pair("code_challenge", &verifier.challenge())
            .append_pair("code_challenge_method", "S256");
        Ok((url, verifier))
    }

    /// Whom the issuer vouches for, by the code that it sent the person back with.
    pub async fn finish(
        &self,
        redirect: &str,
        verifier: &str,
        state: &str,
        code: &str,
    ) -> Result<Identity, Trouble> {
        self.allow(redirect)?;
        let verifier = Verifier::read(verifier).filter(|verifier| verifier.state() == state);
        let verifier = verifier.ok_or(Trouble::State)?;
        let known = self.known(None).await?;
        let token = self
            .exchange(&known.doors, redirect, &verifier, code)
            .await?;
        let nonce = verifier.nonce();
        let expected = Expected {
            issuer: &self.address,
            client_id: &self.client_id,
            nonce: &nonce,
            telegram_claim: self.telegram_claim.as_deref(),
        };
        match read(&token, &known.keys, &expected) {
            // The issuer may have a new key since.
            Err(NoProof::Key) => {
                let known = self.known(Some(known.at)).await?;
                Ok(read(&token, &known.keys, &expected)?)
            }
            other => Ok(other?),
        }
    }

    fn allow(&self, redirect: &str) -> Result<(), Trouble> {
        let is_allowed = self.redirects.iter().any(|known| known == redirect);
        is_allowed.then_some(()).ok_or(Trouble::Redirect)
    }

    async fn exchange(
        &self,
        doors: &Doors,
        redirect: &str,
        verifier: &Verifier,
        code: &str,
    ) -> Result<String, Trouble> {
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", redirect),
            ("code_verifier", verifier.expose()),
        ];
        let mut request = self.http.post(&doors.token_endpoint);
        match &self.client_secret {
            Some(secret) if doors.takes_basic() => {
                // RFC 6749, 2.3.1: both are written as in a form before they are put together.
                let encoded = |text: &str| {
                    form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>()
                };
                request =
                    request.basic_auth(encoded(&self.client_id), Some(encoded(secret.expose())));
            }
            Some(secret) => {
                form.extend([
                    ("client_id", &*self.client_id),
                    ("client_secret", secret.expose()),
                ]);
            }
            None => form.push(("client_id", &self.client_id)),
        }
        let answer: Answer = asked(request.form(&form)).await?;
        Ok(answer.id_token)
    }

    /// What is known of the issuer; asked again when it is old, or when it is as old as what did not do.
    async fn known(&self, stale: Option<Instant>) -> Result<Known, Trouble> {
        // The lock is held while it is asked: a hundred sign-ins at once ask once.
        let mut slot = self.known.lock().await;
        if let Some(known) = &*slot {
            let age = known.at.elapsed();
            let does = stale.is_none_or(|at| known.at > at || age < AGAIN);
            if age < FRESH && does {
                return Ok(known.clone());
            }
        }
        let address = format!(
            "{}/.well-known/openid-configuration",
            self.address.trim_end_matches('/')
        );
        let doors: Doors = asked(self.http.get(address)).await?;
        if doors.issuer != self.address {
            return Err(Trouble::Issuer(format!("it calls itself {}", doors.issuer)));
        }
        for door in [
            &doors.authorization_endpoint,
            &doors.token_endpoint,
            &doors.jwks_uri,
        ] {
            if !is_safe(door) {
                return Err(Trouble::Issuer(format!("{door} is not safe")));
            }
        }
        let keys = asked(self.http.get(&doors.jwks_uri)).await?;
        let known = Known {
            at: Instant::now(),
            doors: Arc::new(doors),
            keys: Arc::new(keys),
        };
        Ok(slot.insert(known).clone())
    }
}

impl Doors {
    /// Whether the client may show its secret in the header; it may where nothing is said.
    fn takes_basic(&self) -> bool {
        let methods = self.token_endpoint_auth_methods_supported.as_ref();
        methods.is_none_or(|methods| methods.iter().any(|method| method == "client_secret_basic"))
    }
}

/// What the issuer answers.
async fn asked<T: DeserializeOwned>(request: RequestBuilder) -> Result<T, Trouble> {
    let mut response = request.send().await.map_err(nonsense)?;
    match response.status() {
        StatusCode::OK => {}
        // It understood, and says no.
        StatusCode::BAD_REQUEST | StatusCode::UNAUTHORIZED => {
            return Err(refusal(&mut response).await);
        }
        other => return Err(Trouble::Issuer(other.to_string())),
    }
    serde_json::from_slice(&body(&mut response).await?).map_err(nonsense)
}

/// `invalid_grant` is a code that does not do; anything else is for the operator to mend.
async fn refusal(response: &mut reqwest::Response) -> Trouble {
    #[derive(Deserialize)]
    struct Refusal {
        error: String,
    }
    let body = body(response).await.unwrap_or_default();
    match serde_json::from_slice::<Refusal>(&body) {
        Ok(refusal) if refusal.error == "invalid_grant" => Trouble::Code,
        Ok(refusal) => Trouble::Issuer(refusal.error),
        Err(_) => Trouble::Issuer(response.status().to_string()),
    }
}

async fn body(response: &mut reqwest::Response) -> Result<Vec<u8>, Trouble> {
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(nonsense)? {
        if bytes.len() + chunk.len() > LONGEST {
            return Err(Trouble::Issuer("its answer is too long".to_owned()));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

fn nonsense(error: impl std::error::Error) -> Trouble {
    Trouble::Issuer(error.to_string())
}
