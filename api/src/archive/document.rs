//! `export.json`: one object, whose sections are lists. Keys are those of the database's helpers, times RFC 3339, money
//! whole minor units beside its currency.

use serde_json::json;

use super::zip::Zip;
use super::{Error, Export, Pages};

/// The name of the form of the document; another form has another name.
const FORM: &str = "kardan.export.1";

/// Writes the document and tells how many items it has.
pub async fn write(export: &Export, pages: &impl Pages, zip: &mut Zip<'_>) -> Result<u64, Error> {
    zip.begin_text("export.json")?;
    let head = json!({ "form": FORM, "user_id": export.user, "at": export.at }).to_string();
    // The object stays open for the sections.
    zip.write(head.trim_end_matches('}').as_bytes()).await?;
    let mut items = 0;
    for (section, separator) in export.sections.iter().zip(separators(",\n\"sections\": {")) {
        let name = json!(section);
        zip.write(format!("{separator}\n{name}: [").as_bytes())
            .await?;
        items += section_items(export, pages, section, zip).await?;
        zip.write(b"]").await?;
    }
    zip.write(b"\n}}\n").await?;
    Ok(items)
}

async fn section_items(
    export: &Export,
    pages: &impl Pages,
    section: &str,
    zip: &mut Zip<'_>,
) -> Result<u64, Error> {
    let mut walk = export.walk(pages, section);
    let mut separator = separators("");
    let mut items = 0;
    while let Some(page) = walk.next().await? {
        let mut text = String::new();
        for (row, separator) in page.iter().zip(&mut separator) {
            text.push_str(separator);
            text.push('\n');
            text.push_str(&row.item.to_string());
            items += 1;
        }
        zip.write(text.as_bytes()).await?;
    }
    Ok(items)
}

/// What stands before the first of a list, and before each other one.
fn separators(first: &'static str) -> impl Iterator<Item = &'static str> {
    std::iter::once(first).chain(std::iter::repeat(","))
}
