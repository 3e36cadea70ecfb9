//! Conversations: what is asked step by step, kept in the database and gone on with by whichever bot hears the answer.
//!
//! Whatever a person says or taps is handled in one transaction: the dialog is taken, a function is called, the dialog is kept. A
//! bot that is killed has done all of it or nothing, and Telegram tells it again; what was done before is only asked anew.
//! Rules are not here: what is wrong with an answer, the function says, and the question stays.

mod amounts;
mod change;
mod fields;
mod fits;
mod form;
mod room;
mod seek;
mod sell;
mod task;
mod vehicle;
mod words;

use kardan_schema::notify;
use kardan_schema::people::Started;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::desk::Desk;
use crate::error::Failure;
use crate::updates::Person;
use crate::updates::{Answer, keyboard, refused};

pub use change::{Change, Field};
use form::Form;
pub use room::{Question, Room};
pub use seek::Seek;
pub use sell::Sell;
pub use task::Task;
pub use words::Words;

/// What the bot and a person are at.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "flow", content = "data", rename_all = "snake_case")]
pub enum Talk {
    /// A new listing.
    Sell(Box<Sell>),
    /// Something else in a listing that is there.
    Change(Change),
    /// A search with filters.
    Seek(Box<Seek>),
    /// A vehicle for the garage.
    Vehicle(vehicle::Vehicle),
    /// Words for something that was tapped.
    Words(Words),
    /// What moderators and administrators fill in.
    Form(Form),
}

/// What a person does.
#[derive(Debug, Clone, Copy)]
pub enum Input<'a> {
    /// Writes.
    Text(&'a str),
    /// Taps a button beneath a question: the question's name and the answer.
    Tap(&'a str, &'a str),
    /// Sends a photo, which is in the store now.
    Photo(&'a kardan_photos::Photo),
}

/// What comes of it.
pub enum Next {
    /// The question that is open now.
    Ask,
    /// The same question, because of this.
    Again(String),
    /// It is over, and this is said.
    Over(Answer),
    /// So is the account: there is nobody to keep a dialog for.
    Gone(Answer),
}

impl Talk {
    /// Reads what was kept. What an older bot kept and this one cannot read is over.
    fn read(flow: Option<String>, data: Value) -> Option<Self> {
        let kept = json!({ "flow": flow?, "data": data });
        serde_json::from_value(kept)
            .inspect_err(|error| tracing::warn!(%error, "a dialog cannot be read"))
            .ok()
    }

    /// Its name and what was said, as the database keeps them.
    fn parts(&self) -> Result<(Option<String>, Value), Failure> {
        let mut whole = serde_json::to_value(self).map_err(Failure::Dialog)?;
        let mut part = |name: &str| whole.get_mut(name).map(Value::take).unwrap_or_default();
        let flow = part("flow");
        Ok((flow.as_str().map(str::to_owned), part("data")))
    }

    /// Keeps what they are at, and the update as handled.
    async fn keep(talk: Option<&Self>, room: &Room<'_>, update: i64) -> Result<(), Failure> {
        let (flow, data) = match talk {
            Some(talk) => talk.parts()?,
            None => (None, json!({})),
        };
        notify::dialog_keep(room.db, room.person.user_id, update, flow.as_deref(), data).await?;
        Ok(())
    }

    /// Whether a photo is an answer to the question that is open.
    pub fn wants_photo(&self) -> Option<kardan_schema::ListingId> {
        match self {
            Self::Sell(sell) => sell.wants_photo(),
            Self::Change(change) => change.wants_photo(),
            Self::Seek(_) | Self::Vehicle(_) | Self::Words(_) | Self::Form(_) => None,
        }
    }

    async fn hear(&mut self, room: &Room<'_>, input: Input<'_>) -> Result<Next, Failure> {
        match self {
            Self::Sell(sell) => sell.hear(room, input).await,
            Self::Change(change) => change.hear(room, input).await,
            Self::Seek(seek) => seek.hear(room, input).await,
            Self::Vehicle(vehicle) => vehicle.hear(room, input).await,
            Self::Words(words) => words.hear(room, input).await,
            Self::Form(form) => form.hear(room, input).await,
        }
    }

    /// The question that is open, with the buttons that every question has.
    async fn ask(&self, room: &Room<'_>) -> Result<Answer, Failure> {
        let (mut question, can_go_back) = match self {
            Self::Sell(sell) => (sell.ask(room).await?, sell.can_go_back()),
            Self::Change(change) => (change.ask(room).await?, false),
            Self::Seek(seek) => (seek.ask(room).await?, false),
            Self::Vehicle(vehicle) => (vehicle.ask(room).await?, false),
            Self::Words(words) => (words.ask(room)?, false),
            Self::Form(form) => (form.ask(room)?, form.can_go_back()),
        };
        let mut last = Vec::new();
        if can_go_back {
            last.push(room.button("talk.back", "d:back:")?);
        }
        last.push(room.button("talk.cancel", "d:cancel:")?);
        question.rows.push(last);
        let pictures = match self {
            Self::Sell(sell) => sell.preview(room).await?,
            Self::Change(_) | Self::Seek(_) | Self::Vehicle(_) | Self::Words(_) | Self::Form(_) => {
                None
            }
        };
        Ok(Answer {
            more: keyboard(question.rows),
            pictures,
            ..Answer::plain(question.text)
        })
    }
}

/// Whose update it is that is handled.
#[derive(Clone, Copy)]
pub struct Visit<'a> {
    pub desk: &'a Desk,
    pub person: &'a Started,
    /// The person as Telegram tells them.
    pub from: &'a Person,
    /// The number of the update.
    pub update: i64,
}

