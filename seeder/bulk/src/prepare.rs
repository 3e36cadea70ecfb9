//! What stands in the way of a load: partitions that are missing, and indexes and foreign keys that are made faster afterwards.

use tokio_postgres::{Client, GenericClient};

use crate::Error;

/// A statement, and the table that it is about.
#[derive(Debug, Clone)]
pub struct Rebuild {
    /// Its row in the ledger.
    pub id: i64,
    /// The table.
    pub table: String,
    /// The statement.
    pub definition: String,
}

/// The statement that makes the partitions of the past that a table needs whose rows begin then: on from the earliest that there is.
#[must_use]
pub fn partitions(table: &str, from: i64) -> String {
    format!(
        "select ops.partitions_cover('{table}', timestamptz '2000-01-01 00:00+00' + {from}::float8 * interval '1 microsecond')"
    )
}

/// Takes away the foreign keys and the indexes that no constraint needs of these tables, and notes how they are made again.
///
/// # Errors
/// When the database refuses.
pub async fn take_away(client: &impl GenericClient, tables: &[&str]) -> Result<(), Error> {
    let found = client
        .query(
            "select k.drops, k.makes, k.name from (
                 select format('alter table %s drop constraint %I', c.conrelid::regclass, c.conname) as drops,
                     format('alter table %s add constraint %I %s', c.conrelid::regclass, c.conname,
                         pg_get_constraintdef(c.oid)) as makes,
                     n.nspname || '.' || r.relname as name, 2 as place, c.oid
                 from pg_constraint as c
                 join pg_class as r on r.oid = c.conrelid
                 join pg_namespace as n on n.oid = r.relnamespace
                 where c.contype = 'f' and c.conparentid = 0
                 union all
                 select format('drop index %s', i.indexrelid::regclass),
                     -- Made on the whole of a partitioned table, not on an empty shell of it.
                     replace(pg_get_indexdef(i.indexrelid), ' ON ONLY ', ' ON '),
                     n.nspname || '.' || r.relname, 1, i.indexrelid
                 from pg_index as i
                 join pg_class as r on r.oid = i.indrelid
                 join pg_namespace as n on n.oid = r.relnamespace
                 where not i.indisunique and r.relkind in ('r', 'p') and not r.relispartition
             ) as k
             where k.name = any ($1)
             order by k.place, k.oid",
            &[&tables],
        )
        .await?;
    for row in &found {
        let (drops, makes, table): (&str, &str, &str) = (row.get(0), row.get(1), row.get(2));
        client.batch_execute(drops).await?;
        client
            .execute(
                "insert into ops_data.seed_rebuilds (table_name, definition) values ($1, $2)",
                &[&table, &makes],
            )
            .await?;
    }
    Ok(())
}

/// What is still to be made again, of tables for which `of` says so.
///
/// # Errors
/// When the database refuses.
pub async fn rebuilds(client: &Client, of: impl Fn(&str) -> bool) -> Result<Vec<Rebuild>, Error> {
    let rows = client
        .query(
            "select b.id, b.table_name, b.definition from ops_data.seed_rebuilds as b order by b.id",
            &[],
        )
        .await?;
    let all = rows.iter().map(|row| Rebuild {
        id: row.get(0),
        table: row.get(1),
        definition: row.get(2),
    });
    Ok(all.filter(|rebuild| of(&rebuild.table)).collect())
}

/// Makes one of them, and forgets it in the same transaction.
///
/// # Errors
/// When the database refuses.
pub async fn make(client: &mut Client, rebuild: &Rebuild) -> Result<(), Error> {
    let tx = client.transaction().await?;
    tx.batch_execute(&rebuild.definition).await?;
    tx.execute(
        "delete from ops_data.seed_rebuilds where id = $1",
        &[&rebuild.id],
    )
    .await?;
    tx.commit().await?;
    Ok(())
}

/// Lets the sequences of these tables begin after what is there.
///
/// # Errors
/// When the database refuses.
pub async fn sequences(client: &Client, tables: &[&str]) -> Result<(), Error> {
    for table in tables {
        let has = client
            .query_one(
                "select exists (
                     select from pg_attribute as a
                     where a.attrelid = $1::text::regclass and a.attname = 'id' and a.attidentity <> '')",
                &[table],
            )
            .await?;
        if has.get(0) {
            client
                .execute(
                    &format!(
                        "select setval(pg_get_serial_sequence('{table}', 'id'), greatest(max(t.id), 1), max(t.id) is not null)
                         from {table} as t"
                    ),
                    &[],
                )
                .await?;
        }
    }
    Ok(())
}

/// Counts rows of these tables that refer to something that is not there; for a database into which was loaded while its foreign
/// keys rested.
///
/// # Errors
/// The first that does not hold, or when the database refuses.
pub async fn verify(client: &Client, tables: &[&str]) -> Result<(), Error> {
    let keys = client
        .query(
            "select format('%s: %s', c.conrelid::regclass, c.conname),
                 format('select count(*) from %s as a where %s and not exists (select from %s as b where %s)',
                     c.conrelid::regclass,
                     (select string_agg(format('a.%I is not null', x.attname), ' and ')
                      from unnest(c.conkey) as k (n)
                      join pg_attribute as x on x.attrelid = c.conrelid and x.attnum = k.n),
                     c.confrelid::regclass,
                     (select string_agg(format('a.%I = b.%I', x.attname, y.attname), ' and ')
                      from unnest(c.conkey, c.confkey) as k (n, m)
                      join pg_attribute as x on x.attrelid = c.conrelid and x.attnum = k.n
                      join pg_attribute as y on y.attrelid = c.confrelid and y.attnum = k.m))
             from pg_constraint as c
             join pg_class as r on r.oid = c.conrelid
             join pg_namespace as n on n.oid = r.relnamespace
             where c.contype = 'f' and c.conparentid = 0 and n.nspname || '.' || r.relname = any ($1)
             order by 1",
            &[&tables],
        )
        .await?;
    for row in &keys {
        let (name, count): (&str, &str) = (row.get(0), row.get(1));
        let broken: i64 = client.query_one(count, &[]).await?.get(0);
        if broken > 0 {
            return Err(Error::Broken(broken, name.to_owned()));
        }
    }
    Ok(())
}
