//! Calls of the Bot API. Answers are judged by what they say, and never waited for inside a call, as a client with retries of
//! its own would do: what is tried again, and when, is decided in the outbox.

use std::fmt;
use std::time::Duration;

use kardan_schema::Secret;
use reqwest::multipart::{Form, Part};
use serde::Deserialize;
use serde_json::Value;

use crate::Error;

/// How long a call may take; a file of a photo is a tenth of a megabyte.
const PATIENCE: Duration = Duration::from_secs(30);

/// The Bot API.
#[derive(Clone)]
pub struct Telegram {
    client: reqwest::Client,
    /// Holds the token: never logged.
    base: String,
    /// Where files are; as the other.
    files: String,
}

/// Why a call came to nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// Too many; not before so many seconds have passed.
    Later { seconds: i32 },
    /// The group has another number now.
    Moved { to: i64 },
    /// Telegram says no.
    Said { code: u16, why: String },
    /// There was no answer, or none that can be understood: it may have happened all the same.
    Unheard(String),
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Later { seconds } => write!(f, "not within {seconds} s"),
            Self::Moved { to } => write!(f, "the group has become {to}"),
            Self::Said { code, why } => write!(f, "{code} {why}"),
            Self::Unheard(why) => write!(f, "no answer: {why}"),
        }
    }
}

impl Refusal {
    /// Whether Telegram's words contain this, in whatever case.
    pub fn says(&self, words: &str) -> bool {
        matches!(self, Self::Said { why, .. } if why.to_lowercase().contains(words))
    }
}

/// A file that goes along with a call, under the name by which its parameters mean it.
#[derive(Debug, Clone)]
pub struct Attachment {
    pub name: String,
    pub bytes: Vec<u8>,
}

#[derive(Debug, Deserialize)]
struct Answer {
    ok: bool,
    #[serde(default)]
    result: Value,
    #[serde(default)]
    error_code: u16,
    #[serde(default)]
    description: String,
    #[serde(default)]
    parameters: Parameters,
}

#[derive(Debug, Default, Deserialize)]
struct Parameters {
    retry_after: Option<i32>,
    migrate_to_chat_id: Option<i64>,
}

impl Telegram {
    pub fn new(api_url: &str, token: &Secret) -> Result<Self, Error> {
        let client = reqwest::Client::builder()
            .timeout(PATIENCE)
            .build()
            .map_err(Error::Client)?;
        let (api_url, token) = (api_url.trim_end_matches('/'), token.expose());
        Ok(Self {
            client,
            base: format!("{api_url}/bot{token}"),
            files: format!("{api_url}/file/bot{token}"),
        })
    }

    /// Calls a method; its result.
    pub async fn call(&self, method: &str, params: &Value) -> Result<Value, Refusal> {
        let request = self.client.post(self.url(method)).json(params);
        hear(request).await
    }

    /// Calls a method that waits for something to happen, for so many seconds.
    pub async fn wait(&self, method: &str, params: &Value, seconds: u64) -> Result<Value, Refusal> {
        let request = self
            .client
            .post(self.url(method))
            .timeout(PATIENCE + Duration::from_secs(seconds))
            .json(params);
        hear(request).await
    }

    /// Calls a method with files.
    pub async fn upload(
        &self,
        method: &str,
        params: &Value,
        files: Vec<Attachment>,
    ) -> Result<Value, Refusal> {
        let mut form = Form::new();
        for (name, value) in params.as_object().into_iter().flatten() {
            let text = match value {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            form = form.text(name.clone(), text);
        }
        for file in files {
            let kind = if file.bytes.starts_with(b"\x89PNG") {
                "png"
            } else {
                "webp"
            };
            let part = Part::bytes(file.bytes).file_name(format!("{}.{kind}", file.name));
            form = form.part(file.name, part);
        }
        hear(self.client.post(self.url(method)).multipart(form)).await
    }

    /// The bytes of a file that somebody sent, at most so many.
    pub async fn download(&self, file_id: &str, most: usize) -> Result<Vec<u8>, Refusal> {
        let file = self
            .call("getFile", &serde_json::json!({ "file_id": file_id }))
            .await?;
        let path = file.get("file_path").and_then(Value::as_str);
        let path = path.ok_or_else(|| Refusal::Unheard("a file without a path".to_owned()))?;
        let unheard = |error: reqwest::Error| Refusal::Unheard(error.without_url().to_string());
        let request = self.client.get(format!("{}/{path}", self.files));
        let mut response = request.send().await.map_err(unheard)?;
        if !response.status().is_success() {
            return Err(Refusal::Unheard(format!("status {}", response.status())));
        }
        let mut bytes = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(unheard)? {
            bytes.extend_from_slice(&chunk);
            if bytes.len() > most {
                return Err(Refusal::Said {
                    code: 400,
                    why: "file is too big".to_owned(),
                });
            }
        }
        Ok(bytes)
    }

    fn url(&self, method: &str) -> String {
        format!("{}/{method}", self.base)
    }
}

async fn hear(request: reqwest::RequestBuilder) -> Result<Value, Refusal> {
    // The address holds the token.
    let unheard = |error: reqwest::Error| Refusal::Unheard(error.without_url().to_string());
    let response = request.send().await.map_err(unheard)?;
    let status = response.status();
    let bytes = response.bytes().await.map_err(unheard)?;
    let Ok(answer) = serde_json::from_slice::<Answer>(&bytes) else {
        return Err(Refusal::Unheard(format!("status {status}")));
    };
    if answer.ok {
        return Ok(answer.result);
    }
    Err(match answer.parameters {
        Parameters {
            retry_after: Some(seconds),
            ..
        } => Refusal::Later { seconds },
        Parameters {
            migrate_to_chat_id: Some(to),
            ..
        } => Refusal::Moved { to },
        _ if answer.error_code == 429 => Refusal::Later { seconds: 1 },
        _ if answer.error_code >= 500 => {
            Refusal::Unheard(format!("{} {}", answer.error_code, answer.description))
        }
        _ => Refusal::Said {
            code: answer.error_code,
            why: answer.description,
        },
    })
}

/// Parameters with further ones, such as the buttons of a message.
pub fn with(mut params: Value, more: Value) -> Value {
    if let (Some(all), Value::Object(more)) = (params.as_object_mut(), more) {
        all.extend(more);
    }
    params
}

/// The numbers of the messages that a result is or lists.
pub fn messages(result: &Value) -> Vec<i64> {
    let number = |message: &Value| message.get("message_id").and_then(Value::as_i64);
    match result {
        Value::Array(all) => all.iter().filter_map(number).collect(),
        one => number(one).into_iter().collect(),
    }
}
