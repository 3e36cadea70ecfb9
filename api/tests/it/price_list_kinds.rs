//! Price lists as spreadsheets and as feeds of Yandex Market, and what is no such thing.

use std::io::Write as _;

use rust_xlsxwriter::Workbook;
use serde_json::{Value, json};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::price_lists::{Store, counts};
use crate::support::{Server, expect, problem};

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

const NAMES: [&str; 8] = [
    "Код",
    "Название",
    "Цена",
    "Остаток",
    "Категория",
    "Состояние",
    "Город",
    "Телефон",
];

/// A workbook of these sheets: texts and numbers.
fn book(sheets: &[&[&[Value]]]) -> anyhow::Result<Vec<u8>> {
    let mut book = Workbook::new();
    for rows in sheets {
        let sheet = book.add_worksheet();
        for (row, cells) in (0..).zip(*rows) {
            for (column, cell) in (0..).zip(*cells) {
                match cell {
                    Value::Number(number) => {
                        sheet.write_number(row, column, number.as_f64().unwrap())?;
                    }
                    Value::String(text) => {
                        sheet.write_string(row, column, text)?;
                    }
                    _ => {}
                }
            }
        }
    }
    Ok(book.save_to_buffer()?)
}

fn names() -> Vec<Value> {
    NAMES.iter().map(|name| json!(name)).collect()
}

fn good(code: &str, price: f64) -> Vec<Value> {
    let phone = "+7 900 000-00-00";
    vec![
        json!(code),
        json!("Колодки"),
        json!(price),
        json!(7),
        json!("brake-pads"),
        json!("new"),
        json!("moscow"),
        json!(phone),
    ]
}

#[tokio::test]
async fn a_spreadsheet_is_a_price_list_with_further_sheets_and_its_own_row_numbers()
-> anyhow::Result<()> {
    let server = Server::start().await?;
    let store = Store::open(&server).await?;
    let (names, note) = (names(), vec![json!("Просто заметка")]);
    let (first, second, bad) = (good("A-1", 1234.5), good("7", 900.0), good("A-3", -1.0));
    let sheets: &[&[&[Value]]] = &[&[&names, &first, &[], &bad], &[&note], &[&names, &second]];
    let file = book(sheets)?;
    let sent = store
        .file("price-list", XLSX)
        .body(file.clone())
        .send()
        .await?;
    let report = expect(sent, 200).await?;
    assert_eq!(counts(&report), [2, 0, 0, 0, 1], "{report}");
    assert_eq!(report["problems"][0]["row"], 4);
    let made = store.good("A-1").await?;
    assert_eq!((made.1, made.2), (123_450, 7));
    assert_eq!(store.good("7").await?.1, 90_000);
    // Under another name it is what it is.
    let sent = store
        .file("price-list", "application/octet-stream")
        .body(file);
    let again = expect(sent.send().await?, 200).await?;
    assert_eq!(counts(&again), [0, 0, 2, 0, 1]);
    Ok(())
}

/// A feed with these offers.
fn feed(prolog: &str, offers: &str) -> String {
    format!(
        "{prolog}<yml_catalog date=\"2026-01-01\"><shop><name>Разборка</name>
         <currencies><currency id=\"RUR\" rate=\"1\"/></currencies>
         <categories><category id=\"1\">Тормоза</category>
         <category id=\"12\" parentId=\"1\">Тормозные колодки</category></categories>
         <offers>{offers}</offers></shop></yml_catalog>"
    )
}

const OFFERS: &str = "<offer id=\"A-1\" available=\"true\"><url>https://example.org</url><price>1234.50</price>
    <currencyId>RUR</currencyId><categoryId>12</categoryId><name>Колодки &amp; диски &#8470; 1</name>
    <vendor>Bosch</vendor><vendorCode>0 986 494 524</vendorCode><count>7</count>
    <description><![CDATA[<b>Новые</b>]]></description><param name=\"Ось\">перед</param></offer>
    <offer id=\"A-2\" available=\"false\" type=\"vendor.model\"><price>900</price><currencyId>RUB</currencyId>
    <categoryId>12</categoryId><typePrefix>Колодки</typePrefix><vendor>Bosch</vendor><model>X5</model>
    <condition type=\"preowned\"><reason>б/у</reason></condition></offer>";

