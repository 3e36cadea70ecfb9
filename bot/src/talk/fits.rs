//! Which vehicles a part fits: by what other sellers say of the same part, or by make, model and generation.

use kardan_schema::catalog::{self, Make};
use kardan_schema::market::{self, ListingFitmentAdd, ModerationFitmentAdd};
use kardan_schema::{GenerationId, ListingId, MakeId, ModelId, ModerationItemId};
use serde::{Deserialize, Serialize};
use serde_json::json;
use teloxide_core::types::InlineKeyboardButton;

use super::{Input, Question, Room};
use crate::error::Failure;

/// Buttons of a question.
const MOST: usize = 24;
/// Suggestions that are shown.
const SUGGESTED: usize = 3;

/// Where the choice of a vehicle is.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Fits {
    make: Option<MakeId>,
    model: Option<ModelId>,
    /// What was written to find a make or a model.
    wanted: Option<String>,
    /// How many were added.
    added: usize,
    /// What a moderator holds who says so.
    #[serde(default)]
    item: Option<ModerationItemId>,
}

impl Fits {
    /// What a moderator says of the listing of this item; none: what its people say.
    pub fn of(item: Option<ModerationItemId>) -> Self {
        Self {
            item,
            ..Self::default()
        }
    }

    pub async fn hear(
        &mut self,
        room: &Room<'_>,
        listing: ListingId,
        input: Input<'_>,
    ) -> Result<(), Failure> {
        if let Input::Tap("alike", place) = input {
            return self.add_alike(room, listing, place).await;
        }
        if let Some(generation) = self.take(input) {
            self.add(room, listing, generation, None, None).await?;
        }
        Ok(())
    }

    /// Goes one step further; the generation, when that was the last one.
    pub fn take(&mut self, input: Input<'_>) -> Option<GenerationId> {
        match input {
            Input::Text(text) => self.wanted = Some(text.trim().to_lowercase()),
            Input::Tap("make", id) => {
                self.make = id.parse().ok().map(MakeId);
                self.wanted = None;
            }
            Input::Tap("model", id) => {
                self.model = id.parse().ok().map(ModelId);
                self.wanted = None;
            }
            Input::Tap("generation", id) => return id.parse().ok().map(GenerationId),
            Input::Tap(..) | Input::Photo(_) => {}
        }
        None
    }

    /// The make and the model, as far as they are chosen.
    pub const fn chosen(&self) -> (Option<MakeId>, Option<ModelId>) {
        (self.make, self.model)
    }

    /// Whether the make is asked for.
    pub const fn is_at_makes(&self) -> bool {
        self.make.is_none()
    }

    async fn add(
        &mut self,
        room: &Room<'_>,
        listing: ListingId,
        generation: GenerationId,
        year_from: Option<i32>,
        year_to: Option<i32>,
    ) -> Result<(), Failure> {
        let actor = room.person.user_id;
        if let Some(item) = self.item {
            let wish = ModerationFitmentAdd {
                actor,
                item,
                generation,
                year_from,
                year_to,
                note: None,
            };
            market::moderation_fitment_add(room.db, &wish).await?;
        } else {
            let wish = ListingFitmentAdd {
                actor,
                listing,
                generation,
                year_from,
                year_to,
                note: String::new(),
            };
            market::listing_fitment_add(room.db, &wish).await?;
        }
        *self = Self {
            added: self.added + 1,
            ..Self::of(self.item)
        };
        Ok(())
    }

    /// Takes a suggestion over; a confirmation by the person who says so, as with any other.
    async fn add_alike(
        &mut self,
        room: &Room<'_>,
        listing: ListingId,
        generation: &str,
    ) -> Result<(), Failure> {
        let all = market::listing_fitment_suggest(room.db, room.person.user_id, listing).await?;
        let meant = all
            .iter()
            .find(|one| one.generation_id.to_string() == generation);
        if let Some(one) = meant {
            self.add(room, listing, one.generation_id, one.year_from, one.year_to)
                .await?;
        }
        Ok(())
    }

    /// The next choice; with a listing also what others say of the same part.
    pub async fn choose(
        &self,
        room: &Room<'_>,
        listing: Option<ListingId>,
    ) -> Result<Question, Failure> {
        match (self.make, self.model) {
            (Some(_), Some(model)) => self.generations(room, model).await,
            (Some(make), None) => self.models(room, make).await,
            (None, _) => self.makes(room, listing).await,
        }
    }

    pub async fn ask(&self, room: &Room<'_>, listing: ListingId) -> Result<Question, Failure> {
        let mut question = self.choose(room, Some(listing)).await?;
        let done = if self.added == 0 {
            "talk.skip"
        } else {
            "talk.done"
        };
        question.last(room.button(done, "d:fits:done")?);
        Ok(question)
    }

    async fn makes(
        &self,
        room: &Room<'_>,
        listing: Option<ListingId>,
    ) -> Result<Question, Failure> {
        let mut question = Question::new(room.say(
            "fits.make",
            json!({ "added": self.added, "wanted": self.wanted }),
        )?);
        if let (None, Some(listing)) = (&self.wanted, listing) {
            let alike =
                market::listing_fitment_suggest(room.db, room.person.user_id, listing).await?;
            for one in alike.iter().take(SUGGESTED) {
                let name = format!(
                    "💡 {} {} {}",
                    one.make_name, one.model_name, one.generation_name
                );
                question.last(InlineKeyboardButton::callback(
                    name,
                    format!("d:alike:{}", one.generation_id),
                ));
            }
        }
        let all = catalog::make_list(room.db).await?;
        let is_wanted = |make: &&Make| self.is_wanted(&make.name) || self.is_wanted(&make.name_ru);
        let buttons = all.iter().filter(is_wanted).take(MOST).map(|make| {
            InlineKeyboardButton::callback(make.name.as_str(), format!("d:make:{}", make.make_id))
        });
        question.add(buttons.collect(), 3);
        Ok(question)
    }

    async fn models(&self, room: &Room<'_>, make: MakeId) -> Result<Question, Failure> {
        let mut question = Question::new(room.say("fits.model", json!({ "wanted": self.wanted }))?);
        let all = catalog::model_list(room.db, make).await?;
        let buttons = all
            .iter()
            .filter(|model| self.is_wanted(&model.name) || self.is_wanted(&model.name_ru))
            .take(MOST)
            .map(|model| {
                let data = format!("d:model:{}", model.model_id);
                InlineKeyboardButton::callback(model.name.as_str(), data)
            });
        question.add(buttons.collect(), 3);
        Ok(question)
    }

    async fn generations(&self, room: &Room<'_>, model: ModelId) -> Result<Question, Failure> {
        let mut question = Question::new(room.say("fits.generation", ())?);
        let all = catalog::generation_list(room.db, model).await?;
        let buttons = all.iter().take(MOST).map(|one| {
            let until = one.year_to.map(|year| year.to_string()).unwrap_or_default();
            let name = format!("{} · {}–{until}", one.name, one.year_from);
            InlineKeyboardButton::callback(name, format!("d:generation:{}", one.generation_id))
        });
        question.add(buttons.collect(), 1);
        Ok(question)
    }

    fn is_wanted(&self, name: &str) -> bool {
        let wanted = self.wanted.as_deref();
        wanted.is_none_or(|wanted| name.to_lowercase().contains(wanted))
    }
}
