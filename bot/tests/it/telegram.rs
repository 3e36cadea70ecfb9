//! A Bot API that behaves as Telegram's: it keeps what it was sent, tells the updates that a test makes, forgets one only when it is
//! acknowledged, and can be told to refuse, to be slow, or to lose an answer after the effect.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use axum::Json;
use axum::Router;
use axum::extract::{FromRequest, Multipart, Path, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use serde_json::{Map, Value, json};
use tokio::net::TcpListener;

pub const TOKEN: &str = "42:secret";
pub const NAME: &str = "kardan_test_bot";

/// A call that was heard, with the names of the files that came along.
#[derive(Debug, Clone)]
pub struct Call {
    pub method: String,
    pub params: Value,
    pub files: Vec<String>,
}

impl Call {
    pub fn text(&self) -> &str {
        let text = self
            .params
            .get("text")
            .or_else(|| self.params.get("caption"));
        text.and_then(Value::as_str).unwrap_or_default()
    }

    pub fn chat(&self) -> i64 {
        let chat = &self.params["chat_id"];
        // A form has only texts.
        chat.as_i64()
            .or_else(|| chat.as_str()?.parse().ok())
            .unwrap_or_default()
    }

    /// The data of the buttons beneath it, or their addresses.
    pub fn buttons(&self) -> Vec<String> {
        let buttons = self.rows().into_iter().flatten();
        buttons
            .map(|button| {
                let field = button.get("callback_data").or_else(|| button.get("url"));
                field.and_then(Value::as_str).unwrap_or_default().to_owned()
            })
            .collect()
    }

    /// What the buttons say, row by row.
    pub fn labels(&self) -> Vec<Vec<String>> {
        let label = |button: &Value| button["text"].as_str().unwrap_or_default().to_owned();
        let rows = self.rows().into_iter();
        rows.map(|row| row.iter().map(label).collect()).collect()
    }

    fn rows(&self) -> Vec<Vec<Value>> {
        let markup = &self.params["reply_markup"];
        let parsed = markup
            .as_str()
            .and_then(|text| serde_json::from_str::<Value>(text).ok());
        let rows = parsed.as_ref().unwrap_or(markup)["inline_keyboard"].clone();
        let rows = rows.as_array().cloned().unwrap_or_default();
        rows.iter()
            .map(|row| row.as_array().cloned().unwrap_or_default())
            .collect()
    }
}

/// What the next call of a method comes to, instead of what it should.
#[derive(Debug, Clone)]
pub enum Trouble {
    /// An answer of this status with this body; nothing happens.
    Answer(u16, Value),
    /// It happens, and nobody hears of it.
    Lost,
}

#[derive(Default)]
struct Heard {
    calls: Vec<Call>,
    updates: VecDeque<Value>,
    last_update: i64,
    last_message: i64,
    files: HashMap<String, Vec<u8>>,
    trouble: Vec<(String, Trouble)>,
    /// Where the dice are, when calls are to fail now and then.
    dice: Option<u64>,
    /// Whether every update is told twice.
    is_double: bool,
    /// A chat in which calls are not answered for now.
    slow: Option<i64>,
}

impl Heard {
    /// One call in ten: too many, a server that is down, or one that does it and does not say so.
    fn roll(&mut self) -> Option<Trouble> {
        let dice = self.dice.as_mut()?;
        // Knuth's multiplier; the high bits are good enough for dice.
        *dice = dice
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        match (*dice >> 33) % 30 {
            0 => Some(later(1)),
            1 => Some(Trouble::Answer(502, json!("bad gateway"))),
            2 => Some(Trouble::Lost),
            _ => None,
        }
    }
}

#[derive(Clone, Default)]
pub struct Telegram {
    heard: Arc<Mutex<Heard>>,
}

impl Telegram {
    /// Listens, and tells where.
    pub async fn listen(&self) -> anyhow::Result<String> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let router = Router::new()
            .route("/{bot}/{method}", post(hear))
            .route("/file/{bot}/{*path}", get(file))
            .with_state(self.clone());
        tokio::spawn(axum::serve(listener, router).into_future());
        Ok(format!("http://{address}"))
    }

    fn heard(&self) -> MutexGuard<'_, Heard> {
        self.heard.lock().unwrap()
    }

    /// What was called, without asking for updates and what a start calls.
    pub fn calls(&self) -> Vec<Call> {
        let quiet = ["getUpdates", "getMe", "setMyCommands"];
        let heard = self.heard();
        let all = heard.calls.iter();
        all.filter(|call| !quiet.contains(&call.method.as_str()))
            .cloned()
            .collect()
    }

    /// What was called of one method.
    pub fn of(&self, method: &str) -> Vec<Call> {
        let heard = self.heard();
        let all = heard.calls.iter();
        all.filter(|call| call.method == method).cloned().collect()
    }

    /// The next call of a method fails.
    pub fn trouble(&self, method: &str, trouble: Trouble) {
        self.heard().trouble.push((method.to_owned(), trouble));
    }

    /// From now on every tenth call fails in one way or another, and every update is told twice.
    pub fn turns_hostile(&self, seed: u64) {
        let mut heard = self.heard();
        heard.dice = Some(seed);
        heard.is_double = true;
    }

    /// In this chat Telegram answers nothing, until it is told none.
    pub fn is_slow_in(&self, chat: Option<i64>) {
        self.heard().slow = chat;
    }

    /// Something happens that the bot is told.
    pub fn happens(&self, mut update: Value) {
        let mut heard = self.heard();
        heard.last_update += 1;
        update["update_id"] = heard.last_update.into();
        if heard.is_double {
            heard.updates.push_back(update.clone());
        }
        heard.updates.push_back(update);
    }

    /// Something is told again under its old number, before everything else.
    pub fn happens_again(&self, update: Value) {
        self.heard().updates.push_front(update);
    }

    /// How many updates nobody has acknowledged.
    pub fn waiting(&self) -> usize {
        self.heard().updates.len()
    }

    /// A person writes to the bot.
    pub fn writes(&self, person: &Value, text: &str) {
        self.happens(json!({ "message": {
            "message_id": 1, "date": 1_790_000_000, "chat": { "id": person["id"], "type": "private" },
            "from": person, "text": text,
        }}));
    }

    /// A person sends a photo, perhaps as one of an album.
    pub fn sends_photo(&self, person: &Value, bytes: &[u8], album: Option<&str>) {
        let id = {
            let mut heard = self.heard();
            let id = format!("file{}", heard.files.len());
            heard.files.insert(id.clone(), bytes.to_vec());
            id
        };
        self.happens(json!({ "message": {
            "message_id": 1, "date": 1_790_000_000, "chat": { "id": person["id"], "type": "private" },
            "from": person, "photo": [{ "file_id": "small" }, { "file_id": id }], "media_group_id": album,
        }}));
    }

    /// A person taps a button.
    pub fn taps(&self, person: &Value, data: &str) {
        self.happens(json!({ "callback_query": {
            "id": "tap", "from": person, "data": data,
            "message": { "message_id": 1, "date": 0, "chat": { "id": person["id"], "type": "private" } },
        }}));
    }
}

