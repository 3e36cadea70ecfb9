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
        // Those that look Latin only as capitals (В, Н, К, М, Т) and only as small ones (у, х) alike.
        ("в1н2к3м4т5у6х7", "B1H2K3M4T5Y6X7"),
        ("В1Н2К3М4Т5У6Х7", "B1H2K3M4T5Y6X7"),
        // En, em, figure, ideographic and zero-width spaces; tabs and line ends.
        ("06D\u{2002}115\u{2003}5\u{2007}6\u{3000}2\r\n", "06D115562"),
        // Slashes, fractions, dots and bullets.
        ("06D/115\\562", "06D115562"),
        ("06D\u{2044}115\u{2022}5\u{b7}62", "06D115562"),
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
