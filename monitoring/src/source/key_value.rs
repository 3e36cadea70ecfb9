//! A data source's text as pairs of name and value: from a URL, from libpq's `key=value` form, from libpq's variables.

use crate::Error;

/// libpq's variables that upstream's driver reads; what the text says wins over them.
const VARIABLES: [(&str, &str); 11] = [
    ("PGHOST", "host"),
    ("PGPORT", "port"),
    ("PGUSER", "user"),
    ("PGPASSWORD", "password"),
    ("PGDATABASE", "dbname"),
    ("PGSSLMODE", "sslmode"),
    ("PGSSLCERT", "sslcert"),
    ("PGSSLKEY", "sslkey"),
    ("PGSSLROOTCERT", "sslrootcert"),
    ("PGCONNECT_TIMEOUT", "connect_timeout"),
    ("PGAPPNAME", "application_name"),
];

pub(super) fn from_environment() -> Vec<(String, String)> {
    VARIABLES
        .iter()
        .filter_map(|(variable, name)| {
            let value = std::env::var(variable).ok().filter(|v| !v.is_empty())?;
            Some(((*name).to_owned(), value))
        })
        .collect()
}

/// `postgresql://user:password@host:port/database?name=value`.
pub(super) fn of_url(text: &str) -> Result<Vec<(String, String)>, Error> {
    let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
    let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (authority, database) = place.split_once('/').unwrap_or((place, ""));
    let (login, server) = authority.rsplit_once('@').unwrap_or(("", authority));
    let (user, password) = login.split_once(':').unwrap_or((login, ""));
    let (host, port) = host_and_port(server);
    let mut pairs = Vec::new();
    for (name, value) in [
        ("user", user),
        ("password", password),
        ("host", host),
        ("port", port),
        ("dbname", database),
    ] {
        if !value.is_empty() {
            pairs.push((name.to_owned(), decode(value)?));
        }
    }
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        // What stands in the place before wins over `user` and `password` of the query.
        if !pairs.iter().any(|(have, _)| *have == name) {
            pairs.push((name.into_owned(), value.into_owned()));
        }
    }
    Ok(pairs)
}

fn host_and_port(server: &str) -> (&str, &str) {
    if let Some(rest) = server.strip_prefix('[') {
        let (host, rest) = rest.split_once(']').unwrap_or((rest, ""));
        return (host, rest.trim_start_matches(':'));
    }
    server.rsplit_once(':').unwrap_or((server, ""))
}

/// Percent-decoding, where a plus is a plus.
fn decode(text: &str) -> Result<String, Error> {
    let wrong = || Error::Source("the URL has a % that is not followed by two digits".to_owned());
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digit =
                |b: Option<u8>| b.and_then(|b| char::from(b).to_digit(16)).ok_or_else(wrong);
            let value = digit(rest.next())? * 16 + digit(rest.next())?;
            bytes.push(u8::try_from(value).map_err(|_| wrong())?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).map_err(|_| Error::Source("the URL is no UTF-8".to_owned()))
}

/// `host=… port=…`, values with blanks in quotes, single ones as libpq has them or double ones as upstream allows.
pub(super) fn of_pairs(text: &str) -> Result<Vec<(String, String)>, Error> {
    let wrong = |what: &str| Error::Source(format!("neither a URL nor key=value pairs: {what}"));
    let mut pairs = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let (name, after) = rest
            .split_once('=')
            .ok_or_else(|| wrong("no = in a pair"))?;
        let name = name.trim();
        if name.is_empty()
            || !name
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"_.".contains(&b))
        {
            // It is not shown: it may be a part of a password that was not quoted.
            return Err(wrong(
                "a name before = has more than letters, digits, dots and underscores",
            ));
        }
        let (value, after) =
            value(after.trim_start()).ok_or_else(|| wrong("a quote is not closed"))?;
        pairs.push((name.to_owned(), value));
        rest = after.trim_start();
    }
    if pairs.is_empty() {
        return Err(wrong("it is empty"));
    }
    Ok(pairs)
}

/// One value and what follows it.
fn value(text: &str) -> Option<(String, &str)> {
    let quote = text.chars().next().filter(|c| matches!(c, '\'' | '"'));
    let body = text.get(quote.map_or(0, char::len_utf8)..)?;
    let mut value = String::new();
    let mut characters = body.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '\\' => value.push(characters.next()?.1),
            _ if Some(character) == quote => return Some((value, body.get(at + 1..)?)),
            _ if quote.is_none() && character.is_whitespace() => {
                return Some((value, body.get(at..)?));
            }
            _ => value.push(character),
        }
    }
    quote.is_none().then_some((value, ""))
}
