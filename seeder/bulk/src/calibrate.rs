//! How fast the rows alone are made: all of them, on one core, into nothing. Also says the fingerprints that a seeded database
//! must have.

use std::convert::Infallible;
use std::time::Instant;

use tokio_postgres::Config;

use crate::Error;
use crate::catalogue::Catalogue;
use crate::engine::{Options, chosen, connect};

/// What one table costs to make.
#[derive(Debug, serde::Serialize)]
pub struct Made {
    /// The table.
    pub table: &'static str,
    /// Rows.
    pub rows: u64,
    /// Bytes of COPY.
    pub bytes: u64,
    /// The sum over the bytes of the rows, in hexadecimal figures.
    pub fingerprint: String,
    /// Seconds on one core.
    pub seconds: f64,
}

/// Makes every row over the catalogue of this database and throws it away. Writes nothing.
///
/// # Errors
/// When the database refuses, or for a table that there is not.
pub async fn calibrate(config: &Config, options: &Options) -> Result<Vec<Made>, Error> {
    let tables = chosen(&options.only)?;
    let catalogue = Catalogue::read(&connect(config).await?).await?;
    let market = options.market(catalogue);
    let listings = options.listings;
    let made = tokio::task::spawn_blocking(move || {
        let each = tables.iter().map(|table| {
            let since = Instant::now();
            let mut bytes = 0;
            let Ok((count, sum)) = table.frames(&market, listings, |_, frame| {
                bytes += frame.len() as u64;
                Ok::<(), Infallible>(())
            });
            Made {
                table: table.name,
                rows: count,
                bytes,
                fingerprint: format!("{sum:016x}"),
                seconds: since.elapsed().as_secs_f64(),
            }
        });
        each.collect()
    });
    Ok(made.await?)
}
