//! Who takes part in a load test: people of the market with tokens that end with it.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::Context as _;
use kardan_api::token::{self, TokenKind};
use kardan_bulk::draw;
use kardan_load::cast::{Cast, Good, Person, Stall};
use kardan_schema::people::{self, TokenIssue};
use kardan_schema::{Db, Scope, UserId};
use tokio_postgres::Client;
use uuid::Uuid;

/// Listings that people look at, at most.
const GOODS: u32 = 20_000;
/// Listings of which they buy pieces, at most.
const STALLS: usize = 500;
/// Pieces that such a listing has at least.
const PIECES: i32 = 2;
/// People who moderate, at most.
const MODERATORS: u32 = 50;
/// What the tokens are called in lists.
const NAME: &str = "kardan load";
/// How much longer than the test its tokens live, should nobody be there to end them.
const SPARE: Duration = Duration::from_secs(3600);

/// People and listings of a market, before anybody has a token.
pub struct Drawn {
    people: Vec<i64>,
    moderators: Vec<i64>,
    goods: Vec<Good>,
}

/// Tokens that were made, to be ended.
pub struct Tokens(Vec<(UserId, Uuid)>);

/// Draws who takes part.
pub async fn draw(client: &Client, seed: u64, people: u32) -> anyhow::Result<Drawn> {
    Ok(Drawn {
        people: draw::people(client, "user", seed, people).await?,
        moderators: draw::people(client, "moderator", seed, MODERATORS).await?,
        goods: draw::listings(client, seed, GOODS).await?,
    })
}

impl Drawn {
    /// The cast, with this token for each person.
    fn cast(&self, tokens: &BTreeMap<i64, String>) -> Cast {
        let person = |user: i64| Person {
            user,
            token: tokens.get(&user).map_or("", String::as_str).into(),
        };
        Cast {
            people: self.people.iter().copied().map(person).collect(),
            moderators: self.moderators.iter().copied().map(person).collect(),
            stalls: self
                .for_sale()
                .map(|good| Stall {
                    listing: good.id,
                    seller: person(good.seller),
                })
                .collect(),
            goods: self.goods.clone(),
        }
    }

    /// The cast without tokens, to look at.
    pub fn unsigned(&self) -> Cast {
        self.cast(&BTreeMap::new())
    }

    fn for_sale(&self) -> impl Iterator<Item = &Good> {
        let enough = self.goods.iter().filter(|good| good.stock >= PIECES);
        enough.take(STALLS)
    }

    /// Makes a token for everybody who needs one, for so long.
    pub async fn sign_in(
        &self,
        client: &mut Client,
        time: Duration,
    ) -> anyhow::Result<(Cast, Tokens)> {
        let tx = client.transaction().await.context("making tokens")?;
        let (mut tokens, mut made) = (BTreeMap::new(), Vec::new());
        let sellers = self.for_sale().map(|good| good.seller);
        for user in self
            .moderators
            .iter()
            .chain(&self.people)
            .copied()
            .chain(sellers)
        {
            if tokens.contains_key(&user) {
                continue;
            }
            let (token, id) = issue(&tx, UserId(user), time + SPARE).await?;
            tokens.insert(user, token);
            made.push((UserId(user), id));
        }
        tx.commit().await.context("making tokens")?;
        Ok((self.cast(&tokens), Tokens(made)))
    }
}

/// A person's token. What it may be used for is more than most may do: that is decided by who they are.
async fn issue(db: &impl Db, user: UserId, time: Duration) -> anyhow::Result<(String, Uuid)> {
    let token = token::new(TokenKind::Personal).context("the system gave no randomness")?;
    let issue = TokenIssue {
        user,
        name: NAME.to_owned(),
        scopes: vec![Scope::Read, Scope::Write, Scope::Moderate],
        token_hash: token::hash(&token),
        ttl_seconds: i32::try_from(time.as_secs()).unwrap_or(i32::MAX),
    };
    let made = people::token_issue(db, &issue)
        .await
        .context("making a token")?;
    Ok((token, made.token_id))
}

impl Tokens {
    /// Ends all of them.
    pub async fn end(self, client: &mut Client) -> anyhow::Result<()> {
        let tx = client.transaction().await.context("ending the tokens")?;
        for (user, token) in self.0 {
            people::token_revoke(&tx, user, token)
                .await
                .context("ending a token")?;
        }
        tx.commit().await.context("ending the tokens")
    }
}
