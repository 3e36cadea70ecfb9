//! Backups that are proved by restoring them.
//!
//! A backup is made by PostgreSQL's own programs, kept compressed and, with a key, encrypted, and is worth nothing until a
//! [`drill()`] has restored it to a server of its own and found every row. What is *not* here: continuous archiving and
//! servers on other machines; both are the work of an engine such as pgBackRest.
//!
//! A repository is a folder:
//!
//! | entry                 | what it is                                                                    |
//! | --------------------- | ----------------------------------------------------------------------------- |
//! | `repository.json`     | its format, and the server whose backups it keeps                             |
//! | `key-check.age`       | in an encrypted one: tells a wrong key before anything is touched             |
//! | `backups/ID/`         | one backup; `backup.json` is written last, so that half a backup is none      |
//! | `drills/TIME-ID.json` | what a drill found                                                            |
//! | `lock`                | held while something is written                                               |
//! | `scratch/`            | where drills restore to                                                       |

mod database;
mod drill;
mod entry;
mod error;
mod expire;
mod key;
mod logical;
mod moment;
mod programs;
mod progress;
mod repository;
mod restore;
mod rows;
mod schema;
mod source;
mod stored;
mod take;
mod verify;
mod wal;

pub use database::restore_database;
pub use drill::{Check, Drill, Report, Verdict, drill};
pub use entry::{Entry, Kind, StoredFile, Wal};
pub use error::Error;
pub use expire::{Keep, Spared, expire, plan as expire_plan};
pub use key::Key;
pub use progress::Progress;
pub use repository::Repository;
pub use restore::{Restored, restore};
pub use source::Source;
pub use take::{Take, take};
pub use verify::{Broken, verify};
