//! Panes as text, and as a screen.

use std::fmt::Write as _;

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout};
use ratatui::style::{Modifier, Style, Stylize as _};
use ratatui::text::Line;
use ratatui::widgets::{Block, Cell as Heading, Paragraph, Row, Table as Grid, Tabs};

use super::app::App;
use super::pane::{Table, Unit, show};
use super::panes::{self, PANES};

/// A column of words is not wider than this, save the last.
const WIDEST: usize = 40;

/// A pane as lines, the first `rows` of it.
pub(super) fn text(table: &Table, rows: usize) -> String {
    let mut out = format!("{}\n", table.pane.title);
    if table.rows.is_empty() {
        let _ = writeln!(out, "  {}", table.pane.nothing);
        return out;
    }
    let shown = shown(table);
    let widths = widths(table, &shown);
    let last = widths.len().saturating_sub(1);
    let headings: Vec<String> = table
        .pane
        .columns
        .iter()
        .map(|c| c.name.to_owned())
        .collect();
    for line in std::iter::once(&headings).chain(shown.iter().take(rows)) {
        let mut text = String::new();
        for (n, (cell, width)) in line.iter().zip(&widths).enumerate() {
            let is_text = table
                .pane
                .columns
                .get(n)
                .is_some_and(|c| c.unit == Unit::Text);
            let cell = clip(cell, if n == last { 100 } else { *width });
            let _ = match (is_text, n == last) {
                (true, true) => write!(text, "{cell}"),
                (true, false) => write!(text, "{cell:<width$}  "),
                (false, _) => write!(text, "{cell:>width$}  "),
            };
        }
        let _ = writeln!(out, "  {}", text.trim_end());
    }
    if table.rows.len() > rows {
        let _ = writeln!(out, "  … {} more", table.rows.len() - rows);
    }
    out
}

fn shown(table: &Table) -> Vec<Vec<String>> {
    table
        .rows
        .iter()
        .map(|row| {
            row.iter()
                .zip(table.pane.columns)
                .map(|(cell, column)| show(cell, column.unit))
                .collect()
        })
        .collect()
}

fn widths(table: &Table, shown: &[Vec<String>]) -> Vec<usize> {
    table
        .pane
        .columns
        .iter()
        .enumerate()
        .map(|(n, column)| {
            shown
                .iter()
                .filter_map(|row| row.get(n))
                .map(|cell| cell.chars().count())
                .chain([column.name.chars().count()])
                .max()
                .unwrap_or(0)
                .min(WIDEST)
        })
        .collect()
}

fn clip(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(width.saturating_sub(1)).collect();
    short.push('…');
    short
}

/// Draws the whole screen.
pub(super) fn screen(frame: &mut Frame<'_>, app: &App) {
    let [head, body, foot] = Layout::vertical([
        Constraint::Length(1),
        Constraint::Min(3),
        Constraint::Length(1),
    ])
    .areas(frame.area());
    let titles = PANES
        .iter()
        .enumerate()
        .map(|(n, pane)| format!("{} {}", n + 1, pane.title));
    let tabs = Tabs::new(titles)
        .select(app.pane())
        .highlight_style(Style::new().add_modifier(Modifier::REVERSED));
    frame.render_widget(tabs, head);
    let pane = panes::at(app.pane());
    match (app.error(), app.table()) {
        (Some(error), _) => {
            let text = Paragraph::new(error.to_owned())
                .red()
                .block(Block::bordered().title("The server does not answer"));
            frame.render_widget(text, body);
        }
        (None, Some(table)) if table.rows.is_empty() => {
            frame.render_widget(Paragraph::new(pane.nothing).block(Block::bordered()), body);
        }
        (None, Some(table)) => frame.render_widget(grid(table, app), body),
        (None, None) => frame.render_widget(Paragraph::new("…").block(Block::bordered()), body),
    }
    let state = if app.is_paused() { "paused" } else { "running" };
    let help = format!(
        " q quit  tab pane  s sort  o order  ↑↓ scroll  space pause  r now  +/- every {:.1}s  {state}",
        app.every().as_secs_f64()
    );
    frame.render_widget(Line::from(help).dim(), foot);
}

