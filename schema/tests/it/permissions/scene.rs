//! The people and things of the matrix (`scene.sql` makes them), and what a call is given for each argument.

use kardan_testdb::{Database, Session};

/// An owner, their shop, and everybody else: the columns of the table in their order.
pub const PEOPLE: [Person; 9] = [
    Person::of_own("owner", 101),
    Person {
        is_blocked: true,
        ..Person::of_own("owner, blocked", 101)
    },
    Person::of_shop("shop's owner", 102),
    Person::of_shop("shop's manager", 103),
    Person::of_shop("shop's seller", 104),
    Person::of_shop("removed from the shop", 105),
    Person::of_none("stranger", 106),
    Person::of_none("moderator", 108),
    Person::of_none("administrator", 109),
];

/// Somebody who tries.
pub struct Person {
    /// Who it is.
    pub name: &'static str,
    /// Their number.
    pub id: i64,
    /// Whether they were blocked a moment ago.
    pub is_blocked: bool,
    /// Whose things they try: a person's, a shop's.
    pub tries: &'static [Owner],
}

/// Whose a thing is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    Person,
    Shop,
}

impl Person {
    const fn of_own(name: &'static str, id: i64) -> Self {
        Self::new(name, id, &[Owner::Person])
    }

    const fn of_shop(name: &'static str, id: i64) -> Self {
        Self::new(name, id, &[Owner::Shop])
    }

    const fn of_none(name: &'static str, id: i64) -> Self {
        Self::new(name, id, &[Owner::Person, Owner::Shop])
    }

    const fn new(name: &'static str, id: i64, tries: &'static [Owner]) -> Self {
        Self {
            name,
            id,
            is_blocked: false,
            tries,
        }
    }

    /// What is arranged before they try.
    pub fn prepare(&self) -> String {
        if self.is_blocked {
            block(self.id)
        } else {
            "select".to_owned()
        }
    }
}

/// Blocks somebody.
pub fn block(id: i64) -> String {
    format!(
        "insert into people_data.bans (user_id, reason, until, created_at) values ({id}, 'test', 'infinity', ops.clock_now())"
    )
}

/// A number that nothing has.
const ABSENT: i64 = 9999;

/// Arguments that point at what is somebody's. Whatever else is a number points at what is everybody's: the catalogue, the
/// register of words, a place in a list.
pub const OWNED: &[&str] = &[
    "p_deal",
    "p_export",
    "p_fitment",
    "p_invitation",
    "p_item",
    "p_listing",
    "p_message",
    "p_photo",
    "p_promotion",
    "p_reservation",
    "p_review",
    "p_saved_search",
    "p_shop",
    "p_token",
    "p_vehicle",
    "p_webhook",
    "p_delivery",
];

/// Numbers that are nobody's own. A new one goes here or to [`OWNED`] and [`THINGS`].
pub const COMMON: &[&str] = &[
    "p_actor",
    "p_after",
    "p_after_id",
    "p_after_key",
    "p_after_listing",
    "p_after_xid",
    "p_bearer",
    "p_brand",
    "p_brand_id",
    "p_broadcast",
    "p_categories",
    "p_category",
    "p_category_id",
    "p_channel",
    "p_chat",
    "p_discussion_chat",
    "p_engine",
    "p_excluded_categories",
    "p_from_brand_id",
    "p_generation",
    "p_id",
    "p_listings",
    "p_make",
    "p_make_id",
    "p_model",
    "p_model_id",
    "p_mute",
    "p_new_chat",
    "p_notice",
    "p_object_id",
    "p_part_cross",
    "p_perceptual_hash",
    "p_payment",
    "p_photos",
    "p_place",
    "p_places",
    "p_position",
    "p_price_max",
    "p_price_min",
    "p_price_minor",
    "p_regions",
    "p_reply_to",
    "p_right",
    "p_seed",
    "p_size_bytes",
    "p_subcategory",
    "p_telegram_id",
    "p_to_brand_id",
    "p_until_id",
    "p_until_xid",
    "p_update",
    "p_user",
    "p_wanted_categories",
    "p_wholesale_price_minor",
    "p_word",
    "p_xid",
];

