//! Money in answers and bodies: `{amount_minor, currency}`. Rows come with a column `currency` and columns `…_minor`;
//! [`Priced`] writes each of these as one value, without copying the row, and keys of photos as addresses.

use serde::ser::{Error as _, Impossible, Serialize, SerializeStruct, Serializer};
use serde::{Deserialize, Serialize as DeriveSerialize};
use serde_json::Value;
use utoipa::ToSchema;
use utoipa::openapi::schema::{ArrayItems, OneOfBuilder, Type};
use utoipa::openapi::{Object, ObjectBuilder, Ref, RefOr, Schema};

use crate::pictures::{self, Addresses};

/// An amount of money.
#[derive(Debug, Clone, Deserialize, DeriveSerialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Money {
    /// Hundredths of the currency, for example kopecks.
    pub amount_minor: i64,
    /// ISO 4217 code, for example RUB.
    #[schema(min_length = 3, max_length = 3)]
    pub currency: String,
}

/// A row with its prices as [`Money`] and its photos as addresses.
pub struct Priced<T>(pub T);

impl<T: Serialize> Serialize for Priced<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(Rows(serializer))
    }
}

/// An amount of money in a currency that is known.
#[derive(Debug, Clone, Copy, Deserialize, DeriveSerialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Amount {
    /// Hundredths of the currency, for example kopecks.
    pub amount_minor: i64,
}

/// Money as it is written beside a row's other fields.
#[derive(DeriveSerialize)]
struct Written<'a> {
    amount_minor: i64,
    currency: &'a str,
}

struct Rows<S>(S);

struct Fields<S> {
    inner: S,
    currency: String,
}

impl<S: SerializeStruct> SerializeStruct for Fields<S> {
    type Ok = S::Ok;
    type Error = S::Error;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        key: &'static str,
        value: &T,
    ) -> Result<(), S::Error> {
        // A row names its currency before its amounts.
        if key == "currency" {
            if let Value::String(currency) =
                serde_json::to_value(value).map_err(S::Error::custom)?
            {
                self.currency = currency;
            }
            return Ok(());
        }
        if let Some(name) = pictures::renamed(key) {
            return self
                .inner
                .serialize_field(name, &Addresses::of::<S::Error>(value)?);
        }
        let Some(name) = key.strip_suffix("_minor") else {
            return self.inner.serialize_field(key, value);
        };
        let amount = serde_json::to_value(value)
            .map_err(S::Error::custom)?
            .as_i64();
        let amount = amount.map(|amount_minor| Written {
            amount_minor,
            currency: &self.currency,
        });
        self.inner.serialize_field(name, &amount)
    }

    fn end(self) -> Result<S::Ok, S::Error> {
        self.inner.end()
    }
}

macro_rules! refused {
    ($($method:ident($($ty:ty),*);)*) => {
        $(fn $method(self $(, _: $ty)*) -> Result<S::Ok, S::Error> {
            Err(S::Error::custom("only rows have prices"))
        })*
    };
}

impl<S: Serializer> Serializer for Rows<S> {
    type Ok = S::Ok;
    type Error = S::Error;
    type SerializeSeq = Impossible<S::Ok, S::Error>;
    type SerializeTuple = Impossible<S::Ok, S::Error>;
    type SerializeTupleStruct = Impossible<S::Ok, S::Error>;
    type SerializeTupleVariant = Impossible<S::Ok, S::Error>;
    type SerializeMap = Impossible<S::Ok, S::Error>;
    type SerializeStruct = Fields<S::SerializeStruct>;
    type SerializeStructVariant = Impossible<S::Ok, S::Error>;

    fn serialize_struct(
        self,
        name: &'static str,
        len: usize,
    ) -> Result<Self::SerializeStruct, S::Error> {
        let inner = self.0.serialize_struct(name, len)?;
        Ok(Fields {
            inner,
            currency: String::new(),
        })
    }

    refused! {
        serialize_bool(bool);
        serialize_i8(i8);
        serialize_i16(i16);
        serialize_i32(i32);
        serialize_i64(i64);
        serialize_u8(u8);
        serialize_u16(u16);
        serialize_u32(u32);
        serialize_u64(u64);
        serialize_f32(f32);
        serialize_f64(f64);
        serialize_char(char);
        serialize_str(&str);
        serialize_bytes(&[u8]);
        serialize_none();
        serialize_unit();
        serialize_unit_struct(&'static str);
        serialize_unit_variant(&'static str, u32, &'static str);
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<S::Ok, S::Error> {
        value.serialize(self)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<S::Ok, S::Error> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        value: &T,
    ) -> Result<S::Ok, S::Error> {
        value.serialize(self)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Self::SerializeSeq, S::Error> {
        Err(S::Error::custom("only rows have prices"))
    }

    fn serialize_tuple(self, _: usize) -> Result<Self::SerializeTuple, S::Error> {
        Err(S::Error::custom("only rows have prices"))
    }

    fn serialize_tuple_struct(
        self,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleStruct, S::Error> {
        Err(S::Error::custom("only rows have prices"))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, S::Error> {
        Err(S::Error::custom("only rows have prices"))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Self::SerializeMap, S::Error> {
        Err(S::Error::custom("only rows have prices"))
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, S::Error> {
        Err(S::Error::custom("only rows have prices"))
    }
}

/// Describes rows with a currency and amounts as [`Priced`] writes them, wherever they stand in a schema.
pub fn describe(schema: &mut RefOr<Schema>) {
    let RefOr::T(schema) = schema else { return };
    match schema {
        Schema::Object(object) => {
            object.properties.values_mut().for_each(describe);
            pictures::describe_row(object);
            if object.properties.contains_key("currency") {
                describe_row(object);
            }
        }
        Schema::Array(array) => {
            if let ArrayItems::RefOrSchema(items) = &mut array.items {
                describe(items);
            }
        }
        Schema::OneOf(one) => one.items.iter_mut().for_each(describe),
        Schema::AllOf(all) => all.items.iter_mut().for_each(describe),
        _ => {}
    }
}

fn describe_row(row: &mut Object) {
    let is_amount = |name: &&String| name.ends_with("_minor") && *name != "amount_minor";
    let amounts: Vec<_> = row.properties.keys().filter(is_amount).cloned().collect();
    for amount in &amounts {
        let Some(name) = amount.strip_suffix("_minor") else {
            continue;
        };
        row.properties.remove(amount);
        let money = Ref::from_schema_name(Money::name());
        let property: RefOr<Schema> = if row.required.contains(amount) {
            row.required.push(name.to_owned());
            money.into()
        } else {
            let null = ObjectBuilder::new().schema_type(Type::Null);
            Schema::from(OneOfBuilder::new().item(null).item(money)).into()
        };
        row.properties.insert(name.to_owned(), property);
    }
    if !amounts.is_empty() {
        row.properties.remove("currency");
        row.required
            .retain(|name| name != "currency" && !amounts.contains(name));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(DeriveSerialize)]
    struct Offer {
        id: i64,
        currency: &'static str,
        price_minor: i64,
        wholesale_price_minor: Option<i64>,
        name: &'static str,
    }

    #[test]
    fn amounts_are_written_with_their_currency() {
        let offer = Offer {
            id: 1,
            currency: "RUB",
            price_minor: 5,
            wholesale_price_minor: None,
            name: "x",
        };
        assert_eq!(
            serde_json::to_string(&Priced(offer)).unwrap(),
            r#"{"id":1,"price":{"amount_minor":5,"currency":"RUB"},"wholesale_price":null,"name":"x"}"#
        );
    }
}
