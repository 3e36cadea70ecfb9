//! A workbook that is written row by row onto the disk. What does not fit onto a sheet goes onto the next one, with the
//! names of the columns above it.

use std::fs::File;
use std::io::Seek as _;

use axum::body::Body;
use axum::response::Response;
use kardan_schema::market::ShopGood;
use rust_xlsxwriter::{Workbook, XlsxError};
use tokio::sync::mpsc::{Receiver, channel};
use tokio::task::spawn_blocking;
use tokio_util::io::ReaderStream;

use super::export::{Goods, NAMES, cells, file};
use crate::app::App;
use crate::cell::inert;
use crate::problem::Problem;

/// The rows of a sheet, that of the names included: as many as there can be.
const ROWS: u32 = 1_048_576;

/// The type of a workbook.
const KIND: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// XLSX: written as a whole before the answer begins, for its table of contents stands at its end.
pub async fn xlsx(app: &App, mut goods: Goods) -> Result<Response, Problem> {
    // A refusal comes before anything else.
    let first = goods.page().await?;
    let _place = app.reading_place().await?;
    let (sender, pages) = channel(2);
    let work = spawn_blocking(move || book(pages, ROWS));
    let mut page = first;
    while !page.is_empty() && sender.send(page).await.is_ok() {
        page = goods.page().await?;
    }
    drop(sender);
    let written = work.await.map_err(|error| Problem::internal(&error))?;
    let whole = written.map_err(|error| Problem::internal(&error))?;
    let whole = tokio::fs::File::from_std(whole);
    Ok(file(
        Body::from_stream(ReaderStream::new(whole)),
        KIND,
        "goods.xlsx",
    ))
}

/// Writes pages into a workbook whose sheets have so many rows.
fn book(mut pages: Receiver<Vec<ShopGood>>, rows: u32) -> Result<File, XlsxError> {
    let mut book = Workbook::new();
    let mut next = 0;
    begin(&mut book)?;
    while let Some(page) = pages.blocking_recv() {
        for good in &page {
            next += 1;
            if next >= rows {
                begin(&mut book)?;
                next = 1;
            }
            let last = book.worksheets_mut().last_mut();
            let sheet = last.ok_or(XlsxError::UnknownWorksheetNameOrIndex(String::new()))?;
            // Every cell is a text: a code keeps its zeros, and nothing is calculated.
            for (column, cell) in (0..).zip(cells(good)) {
                if !cell.is_empty() {
                    sheet.write_string(next, column, inert(&cell))?;
                }
            }
        }
    }
    let mut file = tempfile::tempfile()?;
    book.save_to_writer(&file)?;
    file.rewind()?;
    Ok(file)
}

/// Adds a sheet with the names of the columns.
fn begin(book: &mut Workbook) -> Result<(), XlsxError> {
    let sheet = book.add_worksheet_with_constant_memory()?;
    for (column, name) in (0..).zip(NAMES) {
        sheet.write_string(0, column, name)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use calamine::{Reader as _, Xlsx};
    use kardan_schema::{ListingId, Status};

    use super::*;

    fn good(number: i64) -> ShopGood {
        let text = String::new;
        ShopGood {
            listing_id: ListingId(number),
            code: format!("00{number}"),
            title: "=HYPERLINK(\"http://example.org\")".to_owned(),
            price: "1234.50".to_owned(),
            wholesale_price: None,
            wholesale_quantity: None,
            stock: 3,
            category: "brake-pads".to_owned(),
            brand: text(),
            part_number: "+7".to_owned(),
            condition: "new".to_owned(),
            place: "moscow".to_owned(),
            currency: "RUB".to_owned(),
            description: text(),
            contact_name: text(),
            contact_phone: "+7 900".to_owned(),
            contact_telegram: "@me".to_owned(),
            status: Status::Draft,
        }
    }

    #[test]
    fn what_does_not_fit_onto_a_sheet_goes_onto_the_next_and_nothing_is_a_formula() {
        let (sender, pages) = channel(9);
        for page in [1..4, 4..8] {
            sender.blocking_send(page.map(good).collect()).unwrap();
        }
        drop(sender);
        // Three goods beneath the names.
        let file = book(pages, 4).unwrap();
        let mut book: Xlsx<_> = Xlsx::new(std::io::BufReader::new(file)).unwrap();
        let mut found = Vec::new();
        for name in book.sheet_names() {
            let sheet = book.worksheet_range(&name).unwrap();
            let mut rows = sheet.rows();
            assert_eq!(rows.next().unwrap()[0], "code");
            let rows: Vec<_> = rows.map(|row| row[0].to_string()).collect();
            found.push(rows.join(" "));
            let first = sheet.get((1, 2)).unwrap();
            assert_eq!(*first, "'=HYPERLINK(\"http://example.org\")");
            assert!(book.worksheet_formula(&name).unwrap().is_empty());
        }
        assert_eq!(found, ["001 002 003", "004 005 006", "007"]);
    }
}