/// What becomes of a dialog.
enum Kept {
    /// It stays as it was, and the update counts for nothing.
    Untouched,
    /// It goes on so; none when it is over.
    As(Option<Talk>),
    /// It went with the account.
    Gone,
}

impl Visit<'_> {
    /// Takes the dialog, does something, and keeps what came of it: all of it or nothing.
    async fn sit<T>(
        self,
        work: impl AsyncFnOnce(&Room<'_>, Option<Talk>, bool) -> Result<(Kept, T), Failure>,
    ) -> Result<T, Failure> {
        let mut client = self.desk.client().await?;
        let done = async {
            let db = client
                .transaction()
                .await
                .map_err(kardan_schema::Error::from)?;
            let room = Room {
                desk: self.desk,
                db: &db,
                person: self.person,
                from: self.from,
            };
            let dialog = notify::dialog_take(&db, self.person.user_id, self.update).await?;
            if dialog.is_answered {
                return Err(Failure::Answered);
            }
            let talk = Talk::read(dialog.flow, dialog.data);
            let (kept, done) = work(&room, talk, dialog.is_repeat).await?;
            match kept {
                Kept::Untouched => return Ok(done),
                Kept::As(talk) => Talk::keep(talk.as_ref(), &room, self.update).await?,
                Kept::Gone => {}
            }
            db.commit().await.map_err(kardan_schema::Error::from)?;
            Ok(done)
        }
        .await;
        self.desk.put_back(client, &done);
        done
    }

    /// What they are at now, without taking part in it.
    pub async fn peek(self) -> Result<Option<Talk>, Failure> {
        self.sit(async |_, talk, _| Ok((Kept::Untouched, talk)))
            .await
    }

    /// Goes on with what they are at; none when that is nothing.
    pub async fn hear(self, input: Input<'_>) -> Result<Option<Answer>, Failure> {
        let heard = self
            .sit(async |room, talk, is_repeat| go_on(room, talk, is_repeat, input).await)
            .await;
        match heard {
            Err(failure) if failure.is_refusal() => {
                let refusal = refused(self.person, failure)?;
                let question = self
                    .sit(async |room, talk, _| ask_again(room, talk).await)
                    .await?;
                Ok(Some(match question {
                    Some(question) => question.after(&refusal.text),
                    None => refusal,
                }))
            }
            heard => heard,
        }
    }

    /// Begins something, if it can be; in the place of what they were at.
    pub async fn begin(
        self,
        make: impl AsyncFnOnce(&Room<'_>) -> Result<Option<Talk>, Failure>,
    ) -> Result<Option<Answer>, Failure> {
        self.sit(async |room, before, _| match make(room).await? {
            Some(talk) => {
                let answer = talk.ask(room).await?;
                Ok((Kept::As(Some(talk)), Some(answer)))
            }
            None => Ok((Kept::As(before), None)),
        })
        .await
    }

    /// Asks for words, in the place of what they were at.
    pub async fn ask_for(self, words: Words) -> Result<Option<Answer>, Failure> {
        self.begin(async |_| Ok(Some(Talk::Words(words)))).await
    }

    /// Has a form filled in, in the place of what they were at.
    pub async fn fill_in(self, task: Task) -> Result<Option<Answer>, Failure> {
        self.begin(async |_| Ok(Some(task.begin()))).await
    }

    /// Does something once, whatever they are at; none when this update did it before.
    pub async fn act(
        self,
        work: impl AsyncFnOnce(&Room<'_>) -> Result<Answer, Failure>,
    ) -> Result<Option<Answer>, Failure> {
        self.sit(async |room, talk, is_repeat| {
            if is_repeat {
                return Ok((Kept::Untouched, None));
            }
            let answer = work(room).await?;
            Ok((Kept::As(talk), Some(answer)))
        })
        .await
    }

    /// The answer was sent: an update that is told again is not answered again. Not being able to say so is not worth failing for.
    pub async fn answered(self) {
        let (actor, update) = (self.person.user_id, self.update);
        let noted = self
            .desk
            .ask(async |db| notify::dialog_answered(db, actor, update).await)
            .await;
        if let Err(error) = noted {
            tracing::warn!(error = %kardan_schema::chain(&error), "an answer was sent and not noted");
        }
    }

    /// Leaves what they are at; whether that was anything.
    pub async fn leave(self) -> Result<bool, Failure> {
        self.sit(async |_, talk, _| Ok((Kept::As(None), talk.is_some())))
            .await
    }
}

async fn go_on(
    room: &Room<'_>,
    talk: Option<Talk>,
    is_repeat: bool,
    input: Input<'_>,
) -> Result<(Kept, Option<Answer>), Failure> {
    let Some(mut talk) = talk else {
        return Ok((Kept::Untouched, None));
    };
    if is_repeat {
        return Ok((Kept::Untouched, Some(talk.ask(room).await?)));
    }
    let next = match input {
        Input::Tap("cancel", _) => Next::Over(Answer::plain(room.say("talk.cancelled", ())?)),
        input => talk.hear(room, input).await?,
    };
    let answer = match next {
        Next::Ask => talk.ask(room).await?,
        Next::Again(why) => talk.ask(room).await?.after(&why),
        Next::Over(answer) => return Ok((Kept::As(None), Some(answer))),
        Next::Gone(answer) => return Ok((Kept::Gone, Some(answer))),
    };
    Ok((Kept::As(Some(talk)), Some(answer)))
}

async fn ask_again(room: &Room<'_>, talk: Option<Talk>) -> Result<(Kept, Option<Answer>), Failure> {
    let question = match talk {
        Some(talk) => Some(talk.ask(room).await?),
        None => None,
    };
    Ok((Kept::Untouched, question))
}