fn grid<'a>(table: &Table, app: &App) -> Grid<'a> {
    let shown = shown(table);
    let widths = widths(table, &shown);
    let last = widths.len().saturating_sub(1);
    let constraints: Vec<Constraint> = widths
        .iter()
        .enumerate()
        .map(|(n, width)| match u16::try_from(*width) {
            Ok(width) if n < last => Constraint::Length(width.max(4) + 1),
            _ => Constraint::Fill(1),
        })
        .collect();
    let headings = table.pane.columns.iter().enumerate().map(|(n, column)| {
        let mark = match app.sorted() {
            Some((sorted, ascends)) if sorted == n => {
                if ascends {
                    "▲"
                } else {
                    "▼"
                }
            }
            _ => "",
        };
        Heading::from(format!("{}{mark}", column.name))
    });
    let head = Row::new(headings).style(Style::new().add_modifier(Modifier::BOLD));
    let rows = shown.into_iter().skip(app.top).map(Row::new);
    Grid::new(rows, constraints)
        .header(head)
        .block(Block::bordered())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use ratatui::Terminal;
    use ratatui::backend::TestBackend;
    use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

    use super::super::app::Act;
    use super::super::pane::Cell;
    use super::*;

    fn sessions(pids: &[(f64, f64)]) -> Table {
        let mut table = Table::empty(panes::at(0));
        table.rows = pids
            .iter()
            .map(|(pid, age)| {
                let text = |text: &str| Cell::Text(text.to_owned());
                vec![
                    Cell::Number(Some(*pid)),
                    text("app"),
                    text("me"),
                    text("psql"),
                    text("active"),
                    Cell::Number(Some(*age)),
                    Cell::Number(None),
                    text("Lock:relation"),
                    text("select\n  1"),
                ]
            })
            .collect();
        table
    }

    fn screen_of(app: &App) -> String {
        let mut terminal = Terminal::new(TestBackend::new(110, 8)).unwrap();
        terminal.draw(|frame| screen(frame, app)).unwrap();
        terminal.backend().to_string()
    }

    fn press(app: &mut App, code: KeyCode) -> Act {
        app.key(KeyEvent::new(code, KeyModifiers::NONE))
    }

    #[test]
    fn a_pane_is_sorted_by_its_worst_and_keys_change_that() {
        let mut app = App::new(0, Duration::from_secs(2));
        app.show(sessions(&[(11.0, 5.0), (22.0, 7_200.0)]));
        let place = |app: &App, what: &str| {
            screen_of(app)
                .find(what)
                .unwrap_or_else(|| panic!("{what}: {}", screen_of(app)))
        };
        assert!(
            place(&app, "22") < place(&app, "11"),
            "the longest transaction first"
        );
        assert!(screen_of(&app).contains("2h00m") && screen_of(&app).contains("transaction▼"));
        press(&mut app, KeyCode::Char('o'));
        assert!(place(&app, "11") < place(&app, "22"));
        assert_eq!(press(&mut app, KeyCode::Down), Act::Draw);
        assert!(!screen_of(&app).contains("11 "), "scrolled");
        assert_eq!(press(&mut app, KeyCode::Tab), Act::Look);
        assert_eq!(app.pane(), 1);
        assert_eq!(press(&mut app, KeyCode::Char('1')), Act::Look);
        app.fail("connection refused".to_owned());
        assert!(screen_of(&app).contains("connection refused"));
        assert_eq!(press(&mut app, KeyCode::Char('q')), Act::Quit);
    }

    #[test]
    fn text_has_columns_and_says_when_there_is_nothing_or_more() {
        let out = text(&sessions(&[(11.0, 5.0), (22.0, 7.0)]), 1);
        assert!(
            out.contains("pid") && out.contains("select 1") && out.contains("… 1 more"),
            "{out}"
        );
        assert!(text(&Table::empty(panes::at(1)), 5).contains("nobody waits for a lock"));
    }
}
