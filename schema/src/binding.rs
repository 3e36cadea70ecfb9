//! What a binding is: a function's name, its arguments and its columns, said once in Rust and compared with the catalogue
//! of the database by a test. The macros `entries!` and `row!` write the functions and structs.

use std::sync::OnceLock;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use serde_json::Value;
use tokio_postgres::types::Type;
use uuid::Uuid;

/// A Rust type that has exactly one PostgreSQL type.
pub trait Sql {
    /// The PostgreSQL type.
    const TYPE: Type;
    /// The PostgreSQL array of it.
    const ARRAY: Type;
}

macro_rules! sql_types {
    ($($rust:ty => $one:ident, $many:ident;)*) => {
        $(impl Sql for $rust {
            const TYPE: Type = Type::$one;
            const ARRAY: Type = Type::$many;
        })*
    };
}

sql_types! {
    bool => BOOL, BOOL_ARRAY;
    i32 => INT4, INT4_ARRAY;
    i64 => INT8, INT8_ARRAY;
    f32 => FLOAT4, FLOAT4_ARRAY;
    f64 => FLOAT8, FLOAT8_ARRAY;
    String => TEXT, TEXT_ARRAY;
    str => TEXT, TEXT_ARRAY;
    [u8] => BYTEA, BYTEA_ARRAY;
    Vec<u8> => BYTEA, BYTEA_ARRAY;
    Bytes => BYTEA, BYTEA_ARRAY;
    Uuid => UUID, UUID_ARRAY;
    DateTime<Utc> => TIMESTAMPTZ, TIMESTAMPTZ_ARRAY;
    Value => JSONB, JSONB_ARRAY;
}

impl<T: Sql + ?Sized> Sql for &T {
    const TYPE: Type = T::TYPE;
    const ARRAY: Type = T::ARRAY;
}

impl<T: Sql> Sql for Option<T> {
    const TYPE: Type = T::TYPE;
    const ARRAY: Type = T::ARRAY;
}

/// A list of values, as PostgreSQL's array. A newtype would only get in the way, so bytes are `Vec<u8>` and lists of
/// the types named here are arrays.
macro_rules! sql_lists {
    ($($rust:ty),*) => {
        $(impl Sql for Vec<$rust> {
            const TYPE: Type = <$rust as Sql>::ARRAY;
            const ARRAY: Type = <$rust as Sql>::ARRAY;
        })*
    };
}

sql_lists!(String, bool, i32, i64, Uuid, DateTime<Utc>);

/// An argument of a function: its name in SQL and its type.
#[derive(Debug)]
pub struct Argument {
    /// The name, with its prefix `p_`.
    pub name: &'static str,
    /// The type.
    pub ty: fn() -> Type,
}

/// A column of a result.
#[derive(Debug)]
pub struct Column {
    /// The name.
    pub name: &'static str,
    /// The type.
    pub ty: fn() -> Type,
}

/// A row of a result as a plain struct.
pub trait Row: Sized {
    /// The columns in the order of the struct's fields.
    const COLUMNS: &'static [Column];

    /// Reads one row.
    ///
    /// # Errors
    /// When a column has another type or an unexpected null.
    fn read(row: &tokio_postgres::Row) -> Result<Self, tokio_postgres::Error>;
}

/// One entry function as Rust calls it.
#[derive(Debug)]
pub struct Call {
    /// The domain.
    pub schema: &'static str,
    /// The function's name.
    pub name: &'static str,
    /// Its arguments in order.
    pub arguments: &'static [Argument],
    /// The columns that are read; empty for a function that returns nothing.
    pub columns: &'static [Column],
    sql: OnceLock<String>,
}

impl Call {
    /// Describes a call; used by the macro `entries!`.
    #[must_use]
    pub const fn new(
        schema: &'static str,
        name: &'static str,
        arguments: &'static [Argument],
        columns: &'static [Column],
    ) -> Self {
        Self {
            schema,
            name,
            arguments,
            columns,
            sql: OnceLock::new(),
        }
    }

    /// The statement: columns by name, arguments by name, so that neither order matters.
    pub fn sql(&self) -> &str {
        self.sql.get_or_init(|| {
            let columns: Vec<_> = self
                .columns
                .iter()
                .map(|c| format!("r.{}", c.name))
                .collect();
            let arguments: Vec<_> = self
                .arguments
                .iter()
                .zip(1..)
                .map(|(a, n)| format!("{} => ${n}", a.name))
                .collect();
            format!(
                "select {} from {}.{}({}) as r",
                columns.join(", "),
                self.schema,
                self.name,
                arguments.join(", ")
            )
        })
    }
}