/// A kind of thing, the argument that points at one, the number of the person's and of the shop's; 0 where there is none.
/// A kind with two arguments has two lines.
pub const THINGS: &[(&str, &str, i64, i64)] = &[
    ("draft", "p_listing", 1001, 2001),
    ("pending", "p_listing", 1002, 2002),
    ("public", "p_listing", 1003, 2003),
    ("archived", "p_listing", 1004, 2004),
    ("webhook", "p_shop", 0, 2000),
    ("webhook", "p_webhook", 0, 2001),
    ("delivery", "p_shop", 0, 2000),
    ("delivery", "p_webhook", 0, 2001),
    ("delivery", "p_delivery", 0, 2001),
    ("order", "p_promotion", 1003, 2003),
    ("approved_order", "p_promotion", 1004, 2004),
    ("paid_order", "p_promotion", 1005, 2005),
    ("ending", "p_listing", 1005, 2005),
    ("banned", "p_listing", 1008, 0),
    ("photo", "p_photo", 1001, 2001),
    ("public_photo", "p_photo", 1003, 2003),
    ("fitment", "p_fitment", 1001, 2001),
    ("public_fitment", "p_fitment", 1003, 2003),
    ("item", "p_item", 1002, 2002),
    ("claim", "p_item", 1007, 2007),
    ("shop", "p_shop", 0, 2000),
    ("member", "p_shop", 0, 2000),
    ("member", "p_user", 0, 104),
    ("invitation", "p_invitation", 0, 2001),
    ("link", "p_token_hash", 0, 2001),
    ("token", "p_token", 1001, 0),
    ("shop_token", "p_shop", 0, 2000),
    ("shop_token", "p_token", 0, 2001),
    ("export", "p_export", 1001, 0),
    ("vehicle", "p_vehicle", 1001, 0),
    ("search", "p_saved_search", 1001, 0),
    // Of the shop's listing.
    ("favourite", "p_listing", 2003, 0),
    // Of their listing, by somebody else; and of the shop's listing, by the owner.
    ("sale", "p_reservation", 1006, 2006),
    ("purchase", "p_reservation", 1009, 1009),
    // Deals of their listing with somebody else; and the owner's over the shop's listing.
    ("asked", "p_deal", 1101, 2101),
    ("held", "p_deal", 1102, 2102),
    ("done", "p_deal", 1104, 2104),
    ("unasked", "p_deal", 1105, 2105),
    ("bought", "p_deal", 1103, 1103),
    ("review", "p_review", 1104, 2104),
    // What the owner, and the shop's manager, wrote beneath their listing.
    ("message", "p_message", 1003, 2003),
];

/// The thing of this kind that is pointed at.
#[derive(Debug, Clone, Copy)]
pub enum Which {
    Of(Owner),
    Absent,
}

/// What points at a thing of this kind; none when nobody of the sort has one.
pub fn pointers(kind: &str, which: Which) -> Option<Vec<(&'static str, i64)>> {
    let found: Vec<_> = THINGS
        .iter()
        .filter(|(name, ..)| *name == kind)
        .map(|(_, argument, person, shop)| {
            let number = match which {
                Which::Of(Owner::Person) => *person,
                Which::Of(Owner::Shop) => *shop,
                Which::Absent => ABSENT,
            };
            (*argument, number)
        })
        .collect();
    assert!(!found.is_empty(), "there is no kind of thing {kind}");
    found
        .iter()
        .all(|(_, number)| *number != 0)
        .then_some(found)
}

/// A number as this type.
fn numbered(number: i64, ty: &str) -> String {
    match ty {
        "uuid" => format!("'018f0000-0000-7000-8000-00000000{number}'"),
        "bytea" => format!("decode(lpad('{number}', 64, '0'), 'hex')"),
        _ => number.to_string(),
    }
}

