//! Photos in answers: a row names a photo by its key in the store, an answer gives the addresses of its files. Rows are
//! written by [`crate::money::Priced`], which asks here.

use serde::{Serialize, Serializer, ser::Error as _};
use serde_json::Value;
use utoipa::ToSchema;
use utoipa::openapi::schema::{ArrayBuilder, OneOfBuilder, Type};
use utoipa::openapi::{Object, ObjectBuilder, Ref, RefOr, Schema};

/// Addresses of the files of a photo on this server, all WebP; they never change what they show. A photo that is
/// narrower than a file's width is in that file as it is.
#[derive(Debug, Serialize, ToSchema)]
pub struct PhotoFiles {
    /// At most 320 pixels wide.
    pub small: String,
    /// At most 640 pixels wide.
    pub medium: String,
    /// At most 1280 pixels wide.
    pub large: String,
}

impl PhotoFiles {
    fn of(key: &str) -> Self {
        let file = |width: u32| format!("/{key}-{width}.webp");
        let [small, medium, large] = kardan_photos::WIDTHS.map(file);
        Self {
            small,
            medium,
            large,
        }
    }
}

/// What a column with keys is called where it gives addresses.
pub fn renamed(column: &str) -> Option<&'static str> {
    match column {
        "storage_key" => Some("files"),
        "cover_key" => Some("cover"),
        "photo_keys" => Some("photos"),
        _ => None,
    }
}

/// The addresses for a key, for each of several keys, or for none.
pub struct Addresses(Value);

impl Addresses {
    /// Reads the value of a column with keys.
    pub fn of<E: serde::ser::Error>(value: &(impl Serialize + ?Sized)) -> Result<Self, E> {
        serde_json::to_value(value).map(Self).map_err(E::custom)
    }
}

impl Serialize for Addresses {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Value::Null => serializer.serialize_none(),
            Value::String(key) => PhotoFiles::of(key).serialize(serializer),
            Value::Array(keys) => {
                serializer.collect_seq(keys.iter().filter_map(Value::as_str).map(PhotoFiles::of))
            }
            _ => Err(S::Error::custom("a key of a photo is a text")),
        }
    }
}

/// Describes columns with keys as [`Addresses`] writes them.
pub fn describe_row(row: &mut Object) {
    let columns: Vec<_> = row
        .properties
        .keys()
        .filter_map(|column| Some((column.clone(), renamed(column)?)))
        .collect();
    for (column, name) in columns {
        row.properties.remove(&column);
        let files = Ref::from_schema_name(PhotoFiles::name());
        let is_required = row.required.contains(&column);
        let property: RefOr<Schema> = if column.ends_with("_keys") {
            Schema::from(ArrayBuilder::new().items(files)).into()
        } else if is_required {
            files.into()
        } else {
            let null = ObjectBuilder::new().schema_type(Type::Null);
            Schema::from(OneOfBuilder::new().item(null).item(files)).into()
        };
        row.required.retain(|one| *one != column);
        if is_required {
            row.required.push(name.to_owned());
        }
        row.properties.insert(name.to_owned(), property);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(value: impl Serialize) -> Value {
        let addresses = Addresses::of::<serde_json::Error>(&value).unwrap();
        serde_json::to_value(addresses).unwrap()
    }

    #[test]
    fn keys_are_written_as_addresses() {
        let files = serde_json::json!({
            "small": "/photos/ab/x-320.webp",
            "medium": "/photos/ab/x-640.webp",
            "large": "/photos/ab/x-1280.webp",
        });
        assert_eq!(written("photos/ab/x"), files);
        assert_eq!(written(["photos/ab/x"]), serde_json::json!([files]));
        assert_eq!(written(None::<String>), Value::Null);
    }
}
