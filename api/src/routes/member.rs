//! Who belongs to a shop, and the links that bring people in.

use axum::extract::State;
use chrono::{DateTime, Utc};
use kardan_schema::market::{
    self, JoinedShop, RevokedShopInvitation, ShopInvitation, ShopInvitationCreate,
    ShopInvitationList, ShopLeaver, ShopMember, ShopMemberList, ShopMemberRoleSet,
};
use kardan_schema::{ShopId, ShopRole, UserId};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::answer::{Json, Page, Result};
use crate::app::App;
use crate::auth::{Read, Write};
use crate::extract::{Ask, At, Body, Once, PageAsk};
use crate::table::{Table, add};
use crate::token::{self, TokenKind};

pub fn add(table: &mut Table) {
    add!(table;
        shop_member_list => "market.shop_member_list";
        shop_member_role_set => "market.shop_member_role_set";
        shop_member_remove => "market.shop_member_remove";
        shop_invitation_create => "market.shop_invitation_create", "ops.idempotency_begin", "ops.idempotency_finish";
        shop_invitation_list => "market.shop_invitation_list";
        shop_invitation_revoke => "market.shop_invitation_revoke";
        shop_invitation_accept => "market.shop_invitation_accept";
    );
}

/// Who belongs to a shop, for its members.
#[utoipa::path(get, path = "/v1/shops/{shop_id}/members", tag = "shops",
    responses((status = 200, description = "A part of the list.", body = Page<ShopMember>)))]
async fn shop_member_list(
    State(app): State<App>,
    Read(me): Read,
    At(shop): At<ShopId>,
    Ask(ask): Ask<PageAsk>,
) -> Result<Page<ShopMember>> {
    let (limit, after) = ask.read::<i64>()?;
    let list = ShopMemberList {
        actor: me.user,
        shop,
        limit: Some(limit),
        after: after.map(UserId),
    };
    let rows = market::shop_member_list(&app.write().await?, &list).await?;
    Ok(Page::part(rows, limit, |row| row.user_id.0))
}

/// A role in a shop.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MemberRole {
    /// The role from now on.
    role: ShopRole,
}

/// Give a member another role; owners.
#[utoipa::path(put, path = "/v1/shops/{shop_id}/members/{user_id}", tag = "shops",
    responses((status = 200, description = "The member.", body = ShopMember)))]
async fn shop_member_role_set(
    State(app): State<App>,
    Write(me): Write,
    At((shop, user)): At<(ShopId, UserId)>,
    Body(change): Body<MemberRole>,
) -> Result<Json<ShopMember>> {
    let change = ShopMemberRoleSet {
        actor: me.user,
        shop,
        user,
        role: change.role,
    };
    Ok(Json(
        market::shop_member_role_set(&app.write().await?, &change).await?,
    ))
}

/// Take a member out of a shop; owners.
#[utoipa::path(delete, path = "/v1/shops/{shop_id}/members/{user_id}", tag = "shops",
    responses((status = 200, description = "They do not belong to it.", body = ShopLeaver)))]
async fn shop_member_remove(
    State(app): State<App>,
    Write(me): Write,
    At((shop, user)): At<(ShopId, UserId)>,
) -> Result<Json<ShopLeaver>> {
    Ok(Json(
        market::shop_member_remove(&app.write().await?, me.user, shop, user).await?,
    ))
}

/// A link to make.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct InvitationWish {
    /// The role that it gives.
    role: ShopRole,
    /// How long it works, in seconds: a minute to 30 days.
    ttl_seconds: i32,
}

/// A link. Its token is shown only here.
#[derive(ToSchema)]
#[expect(
    dead_code,
    reason = "the row of the binding with the secret in front, as the document shows it"
)]
struct MadeInvitation {
    /// The secret that brings one person in.
    token: String,
    /// The invitation.
    invitation_id: Uuid,
    /// Where it leads.
    shop_id: ShopId,
    /// The role that it gives.
    role: ShopRole,
    /// Until when it works.
    expires_at: DateTime<Utc>,
}

/// Make a link that brings one person into a shop; owners.
#[utoipa::path(post, path = "/v1/shops/{shop_id}/invitations", tag = "shops",
    responses((status = 201, description = "The link.", body = MadeInvitation)))]
async fn shop_invitation_create(
    State(app): State<App>,
    Write(me): Write,
    At(shop): At<ShopId>,
    wish: Once<InvitationWish>,
) -> Result {
    let (wish, repeat) = wish.split();
    let mut wish = ShopInvitationCreate {
        actor: me.user,
        shop,
        role: wish.role,
        token_hash: Vec::new(),
        ttl_seconds: wish.ttl_seconds,
    };
    repeat
        .created_with_secret(&app, me.user, TokenKind::Invitation, |tx, secret| {
            wish.token_hash = token::hash(&secret);
            Box::pin(async move { market::shop_invitation_create(tx, &wish).await })
        })
        .await
}

/// The links into a shop, newest first; owners.
#[utoipa::path(get, path = "/v1/shops/{shop_id}/invitations", tag = "shops",
    responses((status = 200, description = "A part of the list.", body = Page<ShopInvitation>)))]
async fn shop_invitation_list(
    State(app): State<App>,
    Read(me): Read,
    At(shop): At<ShopId>,
    Ask(ask): Ask<PageAsk>,
) -> Result<Page<ShopInvitation>> {
    let (limit, after) = ask.read::<Uuid>()?;
    let list = ShopInvitationList {
        actor: me.user,
        shop,
        limit: Some(limit),
        after,
    };
    let rows = market::shop_invitation_list(&app.write().await?, &list).await?;
    Ok(Page::part(rows, limit, |row| row.invitation_id))
}

/// Take a link back that nobody used yet; owners.
#[utoipa::path(delete, path = "/v1/invitations/{invitation_id}", tag = "shops",
    responses((status = 200, description = "It works no more.", body = RevokedShopInvitation)))]
async fn shop_invitation_revoke(
    State(app): State<App>,
    Write(me): Write,
    At(invitation): At<Uuid>,
) -> Result<Json<RevokedShopInvitation>> {
    Ok(Json(
        market::shop_invitation_revoke(&app.write().await?, me.user, invitation).await?,
    ))
}

/// The token of a link.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct InvitationToken {
    /// As it was shown when the link was made.
    token: String,
}

/// Follow a link: become a member of its shop. Following it again answers the same.
#[utoipa::path(post, path = "/v1/invitations/accept", tag = "shops",
    responses((status = 200, description = "The shop.", body = JoinedShop)))]
async fn shop_invitation_accept(
    State(app): State<App>,
    Write(me): Write,
    Body(link): Body<InvitationToken>,
) -> Result<Json<JoinedShop>> {
    let db = app.write().await?;
    Ok(Json(
        market::shop_invitation_accept(&db, me.user, token::hash(&link.token)).await?,
    ))
}