/// What a function is given for an argument: the acting person, the things pointed at, else what [`VALUES`] says.
pub fn value(
    function: &str,
    actor: &str,
    pointers: &[(&'static str, i64)],
    argument: &str,
    ty: &str,
) -> String {
    if argument == "p_actor" {
        return actor.to_owned();
    }
    if let Some((_, number)) = pointers.iter().find(|(name, _)| *name == argument) {
        return numbered(*number, ty);
    }
    let listed = |wanted: &str| {
        let found = VALUES.iter().find(|(name, _)| *name == wanted);
        found.map(|(_, value)| *value)
    };
    let text = listed(&format!("{function}.{argument}"))
        .or_else(|| listed(argument))
        .unwrap_or("null");
    let thing = pointers.first().map_or(ABSENT, |(_, number)| *number);
    text.replace("{thing}", &thing.to_string())
}

/// What makes calls succeed: by argument, or by function and argument. What is not here is null; `{thing}` is the number
/// of the thing that the call is about.
const VALUES: &[(&str, &str)] = &[
    ("catalog.attribute_set.p_category_id", "null"),
    ("catalog.attribute_set.p_filterable", "false"),
    ("catalog.attribute_set.p_hint_en", "''"),
    ("catalog.attribute_set.p_hint_ru", "''"),
    ("catalog.attribute_set.p_key", "'colour'"),
    ("catalog.attribute_set.p_label_en", "'Colour'"),
    ("catalog.attribute_set.p_label_ru", "'Цвет'"),
    ("catalog.attribute_set.p_max_length", "50"),
    ("catalog.attribute_set.p_ordinal", "1"),
    ("catalog.attribute_set.p_required", "false"),
    ("catalog.attribute_set.p_value_type", "'text'"),
    ("catalog.brand_create.p_kind", "'part'"),
    ("catalog.brand_create.p_synonyms", "'{}'"),
    ("market.forbidden_word_add.p_word", "'badword'"),
    ("market.garage_update.p_model", "3001"),
    ("market.listing_contacts_show.p_source", "'api'"),
    ("market.listing_contacts_show.p_visitor", "'somebody'"),
    ("market.listing_fitment_import.p_generations", "'{I}'"),
    (
        "market.listing_fitment_import.p_listings",
        "array[null::text]",
    ),
    ("market.listing_fitment_import.p_makes", "'{Lada}'"),
    ("market.listing_fitment_import.p_models", "'{Vesta}'"),
    ("market.listing_fitment_import.p_notes", "array['']"),
    ("market.listing_fitment_import.p_rows", "'{1}'"),
    (
        "market.listing_fitment_import.p_years_from",
        "array[null::text]",
    ),
    (
        "market.listing_fitment_import.p_years_to",
        "array[null::text]",
    ),
    (
        "market.listing_photo_order.p_photos",
        "array['018f0000-0000-7000-8000-00000000{thing}'::uuid]",
    ),
    ("market.listing_search.p_sort", "'price'"),
    ("market.message_flag.p_reason", "'spam'"),
    ("market.message_post.p_source", "'api'"),
    ("market.moderation_chat_mute.p_reason", "'because'"),
    ("market.rating_get.p_user", "null"),
    ("market.review_list.p_user", "null"),
    ("market.moderation_reject.p_reason", "'other'"),
    ("notify.webhook_create.p_url", "'https://example.org/hook'"),
    ("notify.webhook_redeliver_since.p_since", "ops.clock_now()"),
    (
        "notify.webhook_create.p_secret",
        "'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'",
    ),
    (
        "notify.webhook_rotate.p_secret",
        "'whsec_AAAA9r8GKYqrTwjUPD8ILPZIo2LaLaSw'",
    ),
    ("market.promotion_create.p_begins_at", "ops.clock_now()"),
    (
        "market.promotion_create.p_ends_at",
        "ops.clock_now() + interval '1 day'",
    ),
    ("market.promotion_create.p_kind", "'insertion'"),
    ("market.promotion_create.p_text", "'Buy'"),
    ("market.promotion_pay.p_reference", "'payment 1'"),
    ("market.promotion_stars_quote.p_stars", "1"),
    ("market.moderation_promotion_approve.p_currency", "'RUB'"),
    (
        "market.moderation_promotion_approve.p_price_minor",
        "100000",
    ),
    (
        "market.moderation_promotion_reject.p_reason",
        "'Not for us'",
    ),
    ("market.moderation_promotion_hold.p_reason", "'Not for us'"),
    ("market.listing_promotion_show.p_seed", "1"),
    ("market.saved_search_create.p_generation", "null"),
    ("market.saved_search_create.p_year", "null"),
    ("notify.alerts_report.p_alerts", "'[]'"),
    ("notify.broadcast_create.p_place", "null"),
    ("notify.broadcast_create.p_role", "null"),
    ("notify.broadcast_update.p_place", "null"),
    ("notify.broadcast_update.p_role", "null"),
    ("notify.dead_letter_list.p_kind", "null"),
    ("notify.dead_letter_purge_all.p_kind", "null"),
    ("notify.dead_letter_replay_all.p_kind", "null"),
    ("ops.idempotency_finish.p_body", "'{}'"),
    ("ops.idempotency_finish.p_headers", "'{}'"),
    ("ops.idempotency_finish.p_status", "201"),
    ("ops.setting_set.p_key", "'moderation.lease_seconds'"),
    ("ops.setting_set.p_value", "'900'"),
    ("market.price_list_apply.p_after", "0"),
    ("market.price_list_stage.p_defaults", "'{}'"),
    (
        "market.price_list_stage.p_rows",
        r#"'[{"row": 2, "code": "A1", "title": "Front brake discs", "price": "10"}]'"#,
    ),
    ("market.shop_token_create.p_scopes", "'{goods:read}'"),
    ("p_at", "ops.clock_now()"),
    ("p_attributes", "'{}'"),
    ("p_begins_at", "'2026-01-01'"),
    ("p_brand_id", "3001"),
    ("p_broadcast", "1001"),
    ("p_categories", "'{3001}'"),
    ("p_category", "3001"),
    ("p_channel", "1001"),
    ("p_chat", "-4242"),
    ("p_condition", "'used'"),
    ("p_confidence", "0.9"),
    ("p_contact_name", "''"),
    ("p_contact_phone", "'+7 900 000-00-01'"),
    ("p_contact_telegram", "''"),
    ("p_content_type", "'image/webp'"),
    ("p_country", "'DE'"),
    ("p_currency", "'RUB'"),
    ("p_days", "30"),
    ("p_description", "'words'"),
    ("p_display_name", "'A name'"),
    ("p_ends_at", "'2100-01-01'"),
    ("p_everywhere", "false"),
    ("p_form", "'exact'"),
    ("p_frequency", "'hourly'"),
    ("p_from", "ops.clock_now() - interval '1 day'"),
    ("p_from_brand_id", "3001"),
    ("p_from_number", "'N1'"),
    ("p_generation", "3002"),
    ("p_height", "480"),
    ("p_is_default", "false"),
    ("p_is_enabled", "true"),
    ("p_is_forward", "false"),
    ("p_is_on", "false"),
    ("p_key", "'a-key'"),
    ("p_kind", "'part'"),
    ("p_language", "'en'"),
    ("p_limit", "10"),
    ("p_make", "3001"),
    ("p_make_id", "3001"),
    ("p_mute", "1001"),
    ("p_name", "'A name'"),
    ("p_new_chat", "-4243"),
    ("p_note", "'a note'"),
    ("p_notice", "1001"),
    ("p_number", "'N1'"),
    ("p_object_id", "1001"),
    ("p_object_type", "'listing'"),
    ("p_part_cross", "1001"),
    ("p_part_number", "'A77'"),
    ("p_place", "3001"),
    ("p_places", "'{0}'"),
    ("p_price_minor", "200000"),
    ("p_position", "1"),
    ("p_quantity", "1"),
    ("p_query", "'pads'"),
    ("p_reason", "'spam'"),
    ("p_regions", "'{0}'"),
    ("p_relation", "'aftermarket'"),
    ("p_request_hash", "decode(repeat('03', 32), 'hex')"),
    ("p_right", "1001"),
    ("p_role", "'seller'"),
    ("p_root_message", "1"),
    ("p_route", "'POST /'"),
    ("p_scopes", "'{read}'"),
    ("p_size_bytes", "1000"),
    ("p_slug", "'a-brand'"),
    ("p_source", "'test'"),
    ("p_stars", "4"),
    ("p_stock_quantity", "2"),
    ("p_storage_key", "'photos/new'"),
    ("p_subcategory", "3002"),
    ("p_telegram_id", "4242"),
    ("p_text", "'Buy'"),
    ("p_text_en", "'News'"),
    ("p_text_ru", "'Новости'"),
    ("p_title", "'Front brake discs'"),
    ("p_to", "ops.clock_now()"),
    ("p_to_brand_id", "3002"),
    ("p_to_number", "'N2'"),
    ("p_token_hash", "decode(repeat('03', 32), 'hex')"),
    ("p_topic", "'listings'"),
    ("p_ttl_seconds", "3600"),
    ("p_until", "'infinity'"),
    ("p_url", "'https://example.org'"),
    ("p_user", "110"),
    ("p_version", "1"),
    ("p_vin", "null"),
    ("p_width", "640"),
    ("p_word", "1001"),
    ("people.export_part.p_section", "'profile'"),
    ("people.user_block.p_reason", "'because'"),
    ("people.user_list.p_query", "null"),
    ("people.user_list.p_role", "null"),
    ("people.user_role_set.p_role", "'user'"),
];

/// A database with the scene in it, and a session that may do anything.
pub async fn scene() -> anyhow::Result<(Database, Session)> {
    let db = Database::create().await?;
    let session = db.superuser().await?;
    session.batch_execute(include_str!("scene.sql")).await?;
    Ok((db, session))
}
