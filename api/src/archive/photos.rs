//! The folder `photos`: the largest file of each photo, under the name that its item has in the section `photos`.

use kardan_photos::{Name, Store, WIDTHS};
use serde_json::Value;

use super::zip::Zip;
use super::{Error, Export, Pages, Written};

/// The section that names the files.
const SECTION: &str = "photos";

/// Writes the files, and a list of those that the store does not have.
pub async fn write(
    export: &Export,
    pages: &impl Pages,
    store: &Store,
    zip: &mut Zip<'_>,
) -> Result<Written, Error> {
    let mut written = Written::default();
    let mut missing = String::new();
    let mut walk = export.walk(pages, SECTION);
    while let Some(page) = walk.next().await? {
        for (key, file) in page.iter().filter_map(|row| names(&row.item)) {
            match content(store, key).await? {
                Some(content) => {
                    zip.begin_picture(file)?;
                    zip.write(&content).await?;
                    written.photos += 1;
                }
                None => {
                    missing.push_str(&format!("{file}\t{key}\n"));
                    written.missing_photos += 1;
                }
            }
        }
    }
    if !missing.is_empty() {
        zip.begin_text("missing-photos.txt")?;
        zip.write(missing.as_bytes()).await?;
    }
    Ok(written)
}

/// The key in the store and the name in the archive.
fn names(item: &Value) -> Option<(&str, &str)> {
    let text = |key| item.get(key).and_then(Value::as_str);
    Some((text("storage_key")?, text("file")?))
}

async fn content(store: &Store, key: &str) -> Result<Option<axum::body::Bytes>, Error> {
    let widest = WIDTHS.into_iter().max().unwrap_or_default();
    // What is not named like a photo was not made by this program: there is no file.
    match Name::of_path(&format!("{key}-{widest}.webp")) {
        Some(name) => store.get(&name).await.map_err(Error::Store),
        None => Ok(None),
    }
}
