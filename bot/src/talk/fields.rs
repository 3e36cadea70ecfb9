//! The extra fields of a listing, asked one after the other as the catalogue describes them: whatever an administrator adds is asked
//! from the next listing on.

use kardan_schema::catalog::{self, Attribute};
use kardan_schema::{CategoryId, Kind, ValueType};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Number, Value, json};
use teloxide_core::types::InlineKeyboardButton;

use super::{Input, Question, Room};
use crate::error::Failure;

/// What a text may have where the catalogue says nothing.
const LONGEST: usize = 500;

/// Fields that were asked, and what was answered.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Fields {
    asked: Vec<String>,
    pub values: Map<String, Value>,
}

/// What an answer is worth.
pub enum Taken {
    /// It is kept; there may be more fields.
    Kept,
    /// It is none, because of this.
    Wrong(String),
}

/// The fields that a listing of this category has now.
pub async fn form(
    room: &Room<'_>,
    kind: Kind,
    category: CategoryId,
) -> Result<Vec<Attribute>, Failure> {
    Ok(catalog::attribute_list(room.db, kind, Some(category)).await?)
}

impl Fields {
    /// Every field as it is now, to be asked again.
    pub const fn with(values: Map<String, Value>) -> Self {
        Self {
            asked: Vec::new(),
            values,
        }
    }

    /// The field of a form that is asked now; none when all were.
    pub fn open<'f>(&self, form: &'f [Attribute]) -> Option<&'f Attribute> {
        form.iter().find(|one| !self.asked.contains(&one.key))
    }

    /// Takes the last answer back; whether there was one.
    pub fn back(&mut self) -> bool {
        match self.asked.pop() {
            Some(key) => {
                self.values.remove(&key);
                true
            }
            None => false,
        }
    }

    /// Takes an answer to this field.
    pub fn take(
        &mut self,
        room: &Room<'_>,
        field: &Attribute,
        input: Input<'_>,
    ) -> Result<Taken, Failure> {
        let value = match input {
            Input::Tap("field", "skip") if !field.required => {
                // What was there before stays: it is only not asked.
                self.asked.push(field.key.clone());
                return Ok(Taken::Kept);
            }
            Input::Tap("field", answer) => tapped(field, answer),
            Input::Text(text) => written(field, text),
            Input::Tap(..) | Input::Photo(_) => None,
        };
        match value {
            Some(value) => {
                self.values.insert(field.key.clone(), value);
                self.asked.push(field.key.clone());
                Ok(Taken::Kept)
            }
            None => Ok(Taken::Wrong(wrong(room, field)?)),
        }
    }

    /// The question for this field.
    pub fn ask(&self, room: &Room<'_>, field: &Attribute) -> Result<Question, Failure> {
        let present = self
            .values
            .get(&field.key)
            .map(|value| shown(room, field, value));
        let mut question = Question::new(room.say(
            "field.question",
            json!({
                "label": room.of(&field.label_ru, &field.label_en), "unit": field.unit,
                "hint": room.of(field.hint_ru.as_deref().unwrap_or(""), field.hint_en.as_deref().unwrap_or("")),
                "present": present,
            }),
        )?);
        match field.value_type {
            ValueType::Choice => {
                let labels = room.of_lists(&field.choice_labels_ru, &field.choice_labels_en);
                let buttons = labels.iter().enumerate().map(|(place, label)| {
                    InlineKeyboardButton::callback(label.as_str(), format!("d:field:{place}"))
                });
                question.add(buttons.collect(), 2);
            }
            ValueType::Boolean => {
                let yes = room.button("field.yes", "d:field:yes")?;
                let no = room.button("field.no", "d:field:no")?;
                question.add(vec![yes, no], 2);
            }
            ValueType::Text | ValueType::Integer | ValueType::Number => {}
        }
        if !field.required {
            question.last(room.button("talk.skip", "d:field:skip")?);
        }
        Ok(question)
    }
}

/// What a button of the field means.
fn tapped(field: &Attribute, answer: &str) -> Option<Value> {
    match field.value_type {
        ValueType::Choice => {
            let place: usize = answer.parse().ok()?;
            field.choice_values.get(place).map(|value| json!(value))
        }
        ValueType::Boolean => match answer {
            "yes" => Some(json!(true)),
            "no" => Some(json!(false)),
            _ => None,
        },
        ValueType::Text | ValueType::Integer | ValueType::Number => None,
    }
}

