//! Tickets for streams.

use kardan_schema::people::{self, TokenIssue, UserBlock};
use kardan_schema::{Role, Scope, UserId};
use kardan_testdb::{Database, Session};
use uuid::Uuid;

struct Gate {
    db: Database,
    api: Session,
    anna: UserId,
    token: Uuid,
}

impl Gate {
    async fn open() -> anyhow::Result<Self> {
        let db = Database::create().await?;
        let anna = db.person(Role::User).await?;
        let issue = TokenIssue {
            user: anna,
            name: "test".to_owned(),
            scopes: vec![Scope::Read],
            token_hash: vec![1; 32],
            ttl_seconds: 3600,
        };
        let admin = db.as_role("kardan_admin").await?;
        let token = people::token_issue(&*admin, &issue).await?.token_id;
        Ok(Self {
            api: db.as_role("kardan_api").await?,
            db,
            anna,
            token,
        })
    }

    async fn ticket(&self, n: u8) -> Result<(), kardan_schema::Error> {
        people::ticket_create(&*self.api, self.anna, self.token, vec![n; 32])
            .await
            .map(drop)
    }

    async fn used(&self, n: u8) -> anyhow::Result<Option<UserId>> {
        let bearer = people::ticket_use(&*self.api, vec![n; 32]).await?;
        Ok(bearer.map(|bearer| bearer.user_id))
    }
}

fn reason(answer: Result<(), kardan_schema::Error>) -> &'static str {
    answer.unwrap_err().fault().unwrap().reason.code()
}

#[tokio::test]
async fn a_ticket_is_used_once_within_half_a_minute() -> anyhow::Result<()> {
    let gate = Gate::open().await?;
    gate.ticket(1).await?;
    gate.ticket(2).await?;
    assert_eq!(reason(gate.ticket(2).await), "ticket_hash_unique");
    assert_eq!(gate.used(1).await?, Some(gate.anna));
    assert_eq!(gate.used(1).await?, None);
    assert_eq!(gate.used(9).await?, None);
    gate.db.shift_clock("31 seconds").await?;
    assert_eq!(gate.used(2).await?, None);
    gate.ticket(3).await?;
    let root = gate.db.superuser().await?;
    let left: i64 = root
        .query_one("select count(*) from people_data.tickets", &[])
        .await?
        .get(0);
    assert_eq!(left, 1);
    Ok(())
}

#[tokio::test]
async fn two_who_show_a_ticket_at_once_are_one_who_gets_in() -> anyhow::Result<()> {
    let gate = Gate::open().await?;
    gate.ticket(1).await?;
    let other = gate.db.as_role("kardan_api").await?;
    let (one, two) = tokio::join!(
        people::ticket_use(&*gate.api, vec![1; 32]),
        people::ticket_use(&*other, vec![1; 32])
    );
    assert_eq!(usize::from(one?.is_some()) + usize::from(two?.is_some()), 1);
    Ok(())
}

#[tokio::test]
async fn a_ticket_needs_a_live_token_of_ones_own_and_goes_with_it() -> anyhow::Result<()> {
    let gate = Gate::open().await?;
    let boris = gate.db.person(Role::User).await?;
    let foreign = people::ticket_create(&*gate.api, boris, gate.token, vec![5; 32]).await;
    assert_eq!(reason(foreign.map(drop)), "token_unknown");
    let short = people::ticket_create(&*gate.api, gate.anna, gate.token, vec![5; 31]).await;
    assert_eq!(reason(short.map(drop)), "ticket_hash_size");
    gate.ticket(1).await?;
    people::token_revoke(&*gate.api, gate.anna, gate.token).await?;
    assert_eq!(gate.used(1).await?, None);
    assert_eq!(reason(gate.ticket(2).await), "token_unknown");
    let admin = gate.db.person(Role::Admin).await?;
    let block = UserBlock {
        actor: admin,
        user: gate.anna,
        until: None,
        reason: "spam".to_owned(),
    };
    people::user_block(&*gate.api, &block).await?;
    assert_eq!(reason(gate.ticket(3).await), "actor_blocked");
    Ok(())
}
