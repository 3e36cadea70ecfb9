//! Cells that a spreadsheet would take for a formula. On the way out they get an apostrophe before them, which makes them
//! inert; on the way in it is taken away again. A cell that begins so by itself gets one more, so that nothing is lost.

use std::borrow::Cow;

/// Whether a spreadsheet might calculate this, apostrophes left aside.
fn is_live(cell: &str) -> bool {
    cell.trim_start_matches('\'')
        .starts_with(['=', '+', '-', '@', '\t', '\r', '\n'])
}

/// The cell as it is written into a file.
pub fn inert(cell: &str) -> Cow<'_, str> {
    if is_live(cell) {
        Cow::Owned(format!("'{cell}"))
    } else {
        Cow::Borrowed(cell)
    }
}

/// The cell as it was before it was written into a file.
pub fn plain(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if is_live(rest) => rest,
        _ => cell,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_spreadsheet_would_calculate_is_inert_in_a_file() {
        for cell in [
            "=1+1", "+7 900", "-", "@SUM(A1)", "\tx", "\rx", "\n=1", "'=1",
        ] {
            assert!(inert(cell).starts_with('\''), "{cell:?}");
        }
        for cell in ["", "Golf", "1-2", "'quoted'", "a=b", "3 (E90)"] {
            assert_eq!(inert(cell), cell);
        }
    }

    #[test]
    fn every_cell_comes_back_as_it_was() {
        for cell in [
            "", "=1+1", "'=1+1", "''=1", "'''", "'", "'x", "-5", "'-5", "Golf", "\t", "'\t", "=",
            "'=",
        ] {
            assert_eq!(plain(&inert(cell)), cell, "{cell:?}");
        }
    }
}
