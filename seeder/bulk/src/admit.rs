//! Whether a database may be seeded, and with which market: everything that is asked before anything is done.

use tokio_postgres::{Client, Config};

use crate::Error;
use crate::catalogue::Catalogue;
use crate::draw::is_marked;
use crate::engine::{Mode, Options, connect};
use crate::ledger;
use crate::market::Market;
use crate::season::DAY;
use crate::tables::{PARENTS, TABLES};

/// Bytes of disk for a listing with everything that belongs to it and its indexes; measured at scale 0.1.
const BYTES_A_LISTING: u64 = 9_000;
/// One seeder a database.
const LOCK: i64 = 0x6b61_7264_616e_5eed;

/// Bytes of disk that a market of so many listings takes, about.
#[must_use]
pub const fn bytes_wanted(listings: u64) -> u64 {
    listings * BYTES_A_LISTING + (64 << 20)
}

/// Says that a database may be filled with made-up data.
///
/// # Errors
/// When the database refuses.
pub async fn mark(config: &Config) -> Result<(), Error> {
    let client = connect(config).await?;
    client
        .execute(
            "insert into ops_data.settings (key, value, description, updated_at)
             values ('seeder.allowed', 'true', 'Whether `kardan seed` may fill this database with made-up data.',
                 transaction_timestamp())
             on conflict (key) do update set value = 'true', updated_at = excluded.updated_at",
            &[],
        )
        .await?;
    Ok(())
}

/// Everything that would have to be undone is asked before anything is done.
pub(crate) async fn guard(client: &Client, options: &Options) -> Result<(), Error> {
    if options.time.1 < options.time.0 + 30 * DAY {
        return Err(Error::Time);
    }
    if !is_marked(client).await? {
        return Err(Error::NotMarked);
    }
    let contract = client
        .query_opt(
            "select c.hash from ops_data.contract_applied as c order by c.id desc limit 1",
            &[],
        )
        .await?
        .map(|row| row.get::<_, String>(0));
    if options.contract.is_some() && options.contract != contract {
        return Err(Error::WrongContract);
    }
    let is_ours: bool = client
        .query_one("select pg_try_advisory_lock($1)", &[&LOCK])
        .await?
        .get(0);
    if is_ours { Ok(()) } else { Err(Error::Busy) }
}

/// Lets the next seeder in. A connection that was lost has done so already, so it cannot fail.
pub(crate) async fn release(client: &Client) {
    drop(
        client
            .execute("select pg_advisory_unlock($1)", &[&LOCK])
            .await,
    );
}

/// The market of the ledger, or a new one in an empty database; how many listings it is to have; and whether it is new.
pub(crate) async fn open(client: &Client, options: &Options) -> Result<(Market, u64, bool), Error> {
    let catalogue = Catalogue::read(client).await?;
    let former = client
        .query_opt(
            "select m.seed, m.catalogue, m.listings, m.is_adversarial,
                 (extract(epoch from m.opened_at - timestamptz '2000-01-01 00:00+00') * 1000000)::bigint,
                 (extract(epoch from m.shown_at - timestamptz '2000-01-01 00:00+00') * 1000000)::bigint,
                 m.counted_days
             from ops_data.seed_markets as m",
            &[],
        )
        .await?;
    let (from, to, listings) = match (&former, options.mode) {
        (Some(_), Mode::New) => return Err(Error::AlreadySeeded),
        (None, Mode::Resume) => return Err(Error::NothingThere("resume")),
        (None, Mode::Append) => return Err(Error::NothingThere("append to")),
        (None, Mode::New) => (options.time.0, options.time.1, options.listings),
        (Some(row), mode) => {
            if mode == Mode::Append && row.get::<_, i64>(0).cast_unsigned() != options.seed {
                return Err(Error::AnotherMarket("seed"));
            }
            if row.get::<_, i64>(1).cast_unsigned() != catalogue.fingerprint {
                return Err(Error::AnotherMarket("catalogue"));
            }
            let there = row.get::<_, i64>(2).unsigned_abs();
            let wanted = if mode == Mode::Append {
                options.listings
            } else {
                0
            };
            (row.get(4), row.get(5), there.max(wanted))
        }
    };
    let fingerprint = catalogue.fingerprint;
    let market = match &former {
        None => options.market(catalogue),
        Some(row) => {
            let seed = row.get::<_, i64>(0).cast_unsigned();
            let mut market = Market::new(seed, from, to, catalogue);
            market.adversarial = row.get(3);
            market.counted = i64::from(row.get::<_, i32>(6)) * DAY;
            market
        }
    };
    match &former {
        None => {
            nothing_there(client, listings).await?;
            note_market(client, &market, listings, fingerprint).await?;
        }
        Some(_) => {
            nobody_else(client).await?;
            client
                .execute(
                    "update ops_data.seed_markets set listings = $1",
                    &[&listings.cast_signed()],
                )
                .await?;
        }
    }
    Ok((market, listings, former.is_none()))
}

async fn note_market(
    client: &Client,
    market: &Market,
    listings: u64,
    fingerprint: u64,
) -> Result<(), Error> {
    client
        .execute(
            "insert into ops_data.seed_markets (
                 seed, opened_at, shown_at, is_adversarial, catalogue, listings, counted_days, begun_at)
             values ($1, timestamptz '2000-01-01 00:00+00' + $2 * interval '1 microsecond',
                 timestamptz '2000-01-01 00:00+00' + $3 * interval '1 microsecond', $4, $5, $6, $7,
                 clock_timestamp())",
            &[
                &market.seed.cast_signed(),
                &(market.from as f64),
                &(market.to as f64),
                &market.adversarial,
                &fingerprint.cast_signed(),
                &listings.cast_signed(),
                &i32::try_from(market.counted / DAY).unwrap_or(i32::MAX),
            ],
        )
        .await?;
    Ok(())
}

/// Refuses a database in which there is anything, or whose disk is too small when that can be seen from here.
async fn nothing_there(client: &Client, listings: u64) -> Result<(), Error> {
    for table in TABLES {
        let found = client
            .query_opt(&format!("select from {} limit 1", table.relation()), &[])
            .await?;
        if found.is_some() {
            return Err(Error::NotEmpty(table.relation().to_owned()));
        }
    }
    let folder: String = client
        .query_one("select current_setting('data_directory')", &[])
        .await?
        .get(0);
    // A server elsewhere has another disk, or none that can be seen.
    if let Ok(disk) = rustix::fs::statvfs(folder.as_str()) {
        let free = disk.f_bavail.saturating_mul(disk.f_frsize);
        let wanted = bytes_wanted(listings);
        if free < wanted {
            return Err(Error::Disk {
                wanted_mb: wanted >> 20,
                free_mb: free >> 20,
            });
        }
    }
    Ok(())
}

/// Refuses a database to which others have added people or listings: the numbers that growth would take are taken.
async fn nobody_else(client: &Client) -> Result<(), Error> {
    for table in TABLES.iter().filter(|table| PARENTS.contains(&table.name)) {
        let there = ledger::there(client, table.name, table.version).await?;
        let end = there.iter().map(|range| range.end).max().unwrap_or(0);
        let found = client
            .query_opt(
                &format!("select from {} as t where t.id > $1 limit 1", table.name),
                &[&end.cast_signed()],
            )
            .await?;
        if found.is_some() {
            return Err(Error::NotEmpty(table.name.to_owned()));
        }
    }
    Ok(())
}
