//! A form of moderators and administrators: some questions, each answered by words or by a button, and one function at the end.

use serde::{Deserialize, Serialize};

use super::task::Task;
use super::{Input, Next, Question, Room};
use crate::error::Failure;

/// What is filled in, and what was said so far.
#[derive(Debug, Serialize, Deserialize)]
pub struct Form {
    task: Task,
    #[serde(default)]
    said: Vec<String>,
}

/// A question of a form.
#[derive(Debug, Clone, Copy)]
pub struct Ask {
    /// The name of its sentence.
    pub text: &'static str,
    /// Ready answers: the name of what the button says, and the answer.
    pub ready: &'static [(&'static str, &'static str)],
    /// What an answer in words has to be.
    pub wants: Wants,
}

/// What an answer in words has to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wants {
    /// Anything.
    Words,
    /// A whole number.
    Number,
    /// One of the buttons.
    Tap,
}

impl Ask {
    /// A question for words.
    pub const fn words(text: &'static str) -> Self {
        Self {
            text,
            ready: &[],
            wants: Wants::Words,
        }
    }

    /// A question for a whole number.
    pub const fn number(text: &'static str) -> Self {
        Self {
            wants: Wants::Number,
            ..Self::words(text)
        }
    }

    /// A question that only its buttons answer.
    pub const fn tap(text: &'static str, ready: &'static [(&'static str, &'static str)]) -> Self {
        Self {
            text,
            ready,
            wants: Wants::Tap,
        }
    }

    /// The same, also answered by a button.
    pub const fn or(self, ready: &'static [(&'static str, &'static str)]) -> Self {
        Self { ready, ..self }
    }
}

impl Form {
    pub const fn new(task: Task) -> Self {
        Self {
            task,
            said: Vec::new(),
        }
    }

    pub fn can_go_back(&self) -> bool {
        !self.said.is_empty()
    }

    fn open(&self) -> Option<Ask> {
        let asks = self.task.asks(&self.said);
        asks.get(self.said.len()).copied()
    }

    pub fn ask(&self, room: &Room<'_>) -> Result<Question, Failure> {
        let Some(ask) = self.open() else {
            return Ok(Question::new(room.say("talk.over", ())?));
        };
        let mut question = Question::new(room.say(ask.text, ())?);
        let mut buttons = Vec::new();
        for (place, (name, _)) in ask.ready.iter().enumerate() {
            // The place and not the answer: a button of another question is none of this one.
            let data = format!("d:form:{}:{place}", self.said.len());
            buttons.push(room.button(name, data)?);
        }
        question.add(buttons, 2);
        Ok(question)
    }

    pub async fn hear(&mut self, room: &Room<'_>, input: Input<'_>) -> Result<Next, Failure> {
        let Some(ask) = self.open() else {
            return Ok(Next::Ask);
        };
        let answer = match input {
            Input::Tap("back", _) => {
                self.said.pop();
                return Ok(Next::Ask);
            }
            Input::Tap("form", data) => self.tapped(ask, data),
            Input::Text(text) => match ask.wants {
                Wants::Tap => None,
                Wants::Number if text.trim().parse::<i64>().is_err() => {
                    return Ok(Next::Again(room.say("form.number", ())?));
                }
                _ => Some(text.trim().to_owned()),
            },
            Input::Tap(..) | Input::Photo(_) => None,
        };
        let Some(answer) = answer else {
            return Ok(Next::Again(room.say("talk.tap", ())?));
        };
        self.said.push(answer);
        if self.open().is_some() {
            return Ok(Next::Ask);
        }
        self.task.carry_out(room, &self.said).await.map(Next::Over)
    }

    /// The ready answer that a button of the open question means.
    fn tapped(&self, ask: Ask, data: &str) -> Option<String> {
        let (question, place) = data.split_once(':')?;
        let is_open = question.parse() == Ok(self.said.len());
        let (_, answer) = ask.ready.get(place.parse::<usize>().ok()?)?;
        is_open.then(|| (*answer).to_owned())
    }
}
