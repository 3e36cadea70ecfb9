//! Shops, members, invitations. What a shop sells is bound here only as the list that its members see.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::{Kind, ListingId, PlaceId, ShopId, ShopRole, Status, UserId};

row! {
    /// A shop as its members see it.
    pub struct Shop {
        /// The shop.
        pub shop_id: ShopId,
        /// Its name; no other shop has it.
        pub name: String,
        /// What it says of itself; may be empty.
        pub description: String,
        /// The town where it is, if it names one.
        pub place_id: Option<PlaceId>,
        /// When it was opened.
        pub created_at: DateTime<Utc>,
        /// When name, description or town changed last.
        pub updated_at: DateTime<Utc>,
        /// Grows with every change.
        pub version: i32,
        /// What the acting person may do for it.
        pub my_role: ShopRole,
    }

    /// A shop as anybody may see it.
    pub struct PublicShop {
        /// The shop.
        pub shop_id: ShopId,
        /// Its name.
        pub name: String,
        /// What it says of itself; may be empty.
        pub description: String,
        /// The town where it is, if it names one.
        pub place_id: Option<PlaceId>,
        /// How many of its listings anybody may see.
        pub listing_count: i32,
        /// When it was opened.
        pub created_at: DateTime<Utc>,
        /// When name, description or town changed last.
        pub updated_at: DateTime<Utc>,
        /// Grows with every change of name, description or town.
        pub version: i32,
    }

    /// A listing of a shop as its members see it in a list.
    pub struct ShopListing {
        /// The listing.
        pub listing_id: ListingId,
        /// What is for sale.
        pub kind: Kind,
        /// Where it is in its life.
        pub status: Status,
        /// Its title.
        pub title: String,
        /// The currency of the price, ISO 4217.
        pub currency: String,
        /// Price of a piece in hundredths of the currency.
        pub price_minor: i64,
        /// Pieces that can still be sold.
        pub stock_quantity: i32,
        /// Storage key of the first photo.
        pub cover_key: Option<String>,
        /// The shop.
        pub owner_shop_id: Option<ShopId>,
        /// When it was written.
        pub created_at: DateTime<Utc>,
        /// When it changed last.
        pub updated_at: DateTime<Utc>,
        /// When it was published last.
        pub published_at: Option<DateTime<Utc>>,
        /// Grows with every change.
        pub version: i32,
        /// Why a moderator sent it back, where one did.
        pub rejection_reason: Option<String>,
    }

    /// A member of a shop.
    pub struct ShopMember {
        /// Who.
        pub user_id: UserId,
        /// The name that others see.
        pub display_name: String,
        /// What they may do for the shop.
        pub role: ShopRole,
        /// Since when.
        pub joined_at: DateTime<Utc>,
        /// Whose invitation brought them in; none for whoever opened the shop.
        pub invited_by: Option<UserId>,
    }

    /// Somebody who is not, or no longer, a member of a shop.
    pub struct ShopLeaver {
        /// The shop.
        pub shop_id: ShopId,
        /// Who.
        pub user_id: UserId,
    }

    /// A new invitation.
    pub struct NewShopInvitation {
        /// The invitation.
        pub invitation_id: Uuid,
        /// Where it leads.
        pub shop_id: ShopId,
        /// The role that it gives.
        pub role: ShopRole,
        /// Until when it can be accepted.
        pub expires_at: DateTime<Utc>,
    }

    /// An invitation as the shop's owners see it.
    pub struct ShopInvitation {
        /// The invitation.
        pub invitation_id: Uuid,
        /// The role that it gives.
        pub role: ShopRole,
        /// `open`, `used`, `revoked` or `expired`.
        pub state: String,
        /// Who made it.
        pub created_by: UserId,
        /// When it was made.
        pub created_at: DateTime<Utc>,
        /// Until when it can be accepted.
        pub expires_at: DateTime<Utc>,
        /// Who accepted it.
        pub used_by: Option<UserId>,
        /// When it was accepted.
        pub used_at: Option<DateTime<Utc>>,
        /// When it was taken back.
        pub revoked_at: Option<DateTime<Utc>>,
    }

    /// An invitation that was taken back.
    pub struct RevokedShopInvitation {
        /// The invitation.
        pub invitation_id: Uuid,
        /// When it was taken back.
        pub revoked_at: DateTime<Utc>,
    }

    /// The shop that an accepted invitation led into.
    pub struct JoinedShop {
        /// The shop.
        pub shop_id: ShopId,
        /// Its name.
        pub name: String,
        /// What the new member may do for it.
        pub role: ShopRole,
    }
}

