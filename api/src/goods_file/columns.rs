//! The columns of a file of goods: what they are called, and where they stand.

use super::malformed;
use crate::problem::Problem;

/// What a file tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// Everything about goods.
    PriceList,
    /// How many pieces there are.
    Stock,
}

/// The columns by the names that the program has for them, with those that price lists have.
const NAMES: &[(&str, &[&str])] = &[
    ("code", &["sku", "код", "код товара"]),
    ("listing_id", &[]),
    ("title", &["name", "название", "наименование"]),
    ("price", &["цена"]),
    ("wholesale_price", &["оптовая цена", "цена опт"]),
    ("wholesale_quantity", &["опт от", "мин. опт"]),
    ("stock", &["quantity", "count", "остаток", "количество"]),
    ("category", &["subcategory", "категория", "подкатегория"]),
    ("brand", &["vendor", "бренд", "марка", "производитель"]),
    ("part_number", &["vendorcode", "артикул", "номер детали"]),
    ("condition", &["состояние"]),
    ("place", &["город"]),
    ("currency", &["валюта"]),
    ("description", &["описание"]),
    ("contact_name", &["контакт"]),
    ("contact_phone", &["phone", "телефон"]),
    ("contact_telegram", &["telegram"]),
];

impl Content {
    /// The column that is called so; none for one that says nothing here.
    pub fn column(self, name: &str) -> Option<&'static str> {
        let name = name.trim().to_lowercase();
        let found = NAMES
            .iter()
            .find(|(own, others)| *own == name || others.contains(&name.as_str()));
        found
            .map(|(own, _)| *own)
            .filter(|own| self == Self::PriceList || matches!(*own, "code" | "stock"))
    }
}

/// Where the columns stand in a file.
#[derive(Debug)]
pub struct Columns(Vec<Option<&'static str>>);

impl Columns {
    /// Reads the row of names: in any order and case, none twice, those that say which good a row is about at least.
    /// Names that say nothing here are given to `ignored`.
    pub fn of<'a>(
        content: Content,
        header: impl Iterator<Item = &'a str>,
        ignored: &mut Vec<String>,
    ) -> Result<Self, Problem> {
        let mut columns: Vec<Option<&'static str>> = Vec::new();
        for name in header {
            let column = content.column(name);
            if let Some(column) = column.filter(|_| columns.contains(&column)) {
                return Err(malformed(format!("the column {column} stands there twice")));
            }
            if column.is_none() && !name.trim().is_empty() && ignored.len() < IGNORED {
                ignored.push(name.trim().chars().take(60).collect());
            }
            columns.push(column);
        }
        let has = |name| columns.contains(&Some(name));
        if !has("code") && !has("listing_id") {
            return Err(malformed("the column code is missing"));
        }
        if content == Content::Stock && !has("stock") {
            return Err(malformed("the column stock is missing"));
        }
        Ok(Self(columns))
    }

    /// The column at this place, from 0.
    pub fn at(&self, place: usize) -> Option<&'static str> {
        self.0.get(place).copied().flatten()
    }

    /// The columns that the file has.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.0.iter().copied().flatten()
    }
}

/// Names without a meaning that are told.
const IGNORED: usize = 50;

#[cfg(test)]
mod tests {
    use super::*;

    fn read(content: Content, names: &[&str]) -> Result<(Columns, Vec<String>), String> {
        let mut ignored = Vec::new();
        let columns = Columns::of(content, names.iter().copied(), &mut ignored);
        let columns = columns.map_err(|problem| format!("{problem:?}"))?;
        Ok((columns, ignored))
    }

    #[test]
    fn columns_have_their_names_and_those_of_price_lists_in_any_order_and_case() {
        let names = ["Цена", " CODE ", "", "Полка", "wholesale_price", "Артикул"];
        let (columns, ignored) = read(Content::PriceList, &names).unwrap();
        let found: Vec<_> = columns.names().collect();
        assert_eq!(found, ["price", "code", "wholesale_price", "part_number"]);
        assert_eq!(
            (columns.at(1), columns.at(3), columns.at(9)),
            (Some("code"), None, None)
        );
        assert_eq!(ignored, ["Полка"]);
    }

    #[test]
    fn a_list_of_stock_says_nothing_of_prices() {
        let (columns, ignored) = read(Content::Stock, &["code", "price", "Остаток"]).unwrap();
        assert_eq!(columns.0, [Some("code"), None, Some("stock")]);
        assert_eq!(ignored, ["price"]);
    }

    #[test]
    fn a_file_without_a_needed_column_or_with_one_twice_is_refused() {
        for (content, names, said) in [
            (
                Content::PriceList,
                vec!["title", "price"],
                "the column code is missing",
            ),
            (Content::PriceList, vec![], "the column code is missing"),
            (
                Content::Stock,
                vec!["code", "price"],
                "the column stock is missing",
            ),
            (
                Content::Stock,
                vec!["listing_id", "stock"],
                "the column code is missing",
            ),
            (
                Content::PriceList,
                vec!["code", "price", "Цена"],
                "the column price stands there twice",
            ),
        ] {
            assert!(
                read(content, &names).unwrap_err().contains(said),
                "{names:?}"
            );
        }
    }
}
