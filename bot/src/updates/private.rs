//! What a person writes to the bot.

use kardan_schema::market;
use kardan_schema::people::{self, Started, UserStart};
use kardan_schema::{Language, Role};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use teloxide_core::types::{BotCommand, InlineKeyboardButton};

use super::answer::{Answer, keyboard, plain, reason_is, refused};
use super::command::{Command, Errand, SHOWN};
use super::incoming::{Message, Person};
use super::{checkout, find, photo};
use crate::cards;
use crate::desk::Desk;
use crate::error::Failure;
use crate::talk::{Input, Sell, Visit};

/// Hears a message. `is_followed` when more photos of the same album are here already: one answer is enough for all of them.
pub async fn hear(
    desk: &Desk,
    update: i64,
    message: &Message,
    is_followed: bool,
) -> Result<(), Failure> {
    if let Some(gone) = &message.refunded_payment {
        return checkout::went_back(desk, &gone.telegram_payment_charge_id).await;
    }
    let Some(from) = message.from.as_ref().filter(|from| !from.is_bot) else {
        return Ok(());
    };
    // Whoever writes is there: a start is never waited for.
    let person = start(desk, from).await?;
    let visit = Visit {
        desk,
        person: &person,
        from,
        update,
    };
    if let Some(paid) = &message.successful_payment {
        return match checkout::paid(visit, paid).await? {
            Some(answer) => answer.send(desk, message.chat.id).await,
            None => Ok(()),
        };
    }
    let answer = match answer(visit, message).await {
        Err(Failure::Answered) => return Ok(()),
        answer => answer?,
    };
    if is_followed {
        return Ok(());
    }
    answer.send(desk, message.chat.id).await?;
    visit.answered().await;
    Ok(())
}

async fn answer(visit: Visit<'_>, message: &Message) -> Result<Answer, Failure> {
    let Visit { desk, person, .. } = visit;
    if let Some(file) = message.picture() {
        return photo::take(visit, file).await;
    }
    let phone = message.contact.as_ref();
    let text = message
        .text
        .as_deref()
        .or(phone.map(|one| one.phone_number.as_str()));
    let text = text.unwrap_or_default();
    if let Some(command) = Command::of(text, &desk.name) {
        return match told(visit, command).await {
            Err(failure) if failure.is_refusal() => refused(person, failure),
            answer => answer,
        };
    }
    if text.is_empty() || text.starts_with('/') {
        return plain(desk, person, "start.lost", json!({}));
    }
    match visit.hear(Input::Text(text)).await? {
        Some(answer) => Ok(answer),
        None => find::page(desk, person, text, None).await,
    }
}

/// Does what a command says.
async fn told(visit: Visit<'_>, command: Command<'_>) -> Result<Answer, Failure> {
    let Visit { desk, person, .. } = visit;
    let shown = match command {
        Command::Start(start) => return begin(visit, start).await,
        Command::Help => return help(desk, person),
        Command::PaySupport => return plain(desk, person, "promo.support", json!({})),
        Command::Cancel => {
            let name = if visit.leave().await? {
                "talk.cancelled"
            } else {
                "talk.nothing"
            };
            return plain(desk, person, name, json!({}));
        }
        Command::New => {
            if let Some(refusal) = blocked(desk, person).await? {
                return Ok(refusal);
            }
            visit.begin(Sell::begin).await
        }
        Command::My => {
            visit
                .act(async |room| cards::mine::list(room, None).await)
                .await
        }
        Command::Me => visit.act(cards::cabinet::card).await,
        Command::Deals => {
            visit
                .act(async |room| cards::deal::list(room, true, None).await)
                .await
        }
        Command::Settings => visit.act(cards::settings::card).await,
        Command::Garage => visit.act(cards::garage::list).await,
        Command::Shops => visit.act(cards::shop::list).await,
        Command::Broadcasts => visit.act(cards::broadcast::list).await,
        Command::Users(query) => {
            visit
                .act(async |room| cards::people::find(room, query).await)
                .await
        }
        Command::Office => visit.act(cards::office::menu).await,
        Command::Payments => {
            visit
                .act(async |room| cards::payments::list(room, None).await)
                .await
        }
        Command::Favourites => {
            visit
                .act(async |room| cards::listing::favourites(room, None).await)
                .await
        }
        Command::Moderate => {
            visit
                .act(async |room| cards::moderation::next(room, "moderation.next").await)
                .await
        }
    };
    // Told twice: the list was sent, or is asked for again.
    match shown? {
        Some(answer) => Ok(answer),
        None => plain(desk, person, "start.help", json!({})),
    }
}

