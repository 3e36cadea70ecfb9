//! Contacts in a text: the corpus of what is one and what only looks like one.

use kardan_testdb::Database;

use super::forbidden_words::corpus;

const CORPUS: &str = include_str!("../../corpus/contacts.tsv");

#[tokio::test]
async fn every_contact_of_the_corpus_is_found_and_no_number_is_taken_for_one() -> anyhow::Result<()>
{
    let db = Database::create().await?;
    let session = db.superuser().await?;
    let lines = corpus(CORPUS);
    let contacts = lines.iter().filter(|(kind, _)| kind.is_some()).count();
    assert!(contacts >= 60 && lines.len() - contacts >= 60, "{contacts}");
    let mut wrong = Vec::new();
    for (expected, text) in lines {
        let rows = session
            .query(
                "select f.contact, f.excerpt from market.contacts_find($1) as f",
                &[&text],
            )
            .await?;
        let found: Vec<(String, String)> =
            rows.iter().map(|row| (row.get(0), row.get(1))).collect();
        let is_right = match expected {
            Some(kind) => found.iter().any(|(one, _)| one == kind),
            None => found.is_empty(),
        };
        if !is_right {
            wrong.push(format!("{text:?}: expected {expected:?}, found {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    Ok(())
}
