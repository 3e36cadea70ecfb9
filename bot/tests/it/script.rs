//! A conversation as a person has it: something is written or tapped, and the next thing to see is waited for.

use serde_json::{Value, json};

use crate::support::{Place, until};
use crate::telegram::{Call, person};

/// One person's side of a conversation.
pub struct Script<'a> {
    place: &'a Place,
    pub person: Value,
    /// What was seen of this chat so far.
    seen: usize,
    /// The last thing to see.
    pub last: Option<Call>,
}

impl<'a> Script<'a> {
    pub fn new(place: &'a Place, id: i64, name: &str, language: &str) -> Self {
        let mut person = person(id, name, language);
        person["username"] = json!(format!("{}_parts", name.to_lowercase()));
        Self {
            place,
            person,
            seen: 0,
            last: None,
        }
    }

    fn name(&self) -> &str {
        self.person["first_name"].as_str().unwrap()
    }

    /// What was shown in this chat: messages and what took the place of one.
    fn shown(&self) -> Vec<Call> {
        let id = self.person["id"].as_i64().unwrap();
        let mut calls = self.place.telegram.calls();
        calls.retain(|call| {
            let is_text = ["sendMessage", "editMessageText"].contains(&call.method.as_str());
            (is_text || call.files == ["chart"]) && call.chat() == id
        });
        calls
    }

    async fn next(&mut self) -> anyhow::Result<String> {
        let known = self.seen;
        until(
            &format!("something to see after {known} messages"),
            async || Ok(self.shown().len() > known),
        )
        .await?;
        let call = self.shown().remove(self.seen);
        self.seen += 1;
        let text = call.text().to_owned();
        self.place.transcript.bot(self.name(), &call);
        self.last = Some(call);
        Ok(text)
    }

    /// Writes, and sees the answer.
    pub async fn write(&mut self, text: &str) -> anyhow::Result<String> {
        self.place.transcript.person(self.name(), text);
        self.place.telegram.writes(&self.person, text);
        self.next().await
    }

    /// Sends photos as an album, and sees the answer.
    pub async fn album(&mut self, photos: &[Vec<u8>]) -> anyhow::Result<String> {
        let said = format!("(an album of {})", photos.len());
        self.place.transcript.person(self.name(), &said);
        for photo in photos {
            self.place
                .telegram
                .sends_photo(&self.person, photo, Some("album"));
        }
        self.next().await
    }

    /// Taps the button of the last message whose data begins so, and sees the answer.
    pub async fn tap(&mut self, data: &str) -> anyhow::Result<String> {
        self.touch(data)?;
        self.next().await
    }

    /// Taps it, and sees what is told above the chat.
    pub async fn tap_for_alert(&mut self, data: &str) -> anyhow::Result<String> {
        let answers = || {
            let mut calls = self.place.telegram.of("answerCallbackQuery");
            calls.retain(|call| call.params["show_alert"] == json!(true));
            calls
        };
        let before = answers().len();
        self.touch(data)?;
        until("an alert", async || Ok(answers().len() > before)).await?;
        let alert = answers()[before].text().to_owned();
        self.place.transcript.alert(&alert);
        Ok(alert)
    }

    /// Taps it, and gets an invoice.
    pub async fn invoice(&mut self, data: &str) -> anyhow::Result<Call> {
        let before = self.place.telegram.of("sendInvoice").len();
        self.touch(data)?;
        until("an invoice", async || {
            Ok(self.place.telegram.of("sendInvoice").len() > before)
        })
        .await?;
        let call = self.place.telegram.of("sendInvoice").remove(before);
        let said = format!(
            "(an invoice: {}, {} Stars)",
            call.params["title"].as_str().unwrap(),
            call.params["prices"][0]["amount"]
        );
        self.place.transcript.says(self.name(), &said);
        Ok(call)
    }

    fn touch(&self, data: &str) -> anyhow::Result<()> {
        let last = self.last.as_ref().unwrap();
        let buttons = last.buttons();
        let button = buttons.iter().find(|button| button.starts_with(data));
        let button = button.ok_or_else(|| anyhow::anyhow!("no {data} among {buttons:?}"))?;
        assert!(button.len() <= 64, "{button}");
        let place = buttons.iter().position(|one| one == button).unwrap();
        let label = last.labels().concat().swap_remove(place);
        self.place
            .transcript
            .person(self.name(), &format!("[{label}]"));
        self.place.telegram.happens(json!({ "callback_query": {
            "id": "tap", "from": self.person, "data": button,
            "message": {
                "message_id": 1, "date": 0, "chat": { "id": self.person["id"], "type": "private" },
                "text": last.text(),
            },
        }}));
        Ok(())
    }

    /// Sees something that the person did not ask for.
    pub async fn told(&mut self) -> anyhow::Result<String> {
        self.next().await
    }
}