#[tokio::test]
async fn a_feed_of_yandex_market_is_a_price_list_in_any_encoding() -> anyhow::Result<()> {
    let server = Server::start().await?;
    let store = Store::open(&server).await?;
    let ask = "price-list?place=moscow&condition=new&contact_phone=%2B79000000000";
    let utf8 = feed(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE yml_catalog SYSTEM \"shops.dtd\">",
        OFFERS,
    );
    let sent = store.file(ask, "application/xml").body(utf8).send().await?;
    let report = expect(sent, 200).await?;
    assert_eq!(counts(&report), [2, 0, 0, 0, 0], "{report}");
    let made = store.good("A-1").await?;
    assert_eq!(
        made,
        (
            "Колодки & диски № 1".to_owned(),
            123_450,
            7,
            "draft".to_owned()
        )
    );
    let used = store.good("A-2").await?;
    assert_eq!((used.0.as_str(), used.2), ("Колодки Bosch X5", 0));

    let old = feed("<?xml version='1.0' encoding='windows-1251'?>", OFFERS);
    let old = old.replace('№', "&#8470;");
    let (old, _, _) = encoding_rs::WINDOWS_1251.encode(&old);
    let sent = store
        .file(ask, "text/xml")
        .body(old.to_vec())
        .send()
        .await?;
    assert_eq!(counts(&expect(sent, 200).await?), [0, 0, 2, 0, 0]);
    Ok(())
}

#[tokio::test]
async fn what_is_no_spreadsheet_and_no_feed_is_refused() -> anyhow::Result<()> {
    let server = Server::start().await?;
    let store = Store::open(&server).await?;
    let whole = book(&[&[&names(), &good("A-1", 1.0)]])?;
    let half = whole[..whole.len() / 2].to_vec();
    let mut other = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    other.start_file("readme.txt", SimpleFileOptions::default())?;
    other.write_all(b"no spreadsheet")?;
    let other = other.finish()?.into_inner();
    let nameless = book(&[&[&[json!("Просто заметка")]]])?;
    let laughs = "<!DOCTYPE yml_catalog [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;\">]>";
    let far = "<!DOCTYPE yml_catalog [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>";
    let cut = feed("", OFFERS);
    let cut = cut.replace("</yml_catalog>", "");
    let deep = format!("<yml_catalog>{}", "<a>".repeat(100));
    for (file, said) in [
        (half, "no XLSX, or it is damaged"),
        (other, "no XLSX, or it is damaged"),
        (b"PK\x03\x04nonsense".to_vec(), "no XLSX, or it is damaged"),
        (nameless, "the column code is missing"),
        (feed(laughs, OFFERS).into_bytes(), "entities of its own"),
        (feed(far, OFFERS).into_bytes(), "entities of its own"),
        (
            feed("", "<offer id=\"A\"><name>&evil;</name></offer>").into_bytes(),
            "an entity that XML does not have",
        ),
        (cut.into_bytes(), "no whole <yml_catalog>"),
        (deep.into_bytes(), "nested too deeply"),
        (
            b"<html></html>".to_vec(),
            "does not begin with <yml_catalog>",
        ),
        (
            b"<yml_catalog><shop></yml_catalog>".to_vec(),
            "this is no XML",
        ),
        (
            b"<yml_catalog><shop><offers/></shop></yml_catalog>".to_vec(),
            "the file has no rows",
        ),
    ] {
        let sent = store
            .file("price-list", "application/octet-stream")
            .body(file)
            .send()
            .await?;
        let body = problem(sent, 422, "goods_file_malformed").await?;
        assert!(
            body["detail"].as_str().unwrap().contains(said),
            "{said}: {body}"
        );
    }
    assert_eq!(store.count().await?, 0);
    Ok(())
}

#[tokio::test]
async fn a_spreadsheet_that_is_small_only_while_it_is_packed_is_refused() -> anyhow::Result<()> {
    let server = Server::start().await?;
    let store = Store::open(&server).await?;
    let zeros = vec![0; 1024 * 1024];
    let mut bomb = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    bomb.start_file("xl/sharedStrings.xml", SimpleFileOptions::default())?;
    for _ in 0..33 {
        bomb.write_all(&zeros)?;
    }
    let bomb = bomb.finish()?.into_inner();
    assert!(bomb.len() < 1024 * 1024);
    let mut many = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for number in 0..1001 {
        many.start_file(format!("{number}"), SimpleFileOptions::default())?;
    }
    let many = many.finish()?.into_inner();
    for file in [bomb, many] {
        let sent = store.file("price-list", XLSX).body(file).send().await?;
        let body = problem(sent, 422, "goods_file_malformed").await?;
        assert_eq!(
            body["detail"],
            "unpacked, the file is larger than it may be"
        );
    }
    Ok(())
}
