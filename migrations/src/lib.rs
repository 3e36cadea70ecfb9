//! Everything that holds data: roles and extensions, the migrations (run by refinery), the steps that cannot run in a
//! transaction, and then the program itself, loaded by `kardan-schema`. One call, [`up`], does it all, once, however many
//! instances start at the same moment.

mod bootstrap;
mod cron;
mod doctor;
mod error;
mod online;
mod plan;
mod run;

pub use bootstrap::BOOTSTRAP_SQL;
pub use cron::Cron;
pub use doctor::{Depth, Finding, Level, deep, doctor};
pub use error::Error;
pub use plan::{Plan, Status, plan, status};
pub use run::{Done, migrate_only, up};

mod embedded {
    refinery::embed_migrations!("versions");
}

/// Where refinery keeps which migrations were applied.
pub const HISTORY_TABLE: &str = "ops_data.schema_history";

pub(crate) fn runner() -> refinery::Runner {
    let mut runner = embedded::migrations::runner();
    runner.set_migration_table_name(HISTORY_TABLE);
    runner
}

/// Names the whole of migrations, online steps, bootstrap and program: equal fingerprints, equal databases.
#[must_use]
pub fn fingerprint() -> String {
    use sha2::{Digest, Sha256};
    let mut hash = Sha256::new();
    hash.update(BOOTSTRAP_SQL);
    for migration in runner().get_migrations() {
        hash.update(migration.to_string());
        hash.update(migration.checksum().to_le_bytes());
    }
    for (name, sql) in online::STEPS {
        hash.update(name);
        hash.update(sql);
    }
    hash.update(kardan_schema::load::HASH.as_str());
    hash.finalize()
        .iter()
        .take(10)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
