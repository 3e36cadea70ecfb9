//! Where a call goes: a client, a pooled client or a transaction of either, behind one small trait.

use std::future::Future;

use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Error as PgError, Row as PgRow};

use crate::{Call, Error, Row, Sql};

/// An argument with the type that PostgreSQL gives it, so that a statement can also be sent without being prepared.
#[derive(Clone, Copy)]
pub struct Typed<'a> {
    value: &'a (dyn ToSql + Sync),
    // A `Type` is not `Copy`: it is made only where it is sent.
    ty: fn() -> Type,
}

impl<'a> Typed<'a> {
    /// The value with its type.
    pub fn of<T: ToSql + Sync + Sql>(value: &'a T) -> Self {
        Self {
            value,
            ty: || T::TYPE,
        }
    }

    /// The value alone, for a prepared statement.
    #[must_use]
    pub fn value(&self) -> &'a (dyn ToSql + Sync) {
        self.value
    }

    /// The type, for a statement that is sent without being prepared.
    #[must_use]
    pub fn ty(&self) -> Type {
        (self.ty)()
    }
}

/// Something that can call a function of the program.
pub trait Db: Sync {
    /// Calls the function and gives its rows.
    fn call<'a>(
        &'a self,
        call: &'static Call,
        arguments: &'a [Typed<'a>],
    ) -> impl Future<Output = Result<Vec<PgRow>, PgError>> + Send + 'a;
}

fn values<'a>(arguments: &'a [Typed<'a>]) -> Vec<&'a (dyn ToSql + Sync)> {
    arguments.iter().map(|typed| typed.value).collect()
}

/// Plain clients send statement and arguments in one message: no cache to keep, one round trip.
macro_rules! plain {
    ($($client:ty),*) => {$(
        impl Db for $client {
            async fn call<'a>(
                &'a self,
                call: &'static Call,
                arguments: &'a [Typed<'a>],
            ) -> Result<Vec<PgRow>, PgError> {
                let typed: Vec<_> = arguments.iter().map(|typed| (typed.value, (typed.ty)())).collect();
                self.query_typed(call.sql(), &typed).await
            }
        }
    )*};
}

plain!(tokio_postgres::Client, tokio_postgres::Transaction<'_>);

/// Pooled clients prepare a statement once for each connection and keep it.
macro_rules! pooled {
    ($($client:ty),*) => {$(
        impl Db for $client {
            async fn call<'a>(
                &'a self,
                call: &'static Call,
                arguments: &'a [Typed<'a>],
            ) -> Result<Vec<PgRow>, PgError> {
                let statement = self.prepare_cached(call.sql()).await?;
                self.query(&statement, &values(arguments)).await
            }
        }
    )*};
}

pooled!(
    deadpool_postgres::Client,
    deadpool_postgres::Transaction<'_>
);

pub(crate) fn one<T: Row>(rows: Vec<PgRow>) -> Result<T, Error> {
    opt(rows)?.ok_or(Error::NoRow)
}

pub(crate) fn opt<T: Row>(rows: Vec<PgRow>) -> Result<Option<T>, Error> {
    rows.first().map(T::read).transpose().map_err(Error::from)
}

pub(crate) fn many<T: Row>(rows: Vec<PgRow>) -> Result<Vec<T>, Error> {
    rows.iter()
        .map(T::read)
        .collect::<Result<_, _>>()
        .map_err(Error::from)
}
