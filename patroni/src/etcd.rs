//! etcd, through its JSON gateway: who belongs to the cluster, and who leads etcd itself.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::Deserialize;
use serde_json::json;

use crate::{Error, Place};

/// One member of etcd.
#[derive(Debug, Clone)]
pub struct EtcdMember {
    pub url: String,
    pub id: String,
    pub leader: String,
    pub version: String,
    pub db_bytes: u64,
    pub errors: Vec<String>,
}

#[derive(Deserialize)]
struct Range {
    #[serde(default)]
    kvs: Vec<KeyValue>,
}

#[derive(Deserialize)]
struct KeyValue {
    key: String,
    #[serde(default)]
    value: String,
}

#[derive(Deserialize)]
struct Header {
    member_id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Status {
    header: Header,
    version: String,
    #[serde(default)]
    db_size: String,
    #[serde(default)]
    leader: String,
    #[serde(default)]
    errors: Vec<String>,
}

impl Place {
    /// All keys of the cluster, without its prefix. Asked of a majority; where there is none, of whoever answers.
    pub(crate) async fn keys(&self) -> Result<Vec<(String, String)>, Error> {
        match self.range(false).await {
            Ok(found) => Ok(found),
            Err(error) => self.range(true).await.map_err(|_| error),
        }
    }

    async fn range(&self, stale: bool) -> Result<Vec<(String, String)>, Error> {
        let prefix = format!("{}/", self.prefix);
        let mut end = prefix.clone();
        // The first key after all that begin with the prefix: '0' comes after '/'.
        end.pop();
        end.push('0');
        let body = json!({
            "key": BASE64.encode(&prefix), "range_end": BASE64.encode(&end), "serializable": stale,
        });
        let mut last = Error::state("no address of etcd is given: use --etcd");
        for url in &self.etcd {
            match self.etcd_ask::<Range>(url, "kv/range", &body).await {
                Ok(found) => {
                    return Ok(found
                        .kvs
                        .into_iter()
                        .filter_map(|pair| {
                            let key = decode(&pair.key)?;
                            Some((key.strip_prefix(&prefix)?.to_owned(), decode(&pair.value)?))
                        })
                        .collect());
                }
                Err(error) => last = error,
            }
        }
        Err(last)
    }

    /// Each given member of etcd as it sees itself.
    pub(crate) async fn etcd_members(&self) -> Vec<(String, Result<EtcdMember, Error>)> {
        let asked = self.etcd.iter().map(async |url| {
            let said = self
                .etcd_ask::<Status>(url, "maintenance/status", &json!({}))
                .await
                .map(|status| EtcdMember {
                    url: url.clone(),
                    id: status.header.member_id,
                    leader: status.leader,
                    version: status.version,
                    db_bytes: status.db_size.parse().unwrap_or_default(),
                    errors: status.errors,
                });
            (url.clone(), said)
        });
        futures_util::future::join_all(asked).await
    }

    /// Lets another member of etcd lead, if the one at `beside` does; says which one then leads.
    pub(crate) async fn etcd_lead_away(&self, beside: &str) -> Result<Option<String>, Error> {
        let beside = beside.trim_end_matches('/');
        let members: Vec<EtcdMember> = self
            .etcd_members()
            .await
            .into_iter()
            .filter_map(|(_, said)| said.ok())
            .collect();
        let leads = |member: &&EtcdMember| member.leader == member.id;
        let Some(leader) = members.iter().find(leads).filter(|m| m.url == beside) else {
            return Ok(None);
        };
        let Some(to) = members
            .iter()
            .find(|member| member.id != leader.id && member.leader == leader.id)
        else {
            return Err(Error::state("no other member of etcd follows this one"));
        };
        let body = json!({"targetID": to.id});
        self.etcd_ask::<serde_json::Value>(beside, "maintenance/transfer-leadership", &body)
            .await?;
        Ok(Some(to.url.clone()))
    }

    async fn etcd_ask<T: serde::de::DeserializeOwned>(
        &self,
        url: &str,
        verb: &str,
        body: &serde_json::Value,
    ) -> Result<T, Error> {
        let answer = self
            .http
            .post(format!("{url}/v3/{verb}"))
            .timeout(Self::patience())
            .json(body)
            .send()
            .await
            .map_err(|error| Error::unreachable("etcd", url, &error))?;
        if !answer.status().is_success() {
            return Err(Error::Refused {
                what: format!("etcd at {url}"),
                why: answer.text().await.unwrap_or_default().trim().to_owned(),
            });
        }
        answer
            .json()
            .await
            .map_err(|error| Error::unreachable("etcd", url, &error))
    }
}

fn decode(text: &str) -> Option<String> {
    String::from_utf8(BASE64.decode(text).ok()?).ok()
}
