//! What a person writes to the bot.

use kardan_schema::market::{self, ListingContactsShow};
use kardan_schema::people::{self, Started, UserStart};
use kardan_schema::{ContactSource, Language, ListingId};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use teloxide_core::types::{BotCommand, InlineKeyboardButton};

use super::answer::{Answer, keyboard, plain, reason_is, refused};
use super::find;
use super::incoming::{Message, Person};
use crate::desk::Desk;
use crate::error::Failure;

/// What the bot can be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Command<'a> {
    /// Begin, with what the link carried.
    Start(&'a str),
    /// What the bot can do.
    Help,
    /// The language.
    Settings,
}

/// The names of commands, in the order in which Telegram shows them.
const COMMANDS: [&str; 3] = ["start", "help", "settings"];

impl<'a> Command<'a> {
    /// A text that begins with a command, to this bot where it names one.
    fn of(text: &'a str, bot: &str) -> Option<Self> {
        let text = text.trim().strip_prefix('/')?;
        let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
        let name = match word.split_once('@') {
            Some((name, to)) if to.eq_ignore_ascii_case(bot) => name,
            Some(_) => return None,
            None => word,
        };
        match name.to_lowercase().as_str() {
            "start" => Some(Self::Start(rest.trim())),
            "help" => Some(Self::Help),
            "settings" => Some(Self::Settings),
            _ => None,
        }
    }
}

/// What a link to the bot is for.
#[derive(Debug, PartialEq, Eq)]
enum Errand<'a> {
    /// A browser waits to be let in.
    SignIn(&'a str),
    /// The contacts of a listing.
    Contact(ListingId),
    /// An invitation into a shop.
    Join(&'a str),
    /// Nothing, or nothing that is known.
    None,
}

impl<'a> Errand<'a> {
    fn of(start: &'a str) -> Self {
        let start = start.trim();
        let contact = |text: &str| {
            let listing = text.split('-').next().unwrap_or_default();
            listing
                .parse()
                .ok()
                .map(|number| Self::Contact(ListingId(number)))
        };
        match start.split_once('_') {
            Some(("login", nonce)) => Self::SignIn(nonce),
            Some(("c" | "l", text)) => contact(text).unwrap_or(Self::None),
            Some(("i", token)) => Self::Join(token),
            _ => Self::None,
        }
    }
}

pub async fn hear(desk: &Desk, message: &Message) -> Result<(), Failure> {
    let Some(from) = message.from.as_ref().filter(|from| !from.is_bot) else {
        return Ok(());
    };
    // Whoever writes is there: a start is never waited for.
    let person = start(desk, from).await?;
    let text = message.text.as_deref().unwrap_or_default();
    let answer = match Command::of(text, &desk.name) {
        Some(Command::Start(start)) => match Errand::of(start) {
            Errand::SignIn(nonce) => sign_in(desk, &person, nonce).await?,
            Errand::Contact(listing) => contact(desk, &person, listing).await?,
            Errand::Join(token) => join(desk, &person, token).await?,
            Errand::None => {
                let name = if person.is_new {
                    "start.hello"
                } else {
                    "start.again"
                };
                plain(desk, &person, name, json!({ "name": from.first_name }))?
            }
        },
        Some(Command::Help) => plain(desk, &person, "start.help", json!({}))?,
        Some(Command::Settings) => languages(desk, &person)?,
        None if text.is_empty() || text.starts_with('/') => {
            plain(desk, &person, "start.lost", json!({}))?
        }
        None => find::page(desk, &person, text, None).await?,
    };
    answer.send(desk, message.chat.id).await
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
        text,
        more: keyboard([codes.collect(), vec![refuse]]),
    })
}

async fn contact(desk: &Desk, person: &Started, listing: ListingId) -> Result<Answer, Failure> {
    let page = desk
        .ask(async |db| market::listing_get(db, listing).await)
        .await?;
    let Some(page) = page else {
        return plain(desk, person, "contact.gone", json!({}));
    };
    let ask = ListingContactsShow {
        actor: Some(person.user_id),
        visitor: None,
        listing,
        source: ContactSource::Bot,
    };
    let shown = desk
        .ask(async |db| market::listing_contacts_show(db, &ask).await)
        .await;
    match shown {
        Ok(contacts) => plain(
            desk,
            person,
            "contact.shown",
            json!({
                "title": page.title, "price_minor": page.price_minor, "currency": page.currency,
                "contact_name": contacts.contact_name, "contact_phone": contacts.contact_phone,
                "contact_telegram": contacts.contact_telegram.trim_start_matches('@'),
            }),
        ),
        Err(failure) => refused(person, failure),
    }
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

fn languages(desk: &Desk, person: &Started) -> Result<Answer, Failure> {
    let text = desk.texts.say(person.language, "settings.language", ())?;
    let button =
        |text: &str, code: &str| InlineKeyboardButton::callback(text, format!("language:{code}"));
    Ok(Answer {
        text,
        more: keyboard([vec![button("Русский", "ru"), button("English", "en")]]),
    })
}

/// Tells Telegram which commands there are, in each language; it shows them while people write.
pub async fn publish_commands(desk: &Desk) -> Result<(), Failure> {
    for (language, code) in [(Language::Ru, "ru"), (Language::En, "en")] {
        let mut commands = Vec::new();
        for name in COMMANDS {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_read_however_it_is_written_and_one_to_another_bot_is_none() {
        fn of(text: &str) -> Option<Command<'_>> {
            Command::of(text, "kardan_bot")
        }
        assert_eq!(of("/start c_42"), Some(Command::Start("c_42")));
        assert_eq!(of(" /Start@Kardan_bot\nx "), Some(Command::Start("x")));
        assert_eq!(of("/start"), Some(Command::Start("")));
        for name in COMMANDS {
            assert!(of(&format!("/{name}")).is_some(), "{name}");
        }
        for none in ["/help@other_bot", "help", "/", "/helpme", ""] {
            assert_eq!(of(none), None, "{none}");
        }
    }

    #[test]
    fn a_link_is_read_for_its_errand_and_nonsense_is_none() {
        assert_eq!(Errand::of("login_abc_d"), Errand::SignIn("abc_d"));
        assert_eq!(Errand::of("c_42-7"), Errand::Contact(ListingId(42)));
        assert_eq!(Errand::of(" l_42 "), Errand::Contact(ListingId(42)));
        assert_eq!(Errand::of("i_kdn_i_x"), Errand::Join("kdn_i_x"));
        for nonsense in ["", "c_", "c_x", "z_1", "hello"] {
            assert_eq!(Errand::of(nonsense), Errand::None, "{nonsense}");
        }
    }
}