/// Declares a row struct: fields are named like the columns.
macro_rules! row {
    ($(
        $(#[$meta:meta])*
        pub struct $name:ident {
            $( $(#[$field_meta:meta])* pub $field:ident : $ty:ty, )*
        }
    )*) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, serde::Serialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        pub struct $name {
            $( $(#[$field_meta])* pub $field: $ty, )*
        }

        impl $crate::Row for $name {
            const COLUMNS: &'static [$crate::Column] = &[
                $( $crate::Column { name: stringify!($field), ty: || <$ty as $crate::Sql>::TYPE }, )*
            ];

            fn read(row: &tokio_postgres::Row) -> Result<Self, tokio_postgres::Error> {
                let mut columns = 0..;
                Ok(Self {
                    $( $field: row.try_get::<usize, $ty>(columns.next().unwrap_or_default())?, )*
                })
            }
        }
    )*};
}

/// The Rust side of a result's shape: `one<Row>`, `opt<Row>`, `many<Row>` or `none`.
macro_rules! shape {
    (@type one<$row:ty>) => { $row };
    (@type opt<$row:ty>) => { Option<$row> };
    (@type many<$row:ty>) => { Vec<$row> };
    (@type none) => { () };
    (@read one<$row:ty>, $rows:ident) => { $crate::db::one::<$row>($rows) };
    (@read opt<$row:ty>, $rows:ident) => { $crate::db::opt::<$row>($rows) };
    (@read many<$row:ty>, $rows:ident) => { $crate::db::many::<$row>($rows) };
    (@read none, $rows:ident) => { { drop($rows); Ok(()) } };
    (@columns none) => { &[] };
    (@columns $shape:ident<$row:ty>) => { <$row as $crate::Row>::COLUMNS };
}

/// Declares the bindings of one module.
///
/// `fn name(arg: Type, …) -> one<Row>;` calls `schema.name(p_arg => …)`; `opt`, `many` and `none` are the other shapes.
/// With more than three arguments, `fn name[Struct](…)` also declares a struct that holds them.
macro_rules! entries {
    (@parse $schema:literal [$($names:ident)*]
        $(#[$meta:meta])*
        fn $name:ident ( $( $arg:ident : $ty:ty ),* $(,)? ) -> $shape:ident $(< $row:ty >)? ;
        $($rest:tt)*
    ) => {
        $(#[$meta])*
        ///
        /// # Errors
        /// Those that the function's comment in the database names, and failures of the connection.
        pub async fn $name(
            db: &impl $crate::Db,
            $($arg: $ty),*
        ) -> Result<shape!(@type $shape $(< $row >)?), $crate::Error> {
            let rows = db
                .call(&$name::CALL, &[$($crate::Typed::of(&$arg)),*])
                .await?;
            shape!(@read $shape $(< $row >)? , rows)
        }
        entries!(@call $schema $name ( $($arg : $ty),* ) $shape $(< $row >)?);
        entries!(@parse $schema [$($names)* $name] $($rest)*);
    };

    (@parse $schema:literal [$($names:ident)*]
        $(#[$meta:meta])*
        fn $name:ident [ $args:ident ] ( $( $(#[$ameta:meta])* $arg:ident : $ty:ty ),* $(,)? )
            -> $shape:ident $(< $row:ty >)? ;
        $($rest:tt)*
    ) => {
        #[doc = concat!("The arguments of [`", stringify!($name), "()`].")]
        #[derive(Debug, Clone)]
        pub struct $args {
            $( $(#[$ameta])* pub $arg: $ty, )*
        }

        $(#[$meta])*
        ///
        /// # Errors
        /// Those that the function's comment in the database names, and failures of the connection.
        pub async fn $name(
            db: &impl $crate::Db,
            args: &$args,
        ) -> Result<shape!(@type $shape $(< $row >)?), $crate::Error> {
            let rows = db
                .call(&$name::CALL, &[$($crate::Typed::of(&args.$arg)),*])
                .await?;
            shape!(@read $shape $(< $row >)? , rows)
        }
        entries!(@call $schema $name ( $($arg : $ty),* ) $shape $(< $row >)?);
        entries!(@parse $schema [$($names)* $name] $($rest)*);
    };

    (@parse $schema:literal [$($names:ident)*]) => {
        /// The bindings of this module.
        pub(crate) const CALLS: &[&$crate::Call] = &[$(&$names::CALL),*];
    };

    (@call $schema:literal $name:ident ( $($arg:ident : $ty:ty),* ) $shape:ident $(< $row:ty >)?) => {
        // A module and a function may share a name: the module holds what the function calls.
        mod $name {
            #[expect(clippy::allow_attributes, reason = "not every call names a type of its module")]
            #[allow(unused_imports)]
            use super::*;
            pub static CALL: $crate::Call = $crate::Call::new(
                $schema,
                stringify!($name),
                &[$($crate::Argument {
                    name: concat!("p_", stringify!($arg)),
                    ty: || <$ty as $crate::Sql>::TYPE,
                }),*],
                shape!(@columns $shape $(< $row >)?),
            );
        }
    };

    ($schema:literal; $($rest:tt)*) => {
        entries!(@parse $schema [] $($rest)*);
    };
}
