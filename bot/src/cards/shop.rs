//! Shops of a person: their goods, people and invitations.

use kardan_schema::market::{self, ShopInvitationCreate, ShopMemberList, ShopMemberRoleSet};
use kardan_schema::{ShopId, ShopRole, UserId};
use serde_json::json;
use uuid::Uuid;

use super::{Card, titled};
use crate::error::Failure;
use crate::talk::{Room, Visit, Words};
use crate::updates::{Answer, hash};

/// How long an invitation is good for: a week.
const INVITED_SECONDS: i32 = 7 * 24 * 3600;

/// What a tap asks for: `word:shop` and perhaps a person or a role.
pub async fn tapped(visit: Visit<'_>, data: &str) -> Result<Option<Answer>, Failure> {
    let mut parts = data.split(':');
    let word = parts.next().unwrap_or_default();
    let Some(shop) = parts.next().and_then(|text| text.parse().ok()).map(ShopId) else {
        return Ok(None);
    };
    let (third, fourth) = (parts.next(), parts.next());
    let user = third.and_then(|text| text.parse().ok()).map(UserId);
    let role = fourth
        .or(third)
        .and_then(|text| text.parse::<ShopRole>().ok());
    let words = match word {
        "new" => Some(Words::Shop {}),
        "name" => Some(Words::ShopName { shop }),
        "about" => Some(Words::ShopAbout { shop }),
        _ => None,
    };
    if let Some(words) = words {
        return visit.ask_for(words).await;
    }
    visit
        .act(async |room| {
            let actor = room.person.user_id;
            match (word, user, role) {
                ("members", ..) => members(room, shop).await,
                ("invite", _, Some(role)) => invite(room, shop, role).await,
                ("invite", _, None) => which_role(room, shop),
                ("member", Some(user), _) => member(room, shop, user),
                ("role", Some(user), Some(role)) => {
                    let wish = ShopMemberRoleSet {
                        actor,
                        shop,
                        user,
                        role,
                    };
                    market::shop_member_role_set(room.db, &wish).await?;
                    members(room, shop).await
                }
                ("remove", Some(user), _) => {
                    market::shop_member_remove(room.db, actor, shop, user).await?;
                    members(room, shop).await
                }
                ("leave", ..) => {
                    market::shop_leave(room.db, actor, shop).await?;
                    list(room).await
                }
                ("list", ..) => list(room).await,
                _ => card(room, shop).await,
            }
        })
        .await
}

/// The shops that a person belongs to.
pub async fn list(room: &Room<'_>) -> Result<Answer, Failure> {
    let shops = market::shop_list_mine(room.db, room.person.user_id, Some(50), None).await?;
    let data = json!({ "count": shops.len() });
    let mut card = Card::new(room.say("shop.list", data)?);
    for shop in shops {
        card.push(vec![titled(
            &shop.name,
            format!("shop:card:{}", shop.shop_id),
        )]);
    }
    card.row(room, "shop.new", "shop:new:0".to_owned())?;
    Ok(card.done())
}

/// A shop for its people, with what each of them may do.
pub async fn card(room: &Room<'_>, shop: ShopId) -> Result<Answer, Failure> {
    let actor = room.person.user_id;
    let shops = market::shop_list_mine(room.db, actor, Some(1), Some(ShopId(shop.0 - 1))).await?;
    let Some(it) = shops.into_iter().find(|one| one.shop_id == shop) else {
        return list(room).await;
    };
    let rating = market::rating_get(room.db, None, Some(shop)).await?;
    let mut card = Card::new(room.say("shop.card", json!({ "it": it, "rating": rating }))?);
    card.push(vec![
        room.button("shop.goods", format!("my:shop:{shop}"))?,
        room.button("shop.members", format!("shop:members:{shop}"))?,
    ]);
    if it.my_role != ShopRole::Seller {
        card.push(vec![
            room.button("shop.name", format!("shop:name:{shop}"))?,
            room.button("shop.about", format!("shop:about:{shop}"))?,
        ]);
    }
    if it.my_role == ShopRole::Owner {
        card.row(room, "shop.invite", format!("shop:invite:{shop}"))?;
    }
    card.row(room, "shop.leave", format!("shop:leave:{shop}"))?;
    card.row(room, "talk.back", "shop:list:0".to_owned())?;
    Ok(card.done())
}

async fn members(room: &Room<'_>, shop: ShopId) -> Result<Answer, Failure> {
    let wish = ShopMemberList {
        actor: room.person.user_id,
        shop,
        limit: Some(50),
        after: None,
    };
    let mut card = Card::new(room.say("shop.who", ())?);
    for one in market::shop_member_list(room.db, &wish).await? {
        let open = format!("shop:member:{shop}:{}", one.user_id);
        card.push(vec![room.entry("shop.line", super::data(&one), open)?]);
    }
    card.row(room, "talk.back", format!("shop:card:{shop}"))?;
    Ok(card.done())
}

/// What can be done with a member.
fn member(room: &Room<'_>, shop: ShopId, user: UserId) -> Result<Answer, Failure> {
    let mut answer = Card::new(room.say("shop.member", ())?);
    for role in ShopRole::ALL {
        answer.row(
            room,
            &format!("role.{role}"),
            format!("shop:role:{shop}:{user}:{role}"),
        )?;
    }
    answer.row(room, "shop.remove", format!("shop:remove:{shop}:{user}"))?;
    answer.row(room, "talk.back", format!("shop:members:{shop}"))?;
    Ok(answer.done())
}

fn which_role(room: &Room<'_>, shop: ShopId) -> Result<Answer, Failure> {
    let mut card = Card::new(room.say("shop.which_role", ())?);
    for role in ShopRole::ALL {
        card.row(
            room,
            &format!("role.{role}"),
            format!("shop:invite:{shop}:{role}"),
        )?;
    }
    card.row(room, "talk.back", format!("shop:card:{shop}"))?;
    Ok(card.done())
}

/// A link that brings one person into the shop; only its hash is kept.
async fn invite(room: &Room<'_>, shop: ShopId, role: ShopRole) -> Result<Answer, Failure> {
    // 122 random bits for a week and one use; a link of Telegram holds 64 characters.
    let token = Uuid::new_v4().simple().to_string();
    let wish = ShopInvitationCreate {
        actor: room.person.user_id,
        shop,
        role,
        token_hash: hash(&token),
        ttl_seconds: INVITED_SECONDS,
    };
    market::shop_invitation_create(room.db, &wish).await?;
    let link = room.desk.link(&format!("i_{token}"));
    let mut card = Card::new(room.say("shop.invited", json!({ "link": link }))?);
    card.row(room, "talk.back", format!("shop:card:{shop}"))?;
    Ok(card.done())
}
