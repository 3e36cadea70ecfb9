//! A vehicle for one's garage: by its VIN, or by make, model and generation.

use kardan_schema::GenerationId;
use kardan_schema::market::{self, GarageAdd};
use serde::{Deserialize, Serialize};

use super::fits::Fits;
use super::{Input, Next, Question, Room};
use crate::cards;
use crate::error::Failure;

/// Letters and digits of a VIN.
const VIN: usize = 17;

/// Where the choice is.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Vehicle {
    fits: Fits,
}

impl Vehicle {
    pub async fn ask(&self, room: &Room<'_>) -> Result<Question, Failure> {
        let mut question = self.fits.choose(room, None).await?;
        if self.fits.is_at_makes() {
            question.text = room.say("garage.make", ())?;
        }
        Ok(question)
    }

    pub async fn hear(&mut self, room: &Room<'_>, input: Input<'_>) -> Result<Next, Failure> {
        if let Input::Text(text) = input {
            let vin: String = text.chars().filter(|one| one.is_alphanumeric()).collect();
            if vin.chars().count() == VIN && vin.chars().any(|one| one.is_ascii_digit()) {
                return self.add(room, Some(vin), None).await;
            }
        }
        match self.fits.take(input) {
            Some(generation) => self.add(room, None, Some(generation)).await,
            None => Ok(Next::Ask),
        }
    }

    async fn add(
        &self,
        room: &Room<'_>,
        vin: Option<String>,
        generation: Option<GenerationId>,
    ) -> Result<Next, Failure> {
        let (make, model) = self.fits.chosen();
        let is_chosen = generation.is_some();
        let wish = GarageAdd {
            actor: room.person.user_id,
            name: None,
            vin,
            make: make.filter(|_| is_chosen),
            model: model.filter(|_| is_chosen),
            generation,
            engine: None,
            year: None,
            is_default: None,
        };
        market::garage_add(room.db, &wish).await?;
        Ok(Next::Over(cards::garage::list(room).await?))
    }
}
