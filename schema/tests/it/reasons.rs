//! The register of reasons against the SQL, in both directions.

use std::collections::{BTreeMap, BTreeSet};

use kardan_schema::{Language, Reason};
use kardan_testdb::{Database, of_domains};
use regex::Regex;

/// What no caller can break: it guards the program and the seeder against themselves, so it has no sentence for people.
const INTERNAL: &[&str] = &[
    "ban_single_per_user",
    "broadcast_finished_whole",
    "broadcast_started_whole",
    "broadcast_state_known",
    "channel_post_look_known",
    "channel_post_message_positive",
    "channel_post_notice_whole",
    "channel_post_once",
    "channel_post_posted_whole",
    "channel_post_root_whole",
    "channel_rule_once",
    "chat_copy_numbers",
    "chat_flag_closed_whole",
    "chat_flag_open_once",
    "chat_flag_outcome_known",
    "chat_flag_weight_known",
    "chat_message_author_is_one",
    "chat_message_deleted_whole",
    "chat_message_state_known",
    "chat_message_stranger_has_name",
    "chat_message_why_known",
    "chat_mute_lifted_whole",
    "chat_mute_of_one",
    "chat_right_once",
    "chat_right_revoked_whole",
    "chat_times_ordered",
    "chat_times_whole",
    "chat_warning_of_one",
    "chat_warning_once",
    "contact_notice_has_people",
    "contact_people_clicks_positive",
    "contact_people_ordered",
    "deal_between_the_two",
    "deal_buyer_is_not_seller",
    "deal_cancelled_has_reason",
    "deal_confirmed_has_pieces",
    "deal_due_while_it_waits",
    "deal_move_sides_known",
    "deal_reservation_once",
    "deal_seller_is_user_or_shop",
    "deal_state_known",
    "deal_terms_frozen",
    "deal_total_is_pieces_times_price",
    "event_audience_is_one",
    "event_data_is_object",
    "event_type_shape",
    "forbidden_word_taken",
    "idempotency_request_hash_size",
    "identity_provider_known",
    "job_name_shape",
    "listing_flag_closed_whole",
    "listing_flag_open_unique",
    "listing_flag_outcome_known",
    "listing_flag_weight_known",
    "listing_move_event_unique",
    "moderation_claim_whole",
    "moderation_closed_whole",
    "moderation_decision_has_moderator",
    "moderation_decision_known",
    "moderation_hint_excerpt_length",
    "moderation_hint_kind_known",
    "moderation_item_open_unique",
    "moderation_kind_known",
    "moderation_reason_code_shape",
    "moderation_rejection_has_reason",
    "notice_kind_shape",
    "notice_topic_shape",
    "object_mute_once",
    "outbox_data_is_object",
    "outbox_data_size",
    "outbox_event_time_near",
    "outbox_key_length",
    "outbox_kind_known",
    "outbox_once",
    "outbox_outcome_known",
    "outbox_outcome_whole",
    "outbox_recipient_is_user_or_chat",
    "outbox_recipient_sign",
    "platform_review_single",
    "platform_review_stars_range",
    "price_drop_is_lower",
    "price_list_outcome_known",
    "queue_dead_is_never_due",
    "queue_error_length",
    "queue_leased_has_lease",
    "queue_state_known",
    "rating_not_negative",
    "reservation_closed_whole",
    "reservation_state_known",
    "reservation_total_range",
    "review_answer_whole",
    "review_author_on_side",
    "review_direction_known",
    "review_hidden_whole",
    "search_alert_once",
    "search_miss_query_length",
    "search_word_length",
    "seed_chunk_range",
    "seed_market_counted_days_range",
    "seed_market_is_only",
    "seed_market_listings_range",
    "seed_market_time_ordered",
    "setting_key_shape",
    "shop_invitation_used_or_revoked",
    "shop_invitation_used_whole",
    "shop_token_member",
    "token_kind_known",
    "visitor_salt_size",
];

