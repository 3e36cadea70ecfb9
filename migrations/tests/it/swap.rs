//! The whole program is replaced while clients call it: no call fails.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use kardan_schema::Role;
use kardan_schema::load::{Loaded, load};
use kardan_testdb::{Database, Session};

const SWAPS: usize = 12;
const CLIENTS: usize = 4;

/// Reads and writes, prepared once and called again and again, as a pool does.
const CALLS: &[&str] = &[
    "select count(*) from ops.contract_get()",
    "select count(*) from catalog.category_list(p_kind => 'part')",
    "select count(*) from ops.setting_list(p_actor => $1)",
    "select count(*) from ops.setting_set(p_actor => $1, p_key => 'moderation.lease_seconds', p_value => '900')",
];

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn replacing_the_whole_program_under_load_fails_no_call() {
    let database = Database::create().await.unwrap();
    let actor = database.person(Role::Admin).await.unwrap();
    let stop = Arc::new(AtomicBool::new(false));
    let calls = Arc::new(AtomicUsize::new(0));
    let mut clients = Vec::new();
    for client in 0..CLIENTS {
        let (stop, calls) = (Arc::clone(&stop), Arc::clone(&calls));
        let url = database.url_as("kardan_api");
        clients.push(tokio::spawn(async move {
            let session = Session::open(&url).await.unwrap();
            let mut failures = Vec::new();
            let mut prepared = Vec::new();
            for call in CALLS {
                prepared.push(session.prepare(call).await.unwrap());
            }
            while !stop.load(Ordering::Relaxed) {
                for (number, call) in CALLS.iter().enumerate() {
                    let result = if call.contains("$1") {
                        session.query_one(&prepared[number], &[&actor]).await
                    } else {
                        session.query_one(&prepared[number], &[]).await
                    };
                    // Every second client also prepares anew, as one that has just connected would.
                    let fresh = if client % 2 == 0 {
                        session.prepare(call).await.err()
                    } else {
                        None
                    };
                    calls.fetch_add(1, Ordering::Relaxed);
                    failures.extend(
                        result
                            .err()
                            .or(fresh)
                            .map(|error| format!("{call}: {error:?}")),
                    );
                }
            }
            failures
        }));
    }
    let mut session = database.superuser().await.unwrap();
    let mut during = Vec::new();
    for swap in 0..SWAPS {
        session
            .batch_execute("delete from ops_data.contract_applied")
            .await
            .unwrap();
        let before = calls.load(Ordering::Relaxed);
        let loaded = load(&mut session, &format!("swap {swap}")).await.unwrap();
        assert!(matches!(loaded, Loaded::Replaced { .. }));
        during.push(calls.load(Ordering::Relaxed) - before);
    }
    stop.store(true, Ordering::Relaxed);
    for client in clients {
        assert_eq!(client.await.unwrap(), Vec::<String>::new());
    }
    assert!(
        during.iter().all(|calls| *calls >= CLIENTS),
        "each swap was met by calls: {during:?}"
    );
}
