//! What the dashboards ask.

use std::collections::BTreeSet;

use anyhow::Context as _;
use serde_json::Value;

pub struct Board {
    pub uid: String,
    /// Of panels, with every variable chosen.
    pub queries: BTreeSet<String>,
    /// Family and label.
    pub variables: Vec<(String, String)>,
    pub annotations: Vec<String>,
}

fn items<'a>(board: &'a Value, pointer: &str) -> &'a [Value] {
    let found = board.pointer(pointer).and_then(Value::as_array);
    found.map_or(&[], Vec::as_slice)
}

fn text(value: &Value, pointer: &str) -> String {
    let found = value.pointer(pointer).and_then(Value::as_str);
    found.unwrap_or_default().to_owned()
}

pub fn all() -> anyhow::Result<Vec<Board>> {
    let folder = super::root().join("monitoring/grafana/dashboards");
    let mut boards = Vec::new();
    for file in std::fs::read_dir(folder)? {
        let text = std::fs::read_to_string(file?.path())?;
        boards.push(board(&serde_json::from_str(&text)?)?);
    }
    Ok(boards)
}

fn board(board: &Value) -> anyhow::Result<Board> {
    let panels = items(board, "/panels").iter();
    let targets = panels.flat_map(|panel| items(panel, "/targets"));
    let variables = items(board, "/templating/list");
    let queries = targets.map(|target| {
        variables.iter().fold(text(target, "/expr"), |query, one| {
            query.replace(&format!("${}", text(one, "/name")), ".*")
        })
    });
    let asked = variables.iter().map(|variable| {
        let query = text(variable, "/query/query");
        let inner = query
            .strip_prefix("label_values(")
            .and_then(|rest| rest.strip_suffix(')')?.split_once(", "));
        let (family, label) = inner.with_context(|| format!("no label_values: {query}"))?;
        Ok((family.to_owned(), label.to_owned()))
    });
    Ok(Board {
        uid: text(board, "/uid"),
        queries: queries.collect(),
        variables: asked.collect::<anyhow::Result<_>>()?,
        annotations: items(board, "/annotations/list")
            .iter()
            .map(|annotation| text(annotation, "/expr"))
            .collect(),
    })
}