/// What can be reported: raised literals with their SQLSTATE, and constraints.
async fn reportable() -> anyhow::Result<BTreeMap<String, String>> {
    let db = Database::create().await?;
    let session = db.superuser().await?;
    let mut found = BTreeMap::new();
    let sources = session
        .query(
            &of_domains(
                "select pg_get_functiondef(p.oid) from pg_proc as p
             join pg_namespace as n on n.oid = p.pronamespace
             where n.nspname ~ '^(DOMAINS)(_data)?$' and p.prokind = 'f'",
            ),
            &[],
        )
        .await?;
    let raise = Regex::new(r"errcode = '(Z[A-Z]{4})',\s*constraint = '([a-z0-9_]+)'").unwrap();
    for row in &sources {
        let source: String = row.get(0);
        for raised in raise.captures_iter(&source) {
            found.insert(raised[2].to_owned(), raised[1].to_owned());
        }
    }
    let constraints = session
        .query(
            &of_domains("select c.conname::text, case c.contype when 'c' then '23514' when 'f' then '23503' when 'x' then '23P01' else '23505' end
             from pg_constraint as c
             join pg_namespace as n on n.oid = c.connamespace
             where n.nspname ~ '^(DOMAINS)_data$' and c.conparentid = 0 and c.contype <> 't'
             union
             select i.indexrelid::regclass::text, '23505'
             from pg_index as i
             join pg_class as c on c.oid = i.indexrelid
             join pg_namespace as n on n.oid = c.relnamespace
             where n.nspname ~ '^(DOMAINS)_data$' and i.indisunique and not c.relispartition"),
            &[],
        )
        .await?;
    // What a binding calls an argument that was left out: PostgreSQL gives no name for it.
    found.insert("value_required".to_owned(), "23502".to_owned());
    for row in &constraints {
        let name: String = row.get(0);
        let short = name.rsplit('.').next().unwrap_or_default().to_owned();
        found.entry(short).or_insert_with(|| row.get(1));
    }
    Ok(found)
}

#[tokio::test]
async fn every_registered_reason_can_be_reported_with_its_sqlstate() -> anyhow::Result<()> {
    let reportable = reportable().await?;
    let texts: String = {
        let db = Database::create().await?;
        let session = db.superuser().await?;
        session
            .query_one(
                &of_domains(
                    "select string_agg(pg_get_functiondef(p.oid), ' ') from pg_proc as p
                 join pg_namespace as n on n.oid = p.pronamespace
                 where n.nspname ~ '^(DOMAINS)(_data)?$' and p.prokind = 'f'",
                ),
                &[],
            )
            .await?
            .get(0)
    };
    let mut found = Vec::new();
    for reason in Reason::all() {
        match reportable.get(reason.code()) {
            Some(state) if *state != reason.sqlstate() => {
                found.push(format!(
                    "{}: registered as {}, reported as {state}",
                    reason.code(),
                    reason.sqlstate()
                ));
            }
            // Some steps choose the reason from several: the literal stands somewhere in the text.
            None if !texts.contains(&format!("'{}'", reason.code())) => {
                found.push(format!("{}: nothing reports it", reason.code()));
            }
            _ => {}
        }
    }
    assert!(found.is_empty(), "\n{}", found.join("\n"));
    Ok(())
}

#[tokio::test]
async fn everything_that_can_be_raised_or_checked_is_registered() -> anyhow::Result<()> {
    let registered: BTreeSet<_> = Reason::all().map(Reason::code).collect();
    let missing: Vec<_> = reportable()
        .await?
        .into_iter()
        .filter(|(name, state)| {
            // Keys made by the program itself cannot collide by what somebody sends.
            let is_technical = state == "23505" && name.ends_with("_pkey")
                || state == "23503" && name.ends_with("_fkey");
            let is_own = name.starts_with("schema_history") || INTERNAL.contains(&name.as_str());
            !registered.contains(name.as_str()) && !is_technical && !is_own
        })
        .collect();
    assert!(missing.is_empty(), "not in errors.toml: {missing:#?}");
    Ok(())
}

#[tokio::test]
async fn a_functions_comment_names_registered_reasons() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let session = db.superuser().await?;
    let rows = session
        .query(
            &of_domains("select p.oid::regprocedure::text, obj_description(p.oid, 'pg_proc') from pg_proc as p
             join pg_namespace as n on n.oid = p.pronamespace
             where n.nspname ~ '^(DOMAINS)$'"),
            &[],
        )
        .await?;
    let mut found = Vec::new();
    for row in &rows {
        let (name, comment): (String, Option<String>) = (row.get(0), row.get(1));
        let raises = comment
            .as_deref()
            .and_then(|text| text.rsplit_once("Raises: "))
            .map_or("", |(_, list)| list);
        for code in raises
            .trim_end_matches('.')
            .split(", ")
            .filter(|code| *code != "nothing" && !code.is_empty())
        {
            if Reason::from_code(code.trim()).is_none() {
                found.push(format!("{name}: {code}"));
            }
        }
    }
    assert!(
        found.is_empty(),
        "not in errors.toml:\n{}",
        found.join("\n")
    );
    Ok(())
}

#[test]
fn every_reason_has_a_sentence_in_both_languages() {
    let cyrillic = Regex::new("[а-яё]").unwrap();
    for reason in Reason::all() {
        let (en, ru) = (reason.sentence(Language::En), reason.sentence(Language::Ru));
        assert!(
            en.ends_with('.') && !cyrillic.is_match(en),
            "{}: {en}",
            reason.code()
        );
        assert!(
            ru.ends_with('.') && cyrillic.is_match(ru),
            "{}: {ru}",
            reason.code()
        );
    }
}
