//! What the screen shows, and what keys do to it.

use std::time::Duration;

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::pane::{Pane, Table, unknown_column};
use super::panes::{self, PANES};

/// What follows a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Act {
    /// Look at the server again, now.
    Look,
    /// Only draw.
    Draw,
    /// End.
    Quit,
}

/// The state of the screen.
pub(super) struct App {
    pane: usize,
    table: Option<Table>,
    error: Option<String>,
    every: Duration,
    is_paused: bool,
    sort: Option<(usize, bool)>,
    /// The first row that is shown.
    pub top: usize,
}

impl App {
    pub(super) fn new(pane: usize, every: Duration) -> Self {
        Self {
            pane,
            table: None,
            error: None,
            every: every.max(Duration::from_millis(200)),
            is_paused: false,
            sort: panes::at(pane).sorted.map(|column| (column, false)),
            top: 0,
        }
    }

    /// Sorts by a column's name at the start.
    pub(super) fn sort(&mut self, name: Option<&str>) -> Result<(), String> {
        let Some(name) = name else { return Ok(()) };
        let (wanted, ascends) = name
            .strip_prefix('-')
            .map_or((name, false), |rest| (rest, true));
        let pane = panes::at(self.pane);
        let column = pane.columns.iter().position(|column| column.name == wanted);
        self.sort = Some((column.ok_or_else(|| unknown_column(pane, wanted))?, ascends));
        Ok(())
    }

    pub(super) fn pane(&self) -> usize {
        self.pane
    }

    pub(super) fn every(&self) -> Duration {
        self.every
    }

    pub(super) fn is_paused(&self) -> bool {
        self.is_paused
    }

    pub(super) fn table(&self) -> Option<&Table> {
        self.table.as_ref()
    }

    pub(super) fn error(&self) -> Option<&str> {
        self.error.as_deref()
    }

    /// The column that is sorted by, and whether the smallest comes first.
    pub(super) fn sorted(&self) -> Option<(usize, bool)> {
        self.sort
    }

    pub(super) fn show(&mut self, mut table: Table) {
        if let Some((column, ascends)) = self.sort {
            table.sort(column, ascends);
        }
        self.top = self.top.min(table.rows.len().saturating_sub(1));
        self.table = Some(table);
        self.error = None;
    }

    pub(super) fn fail(&mut self, error: String) {
        self.error = Some(error);
    }

    pub(super) fn key(&mut self, key: KeyEvent) -> Act {
        let columns = panes::at(self.pane).columns.len();
        match key.code {
            KeyCode::Char('q') | KeyCode::Esc => return Act::Quit,
            KeyCode::Char('c') if key.modifiers.contains(KeyModifiers::CONTROL) => {
                return Act::Quit;
            }
            KeyCode::Char(digit @ '1'..='9') => {
                let number = digit
                    .to_digit(10)
                    .and_then(|d| usize::try_from(d).ok())
                    .unwrap_or(1)
                    - 1;
                return if number < PANES.len() {
                    self.turn_to(number)
                } else {
                    Act::Draw
                };
            }
            KeyCode::Tab | KeyCode::Right => return self.turn_to((self.pane + 1) % PANES.len()),
            KeyCode::BackTab | KeyCode::Left => {
                return self.turn_to((self.pane + PANES.len() - 1) % PANES.len());
            }
            KeyCode::Char(' ') => self.is_paused = !self.is_paused,
            KeyCode::Char('r') => return Act::Look,
            KeyCode::Char('s') => {
                let next = self.sort.map_or(0, |(column, _)| (column + 1) % columns);
                self.resort(next, false);
            }
            KeyCode::Char('o') => {
                let (column, ascends) = self.sort.unwrap_or((0, false));
                self.resort(column, !ascends);
            }
            KeyCode::Char('+') => self.every = (self.every * 2).min(Duration::from_secs(60)),
            KeyCode::Char('-') => self.every = (self.every / 2).max(Duration::from_millis(200)),
            KeyCode::Down | KeyCode::Char('j') => self.scroll(1),
            KeyCode::PageDown => self.scroll(20),
            KeyCode::Up | KeyCode::Char('k') => self.top = self.top.saturating_sub(1),
            KeyCode::PageUp => self.top = self.top.saturating_sub(20),
            KeyCode::Home => self.top = 0,
            _ => {}
        }
        Act::Draw
    }

    fn turn_to(&mut self, pane: usize) -> Act {
        let Pane { sorted, .. } = panes::at(pane);
        self.pane = pane;
        self.table = None;
        self.sort = sorted.map(|column| (column, false));
        self.top = 0;
        Act::Look
    }

    fn resort(&mut self, column: usize, ascends: bool) {
        self.sort = Some((column, ascends));
        if let Some(table) = &mut self.table {
            table.sort(column, ascends);
        }
    }

    fn scroll(&mut self, rows: usize) {
        let last = self
            .table
            .as_ref()
            .map_or(0, |table| table.rows.len().saturating_sub(1));
        self.top = (self.top + rows).min(last);
    }
}
