//! Signing a browser in by the bot.

use chrono::Utc;
use kardan_schema::people::{self, Session as SignedIn, SignInLink};
use kardan_schema::{Reason, Role, Scope, UserId};
use kardan_testdb::{Database, Session};

use super::{behind, block, count, hash};
use crate::support::reason;

struct Page {
    db: Database,
    api: Session,
    bot: Session,
    anna: UserId,
}

impl Page {
    async fn open() -> anyhow::Result<Self> {
        let db = Database::create().await?;
        Ok(Self {
            api: db.as_role("kardan_api").await?,
            bot: db.as_role("kardan_bot").await?,
            anna: db.person(Role::User).await?,
            db,
        })
    }

    /// A browser waits; the number that it shows. Its link is `n`, its secret `n + 100`.
    async fn wait(&self, n: u16) -> anyhow::Result<i32> {
        let made = people::sign_in_link_create(
            &*self.api,
            hash(n),
            hash(n + 100),
            Some("Firefox on Debian"),
        );
        Ok(made.await?.code)
    }

    async fn shown(&self, n: u16) -> Result<SignInLink, kardan_schema::Error> {
        people::sign_in_link_get(&*self.bot, self.anna, hash(n)).await
    }

    async fn answer(&self, n: u16, code: Option<i32>) -> Result<bool, kardan_schema::Error> {
        let answer = people::sign_in_link_answer(&*self.bot, self.anna, hash(n), code);
        answer.await.map(|answer| answer.is_granted)
    }

    async fn session(&self, n: u16) -> Result<Option<SignedIn>, kardan_schema::Error> {
        session(&self.api, n, n).await
    }
}

async fn session(
    db: &Session,
    n: u16,
    token: u16,
) -> Result<Option<SignedIn>, kardan_schema::Error> {
    let (secret, token, scopes) = (hash(n + 100), hash(token), vec![Scope::Read]);
    people::session_create_link(&**db, secret, token, scopes, 3600, Some("Firefox")).await
}

#[tokio::test]
async fn the_browser_that_shows_the_chosen_number_is_signed_in_once() -> anyhow::Result<()> {
    let page = Page::open().await?;
    let code = page.wait(1).await?;
    let shown = page.shown(1).await?;
    assert_eq!(shown.device, "Firefox on Debian");
    assert!(shown.codes.len() == 3 && shown.codes.is_sorted() && shown.codes.contains(&code));
    assert_eq!(page.shown(1).await?.codes, shown.codes, "asked twice");
    assert!(page.session(1).await?.is_none(), "before the answer");

    assert!(page.answer(1, Some(code)).await?);
    assert!(page.answer(1, None).await?, "the first answer counts");
    let made = page.session(1).await?.unwrap();
    assert_eq!((made.user_id, made.is_new), (page.anna, false));
    assert!(made.expires_at > Utc::now());
    let bearer = people::token_authenticate(&*page.api, &hash(1))
        .await?
        .unwrap();
    assert_eq!(
        (bearer.user_id, bearer.token_id),
        (page.anna, made.token_id)
    );
    assert_eq!(reason(page.session(1).await), Reason::SignInLinkOver);
    let left = count(&page.db, "select count(*) from people_data.sign_in_links").await?;
    assert_eq!(left, 0);
    Ok(())
}

#[tokio::test]
async fn a_wrong_number_and_a_no_end_the_link() -> anyhow::Result<()> {
    let page = Page::open().await?;
    for (n, is_no) in [(1, false), (2, true)] {
        let code = page.wait(n).await?;
        let codes = page.shown(n).await?.codes;
        let wrong = codes.into_iter().find(|other| *other != code);
        assert!(!page.answer(n, if is_no { None } else { wrong }).await?);
        assert!(!page.answer(n, Some(code)).await?, "a second try");
        assert_eq!(reason(page.shown(n).await), Reason::SignInLinkUnknown);
        assert_eq!(reason(page.session(n).await), Reason::SignInLinkRefused);
    }
    Ok(())
}

#[tokio::test]
async fn who_holds_the_link_alone_gets_no_session_and_another_person_cannot_answer_again()
-> anyhow::Result<()> {
    let page = Page::open().await?;
    let code = page.wait(1).await?;
    page.answer(1, Some(code)).await?;
    let boris = page.db.person(Role::User).await?;
    let late = people::sign_in_link_answer(&*page.bot, boris, hash(1), Some(code)).await;
    assert_eq!(reason(late), Reason::SignInLinkUnknown);
    let (link, scopes) = (hash(1), vec![Scope::Read]);
    let stolen = people::session_create_link(&*page.api, link, hash(9), scopes, 3600, None).await;
    assert_eq!(reason(stolen), Reason::SignInLinkOver);
    Ok(())
}

#[tokio::test]
async fn a_link_is_good_for_five_minutes_and_then_forgotten() -> anyhow::Result<()> {
    let page = Page::open().await?;
    let (asked, granted) = (page.wait(1).await?, page.wait(2).await?);
    page.answer(2, Some(granted)).await?;
    page.db.shift_clock("5 minutes").await?;
    assert_eq!(reason(page.shown(1).await), Reason::SignInLinkUnknown);
    assert_eq!(
        reason(page.answer(1, Some(asked)).await),
        Reason::SignInLinkUnknown
    );
    for n in [1, 2] {
        assert_eq!(reason(page.session(n).await), Reason::SignInLinkOver);
    }
    page.wait(3).await?;
    let maintenance = page.db.as_role("kardan_maintenance").await?;
    people::sign_ins_purge(&*maintenance).await?;
    let left = count(&page.db, "select count(*) from people_data.sign_in_links").await?;
    assert_eq!(left, 1);
    Ok(())
}

#[tokio::test]
async fn of_two_who_ask_with_one_secret_exactly_one_gets_the_session() -> anyhow::Result<()> {
    let page = Page::open().await?;
    let code = page.wait(1).await?;
    page.answer(1, Some(code)).await?;
    page.api.batch_execute("begin").await?;
    assert!(page.session(1).await?.is_some());
    let other = page.db.as_role("kardan_api").await?;
    let second = behind(&page.db, &page.api, session(&other, 1, 2)).await?;
    assert_eq!(reason(second), Reason::SignInLinkOver);
    Ok(())
}

#[tokio::test]
async fn a_blocked_person_signs_in_to_see_what_is_theirs_and_a_stranger_to_nothing()
-> anyhow::Result<()> {
    let page = Page::open().await?;
    let admin = page.db.person(Role::Admin).await?;
    block(&*page.api, admin, page.anna).await?;
    let code = page.wait(1).await?;
    assert!(page.answer(1, Some(code)).await?);
    page.wait(2).await?;
    let nobody = people::sign_in_link_get(&*page.bot, UserId(i64::MAX), hash(2)).await;
    assert_eq!(reason(nobody), Reason::ActorUnknown);
    Ok(())
}
