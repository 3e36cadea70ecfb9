//! The checker on planted histories: a clean one, and one with each anomaly.

use std::collections::{HashMap, HashSet};

use super::{Found, Verdict, check};
use crate::history::{History, Op, Outcome};

fn op(id: u64, outcome: Outcome) -> Op {
    Op {
        id,
        start: id * 10,
        end: id * 10 + 5,
        outcome,
        value: None,
        timeline: Some(1),
        error: None,
        tries: 1,
    }
}

fn tick(id: u64, value: i64) -> Op {
    Op {
        value: Some(value),
        ..op(id, Outcome::Ok)
    }
}

/// Three inserts (one with an open outcome), two transfers, two ticks, one listing: as it should be.
fn clean() -> (History, Found, HashMap<u64, u64>) {
    let history = History {
        inserts: vec![
            op(1, Outcome::Ok),
            op(2, Outcome::Unknown),
            op(3, Outcome::Failed),
        ],
        transfers: vec![op(1, Outcome::Ok), op(2, Outcome::Ok)],
        ticks: vec![tick(1, 1), tick(2, 2)],
        requests: vec![op(1, Outcome::Ok)],
        ..History::default()
    };
    let found = Found {
        place: "db1, healed".to_owned(),
        inserts: HashMap::from([(1, 1), (2, 1)]),
        transfers: HashSet::from([1, 2]),
        counter: 2,
        ..Found::default()
    };
    (history, found, HashMap::from([(1, 1)]))
}

/// The verdict on the clean history after something was planted.
fn planted(plant: impl FnOnce(&mut History, &mut Found, &mut HashMap<u64, u64>)) -> Verdict {
    let (mut history, mut found, mut listings) = clean();
    plant(&mut history, &mut found, &mut listings);
    check(&history, &[found], &listings)
}

/// The names of what was found.
fn names(verdict: &Verdict) -> Vec<&'static str> {
    let hurt = verdict.anomalies();
    hurt.iter()
        .filter(|(_, one)| one.count > 0)
        .map(|(name, _)| *name)
        .collect()
}

#[test]
fn a_clean_history_is_clean_and_its_open_outcomes_are_counted() {
    let verdict = planted(|_, _, _| {});
    assert!(verdict.is_clean(), "{verdict:?}");
    assert_eq!((verdict.unknown, verdict.unknown_done), (1, 1));
}

#[test]
fn an_acknowledged_insert_that_is_gone_is_lost() {
    let verdict = planted(|_, found, _| {
        found.inserts.remove(&1);
    });
    assert_eq!(names(&verdict), ["lost"]);
}

#[test]
fn an_acknowledged_insert_that_is_gone_on_one_node_only_is_lost() {
    let (history, found, listings) = clean();
    let mut other = found.clone();
    other.inserts.remove(&1);
    assert_eq!(
        names(&check(&history, &[found, other], &listings)),
        ["lost"]
    );
}

#[test]
fn an_open_outcome_may_have_happened_or_not() {
    let verdict = planted(|_, found, _| {
        found.inserts.remove(&2);
    });
    assert!(verdict.is_clean(), "{verdict:?}");
    assert_eq!(verdict.unknown_done, 0);
}

#[test]
fn a_refused_insert_that_is_there_is_a_phantom() {
    let verdict = planted(|_, found, _| {
        found.inserts.insert(3, 1);
    });
    assert_eq!(names(&verdict), ["phantom"]);
}

#[test]
fn an_insert_that_nobody_asked_for_is_a_phantom() {
    let verdict = planted(|_, found, _| {
        found.inserts.insert(99, 1);
    });
    assert_eq!(names(&verdict), ["phantom"]);
}

#[test]
fn an_insert_that_is_there_twice_is_a_duplicate() {
    let verdict = planted(|_, found, _| {
        found.inserts.insert(1, 2);
    });
    assert_eq!(names(&verdict), ["duplicate"]);
}

#[test]
fn an_acknowledged_transfer_that_is_gone_is_lost() {
    let verdict = planted(|_, found, _| {
        found.transfers.remove(&2);
    });
    assert_eq!(names(&verdict), ["lost"]);
}

#[test]
fn money_from_nowhere_is_told() {
    let verdict = planted(|_, found, _| found.ledger_sum = 1);
    assert_eq!(names(&verdict), ["ledger"]);
}

#[test]
fn an_account_that_is_not_the_sum_of_its_transfers_is_told() {
    let verdict = planted(|_, found, _| found.ledger_off = 2);
    assert_eq!(names(&verdict), ["ledger"]);
}

#[test]
fn a_counter_that_was_lower_than_before_went_backwards() {
    let verdict = planted(|history, _, _| history.ticks.push(tick(3, 1)));
    assert_eq!(names(&verdict), ["backwards"]);
}

#[test]
fn two_ticks_at_the_same_time_may_answer_in_any_order() {
    let verdict = planted(|history, found, _| {
        let (mut late, mut early) = (tick(3, 4), tick(4, 3));
        (late.start, late.end) = (30, 50);
        (early.start, early.end) = (31, 49);
        history.ticks.extend([late, early]);
        found.counter = 4;
    });
    assert!(verdict.is_clean(), "{verdict:?}");
}

#[test]
fn a_counter_below_what_was_acknowledged_has_lost_something() {
    let verdict = planted(|_, found, _| found.counter = 1);
    assert_eq!(names(&verdict), ["lost"]);
}

#[test]
fn an_acknowledgement_on_an_old_timeline_is_that_of_an_old_leader() {
    let verdict = planted(|history, found, _| {
        let mut new = op(5, Outcome::Ok);
        new.timeline = Some(2);
        let old = op(6, Outcome::Ok);
        history.inserts.extend([new, old]);
        found.inserts.extend([(5, 1), (6, 1)]);
    });
    assert_eq!(names(&verdict), ["old leader"]);
}

#[test]
fn a_listing_that_was_written_twice_or_lost_is_told() {
    let twice = planted(|_, _, listings| {
        listings.insert(1, 2);
    });
    let lost = planted(|_, _, listings| listings.clear());
    assert_eq!(
        (names(&twice), names(&lost)),
        (vec!["duplicate"], vec!["lost"])
    );
}
