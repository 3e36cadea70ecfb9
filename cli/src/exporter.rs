//! `kardan exporter`.

use std::process::ExitCode;

use kardan_monitoring::Config;

use crate::stop;

pub async fn run(config: Config) -> anyhow::Result<ExitCode> {
    if config.dump_maps {
        print!("{}", kardan_monitoring::dump_maps());
        return Ok(ExitCode::SUCCESS);
    }
    kardan_monitoring::run(&config, stop::on_signal()?).await?;
    Ok(ExitCode::SUCCESS)
}
