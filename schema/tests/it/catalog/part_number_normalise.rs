//! The one spelling in which part numbers are compared.

use kardan_testdb::{Database, Session};

async fn normalised(session: &Session, raw: Option<&str>) -> anyhow::Result<Option<String>> {
    Ok(session
        .query_one("select catalog_data.part_number_normalise($1)", &[&raw])
        .await?
        .get(0))
}

#[tokio::test]
async fn one_number_has_one_spelling_however_people_write_it() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let session = db.superuser().await?;
    for (raw, expected) in [
        ("06D 115 562", "06D115562"),
        ("06d-115-562", "06D115562"),
        (" 06D.115/562\t\n", "06D115562"),
        // No-break, narrow no-break and thin spaces; a space of no width; a soft hyphen.
        ("06D\u{a0}115\u{202f}562", "06D115562"),
        ("06D\u{2009}115\u{200b}562", "06D115562"),
        ("06D\u{ad}115562\u{feff}", "06D115562"),
        // The dashes of Unicode: hyphen, no-break hyphen, figure, en, em, minus, full width.
        ("06D\u{2010}115\u{2011}562", "06D115562"),
        ("06D\u{2012}115\u{2013}562", "06D115562"),
        ("06D\u{2014}115\u{2212}562", "06D115562"),
        ("06D\u{ff0d}115562", "06D115562"),
        // Cyrillic letters that look Latin, of either case.
        ("АВЕКМНОРСТУХ", "ABEKMHOPCTYX"),
        ("авекмнорстух", "ABEKMHOPCTYX"),
        ("ОС 500", "OC500"),
        ("НU 719/6 х", "HU7196X"),
        // Cyrillic letters without a double stay, in upper case.
        ("5Д-ж1", "5ДЖ1"),
        ("№ 12_3 (new)!", "123NEW"),
        ("", ""),
        ("--- / ---", ""),
    ] {
        let got = normalised(&session, Some(raw)).await?;
        assert_eq!(got.as_deref(), Some(expected), "{raw:?}");
        // The one spelling is its own.
        assert_eq!(normalised(&session, Some(expected)).await?, got);
    }
    assert_eq!(normalised(&session, None).await?, None);
    Ok(())
}
