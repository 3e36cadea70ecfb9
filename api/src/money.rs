//! Money in answers and bodies: `{amount_minor, currency}`. Rows come with a column `currency` and columns `…_minor`;
//! [`Priced`] writes each of these as one value, without copying the row.

use kardan_schema::{Error, Row};
use serde::ser::{Error as _, Impossible, Serialize, SerializeStruct, Serializer};
use serde::{Deserialize, Serialize as DeriveSerialize};
use serde_json::Value;
use utoipa::openapi::schema::{AllOfBuilder, OneOfBuilder, Type};
use utoipa::openapi::{ObjectBuilder, Ref, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

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

/// A row with its prices as [`Money`].
pub struct Priced<T>(pub T);

impl<T: Serialize> Serialize for Priced<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(Rows(serializer))
    }
}

impl<T: Row> Priced<T> {
    /// The rows of a list.
    pub fn all(rows: Result<Vec<T>, Error>) -> Result<Vec<Self>, Error> {
        Ok(rows?.into_iter().map(Self).collect())
    }
}

/// An optional amount beside its currency, as it is written.
#[derive(DeriveSerialize)]
struct Amount<'a> {
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
            if let Value::String(currency) = serde_json::to_value(value).map_err(S::Error::custom)? {
                self.currency = currency;
            }
            return Ok(());
        }
        let Some(name) = key.strip_suffix("_minor") else {
            return self.inner.serialize_field(key, value);
        };
        let amount = serde_json::to_value(value).map_err(S::Error::custom)?.as_i64();
        let amount = amount.map(|amount_minor| Amount { amount_minor, currency: &self.currency });
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

    fn serialize_struct(self, name: &'static str, len: usize) -> Result<Self::SerializeStruct, S::Error> {
        let inner = self.0.serialize_struct(name, len)?;
        Ok(Fields { inner, currency: String::new() })
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

impl<T: PartialSchema> PartialSchema for Priced<T> {
    fn schema() -> RefOr<Schema> {
        let mut schema = T::schema();
        if let RefOr::T(Schema::Object(row)) = &mut schema {
            row.properties.remove("currency");
            row.required.retain(|name| name != "currency");
            let amounts: Vec<_> = row.properties.keys().filter(|name| name.ends_with("_minor")).cloned().collect();
            for amount in amounts {
                row.properties.remove(&amount);
                let name = amount.trim_end_matches("_minor").to_owned();
                let is_required = row.required.contains(&amount);
                row.required.retain(|one| *one != amount);
                let money = Ref::from_schema_name(Money::name());
                let property: RefOr<Schema> = if is_required {
                    AllOfBuilder::new().item(money).into()
                } else {
                    let null = ObjectBuilder::new().schema_type(Type::Null);
                    OneOfBuilder::new().item(null).item(money).into()
                };
                if is_required {
                    row.required.push(name.clone());
                }
                row.properties.insert(name, property);
            }
        }
        schema
    }
}

impl<T: ToSchema> ToSchema for Priced<T> {
    fn name() -> std::borrow::Cow<'static, str> {
        T::name()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((Money::name().into_owned(), Money::schema()));
        T::schemas(schemas);
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
        let offer = Offer { id: 1, currency: "RUB", price_minor: 5, wholesale_price_minor: None, name: "x" };
        assert_eq!(
            serde_json::to_string(&Priced(offer)).unwrap(),
            r#"{"id":1,"price":{"amount_minor":5,"currency":"RUB"},"wholesale_price":null,"name":"x"}"#
        );
    }
}
