//! The register of what is kept of people (`people.toml`) against the database. A new table fails here until somebody
//! has thought about it.

use std::collections::{BTreeMap, BTreeSet};

use kardan_schema::people;
use kardan_testdb::{Database, Session, of_domains};

/// What an erasure leaves of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Erasure {
    Deleted,
    Blanked,
    Unlinked,
    Kept,
}

/// What the register says of a table.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Entry {
    pub persons: Vec<String>,
    pub office: Vec<String>,
    pub through: Option<String>,
    pub nobody: Option<String>,
    pub numbers: Vec<String>,
    pub words: Vec<String>,
    pub codes: Vec<String>,
    pub export: Vec<String>,
    pub withheld: Option<String>,
    pub erasure: Option<Erasure>,
    pub why: Option<String>,
}

/// A file of this crate, as it is when the test runs.
fn file(path: &str) -> String {
    std::fs::read_to_string(format!("{}/{path}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// The register by table.
pub fn register() -> BTreeMap<String, Entry> {
    toml::from_str(&file("people.toml")).unwrap()
}

/// The life of one person, in a database of its own.
pub async fn life() -> anyhow::Result<(Database, Session)> {
    let db = Database::create().await?;
    let session = db.superuser().await?;
    session
        .batch_execute(&file("tests/it/people/data/life.sql"))
        .await?;
    Ok((db, session))
}

/// Whom the life is about.
pub const PERSON: kardan_schema::UserId = kardan_schema::UserId(1);

/// What every word of theirs holds, and the same as bytes are written.
pub const MARKS: [&str; 3] = ["zxwk", "7a78776b", "7777000011"];

/// True of a value that holds a mark.
pub fn is_marked(column: &str) -> String {
    format!("lower({column}) ~ '{}'", MARKS.join("|"))
}

/// Tables and their columns: name, type, whether it refers to people.
async fn columns(
    session: &Session,
) -> anyhow::Result<BTreeMap<String, Vec<(String, String, bool)>>> {
    let rows = session
        .query(
            &of_domains(
                "select n.nspname || '.' || c.relname, a.attname::text, format_type(a.atttypid, null),
                     exists (
                         select from pg_constraint as k
                         where k.conrelid = c.oid and k.contype = 'f' and k.conkey = array[a.attnum]
                             and k.confrelid = 'people_data.users'::regclass)
                 from pg_class as c
                 join pg_namespace as n on n.oid = c.relnamespace
                 join pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
                 where n.nspname ~ '^(DOMAINS)_data$' and c.relkind in ('r', 'p') and not c.relispartition
                 order by 1, a.attnum",
            ),
            &[],
        )
        .await?;
    let mut tables: BTreeMap<String, Vec<_>> = BTreeMap::new();
    for row in rows {
        let table: String = row.get(0);
        tables
            .entry(table)
            .or_default()
            .push((row.get(1), row.get(2), row.get(3)));
    }
    Ok(tables)
}

/// Whether a column looks as if it held a person's number.
fn is_personal(name: &str, ty: &str) -> bool {
    const WORDS: [&str; 14] = [
        "user",
        "by",
        "buyer",
        "seller",
        "author",
        "actor",
        "clicker",
        "viewer",
        "recipient",
        "subject",
        "owner",
        "person",
        "member",
        "sender",
    ];
    // A period of days is no person, and a shop is not one either.
    ty == "bigint" && !name.contains("shop") && name.split('_').any(|part| WORDS.contains(&part))
}

/// Whether a column can hold words.
fn is_wordy(ty: &str) -> bool {
    [
        "text",
        "jsonb",
        "json",
        "bytea",
        "tsvector",
        "tsquery",
        "character varying",
        "inet",
    ]
    .contains(&ty.trim_end_matches("[]"))
}

#[tokio::test]
async fn every_table_says_whose_numbers_and_words_it_holds() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let session = db.superuser().await?;
    let (tables, register) = (columns(&session).await?, register());
    let mut found = Vec::new();
    for (table, columns) in &tables {
        let Some(entry) = register.get(table) else {
            found.push(format!("{table}: not in schema/people.toml"));
            continue;
        };
        let numbers: BTreeSet<_> = [&entry.persons, &entry.office, &entry.numbers]
            .into_iter()
            .flatten()
            .collect();
        let texts: BTreeSet<_> = entry.words.iter().chain(&entry.codes).collect();
        for (column, ty, refers) in columns {
            if (*refers || is_personal(column, ty)) && !numbers.contains(column) {
                found.push(format!(
                    "{table}.{column}: whose number is it? (persons, office)"
                ));
            }
            if entry.nobody.is_none() && is_wordy(ty) && !texts.contains(column) {
                found.push(format!(
                    "{table}.{column}: whose words are they? (words, codes)"
                ));
            }
        }
        let known: BTreeSet<_> = columns.iter().map(|(column, ..)| column).collect();
        for column in numbers.union(&texts).filter(|name| !known.contains(**name)) {
            found.push(format!("{table}.{column}: there is no such column"));
        }
    }
    for table in register.keys().filter(|table| !tables.contains_key(*table)) {
        found.push(format!("{table}: there is no such table"));
    }
    assert!(found.is_empty(), "\n{}", found.join("\n"));
    Ok(())
}

#[test]
fn every_entry_says_what_export_and_erasure_do_or_why_not() {
    let mut found = Vec::new();
    for (table, entry) in register() {
        let says = |what: bool, why: &str| (!what).then(|| format!("{table}: {why}"));
        if entry.nobody.is_some() {
            let alone =
                entry.persons.is_empty() && entry.words.is_empty() && entry.erasure.is_none();
            found.extend(says(alone, "`nobody`, and yet somebody"));
            continue;
        }
        let whose =
            !entry.persons.is_empty() || !entry.office.is_empty() || entry.through.is_some();
        found.extend(says(
            whose,
            "whose is it? (persons, office, through, nobody)",
        ));
        found.extend(says(
            entry.export.is_empty() == entry.withheld.is_some(),
            "either sections of the export, or why it is withheld",
        ));
        found.extend(says(entry.erasure.is_some(), "what does an erasure do?"));
        found.extend(says(
            entry.erasure != Some(Erasure::Kept) || entry.why.is_some() && entry.words.is_empty(),
            "what is kept needs a `why` and holds no words",
        ));
    }
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[tokio::test]
async fn every_section_of_the_export_has_its_helper_and_its_tables() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let session = db.superuser().await?;
    let rows = session
        .query(
            "select s.domain, s.section from people.export_sections as s",
            &[],
        )
        .await?;
    let listed: BTreeSet<(String, String)> =
        rows.iter().map(|row| (row.get(0), row.get(1))).collect();
    let rows = session
        .query(
            "select n.nspname::text, replace(p.proname, 'export_', '') from pg_proc as p
             join pg_namespace as n on n.oid = p.pronamespace
             where p.oid::regprocedure::text ~ '[.]export_[a-z_]+[(]bigint,text,integer[)]$'",
            &[],
        )
        .await?;
    let helpers: BTreeSet<(String, String)> =
        rows.iter().map(|row| (row.get(0), row.get(1))).collect();
    assert_eq!(
        listed, helpers,
        "people.export_sections, and the helpers that there are"
    );
    let told: BTreeSet<String> = register()
        .into_values()
        .flat_map(|entry| entry.export)
        .collect();
    let sections: BTreeSet<String> = listed.into_iter().map(|(_, section)| section).collect();
    assert_eq!(
        told, sections,
        "what the register says, and the sections that there are"
    );
    Ok(())
}

/// A test that finds no mark proves something only where there was one.
#[tokio::test]
async fn the_life_of_the_person_fills_every_column_that_can_be_theirs() -> anyhow::Result<()> {
    let (_db, session) = life().await?;
    let mut found = Vec::new();
    for (table, entry) in register() {
        for column in &entry.persons {
            let sql = format!("select exists (select from {table} as t where t.{column} = 1)");
            if !session.query_one(&sql, &[]).await?.get::<_, bool>(0) {
                found.push(format!("{table}.{column} never holds the person"));
            }
        }
        for column in &entry.words {
            let marked = is_marked(&format!("t.{column}::text"));
            let sql = format!("select exists (select from {table} as t where {marked})");
            if !session.query_one(&sql, &[]).await?.get::<_, bool>(0) {
                found.push(format!("{table}.{column} never holds a mark"));
            }
        }
    }
    assert!(found.is_empty(), "data/life.sql:\n{}", found.join("\n"));
    Ok(())
}

/// Everything that the tables hold, but for what the erasure of the person may change.
async fn words_of_others(session: &Session) -> anyhow::Result<BTreeMap<String, i64>> {
    let mut held = BTreeMap::new();
    for (table, mut entry) in register() {
        // What the person liked is theirs, though others named it.
        entry.words.retain(|_| table != "market_data.favourites");
        for column in &entry.words {
            let sql = format!(
                "select count(*) from {table} as t where t.{column}::text ~ 'wjfg|shopword'"
            );
            let count = session.query_one(&sql, &[]).await?.get(0);
            held.insert(format!("{table}.{column}"), count);
        }
    }
    Ok(held)
}

#[tokio::test]
async fn an_erased_person_leaves_what_the_register_says_and_no_word() -> anyhow::Result<()> {
    let (db, session) = life().await?;
    let admin = db.as_role("kardan_admin").await?;
    let others = words_of_others(&session).await?;
    // Twice: what an erasure missed, another one finds, and one that is repeated breaks nothing.
    for _ in 0..2 {
        people::user_erase_by_operator(&*admin, PERSON).await?;
    }
    let mut found = Vec::new();
    for (table, entry) in register() {
        for column in &entry.words {
            let marked = is_marked(&format!("t.{column}::text"));
            // What others wrote of the person is theirs.
            let sql = format!(
                "select t.{column}::text from {table} as t where {marked} and t.{column}::text !~ 'wjfg|shopword' limit 1"
            );
            if let Some(row) = session.query_opt(&sql, &[]).await? {
                found.push(format!("{table}.{column}: {}", row.get::<_, String>(0)));
            }
        }
        if matches!(entry.erasure, Some(Erasure::Deleted | Erasure::Unlinked)) {
            for column in &entry.persons {
                let sql = format!("select exists (select from {table} as t where t.{column} = 1)");
                if session.query_one(&sql, &[]).await?.get::<_, bool>(0) {
                    found.push(format!("{table}.{column} still holds the person"));
                }
            }
        }
    }
    assert!(found.is_empty(), "\n{}", found.join("\n"));
    let now = words_of_others(&session).await?;
    let changed: Vec<_> = others
        .iter()
        .filter(|(column, held)| now[*column] < **held)
        .collect();
    assert!(changed.is_empty(), "words of others are gone: {changed:?}");
    Ok(())
}
