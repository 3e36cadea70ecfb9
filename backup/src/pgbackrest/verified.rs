//! What `pgbackrest verify --output=text --verbose` says. It ends well also when something is damaged, so what it says is all
//! there is to go by; text that is not understood is an error, and never a sign that all is well.

use crate::Error;
use crate::verify::Broken;

/// What is not as it was written: of the backup, and of the WAL in the archive.
pub fn broken(said: &str) -> Result<Vec<Broken>, Error> {
    let mut lines = said.lines().map(str::trim).peekable();
    let (mut broken, mut status) = (Vec::new(), None);
    while let Some(line) = lines.next() {
        if let Some(word) = line.strip_prefix("status: ") {
            status = Some(word.to_owned());
        }
        let is_good = match line.split_once(": ") {
            Some(("backup", rest)) => rest.contains("status: valid,"),
            Some(("archiveId", rest)) => all_valid(rest),
            _ => continue,
        };
        if !is_good {
            let file = line.split([',', ' ']).nth(1).unwrap_or(line).to_owned();
            let why = lines.peek().copied().unwrap_or(line).to_owned();
            broken.push(Broken { file, why });
        }
    }
    match status.as_deref() {
        Some("ok") if broken.is_empty() => {}
        Some("error") if !broken.is_empty() => {}
        _ => {
            return Err(Error::Unfit(format!(
                "pgbackrest verify says something that this program does not understand: {said:?}"
            )));
        }
    }
    Ok(broken)
}

/// `17-1, total WAL checked: 11, total valid WAL: 11`
fn all_valid(line: &str) -> bool {
    let after = |name: &str| {
        let rest = line.split(name).nth(1)?;
        rest.split(',').next()?.trim().parse::<u64>().ok()
    };
    let checked = after("total WAL checked:");
    checked.is_some() && checked == after("total valid WAL:")
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "stanza: kardan\nstatus: ";
    const GOOD_WAL: &str = "  archiveId: 17-1, total WAL checked: 11, total valid WAL: 11\n    \
                            missing: 0, checksum invalid: 0, size invalid: 0, other: 0\n";
    const BAD_WAL: &str =
        "  archiveId: 17-1, total WAL checked: 11, total valid WAL: 10\n    other: 1\n";
    const GOOD: &str = "  backup: 20261128-062912F, status: valid, total files checked: 3467, total valid files: 3467\n";
    const BAD: &str = "  backup: 20261128-062912F, status: invalid, total files checked: 3467, total valid files: 3466\n    \
                       checksum invalid: 1\n";

    #[test]
    fn a_changed_file_and_a_changed_segment_are_told_and_nothing_else_is() {
        assert!(
            broken(&format!("{HEAD}ok\n{GOOD_WAL}{GOOD}"))
                .unwrap()
                .is_empty()
        );
        let found = broken(&format!("{HEAD}error\n{GOOD_WAL}{BAD}")).unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!(
            (found[0].file.as_str(), found[0].why.as_str()),
            ("20261128-062912F", "checksum invalid: 1")
        );
        let found = broken(&format!("{HEAD}error\n{BAD_WAL}{GOOD}")).unwrap();
        assert_eq!(
            (found[0].file.as_str(), found[0].why.as_str()),
            ("17-1", "other: 1")
        );
    }

    #[test]
    fn what_is_not_understood_is_no_sign_that_all_is_well() {
        for said in [
            "",
            "stanza: kardan\n",
            &format!("{HEAD}error\n"),
            &format!("{HEAD}ok\n{BAD}"),
        ] {
            assert!(broken(said).is_err(), "{said:?}");
        }
    }
}