entries! {
    "market";

    /// Opens a shop; the acting person is its owner.
    fn shop_create[ShopCreate](
        /// The acting person.
        actor: UserId,
        /// 2 to 100 characters; no other shop may have it.
        name: String,
        /// At most 4000 characters.
        description: String,
        /// The town where it is.
        place: Option<PlaceId>,
    ) -> one<Shop>;

    /// A shop as anybody may see it.
    fn shop_get(shop: ShopId) -> opt<PublicShop>;

    /// Changes what a shop says of itself; owners and managers may.
    fn shop_update[ShopUpdate](
        /// The acting person.
        actor: UserId,
        /// The shop.
        shop: ShopId,
        /// The new name; none leaves it.
        name: Option<String>,
        /// The new description; none leaves it.
        description: Option<String>,
        /// The new town; none leaves it, town 0 takes it away.
        place: Option<PlaceId>,
        /// The version that the change was made on; none skips the comparison.
        version: Option<i32>,
    ) -> one<Shop>;

    /// The shops that the acting person belongs to, after the given one.
    fn shop_list_mine(actor: UserId, limit: Option<i32>, after: Option<ShopId>) -> many<Shop>;

    /// The goods of a shop for its members, the newest first.
    fn shop_listing_list[ShopListingList](
        /// The acting person.
        actor: UserId,
        /// The shop.
        shop: ShopId,
        /// Only listings in this state.
        status: Option<Status>,
        /// How many, 1 to 100; none means 20.
        limit: Option<i32>,
        /// The last listing of the page before.
        after: Option<ListingId>,
    ) -> many<ShopListing>;

    /// Who belongs to a shop, for its members.
    fn shop_member_list[ShopMemberList](
        /// The acting person.
        actor: UserId,
        /// The shop.
        shop: ShopId,
        /// How many, 1 to 100; none means 20.
        limit: Option<i32>,
        /// The last person of the page before.
        after: Option<UserId>,
    ) -> many<ShopMember>;

    /// Gives a member another role; owners may.
    fn shop_member_role_set[ShopMemberRoleSet](
        /// The acting person.
        actor: UserId,
        /// The shop.
        shop: ShopId,
        /// The member.
        user: UserId,
        /// The new role.
        role: ShopRole,
    ) -> one<ShopMember>;

    /// Takes a member out of a shop; owners may.
    fn shop_member_remove(actor: UserId, shop: ShopId, user: UserId) -> one<ShopLeaver>;

    /// Leaves a shop; the last owner cannot.
    fn shop_leave(actor: UserId, shop: ShopId) -> one<ShopLeaver>;

    /// Makes a link that brings one person into a shop; owners may.
    fn shop_invitation_create[ShopInvitationCreate](
        /// The acting person.
        actor: UserId,
        /// The shop.
        shop: ShopId,
        /// The role that the link gives.
        role: ShopRole,
        /// SHA-256 of the link's token.
        token_hash: Vec<u8>,
        /// How long the link works, in seconds: a minute to 30 days.
        ttl_seconds: i32,
    ) -> one<NewShopInvitation>;

    /// Becomes a member of the shop that the link leads into.
    fn shop_invitation_accept(actor: UserId, token_hash: Vec<u8>) -> one<JoinedShop>;

    /// The invitations into a shop for its owners, the newest first.
    fn shop_invitation_list[ShopInvitationList](
        /// The acting person.
        actor: UserId,
        /// The shop.
        shop: ShopId,
        /// How many, 1 to 100; none means 20.
        limit: Option<i32>,
        /// The last invitation of the page before.
        after: Option<Uuid>,
    ) -> many<ShopInvitation>;

    /// Takes a link back that nobody used yet; owners may.
    fn shop_invitation_revoke(actor: UserId, invitation: Uuid) -> one<RevokedShopInvitation>;
}
