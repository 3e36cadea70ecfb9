//! What forms of moderators and administrators are for: their questions, and what is called with the answers.

use kardan_schema::{AttributeId, ChannelId, Language, ListingId, UserId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::form::{Ask, Form};
use super::{Room, Talk};
use crate::cards::office::fields::{self, Part, Place};
use crate::cards::office::{self, channels, chats, options, rights, words};
use crate::error::Failure;
use crate::updates::Answer;

/// What a form is for.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "for", rename_all = "snake_case")]
pub enum Task {
    /// The right to delete messages beneath one listing.
    Right { user: UserId },
    /// Why whoever wrote a message is warned.
    Warn { message: Uuid },
    /// Why whoever wrote a message says nothing for so many days; none: until somebody lifts it.
    Mute {
        message: Uuid,
        is_everywhere: bool,
        days: Option<i64>,
    },
    /// An advertisement beneath a listing; none: it is asked which.
    Ad { listing: Option<ListingId> },
    /// A word that no listing may hold.
    Word {},
    /// Another value of a setting.
    Setting { key: String },
    /// A channel in which listings are published.
    Channel {},
    /// Another title of a channel.
    ChannelTitle { channel: ChannelId },
    /// Another group where the posts of a channel are talked about.
    ChannelGroup { channel: ChannelId },
    /// The town of a rule, after its category; 0: any.
    ChannelTown { channel: ChannelId, category: i64 },
    /// A field of listings.
    Field { place: Place },
    /// A part of a field, said anew.
    FieldPart {
        place: Place,
        field: AttributeId,
        part: Part,
    },
}

/// For how long, in days; nothing: until it is taken back.
const DAYS: &[(&str, &str)] = &[
    ("form.day", "1"),
    ("form.month", "30"),
    ("form.forever", ""),
];

/// The questions of a new field: what it holds decides the last one.
fn field(said: &[String]) -> Vec<Ask> {
    let mut all = vec![
        Ask::words("attribute.which_key"),
        Ask::tap("attribute.holds", HOLDS),
        Ask::words("attribute.which_label_ru"),
        Ask::words("attribute.which_label_en"),
        Ask::tap(
            "attribute.is_required",
            &[("field.yes", "yes"), ("field.no", "no")],
        ),
    ];
    match said.get(1).map(String::as_str) {
        Some("integer" | "number") => all.push(UNIT),
        Some("choice") => all.push(CHOICES),
        _ => {}
    }
    all
}

/// What a field can hold.
const HOLDS: &[(&str, &str)] = &[
    ("attribute.text", "text"),
    ("attribute.integer", "integer"),
    ("attribute.number", "number"),
    ("attribute.boolean", "boolean"),
    ("attribute.choice", "choice"),
];
const UNIT: Ask = Ask::words("attribute.which_unit").or(&[("talk.skip", "")]);
const CHOICES: Ask = Ask::words("attribute.which_choices");
const GROUP: Ask = Ask::number("channel.which_group").or(&[("channel.no_group", "")]);

/// What a moderator need not write.
const WHY: &[(&str, &str)] = &[("order.reason", "")];

/// For how many days something is shown.
const WEEKS: &[(&str, &str)] = &[("form.day", "1"), ("form.week", "7"), ("form.month", "30")];

impl Task {
    /// The form, with its first question.
    pub const fn begin(self) -> Talk {
        Talk::Form(Form::new(self))
    }

    /// The questions, as far as the answers so far decide them.
    pub fn asks(&self, said: &[String]) -> Vec<Ask> {
        match self {
            Self::Right { .. } => vec![
                Ask::number("right.which_listing"),
                Ask::tap("right.how_long", DAYS),
            ],
            Self::Warn { .. } => vec![Ask::words("watch.why_warn").or(WHY)],
            Self::Mute { .. } => vec![Ask::words("watch.why_mute").or(WHY)],
            Self::Ad { listing } => {
                let which = Ask::number("ad.which_listing");
                let ad = [
                    Ask::words("ad.text"),
                    Ask::words("ad.url"),
                    Ask::number("ad.days").or(WEEKS),
                ];
                let which = listing.is_none().then_some(which);
                which.into_iter().chain(ad).collect()
            }
            Self::Word {} => vec![
                Ask::words("word.which"),
                Ask::tap(
                    "word.form",
                    &[("word.stem", "stem"), ("word.exact", "exact")],
                ),
            ],
            Self::Setting { .. } => vec![Ask::words("option.value")],
            Self::Channel {} => vec![
                Ask::number("channel.which_chat"),
                GROUP,
                Ask::words("channel.which_title"),
                Ask::tap(
                    "channel.language",
                    &[("channel.ru", "ru"), ("channel.en", "en")],
                ),
            ],
            Self::ChannelTitle { .. } => vec![Ask::words("channel.which_title")],
            Self::ChannelGroup { .. } => vec![GROUP],
            Self::ChannelTown { .. } => {
                vec![Ask::words("channel.which_town").or(&[("channel.anywhere", "")])]
            }
            Self::Field { .. } => field(said),
            Self::FieldPart { part, .. } => vec![match part {
                Part::LabelRu => Ask::words("attribute.which_label_ru"),
                Part::LabelEn => Ask::words("attribute.which_label_en"),
                Part::Unit => UNIT,
                Part::Choices => CHOICES,
            }],
        }
    }

    /// Does what was filled in, and shows what it is now.
    pub async fn carry_out(&self, room: &Room<'_>, said: &[String]) -> Result<Answer, Failure> {
        let word = |place: usize| said.get(place).map(String::as_str).unwrap_or_default();
        let why = || match word(0) {
            "" => room.say("order.reason", ()),
            why => Ok(why.to_owned()),
        };
        match self {
            Self::Right { user } => {
                let listing = word(0).parse().ok();
                rights::grant(room, *user, listing, word(1).parse().ok()).await
            }
            Self::Warn { message } => chats::warn(room, *message, why()?).await,
            Self::Mute {
                message,
                is_everywhere,
                days,
            } => chats::mute(room, *message, *is_everywhere, *days, why()?).await,
            Self::Ad { listing } => {
                let asked = usize::from(listing.is_none());
                let listing = listing.or_else(|| word(0).parse().ok().map(ListingId));
                let days = word(asked + 2).parse().unwrap_or_default();
                let (text, url) = (word(asked).to_owned(), word(asked + 1).to_owned());
                office::place_ad(room, listing.unwrap_or(ListingId(0)), text, url, days).await
            }
            Self::Word {} => words::add(room, word(0), word(1)).await,
            Self::Setting { key } => options::set(room, key, word(0)).await,
            Self::Channel {} => {
                let chat = word(0).parse().unwrap_or_default();
                let (group, title) = (word(1).parse().ok(), word(2).to_owned());
                let language = word(3).parse().unwrap_or(Language::Ru);
                channels::create(room, chat, group, title, language).await
            }
            Self::ChannelTitle { channel } => {
                channels::update(room, *channel, |it| it.title = word(0).to_owned()).await?;
                channels::card(room, *channel).await
            }
            Self::ChannelGroup { channel } => {
                channels::update(room, *channel, |it| {
                    it.discussion_chat = word(0).parse().ok()
                })
                .await?;
                channels::card(room, *channel).await
            }
            Self::ChannelTown { channel, category } => {
                channels::towns(room, *channel, *category, word(0)).await
            }
            Self::Field { place } => {
                let new = fields::New {
                    key: word(0),
                    holds: word(1),
                    label_ru: word(2),
                    label_en: word(3),
                    is_required: word(4) == "yes",
                    more: word(5),
                };
                fields::make(room, *place, new).await
            }
            Self::FieldPart { place, field, part } => {
                fields::say(room, *place, *field, *part, word(0)).await
            }
        }
    }
}