/// What the bot can do, with what only some may.
fn help(desk: &Desk, person: &Started) -> Result<Answer, Failure> {
    let mut answer = plain(desk, person, "start.help", json!({}))?;
    if person.role != Role::User {
        let more = desk.texts.say(
            person.language,
            "office.help",
            json!({ "role": person.role }),
        )?;
        answer.text = format!("{}\n\n{more}", answer.text);
    }
    Ok(answer)
}

/// What whoever is blocked is told at once, and not after the last question.
async fn blocked(desk: &Desk, person: &Started) -> Result<Option<Answer>, Failure> {
    let account = desk
        .ask(async |db| people::user_get(db, person.user_id).await)
        .await?;
    if !account.is_blocked {
        return Ok(None);
    }
    plain(desk, person, "start.blocked", json!({ "it": account })).map(Some)
}

/// Begins, with what a link is for.
async fn begin(visit: Visit<'_>, start: &str) -> Result<Answer, Failure> {
    let Visit {
        desk, person, from, ..
    } = visit;
    let shown = match Errand::of(start) {
        Errand::SignIn(nonce) => return sign_in(desk, person, nonce).await,
        Errand::Join(token) => return join(desk, person, token).await,
        Errand::Contact(listing) => {
            visit
                .act(async |room| cards::listing::contacts(room, listing).await)
                .await?
        }
        Errand::Listing(listing) => {
            visit
                .act(async |room| cards::listing::card(room, listing).await)
                .await?
        }
        Errand::Review(deal) => {
            visit
                .act(async |room| cards::deal::card(room, deal).await)
                .await?
        }
        Errand::None => None,
    };
    if let Some(answer) = shown {
        return Ok(answer);
    }
    let name = if person.is_new {
        "start.hello"
    } else {
        "start.again"
    };
    plain(desk, person, name, json!({ "name": from.first_name }))
}

/// The account of whoever writes.
pub async fn start(desk: &Desk, from: &Person) -> Result<Started, Failure> {
    let wish = UserStart {
        telegram_id: from.id,
        username: from.username.clone(),
        first_name: from.first_name.clone(),
        last_name: from.last_name.clone(),
        photo_url: None,
        language_code: from.language_code.clone(),
    };
    desk.ask(async |db| people::user_start(db, &wish).await)
        .await
}

/// SHA-256, under which links and tokens are kept.
pub fn hash(text: &str) -> Vec<u8> {
    Sha256::digest(text.as_bytes()).to_vec()
}

async fn sign_in(desk: &Desk, person: &Started, nonce: &str) -> Result<Answer, Failure> {
    let link = hash(nonce);
    let asked = desk
        .ask(async |db| people::sign_in_link_get(db, person.user_id, link).await)
        .await;
    let waiting = match asked {
        Ok(waiting) => waiting,
        Err(failure) if reason_is(&failure, kardan_schema::Reason::SignInLinkUnknown) => {
            return plain(desk, person, "sign_in.unknown", json!({}));
        }
        Err(failure) => return refused(person, failure),
    };
    let text = desk.texts.say(
        person.language,
        "sign_in.question",
        json!({ "device": waiting.device }),
    )?;
    let not_me = desk.texts.say(person.language, "sign_in.not_me", ())?;
    let codes = waiting
        .codes
        .iter()
        .map(|code| InlineKeyboardButton::callback(code.to_string(), format!("in:{nonce}:{code}")));
    let refuse = InlineKeyboardButton::callback(not_me, format!("in:{nonce}:"));
    Ok(Answer {
        more: keyboard([codes.collect(), vec![refuse]]),
        ..Answer::plain(text)
    })
}

async fn join(desk: &Desk, person: &Started, token: &str) -> Result<Answer, Failure> {
    let token = hash(token);
    let joined = desk
        .ask(async |db| market::shop_invitation_accept(db, person.user_id, token).await)
        .await;
    match joined {
        Ok(joined) => plain(desk, person, "start.joined", json!({ "shop": joined.name })),
        Err(failure) => refused(person, failure),
    }
}

/// Tells Telegram which commands there are, in each language; it shows them while people write.
pub async fn publish_commands(desk: &Desk) -> Result<(), Failure> {
    for (language, code) in [(Language::Ru, "ru"), (Language::En, "en")] {
        let mut commands = Vec::new();
        for name in SHOWN {
            let about = desk.texts.say(language, &format!("command.{name}"), ())?;
            commands.push(BotCommand::new(name, about));
        }
        let mut params = json!({ "commands": commands, "language_code": code });
        // Whoever speaks neither sees these.
        if let (Language::En, Some(all)) = (language, params.as_object_mut()) {
            all.remove("language_code");
        }
        desk.telegram
            .call("setMyCommands", &params)
            .await
            .map_err(Failure::Telegram)?;
    }
    Ok(())
}