/// Somebody on Telegram.
pub fn person(id: i64, name: &str, language: &str) -> Value {
    json!({ "id": id, "is_bot": false, "first_name": name, "language_code": language })
}

async fn hear(
    State(telegram): State<Telegram>,
    Path((bot, method)): Path<(String, String)>,
    request: Request,
) -> Response {
    if bot != format!("bot{TOKEN}") {
        return refuse(401, "Unauthorized");
    }
    let (params, files) = read(request).await;
    if method == "getUpdates" {
        return updates(&telegram, &params).await;
    }
    while params["chat_id"]
        .as_i64()
        .is_some_and(|chat| telegram.heard().slow == Some(chat))
    {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let trouble = {
        let mut heard = telegram.heard();
        let place = heard
            .trouble
            .iter()
            .position(|(wanted, _)| *wanted == method);
        let wanted = place.map(|place| heard.trouble.remove(place).1);
        wanted.or_else(|| heard.roll())
    };
    if let Some(Trouble::Answer(status, body)) = trouble {
        return (StatusCode::from_u16(status).unwrap(), Json(body)).into_response();
    }
    let mut heard = telegram.heard();
    heard.calls.push(Call {
        method: method.clone(),
        params: params.clone(),
        files: files.clone(),
    });
    let mut message = || {
        heard.last_message += 1;
        json!({ "message_id": heard.last_message })
    };
    let result = match method.as_str() {
        "getFile" => json!({ "file_path": params["file_id"] }),
        "getMe" => json!({ "id": 42, "is_bot": true, "username": NAME }),
        "sendMediaGroup" => files.iter().map(|_| message()).collect(),
        _ if method.starts_with("send") => message(),
        _ => json!(true),
    };
    if matches!(trouble, Some(Trouble::Lost)) {
        return StatusCode::BAD_GATEWAY.into_response();
    }
    Json(json!({ "ok": true, "result": result })).into_response()
}

/// The bytes of a file that somebody sent.
async fn file(
    State(telegram): State<Telegram>,
    Path((bot, path)): Path<(String, String)>,
) -> Response {
    let bytes = telegram.heard().files.get(&path).cloned();
    match bytes {
        Some(bytes) if bot == format!("bot{TOKEN}") => bytes.into_response(),
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

/// Tells what is waiting, and forgets what is acknowledged.
async fn updates(telegram: &Telegram, params: &Value) -> Response {
    let offset = params["offset"].as_i64().unwrap_or_default();
    for _ in 0..100 {
        let told: Vec<_> = {
            let mut heard = telegram.heard();
            heard
                .updates
                .retain(|update| update["update_id"].as_i64().unwrap() >= offset);
            heard.updates.iter().take(100).cloned().collect()
        };
        if !told.is_empty() {
            return Json(json!({ "ok": true, "result": told })).into_response();
        }
        // As a question that is kept open.
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    Json(json!({ "ok": true, "result": [] })).into_response()
}

async fn read(request: Request) -> (Value, Vec<String>) {
    let kind = request.headers().get(header::CONTENT_TYPE);
    let is_form = kind.is_some_and(|kind| kind.to_str().unwrap().starts_with("multipart/"));
    if !is_form {
        let Json(params) = Json::<Value>::from_request(request, &()).await.unwrap();
        return (params, Vec::new());
    }
    let mut form = Multipart::from_request(request, &()).await.unwrap();
    let (mut params, mut files) = (Map::new(), Vec::new());
    while let Some(field) = form.next_field().await.unwrap() {
        let name = field.name().unwrap().to_owned();
        if field.file_name().is_some() {
            assert!(!field.bytes().await.unwrap().is_empty());
            files.push(name);
        } else {
            params.insert(name, field.text().await.unwrap().into());
        }
    }
    (params.into(), files)
}

fn refuse(code: u16, why: &str) -> Response {
    let body = json!({ "ok": false, "error_code": code, "description": why });
    (StatusCode::from_u16(code).unwrap(), Json(body)).into_response()
}

/// An answer by which Telegram says no.
pub fn no(code: u16, why: &str) -> Trouble {
    Trouble::Answer(
        code,
        json!({ "ok": false, "error_code": code, "description": why }),
    )
}

/// Telegram wants to be left alone.
pub fn later(seconds: i32) -> Trouble {
    Trouble::Answer(
        429,
        json!({
            "ok": false, "error_code": 429, "description": "Too Many Requests",
            "parameters": { "retry_after": seconds },
        }),
    )
}
