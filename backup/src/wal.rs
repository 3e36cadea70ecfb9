//! The WAL from the end of a copy to the restore point behind it, read from the server itself while a slot keeps it there.

use std::io::Write as _;

use tokio_postgres::Client;

use crate::entry::StoredFile;
use crate::stored::Writer;
use crate::{Error, Key};

/// Keeps WAL on the server until this session ends, however it ends.
pub async fn hold(client: &Client) -> Result<(), Error> {
    let name = format!("kardan_backup_{}", std::process::id());
    client
        .execute(
            "select pg_create_physical_replication_slot($1, true, true)",
            &[&name],
        )
        .await
        .map_err(Error::sql("keep its WAL (is a replication slot free?)"))?;
    Ok(())
}

/// Stores the segments from one place to another as `wal.tar`.
pub async fn store(
    client: &Client,
    from: &str,
    to: &str,
    folder: &std::path::Path,
    key: Option<&Key>,
) -> Result<StoredFile, Error> {
    // The last segment is on the disk only when it is closed.
    client
        .execute("select pg_switch_wal()", &[])
        .await
        .map_err(Error::sql("close a segment of WAL"))?;
    let names = client
        .query(
            "select distinct pg_walfile_name(l.lsn)
             from (
                 select $1::text::pg_lsn + n * s.bytes as lsn
                 from (select setting::bigint as bytes from pg_settings where name = 'wal_segment_size') as s,
                     generate_series(0, ceil(($2::text::pg_lsn - $1::text::pg_lsn) / s.bytes)::bigint) as n
                 union all
                 select $2::text::pg_lsn
             ) as l
             where l.lsn <= $2::text::pg_lsn
             order by 1",
            &[&from, &to],
        )
        .await
        .map_err(Error::sql("name its WAL"))?;
    let mut tar = tar::Builder::new(Writer::create(folder, "wal.tar", key)?);
    let path = folder.join("wal.tar");
    for row in names {
        let name: String = row.get(0);
        let bytes: Vec<u8> = client
            .query_one(
                "select pg_read_binary_file('pg_wal/' || $1::text)",
                &[&name],
            )
            .await
            .map_err(Error::sql("read its WAL"))?
            .get(0);
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o600);
        tar.append_data(&mut header, &name, bytes.as_slice())
            .map_err(Error::file("write", &path))?;
    }
    let mut writer = tar.into_inner().map_err(Error::file("write", &path))?;
    writer.flush().map_err(Error::file("write", &path))?;
    writer.finish()
}
