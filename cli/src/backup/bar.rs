//! A bar with rate and time left at a terminal, and elsewhere a line for each step.

use std::io::IsTerminal as _;
use std::sync::Arc;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use kardan_backup::Progress;
use tokio::task::JoinHandle;

const LOOK: Duration = Duration::from_millis(200);

/// What shows a progress until it is ended.
pub struct Bar {
    shown: JoinHandle<()>,
    bar: ProgressBar,
}

impl Bar {
    pub fn end(self) {
        self.shown.abort();
        self.bar.finish_and_clear();
    }
}

/// Shows a progress on standard error.
pub fn show(progress: &Arc<Progress>) -> Bar {
    let is_terminal = std::io::stderr().is_terminal();
    let bar = if is_terminal {
        ProgressBar::new(0)
    } else {
        ProgressBar::hidden()
    };
    let (progress, own) = (Arc::clone(progress), bar.clone());
    let shown = tokio::spawn(async move {
        let mut last = "";
        loop {
            let (step, done, total) = progress.now();
            if step != last {
                last = step;
                own.reset();
                own.set_style(style(total > 0));
                own.set_message(step);
                if !is_terminal {
                    eprintln!("{step}");
                }
            }
            // A server grows while it is copied.
            own.set_length(total.max(done));
            own.set_position(done);
            tokio::time::sleep(LOOK).await;
        }
    });
    Bar { shown, bar }
}

fn style(has_total: bool) -> ProgressStyle {
    let template = if has_total {
        "{msg:<20} {bar:30} {bytes:>10} of {total_bytes:<10} {bytes_per_sec:>12}  {eta} left"
    } else {
        "{msg:<20} {elapsed}"
    };
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}
