//! Completions and man pages, both made from the command line's own description.

use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::CommandFactory as _;

use crate::args::Cli;

pub fn completions(shell: clap_complete::Shell) -> anyhow::Result<ExitCode> {
    clap_complete::generate(shell, &mut Cli::command(), "kardan", &mut std::io::stdout());
    Ok(ExitCode::SUCCESS)
}

pub fn man(out: &Path) -> anyhow::Result<ExitCode> {
    std::fs::create_dir_all(out).with_context(|| format!("making {}", out.display()))?;
    clap_mangen::generate_to(Cli::command(), out)
        .with_context(|| format!("writing into {}", out.display()))?;
    println!("man pages are in {}", out.display());
    Ok(ExitCode::SUCCESS)
}
