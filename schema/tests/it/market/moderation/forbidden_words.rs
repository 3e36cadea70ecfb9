//! Forbidden words: the corpus of what is caught and what is not, the list that administrators keep, and the cost.

use kardan_schema::market;
use kardan_schema::{Reason, Role, WordForm};
use kardan_testdb::{Database, Session};

use super::Desk;
use crate::support::reason;

/// Word that is caught or `-`, and the text.
const CORPUS: &str = include_str!("../../corpus/forbidden.tsv");

/// Lines of a corpus: what is expected, or none, and the text.
pub fn corpus(file: &'static str) -> Vec<(Option<&'static str>, &'static str)> {
    file.lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once('\t'))
        .map(|(expected, text)| ((expected != "-").then_some(expected), text))
        .collect()
}

async fn found(session: &Session, text: &str) -> anyhow::Result<Vec<(String, String)>> {
    let rows = session
        .query(
            "select f.word, f.excerpt from market.forbidden_find($1) as f",
            &[&text],
        )
        .await?;
    Ok(rows.iter().map(|row| (row.get(0), row.get(1))).collect())
}

#[tokio::test]
async fn every_text_of_the_corpus_is_caught_by_its_word_or_not_at_all() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let admin = desk.db.person(Role::Admin).await?;
    market::forbidden_word_add(&*desk.api, admin, "плохо", WordForm::Stem).await?;
    let session = desk.db.superuser().await?;
    let lines = corpus(CORPUS);
    let caught = lines.iter().filter(|(word, _)| word.is_some()).count();
    assert!(
        lines.len() >= 200 && caught >= 120 && lines.len() - caught >= 80,
        "{} lines",
        lines.len()
    );
    let mut wrong = Vec::new();
    for (word, text) in lines {
        let words = found(&session, text).await?;
        let words: Vec<_> = words.iter().map(|(word, _)| word.as_str()).collect();
        if words != word.into_iter().collect::<Vec<_>>() {
            wrong.push(format!("{text:?}: expected {word:?}, found {words:?}"));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    Ok(())
}

#[tokio::test]
async fn what_is_found_is_told_as_it_stands_in_the_text() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let session = db.superuser().await?;
    let text = "Колодки новые, г.0.в.н.о не предлагаю, fuuuck";
    let told = found(&session, text).await?;
    assert_eq!(
        told,
        [
            ("fuck".to_owned(), "fuuuck".to_owned()),
            ("говно".to_owned(), "г0вно".to_owned())
        ]
    );
    assert_eq!(found(&session, "").await?, []);
    Ok(())
}

#[tokio::test]
async fn an_exact_word_is_not_caught_in_another_form() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let admin = desk.db.person(Role::Admin).await?;
    let session = desk.db.superuser().await?;
    market::forbidden_word_add(&*desk.api, admin, "хлам", WordForm::Exact).await?;
    assert_eq!(found(&session, "ХЛ@М").await?.len(), 1);
    assert_eq!(found(&session, "хлама").await?, []);
    market::forbidden_word_add(&*desk.api, admin, "хлам", WordForm::Stem).await?;
    assert_eq!(found(&session, "хлама").await?.len(), 1);
    Ok(())
}

#[tokio::test]
async fn administrators_keep_the_list_and_every_change_is_recorded_once() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let admin = desk.db.person(Role::Admin).await?;
    let api = &*desk.api;
    let first = market::forbidden_word_add(api, admin, " Барахло ", WordForm::Stem).await?;
    assert_eq!(
        (first.word.as_str(), first.added_by),
        ("барахло", Some(admin))
    );
    // The same stem in another form and with a Latin letter is the same word.
    for again in ["барахло", "барахла"] {
        let same = market::forbidden_word_add(api, admin, again, WordForm::Stem).await?;
        assert_eq!(same, first);
    }
    let mut after = None;
    let mut listed = Vec::new();
    loop {
        let page = market::forbidden_word_list(api, desk.moderator, Some(30), after).await?;
        let Some(last) = page.last() else { break };
        after = Some(last.word_id);
        listed.extend(page);
    }
    assert!(listed.len() > 60, "{}", listed.len());
    assert_eq!(listed.last(), Some(&first));
    let removed = market::forbidden_word_remove(api, admin, first.word_id).await?;
    assert!(removed.removed);
    let again = market::forbidden_word_remove(api, admin, first.word_id).await?;
    assert!(!again.removed);
    let rows = desk
        .db
        .superuser()
        .await?
        .query(
            "select a.action from ops_data.audit as a where a.object_type = 'forbidden_word' order by a.id",
            &[],
        )
        .await?;
    let acts: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    assert_eq!(acts, ["forbidden_word.add", "forbidden_word.remove"]);
    Ok(())
}

#[tokio::test]
async fn what_is_no_word_is_not_forbidden_and_only_administrators_forbid() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let admin = desk.db.person(Role::Admin).await?;
    for word in ["аб", "два слова", "x5", "плoxo", "", &"а".repeat(41)] {
        let answer = market::forbidden_word_add(&*desk.api, admin, word, WordForm::Stem).await;
        assert_eq!(reason(answer), Reason::ForbiddenWordShape, "{word:?}");
    }
    let answer =
        market::forbidden_word_add(&*desk.api, desk.moderator, "барахло", WordForm::Stem).await;
    assert_eq!(reason(answer), Reason::RoleRequired);
    let answer = market::forbidden_word_remove(&*desk.api, desk.moderator, 1).await;
    assert_eq!(reason(answer), Reason::RoleRequired);
    let answer = market::forbidden_word_list(&*desk.api, desk.author, None, None).await;
    assert_eq!(reason(answer), Reason::RoleRequired);
    Ok(())
}

/// 5 ms on a quiet machine; the bound leaves room for one that does much else, and sees a cost that grows by the square.
#[tokio::test]
async fn a_text_of_8000_letters_is_looked_through_in_milliseconds() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let session = db.superuser().await?;
    let row = session
        .query_one(
            "with text as (
                 select left(string_agg(w.word || case when i % 3 = 0 then i::text else '' end, ' '), 8000) as text
                 from generate_series(1, 1200) as i
                 cross join lateral (select (array['колодки', 'тормозные', 'Toyota', 'оригинал,', 'состояние',
                     'новое.', 'отправка', 'по', 'России', '06D-115-562', 'и', 'длинная'])[1 + i * 7 % 12]) as w (word))
             select char_length(t.text), t.text from text as t",
            &[],
        )
        .await?;
    let (length, text): (i32, String) = (row.get(0), row.get(1));
    assert_eq!(length, 8000);
    for function in ["forbidden_find", "contacts_find"] {
        let statement = format!("select count(*) from market.{function}($1)");
        let mut best = f64::INFINITY;
        for _ in 0..15 {
            let begun = std::time::Instant::now();
            session.query_one(&statement, &[&text]).await?;
            best = best.min(begun.elapsed().as_secs_f64() * 1000.0);
        }
        println!("{function}: {best:.1} ms for 8000 letters");
        assert!(best < 25.0, "{function}: {best:.1} ms");
    }
    Ok(())
}
