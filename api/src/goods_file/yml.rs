//! YML, the feed of Yandex Market: `<yml_catalog>` with categories and offers, element by element. What a document type
//! declares is not read: entities of its own, by which a kilobyte becomes a gigabyte, and files elsewhere.

use std::collections::HashMap;
use std::io::BufReader;

use quick_xml::Reader;
use quick_xml::XmlVersion::Implicit1_0;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};

use super::columns::Content;
use super::line::{Count, Line, Take};
use super::{GoodsFile, malformed, text};
use crate::problem::Problem;

/// The categories that a feed may name; they lie in memory.
const CATEGORIES: usize = 20_000;

/// The characters of an element's text that are looked at.
const LONGEST: usize = 64 * 1024;

/// Reads all offers by their places, from 1.
pub fn read(file: GoodsFile, content: Content, take: &mut Take<'_>) -> Result<(), Problem> {
    let text = text::open_xml(file.file, file.charset.as_deref())?;
    let mut reader = Reader::from_reader(BufReader::new(text));
    let mut feed = Feed {
        content,
        path: Vec::new(),
        text: String::new(),
        categories: HashMap::new(),
        category: String::new(),
        offer: None,
        row: 0,
        count: Count::default(),
        is_whole: false,
    };
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        let event = reader.read_event_into(&mut buffer);
        match event.map_err(|error| malformed(format!("this is no XML: {error}")))? {
            Event::Start(start) => feed.begin(&start)?,
            Event::Empty(start) => {
                feed.begin(&start)?;
                if feed.end(take)? {
                    return Ok(());
                }
            }
            Event::End(_) if feed.end(take)? => return Ok(()),
            Event::Text(text) => feed.say(&text.xml10_content()),
            Event::CData(text) => feed.say(&text.xml10_content()),
            Event::GeneralRef(reference) => feed.say(&resolved(&reference)?),
            Event::DocType(kind) if kind.xml10_content().contains('[') => {
                return Err(malformed("the file declares entities of its own"));
            }
            Event::Eof if feed.is_whole => return Ok(()),
            Event::Eof => return Err(malformed("this is no whole <yml_catalog>")),
            _ => {}
        }
    }
}

/// A feed as far as it was read.
struct Feed {
    content: Content,
    path: Vec<String>,
    text: String,
    categories: HashMap<String, String>,
    /// The number of the category that is being read.
    category: String,
    offer: Option<Offer>,
    row: i32,
    count: Count,
    is_whole: bool,
}

/// An offer as far as it was read.
#[derive(Default)]
struct Offer {
    cells: Vec<(&'static str, String)>,
    names: [String; 3],
    is_gone: bool,
}

impl Feed {
    fn begin(&mut self, start: &BytesStart<'_>) -> Result<(), Problem> {
        let name = start.name().as_ref().to_owned();
        if self.path.is_empty() && name != "yml_catalog" {
            return Err(malformed("the file does not begin with <yml_catalog>"));
        }
        if self.path.len() > 50 {
            return Err(malformed("the file is nested too deeply"));
        }
        match (self.inside(), name.as_str()) {
            ("categories", "category") => self.category = attribute(start, "id")?,
            ("offers", "offer") => {
                let mut offer = Offer::default();
                offer.cells.push(("code", attribute(start, "id")?));
                offer.is_gone = attribute(start, "available")? == "false";
                self.offer = Some(offer);
            }
            ("offer", "condition") => {
                let kind = attribute(start, "type")?;
                if let Some(offer) = &mut self.offer {
                    offer.cells.push(("condition", kind));
                }
            }
            _ => {}
        }
        self.path.push(name);
        self.text.clear();
        Ok(())
    }

    /// The name of the element that is open.
    fn inside(&self) -> &str {
        self.path.last().map_or("", String::as_str)
    }

    fn say(&mut self, text: &str) {
        if self.text.len() < LONGEST {
            self.text.push_str(text);
        }
    }

    /// Whether nobody wants more.
    fn end(&mut self, take: &mut Take<'_>) -> Result<bool, Problem> {
        let name = self.path.pop().unwrap_or_default();
        let text = std::mem::take(&mut self.text);
        match (self.inside(), name.as_str()) {
            ("", "yml_catalog") => self.is_whole = true,
            ("categories", "category") => {
                if self.categories.len() >= CATEGORIES {
                    return Err(malformed("the file names too many categories"));
                }
                let number = std::mem::take(&mut self.category);
                self.categories.insert(number, text.trim().to_owned());
            }
            ("offer", element) => {
                if let Some(offer) = &mut self.offer {
                    offer.element(element, text.trim(), &self.categories);
                }
            }
            ("offers", "offer") => {
                if let Some(offer) = self.offer.take() {
                    self.count.one()?;
                    self.row += 1;
                    let line = offer.line(self.row, self.content)?;
                    return Ok(take(line).is_break());
                }
            }
            _ => {}
        }
        Ok(false)
    }
}

impl Offer {
    fn element(&mut self, name: &str, text: &str, categories: &HashMap<String, String>) {
        let text = || text.to_owned();
        match name {
            "name" => self.cells.push(("title", text())),
            "typePrefix" => self.names[0] = text(),
            "vendor" => {
                self.names[1] = text();
                self.cells.push(("brand", text()));
            }
            "model" => self.names[2] = text(),
            "price" => self.cells.push(("price", text())),
            "currencyId" => {
                let currency = text().replace("RUR", "RUB");
                self.cells.push(("currency", currency));
            }
            "categoryId" => {
                // An unknown number is a name that no category has.
                let name = categories.get(&text()).cloned().unwrap_or_else(text);
                self.cells.push(("category", name));
            }
            "vendorCode" => self.cells.push(("part_number", text())),
            "description" => self.cells.push(("description", text())),
            "count" => self.cells.push(("stock", text())),
            _ => {}
        }
    }

    fn line(mut self, row: i32, content: Content) -> Result<Line, Problem> {
        let has = |name| self.cells.iter().any(|(one, _)| *one == name);
        let names: Vec<_> = self.names.iter().filter(|name| !name.is_empty()).collect();
        if !has("title") && !names.is_empty() {
            let title = names.iter().map(|name| name.as_str()).collect::<Vec<_>>();
            let title = title.join(" ");
            self.cells.push(("title", title));
        }
        if self.is_gone {
            self.cells.retain(|(name, _)| *name != "stock");
            self.cells.push(("stock", "0".to_owned()));
        }
        let mut line = Line::new(row);
        for (column, cell) in &self.cells {
            if content.column(column).is_some() {
                line.add(column, cell)?;
            }
        }
        Ok(line)
    }
}

fn attribute(start: &BytesStart<'_>, name: &str) -> Result<String, Problem> {
    let wrong = |_| malformed(format!("the attribute {name} cannot be read"));
    let found = start.try_get_attribute(name);
    match found.map_err(|error| wrong(error.into()))? {
        Some(found) => Ok(found
            .normalized_value(Implicit1_0)
            .map_err(wrong)?
            .into_owned()),
        None => Ok(String::new()),
    }
}

/// What one of the five entities, or the number of a character, stands for.
fn resolved(reference: &BytesRef<'_>) -> Result<String, Problem> {
    let unknown = || malformed("the file uses an entity that XML does not have");
    if let Some(one) = reference.resolve_char_ref().map_err(|_| unknown())? {
        return Ok(one.to_string());
    }
    let name = reference.xml10_content();
    let text = resolve_predefined_entity(&name).ok_or_else(unknown)?;
    Ok(text.to_owned())
}
