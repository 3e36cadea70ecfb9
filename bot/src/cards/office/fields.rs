//! Extra fields of listings: what each kind and category asks for.

mod set;

use kardan_schema::catalog::{self, Attribute};
use kardan_schema::{AttributeId, CategoryId, Kind, ValueType};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::cards::{Card, sure, titled};
use crate::error::Failure;
use crate::talk::{Room, Task, Visit};
use crate::updates::Answer;
use set::change;

pub use set::{New, make, say};

/// Whose fields: of a kind, or of one of its categories.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Place {
    pub kind: Kind,
    /// None: of the whole kind.
    pub category: Option<CategoryId>,
}

/// What of a field may be said anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    LabelRu,
    LabelEn,
    Unit,
    Choices,
}

impl Part {
    const ALL: [(Self, &'static str); 4] = [
        (Self::LabelRu, "label_ru"),
        (Self::LabelEn, "label_en"),
        (Self::Unit, "unit"),
        (Self::Choices, "choices"),
    ];

    /// Whether a field that holds this has it.
    fn is_of(self, holds: ValueType) -> bool {
        match self {
            Self::LabelRu | Self::LabelEn => true,
            Self::Unit => matches!(holds, ValueType::Integer | ValueType::Number),
            Self::Choices => holds == ValueType::Choice,
        }
    }
}

impl Place {
    fn of(kind: Option<&str>, category: Option<&str>) -> Option<Self> {
        Some(Self {
            kind: kind?.parse().ok()?,
            category: category
                .and_then(|text| text.parse().ok())
                .filter(|id| *id != 0)
                .map(CategoryId),
        })
    }

    /// As buttons carry it.
    fn tail(self) -> String {
        let category = self.category.map_or(0, |category| category.0);
        format!("{}:{category}", self.kind)
    }
}

/// What a tap asks for: `word:kind:category` and perhaps a field; nothing is the kinds.
pub async fn tapped(visit: Visit<'_>, data: &str) -> Result<Option<Answer>, Failure> {
    let mut parts = data.split(':');
    let word = parts.next().unwrap_or_default();
    let Some(place) = Place::of(parts.next(), parts.next()) else {
        return visit.act(async |room| kinds(room)).await;
    };
    let field = parts.next().and_then(|text| text.parse().ok());
    let field = field.map(AttributeId);
    let part = parts.next().unwrap_or_default();
    let part = Part::ALL.iter().find(|(_, name)| *name == part);
    match (word, field, part) {
        ("new", ..) => return visit.fill_in(Task::Field { place }).await,
        ("say", Some(field), Some((part, _))) => {
            let task = Task::FieldPart {
                place,
                field,
                part: *part,
            };
            return visit.fill_in(task).await;
        }
        _ => {}
    }
    visit
        .act(async |room| match (word, field) {
            ("kind", _) => categories(room, place.kind).await,
            ("card", Some(field)) => card(room, place, field).await,
            ("must", Some(field)) => {
                change(room, place, field, |wish| wish.required = !wish.required).await
            }
            ("end", Some(field)) => sure(
                room,
                &room.say("attribute.sure", ())?,
                format!("o:field:gone:{}:{field}", place.tail()),
                format!("o:field:card:{}:{field}", place.tail()),
            ),
            ("gone", Some(field)) => {
                catalog::attribute_archive(room.db, room.person.user_id, field, None).await?;
                list(room, place).await
            }
            _ => list(room, place).await,
        })
        .await
}

fn kinds(room: &Room<'_>) -> Result<Answer, Failure> {
    let mut card = Card::new(room.say("attribute.kinds", ())?);
    for kind in Kind::ALL {
        card.row(
            room,
            &format!("kind.{kind}"),
            format!("o:field:kind:{kind}:0"),
        )?;
    }
    card.row(room, "office.back", "o:menu:".to_owned())?;
    Ok(card.done())
}

async fn categories(room: &Room<'_>, kind: Kind) -> Result<Answer, Failure> {
    let mut card = Card::new(room.say("attribute.categories", ())?);
    card.row(room, "attribute.of_kind", format!("o:field:of:{kind}:0"))?;
    let all = catalog::category_list(room.db, kind).await?;
    // Telegram takes a hundred buttons.
    let shown = all.get(..all.len().min(96)).unwrap_or_default();
    for row in shown.chunks(3) {
        let buttons = row.iter().map(|one| {
            let data = format!("o:field:of:{kind}:{}", one.category_id);
            titled(room.of(&one.name_ru, &one.name_en), data)
        });
        card.push(buttons.collect());
    }
    card.row(room, "talk.back", "o:field:".to_owned())?;
    Ok(card.done())
}

/// The fields of this very place: those of the whole kind are changed there.
async fn own(room: &Room<'_>, place: Place) -> Result<Vec<Attribute>, Failure> {
    let mut all = catalog::attribute_list(room.db, place.kind, place.category).await?;
    all.retain(|one| one.category_id == place.category);
    Ok(all)
}

async fn list(room: &Room<'_>, place: Place) -> Result<Answer, Failure> {
    let all = own(room, place).await?;
    let tail = place.tail();
    let mut card = Card::new(room.say("attribute.list", json!({ "count": all.len() }))?);
    for one in all {
        let about = json!({ "it": one, "label": room.of(&one.label_ru, &one.label_en) });
        let open = format!("o:field:card:{tail}:{}", one.attribute_id);
        card.push(vec![room.entry("attribute.line", about, open)?]);
    }
    card.row(room, "attribute.new", format!("o:field:new:{tail}"))?;
    card.row(room, "talk.back", format!("o:field:kind:{tail}"))?;
    Ok(card.done())
}

/// A field, with what of it can be said anew.
async fn card(room: &Room<'_>, place: Place, field: AttributeId) -> Result<Answer, Failure> {
    let all = own(room, place).await?;
    let Some(it) = all.iter().find(|one| one.attribute_id == field) else {
        return list(room, place).await;
    };
    let tail = place.tail();
    let choices = it
        .choice_values
        .iter()
        .zip(it.choice_labels_ru.iter().zip(&it.choice_labels_en))
        .map(|(value, (ru, en))| format!("{value} = {ru} = {en}"))
        .collect::<Vec<_>>();
    let about = json!({ "it": it, "choices": choices.join("\n") });
    let mut card = Card::new(room.say("attribute.card", about)?);
    let parts = Part::ALL
        .iter()
        .filter(|(part, _)| part.is_of(it.value_type));
    for (_, name) in parts {
        card.row(
            room,
            &format!("attribute.{name}"),
            format!("o:field:say:{tail}:{field}:{name}"),
        )?;
    }
    let must = if it.required { "may" } else { "must" };
    card.push(vec![
        room.button(
            &format!("attribute.{must}"),
            format!("o:field:must:{tail}:{field}"),
        )?,
        room.button("attribute.end", format!("o:field:end:{tail}:{field}"))?,
    ]);
    card.row(room, "talk.back", format!("o:field:of:{tail}"))?;
    Ok(card.done())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_as_buttons_carry_it_and_nonsense_is_none() {
        let place = Place::of(Some("part"), Some("12")).expect("a place");
        assert_eq!(place.tail(), "part:12");
        let whole = Place::of(Some("car"), Some("0")).expect("a place");
        assert_eq!((whole.tail(), whole.category), ("car:0".to_owned(), None));
        assert!(Place::of(Some("boat"), Some("0")).is_none());
        assert!(Place::of(None, None).is_none());
    }
}
