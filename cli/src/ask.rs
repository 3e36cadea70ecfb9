//! Asking before something is interrupted or destroyed.

use std::io::{IsTerminal as _, Write as _};

use crate::exit::Failure;

/// Asks whoever sits at the terminal, unless they said yes already. `what` completes "this would …".
///
/// # Errors
/// A refusal (exit code 5) when they disagree, or nobody can be asked.
pub fn agreement(what: &str, said_yes: bool) -> anyhow::Result<()> {
    if said_yes {
        return Ok(());
    }
    if !std::io::stdin().is_terminal() {
        return Err(Failure::refused(format!(
            "this would {what}; say --yes as well where nobody can be asked, or --dry-run to look"
        )));
    }
    eprint!("This will {what}. Go on? [y/N] ");
    std::io::stderr().flush()?;
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer)?;
    if matches!(answer.trim(), "y" | "Y" | "yes") {
        Ok(())
    } else {
        Err(Failure::refused("nothing was done"))
    }
}
