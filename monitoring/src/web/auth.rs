//! Passwords: HTTP's basic scheme against bcrypt hashes, for every path.

use std::sync::{Arc, PoisonError};

use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

use super::config::WebConfig;

/// So many answers of bcrypt are remembered.
const MOST_CHECKED: usize = 100;
/// A hash of nothing anybody knows: an unknown user takes as long as a wrong password.
const NOBODY: &str = "$2b$10$QOauhQNbBCuQDKes6eFzPeMqBSjb7Mr5DUmpZ/VcEd00UAV/LDeSi";

/// Lets nobody through without a right password, when there are passwords; adds the configured headers.
pub(super) async fn guard(
    State(web): State<Arc<WebConfig>>,
    request: Request,
    next: Next,
) -> Response {
    let current = web.now();
    let is_let_in = current.users.is_empty() || {
        let login = login(&request);
        match login {
            Some((user, password)) => {
                check(
                    web.clone(),
                    current.users.get(&user).cloned(),
                    user,
                    password,
                )
                .await
            }
            None => false,
        }
    };
    let mut response = if is_let_in {
        next.run(request).await
    } else {
        (
            StatusCode::UNAUTHORIZED,
            [(header::WWW_AUTHENTICATE, "Basic")],
            "Unauthorized\n",
        )
            .into_response()
    };
    for (name, value) in current.headers.iter() {
        response.headers_mut().insert(name.clone(), value.clone());
    }
    response
}

fn login(request: &Request) -> Option<(String, String)> {
    let text = request
        .headers()
        .get(header::AUTHORIZATION)?
        .to_str()
        .ok()?;
    let (scheme, encoded) = text.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (user, password) = decoded.split_once(':')?;
    Some((user.to_owned(), password.to_owned()))
}

async fn check(web: Arc<WebConfig>, hash: Option<String>, user: String, password: String) -> bool {
    let is_known = hash.is_some();
    let hash = hash.unwrap_or_else(|| NOBODY.to_owned());
    let mut digest = Sha256::new();
    for part in [&user, &password, &hash] {
        digest.update(part.len().to_le_bytes());
        digest.update(part);
    }
    let key: [u8; 32] = digest.finalize().into();
    let remembered = web
        .checked
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .get(&key)
        .copied();
    if let Some(is_right) = remembered {
        return is_right;
    }
    // Bcrypt is made to take long; it must not keep other requests waiting.
    let is_right =
        tokio::task::spawn_blocking(move || bcrypt::verify(&password, &hash).unwrap_or(false))
            .await
            .unwrap_or(false)
            && is_known;
    let mut checked = web.checked.lock().unwrap_or_else(PoisonError::into_inner);
    if checked.len() >= MOST_CHECKED {
        checked.clear();
    }
    checked.insert(key, is_right);
    is_right
}
