//! What drills of backups have found.

use chrono::{DateTime, Duration, Utc};
use kardan_schema::Reason;
use kardan_schema::ops::{self, BackupDrillRecord};
use kardan_testdb::Database;

fn drill(id: &str, at: DateTime<Utc>) -> BackupDrillRecord {
    BackupDrillRecord {
        backup_id: id.to_owned(),
        backup_at: at - Duration::hours(1),
        started_at: at,
        verdict: "good".to_owned(),
        restored_bytes: 1 << 30,
        ready_seconds: 7.5,
        seconds: 20.0,
    }
}

#[tokio::test]
async fn a_drill_is_noted_once_and_the_newest_is_told_first() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let maintenance = db.as_role("kardan_maintenance").await?;
    let now: DateTime<Utc> = "2026-11-28T03:10:00Z".parse()?;
    for (id, at) in [("old", now - Duration::days(1)), ("new", now), ("new", now)] {
        ops::backup_drill_record(&*maintenance, &drill(id, at)).await?;
    }
    for role in ["kardan_maintenance", "kardan_admin", "kardan_monitor"] {
        let session = db.as_role(role).await?;
        let listed = ops::backup_drill_list(&*session, 20).await?;
        let ids: Vec<_> = listed.iter().map(|one| one.backup_id.as_str()).collect();
        assert_eq!(ids, ["new", "old"], "{role}");
        assert_eq!(ops::backup_drill_list(&*session, 1).await?.len(), 1);
    }
    Ok(())
}

#[tokio::test]
async fn what_no_drill_can_have_found_is_refused() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let maintenance = db.as_role("kardan_maintenance").await?;
    let good = drill("one", Utc::now());
    for (wrong, reason) in [
        (
            BackupDrillRecord {
                verdict: "fine".to_owned(),
                ..good.clone()
            },
            Reason::BackupDrillVerdictKnown,
        ),
        (
            BackupDrillRecord {
                backup_id: String::new(),
                ..good.clone()
            },
            Reason::BackupDrillIdShape,
        ),
        (
            BackupDrillRecord {
                seconds: -1.0,
                ..good.clone()
            },
            Reason::BackupDrillFiguresSensible,
        ),
    ] {
        let refused = ops::backup_drill_record(&*maintenance, &wrong).await;
        let refused = refused.unwrap_err();
        assert_eq!(refused.reason(), Some(reason), "{refused}");
    }
    Ok(())
}
