//! Fields are made and changed: a part of one is said anew, the rest stays.

use kardan_schema::catalog::{self, AttributeSet};
use kardan_schema::{AttributeId, ValueType};

use super::{Part, Place, card, list, own};
use crate::error::Failure;
use crate::talk::Room;
use crate::updates::Answer;

/// Says a part of a field anew.
pub async fn say(
    room: &Room<'_>,
    place: Place,
    field: AttributeId,
    part: Part,
    text: &str,
) -> Result<Answer, Failure> {
    change(room, place, field, |wish| match part {
        Part::LabelRu => text.clone_into(&mut wish.label_ru),
        Part::LabelEn => text.clone_into(&mut wish.label_en),
        Part::Unit => wish.unit = Some(text.to_owned()).filter(|unit| !unit.is_empty()),
        Part::Choices => choose(wish, text),
    })
    .await
}

/// Changes a part of a field and leaves the rest.
pub async fn change(
    room: &Room<'_>,
    place: Place,
    field: AttributeId,
    change: impl FnOnce(&mut AttributeSet),
) -> Result<Answer, Failure> {
    let all = own(room, place).await?;
    let Some(it) = all.into_iter().find(|one| one.attribute_id == field) else {
        return list(room, place).await;
    };
    let mut wish = AttributeSet {
        actor: room.person.user_id,
        kind: place.kind,
        category_id: place.category,
        key: it.key,
        version: Some(it.version),
        value_type: it.value_type,
        unit: it.unit,
        label_ru: it.label_ru,
        label_en: it.label_en,
        hint_ru: it.hint_ru,
        hint_en: it.hint_en,
        required: it.required,
        minimum: it.minimum,
        maximum: it.maximum,
        max_length: it.max_length,
        ordinal: it.ordinal,
        filterable: it.filterable,
        choice_values: it.choice_values,
        choice_labels_ru: it.choice_labels_ru,
        choice_labels_en: it.choice_labels_en,
    };
    change(&mut wish);
    catalog::attribute_set(room.db, &wish).await?;
    card(room, place, field).await
}

/// Choices, one a line: `value = Russian = English`, where a label that is missing is the one before.
fn choose(wish: &mut AttributeSet, text: &str) {
    let (mut values, mut ru, mut en) = (Vec::new(), Vec::new(), Vec::new());
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let mut parts = line.split('=').map(str::trim);
        let value = parts.next().unwrap_or_default();
        let label = parts.next().unwrap_or(value);
        values.push(value.to_owned());
        ru.push(label.to_owned());
        en.push(parts.next().unwrap_or(label).to_owned());
    }
    (
        wish.choice_values,
        wish.choice_labels_ru,
        wish.choice_labels_en,
    ) = (values, ru, en);
}

/// What is asked of a new field.
pub struct New<'a> {
    pub key: &'a str,
    pub holds: &'a str,
    pub label_ru: &'a str,
    pub label_en: &'a str,
    pub is_required: bool,
    /// The unit of a number, or the choices of a choice.
    pub more: &'a str,
}

/// Makes a field, behind those that are there.
pub async fn make(room: &Room<'_>, place: Place, new: New<'_>) -> Result<Answer, Failure> {
    let all = own(room, place).await?;
    // What is there is changed in its own card, and not by making it again.
    if let Some(one) = all.iter().find(|one| one.key == new.key) {
        let said = room.say("attribute.taken", ())?;
        return Ok(card(room, place, one.attribute_id).await?.after(&said));
    }
    let last = all.iter().map(|one| one.ordinal).max().unwrap_or_default();
    let holds = new.holds.parse().unwrap_or(ValueType::Text);
    let is_choice = holds == ValueType::Choice;
    let mut wish = AttributeSet {
        actor: room.person.user_id,
        kind: place.kind,
        category_id: place.category,
        key: new.key.to_owned(),
        version: None,
        value_type: holds,
        unit: Some(new.more.to_owned()).filter(|unit| !is_choice && !unit.is_empty()),
        label_ru: new.label_ru.to_owned(),
        label_en: new.label_en.to_owned(),
        hint_ru: None,
        hint_en: None,
        required: new.is_required,
        minimum: None,
        maximum: None,
        max_length: None,
        ordinal: last + 1,
        filterable: false,
        choice_values: Vec::new(),
        choice_labels_ru: Vec::new(),
        choice_labels_en: Vec::new(),
    };
    if is_choice {
        choose(&mut wish, new.more);
    }
    let made = catalog::attribute_set(room.db, &wish).await?;
    card(room, place, made.attribute_id).await
}