/// What a text means to the field.
fn written(field: &Attribute, text: &str) -> Option<Value> {
    let text = text.trim();
    match field.value_type {
        ValueType::Text => {
            let most = field.max_length.and_then(|most| usize::try_from(most).ok());
            let fits = text.chars().count() <= most.unwrap_or(LONGEST);
            (fits && !text.is_empty()).then(|| json!(text))
        }
        ValueType::Integer => {
            let digits: String = text.chars().filter(|one| !one.is_whitespace()).collect();
            let number: i64 = digits.parse().ok()?;
            within(field, number as f64).then(|| json!(number))
        }
        ValueType::Number => {
            let number: f64 = text.replace(',', ".").replace(' ', "").parse().ok()?;
            let fits = within(field, number);
            Number::from_f64(number).filter(|_| fits).map(Value::Number)
        }
        ValueType::Choice => {
            let is_it = |label: &String| label.to_lowercase() == text.to_lowercase();
            let labels = [
                &field.choice_labels_ru,
                &field.choice_labels_en,
                &field.choice_values,
            ];
            let place = labels.iter().find_map(|all| all.iter().position(is_it))?;
            field.choice_values.get(place).map(|value| json!(value))
        }
        ValueType::Boolean => match text.to_lowercase().as_str() {
            "да" | "yes" | "есть" | "+" => Some(json!(true)),
            "нет" | "no" | "-" => Some(json!(false)),
            _ => None,
        },
    }
}

fn within(field: &Attribute, number: f64) -> bool {
    field.minimum.is_none_or(|least| number >= least)
        && field.maximum.is_none_or(|most| number <= most)
}

/// Why a text is no answer.
fn wrong(room: &Room<'_>, field: &Attribute) -> Result<String, Failure> {
    let name = match field.value_type {
        ValueType::Choice | ValueType::Boolean => "field.tap",
        ValueType::Text => "field.text",
        ValueType::Integer | ValueType::Number => "field.number",
    };
    let most = field.max_length.map_or(LONGEST as i64, i64::from);
    room.say(
        name,
        json!({ "minimum": field.minimum, "maximum": field.maximum, "most": most }),
    )
}

/// A value as people read it.
fn shown(room: &Room<'_>, field: &Attribute, value: &Value) -> String {
    if let (ValueType::Choice, Some(value)) = (field.value_type, value.as_str()) {
        let labels = room.of_lists(&field.choice_labels_ru, &field.choice_labels_en);
        let place = field.choice_values.iter().position(|one| one == value);
        if let Some(label) = place.and_then(|place| labels.get(place)) {
            return label.clone();
        }
    }
    match value {
        Value::String(text) => text.clone(),
        Value::Bool(true) => room.of("да", "yes").to_owned(),
        Value::Bool(false) => room.of("нет", "no").to_owned(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(value_type: ValueType) -> Attribute {
        let words = |all: [&str; 2]| all.map(str::to_owned).to_vec();
        Attribute {
            attribute_id: kardan_schema::AttributeId(1),
            category_id: None,
            key: "side".to_owned(),
            value_type,
            unit: None,
            label_ru: String::new(),
            label_en: String::new(),
            hint_ru: None,
            hint_en: None,
            required: true,
            minimum: Some(1.0),
            maximum: Some(10.0),
            max_length: Some(5),
            ordinal: 1,
            filterable: true,
            version: 1,
            choice_values: words(["left", "right"]),
            choice_labels_ru: words(["Левая", "Правая"]),
            choice_labels_en: words(["Left", "Right"]),
        }
    }

    #[test]
    fn an_answer_is_what_the_field_holds_or_nothing() {
        let written = |kind, text| written(&field(kind), text);
        assert_eq!(written(ValueType::Text, " abc "), Some(json!("abc")));
        assert_eq!(written(ValueType::Text, "abcdef"), None);
        assert_eq!(written(ValueType::Integer, "1 0"), Some(json!(10)));
        assert_eq!(written(ValueType::Integer, "11"), None);
        assert_eq!(written(ValueType::Number, "2,5"), Some(json!(2.5)));
        assert_eq!(written(ValueType::Number, "nan"), None);
        assert_eq!(written(ValueType::Choice, "правая"), Some(json!("right")));
        assert_eq!(written(ValueType::Choice, "вбок"), None);
        assert_eq!(written(ValueType::Boolean, "Да"), Some(json!(true)));
        assert_eq!(tapped(&field(ValueType::Choice), "0"), Some(json!("left")));
        assert_eq!(tapped(&field(ValueType::Choice), "7"), None);
        assert_eq!(tapped(&field(ValueType::Text), "0"), None);
    }
}
