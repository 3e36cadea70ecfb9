//! `kardan bot`: Telegram to functions and back.

use std::process::ExitCode;

use anyhow::Context as _;
use kardan_schema::Secret;

use crate::args::{Bot, TelegramArgs};
use crate::stop;

pub async fn run(args: Bot) -> anyhow::Result<ExitCode> {
    let token = args.telegram.token()?.context(
        "no token of a bot: @BotFather gives one; name it in KARDAN_BOT_TOKEN or --bot-token-file",
    )?;
    let config = args
        .telegram
        .config(token, args.database.require()?, args.photos);
    kardan_bot::run(config, stop::on_signal()?).await?;
    Ok(ExitCode::SUCCESS)
}

impl TelegramArgs {
    /// The token that was given, if one was.
    pub fn token(&self) -> anyhow::Result<Option<Secret>> {
        match (&self.bot_token, &self.bot_token_file) {
            (Some(token), _) => Ok(Some(token.clone())),
            (None, Some(file)) => Secret::from_file(file)
                .map(Some)
                .with_context(|| format!("--bot-token-file: {}", file.display())),
            (None, None) => Ok(None),
        }
    }

    /// What the bot is told.
    pub fn config(
        &self,
        token: Secret,
        database: tokio_postgres::Config,
        photos: kardan_photos::Config,
    ) -> kardan_bot::Config {
        kardan_bot::Config {
            database,
            pool_size: self.bot_pool_size,
            token,
            api_url: self.telegram_api_url.clone(),
            poll: std::time::Duration::from_millis(self.bot_poll),
            listen: self.bot_listen,
            photos,
        }
    }
}
