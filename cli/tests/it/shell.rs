//! Help, completions, man pages.

use crate::process::{kardan, run};

#[test]
fn every_command_has_help_and_the_exit_codes_are_told() {
    let (code, out, _) = run(kardan().arg("--help"));
    assert_eq!(code, 0);
    assert!(
        out.contains("Exit codes") && out.contains("kardan up"),
        "{out}"
    );
    for command in [
        &["up"][..],
        &["serve"],
        &["migrate", "up"],
        &["doctor"],
        &["exporter"],
        &["top"],
        &["token", "create"],
        &["url"],
    ] {
        let (code, out, _) = run(kardan().args(command).arg("--help"));
        assert_eq!(code, 0, "{command:?}");
        assert!(out.contains("Usage: kardan"), "{out}");
    }
}

#[test]
fn completions_and_man_pages_are_made() {
    for shell in ["bash", "zsh", "fish"] {
        let (code, out, _) = run(kardan().args(["completions", shell]));
        assert!(code == 0 && out.contains("kardan"), "{shell}");
    }
    let folder = tempfile::tempdir().unwrap();
    let (code, _, err) = run(kardan().args(["man", "--out"]).arg(folder.path()));
    assert_eq!(code, 0, "{err}");
    assert!(folder.path().join("kardan-token-create.1").exists());
}
