//! Patroni's REST API: what a node says of itself, and what it can be asked to do.

use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde::Deserialize;
use serde_json::Value;

use crate::{Error, Place};

/// A member as etcd knows it.
#[derive(Debug, Clone)]
pub struct Member {
    pub name: String,
    pub api: String,
    pub connection: String,
}

/// What `GET /patroni` says.
#[derive(Debug, Clone, Deserialize)]
pub struct NodeSaid {
    pub state: String,
    pub role: String,
    pub timeline: Option<i64>,
    #[serde(default)]
    pub pending_restart: bool,
    #[serde(default)]
    pub pause: bool,
    pub database_system_identifier: Option<String>,
    pub patroni: PatroniSaid,
}

/// The program's own part of it.
#[derive(Debug, Clone, Deserialize)]
pub struct PatroniSaid {
    pub version: String,
}

#[derive(Deserialize)]
struct MemberValue {
    api_url: String,
    conn_url: String,
}

impl Member {
    /// A member from its key and value in etcd.
    pub fn read(name: &str, value: &str) -> Option<Self> {
        let value: MemberValue = serde_json::from_str(value).ok()?;
        Some(Self {
            name: name.to_owned(),
            api: value.api_url.trim_end_matches("/patroni").to_owned(),
            connection: value.conn_url,
        })
    }

    /// The name of its machine.
    pub fn host(&self) -> &str {
        host(&self.api)
    }
}

/// The name of the machine in a URL.
pub fn host(url: &str) -> &str {
    let rest = url.split("://").nth(1).unwrap_or(url);
    rest.split([':', '/']).next().unwrap_or(rest)
}

impl Place {
    /// What a node says of itself.
    pub(crate) async fn node_said(&self, member: &Member) -> Result<NodeSaid, Error> {
        let (_, text) = self
            .patroni_ask(member, Method::GET, "patroni", None, Self::patience())
            .await?;
        serde_json::from_str(&text).map_err(|error| Error::Refused {
            what: format!("Patroni on {}", member.name),
            why: format!("it answers nothing that this version understands: {error}"),
        })
    }

    /// Does this node lead, by its own word and with the lease in hand?
    pub(crate) async fn leads(&self, member: &Member) -> bool {
        self.patroni_ask(member, Method::GET, "primary", None, Duration::from_secs(1))
            .await
            .is_ok_and(|(status, _)| status == StatusCode::OK)
    }

    /// Asks a node for a change and gives what it said.
    pub(crate) async fn patroni_do(
        &self,
        member: &Member,
        method: Method,
        verb: &str,
        body: &Value,
        patience: Duration,
    ) -> Result<String, Error> {
        let (status, text) = self
            .patroni_ask(member, method, verb, Some(body), patience)
            .await?;
        if status.is_success() {
            Ok(text)
        } else {
            Err(Error::Refused {
                what: format!("Patroni on {}", member.name),
                why: text.trim().to_owned(),
            })
        }
    }

    async fn patroni_ask(
        &self,
        member: &Member,
        method: Method,
        verb: &str,
        body: Option<&Value>,
        patience: Duration,
    ) -> Result<(StatusCode, String), Error> {
        let unreachable =
            |error: reqwest::Error| Error::unreachable("Patroni", member.api.clone(), &error);
        let mut request = self
            .http
            .request(method, format!("{}/{verb}", member.api))
            .timeout(patience);
        if let Some(body) = body {
            request = request.json(body);
        }
        let answer = request.send().await.map_err(unreachable)?;
        let status = answer.status();
        Ok((status, answer.text().await.map_err(unreachable)?))
    }
}

#[cfg(test)]
mod tests {
    use super::Member;

    #[test]
    fn a_member_is_read_from_what_patroni_writes() {
        let value = r#"{"conn_url":"postgres://db1:5432/postgres","api_url":"https://db1:8008/patroni","state":"running"}"#;
        let member = Member::read("db1", value).expect("a member");
        assert_eq!(member.api, "https://db1:8008");
        assert_eq!(member.host(), "db1");
        assert!(Member::read("db1", "{}").is_none());
    }
}
