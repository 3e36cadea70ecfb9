//! Updates in hand: each chat in order, all chats side by side, and none waits for another one. A slow chat keeps its updates
//! unacknowledged, and whatever Telegram tells again because of that is known here.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::task::{Id, JoinError, JoinSet};

use super::handle;
use super::incoming::Update;
use crate::desk::Desk;

/// What is being handled, and what waits behind it.
#[derive(Default)]
pub struct Hands {
    working: JoinSet<()>,
    /// Which chat a task works for, and on which updates.
    tasks: HashMap<Id, (i64, Vec<i64>)>,
    /// What came of a chat while its earlier updates are being handled.
    behind: BTreeMap<i64, Vec<Update>>,
    /// Numbers that were told and are not handled.
    open: BTreeSet<i64>,
    /// Numbers that were told and are not acknowledged: an update that is handled is told again while an earlier one is not.
    told: BTreeSet<i64>,
    /// Behind everything that was told.
    next: i64,
}

impl Hands {
    /// Where Telegram is to go on: everything before it is handled.
    pub fn offset(&self) -> i64 {
        self.open.first().copied().unwrap_or(self.next)
    }

    /// Whether there is nothing to handle.
    pub fn are_empty(&self) -> bool {
        self.open.is_empty()
    }

    /// Takes what is new of these.
    pub fn take(&mut self, desk: &Desk, updates: Vec<Value>) {
        let mut chats: BTreeMap<i64, Vec<Update>> = BTreeMap::new();
        for update in updates {
            let number = update.get("update_id").and_then(Value::as_i64);
            let Some(number) = number else {
                tracing::error!("an update has no number");
                continue;
            };
            if !self.told.insert(number) {
                continue;
            }
            self.next = self.next.max(number.saturating_add(1));
            match serde_json::from_value::<Update>(update) {
                Ok(update) => {
                    self.open.insert(number);
                    chats.entry(update.chat()).or_default().push(update);
                }
                Err(error) => tracing::error!(update = number, %error, "an update cannot be read"),
            }
        }
        for (chat, updates) in chats {
            if self.tasks.values().any(|(busy, _)| *busy == chat) {
                self.behind.entry(chat).or_default().extend(updates);
            } else {
                self.begin(desk, chat, updates);
            }
        }
    }

    fn begin(&mut self, desk: &Desk, chat: i64, updates: Vec<Update>) {
        let numbers = updates.iter().map(|update| update.update_id).collect();
        let task = self.working.spawn(one_by_one(desk.clone(), updates));
        self.tasks.insert(task.id(), (chat, numbers));
    }

    /// Waits until a chat is through with what it has, for a while at most.
    pub async fn wait(&mut self, desk: &Desk, patience: Duration) {
        let ended = tokio::time::timeout(patience, self.working.join_next_with_id()).await;
        if let Ok(Some(ended)) = ended {
            self.ended(desk, ended);
        }
    }

    fn ended(&mut self, desk: &Desk, ended: Result<(Id, ()), JoinError>) {
        let task = match ended {
            Ok((task, ())) => task,
            Err(broken) => {
                tracing::error!(error = %broken, "an update broke off");
                broken.id()
            }
        };
        let Some((chat, numbers)) = self.tasks.remove(&task) else {
            return;
        };
        for number in numbers {
            self.open.remove(&number);
        }
        if let Some(updates) = self.behind.remove(&chat) {
            self.begin(desk, chat, updates);
        }
        let offset = self.offset();
        self.told = self.told.split_off(&offset);
    }

    /// Brings what is in hand to an end, when the bot stops.
    pub async fn rest(mut self) {
        while self.working.join_next().await.is_some() {}
    }
}

async fn one_by_one(desk: Desk, updates: Vec<Update>) {
    let mut updates = updates.into_iter().peekable();
    while let Some(update) = updates.next() {
        let begun = Instant::now();
        let album = update.album();
        let is_followed = album.is_some() && updates.peek().and_then(Update::album) == album;
        let is_done = handle(&desk, &update, is_followed).await;
        desk.watch
            .handled(update.happened.kind(), is_done, begun.elapsed());
    }
}
