//! Backups that are proved by restoring them.
//!
//! A backup is made by PostgreSQL's own programs, kept compressed and, with a key, encrypted, and is worth nothing until a
//! [`drill()`] has restored it to a server of its own and found every row. With the archive of all WAL that was written since,
//! every moment behind a backup can be had again. Increments, and clusters of several servers, are the work of pgBackRest, which
//! has the same verbs here: [`Engine`].
//!
//! A repository is a folder:
//!
//! | entry                 | what it is                                                                    |
//! | --------------------- | ----------------------------------------------------------------------------- |
//! | `repository.json`     | its format, and the server whose backups it keeps                             |
//! | `key-check.age`       | in an encrypted one: tells a wrong key before anything is touched             |
//! | `backups/ID/`         | one backup; `backup.json` is written last, so that half a backup is none      |
//! | `wal/`                | the continuous archive                                                        |
//! | `drills/TIME-ID.json` | what a drill found                                                            |
//! | `lock`                | held while something is written                                               |
//! | `scratch/`            | where drills restore to                                                       |

mod archive;
mod database;
mod drill;
mod engine;
mod entry;
mod error;
mod expire;
mod key;
mod logical;
mod moment;
mod pgbackrest;
mod pitr;
mod programs;
mod progress;
mod repository;
mod restore;
mod rows;
mod schema;
mod simulate;
mod source;
mod stored;
mod table;
mod take;
mod verify;
mod wal;

pub use archive::{
    Archive, BrokenWal, Gap, Got, Point, Pushed, SLOT, ServerWal, SparedWal, Stream, Stretch,
    Switched, check_wal, end_slot, get, make_point, own, push, server_wal, set_archive_timeout,
    stream, switch,
};
pub use database::restore_database;
pub use drill::{Check, Drill, Report, Verdict, drill};
pub use engine::{Core, Engine, Work};
pub use entry::{Entry, Kind, StoredFile, Wal};
pub use error::Error;
pub use expire::{Expired, Keep, Spared, expire, expire_wal, plan as expire_plan};
pub use key::Key;
pub use pgbackrest::PgBackRest;
pub use pitr::{Plan, Target, Wish, plan_restore};
pub use progress::Progress;
pub use repository::Repository;
pub use restore::{Restored, restore, restore_to};
pub use simulate::{Day, Future, simulate};
pub use source::Source;
pub use table::{RestoredTable, TableName, restore_table};
pub use take::{Depth, Take, free_bytes, take};
pub use verify::{Broken, verify};
