//! The matrix: a line for each granted function. To add a function is to add its line; when it is wrong, the test prints
//! the line that would be right, and then it is to be judged whether that is what should be.
//!
//! A line says what the function asks of the acting person before anything else, its name, and for every kind of thing
//! that it is pointed at (`scene.rs` names them) what everybody gets:
//!
//! ```text
//! asks      function                             kind     owner · the shop's owner,       · stranger, moderator,
//!                                                         blocked  manager, seller, former  administrator
//! ```
//!
//! | it asks | |
//! | --- | --- |
//! | `account` | an account; a blocked person still sees and leaves what is theirs |
//! | `good` | an account that is not blocked |
//! | `guest` | nobody; a person who says who they are is one that is not blocked |
//! | `moderator` | a moderator or an administrator who is not blocked |
//! | `admin` | an administrator who is not blocked |
//! | `nothing` | the caller has authenticated the person, and the function acts on the caller's own records |
//! | `open` | nobody: it shows what everybody may see; one sign a kind of thing |
//! | `program` | nobody: an application calls it for itself, never with what somebody sent |
//!
//! | sign | it |
//! | --- | --- |
//! | `+` | works |
//! | `*` | lets the person through, and the state of the thing or a rule of the trade says no |
//! | `0` | answers word for word as for a thing that does not exist, and changes nothing |
//! | `b` | says that the person is blocked |
//! | `r` | says that a role is missing |
//! | `s` | says that a role in the shop is missing |
//! | `n` | says that the listing is somebody else's: everybody sees it |
//! | `.` | is not tried: there is no such thing |

use std::collections::BTreeMap;

/// What a function asks of the acting person before anything else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asks {
    Account,
    Good,
    Guest,
    Moderator,
    Admin,
    Nothing,
    Open,
    Program,
}

/// A line of the table.
pub struct Line {
    pub asks: Asks,
    /// Kind of thing and a sign for everybody, in the order of `scene::PEOPLE`; for an open function one sign.
    pub cells: Vec<(&'static str, String)>,
}

/// The table by function.
pub fn table() -> BTreeMap<&'static str, Line> {
    let lines: Vec<_> = TABLE
        .lines()
        .filter(|line| !line.trim().is_empty())
        .collect();
    let table: BTreeMap<_, _> = lines.iter().map(|line| read(line)).collect();
    assert_eq!(table.len(), lines.len(), "a function has two lines");
    table
}

fn read(line: &'static str) -> (&'static str, Line) {
    let words: Vec<&str> = line.split_whitespace().collect();
    let asks = match words[0] {
        "account" => Asks::Account,
        "good" => Asks::Good,
        "guest" => Asks::Guest,
        "moderator" => Asks::Moderator,
        "admin" => Asks::Admin,
        "nothing" => Asks::Nothing,
        "open" => Asks::Open,
        "program" => Asks::Program,
        other => panic!("{line}: nothing asks {other}"),
    };
    let width = if asks == Asks::Open { 2 } else { 4 };
    assert_eq!(
        words[2..].len() % width,
        0,
        "{line}: a group of signs is missing"
    );
    let cells = words[2..]
        .chunks(width)
        .map(|group| (group[0], group[1..].concat()))
        .collect();
    (words[1], Line { asks, cells })
}

/// A reason that is told by a sign of its own.
pub const SIGNS: &[(&str, char)] = &[
    ("actor_blocked", 'b'),
    ("listing_not_yours", 'n'),
    ("role_required", 'r'),
    ("shop_role_required", 's'),
];

const TABLE: &str = "
admin     catalog.attribute_archive
open      catalog.attribute_list
admin     catalog.attribute_set
moderator catalog.brand_create
open      catalog.brand_search
open      catalog.category_list
open      catalog.engine_list
open      catalog.generation_list
open      catalog.make_list
open      catalog.model_list
open      catalog.part_analogues
moderator catalog.part_cross_add
moderator catalog.part_cross_list
moderator catalog.part_cross_remove
open      catalog.place_list
open      catalog.vin_decode
admin     market.channel_create
admin     market.channel_delete
program   market.channel_forward_seen
admin     market.channel_get
admin     market.channel_list
program   market.channel_post_find
account   market.channel_post_list             draft    ++ +++0 0++   public   ++ +++n n++
admin     market.channel_update
open      market.chat_get                      draft 0   public +   archived 0   banned 0
account   market.chat_read                     draft    ++ +++0 000   public   ++ +++n nnn
admin     market.chat_right_grant              draft    rb rrrr rr+   public   rb rrrr rr+
admin     market.chat_right_list
admin     market.chat_right_revoke
good      market.chat_switch                   draft    +b +++0 000   public   +b +++n nnn
good      market.message_delete                message  +b *+** ***
program   market.message_find
good      market.message_flag                  message  *b +*++ +++
open      market.message_list                  draft 0   public +   archived 0   banned 0
good      market.message_post                  draft    +b +++0 000   public   +b ++++ +++   banned   0b .... 000
program   market.message_take
account   market.message_view                  draft    ++ +++0 0++   public   ++ +++n n++
moderator market.moderation_chat_mute          message  rb rrrr r++
moderator market.moderation_chat_mute_list
moderator market.moderation_chat_switch        draft    rb rrrr r++   public   rb rrrr r++
moderator market.moderation_chat_unmute
moderator market.moderation_chat_warn          message  rb rrrr r++
moderator market.moderation_chat_warning_list
moderator market.moderation_chat_watch
moderator market.moderation_message_delete     message  rb rrrr r++
moderator market.moderation_message_flag_list  message  rb rrrr r++
moderator market.moderation_message_flags_dismiss message rb rrrr r++
account   market.contact_notice_list             draft    ++ +++0 0++   public   ++ +++n n++
good      market.deal_cancel                   asked    +b +++0 000   held     +b +++0 000   bought   +b +++0 000
good      market.deal_complete                 held     *b ***0 000   bought   +b ***0 000
good      market.deal_confirm                  asked    +b +++0 000   bought   *b ***0 000
account   market.deal_event_list               held     ++ +++0 000   bought   ++ +++0 000
account   market.deal_get                      held     ++ +++0 000   bought   ++ +++0 000
good      market.deal_hand_over                held     +b +++0 000   bought   *b +++0 000
account   market.deal_list_bought
account   market.deal_list_of_shop             shop     .. +++s sss
account   market.deal_list_sold
good      market.deal_request                  draft    0b 0000 000   public   *b ***+ +++   banned   0b .... 000
good      market.deal_review_ask               done     *b ***0 000   unasked  +b +++0 000
good      market.favourite_add                   draft    0b 0000 000   public   *b ***+ +++   banned   0b .... 000
account   market.favourite_list
account   market.favourite_remove                favourite ++ .... 000
admin     market.forbidden_word_add
moderator market.forbidden_word_list
admin     market.forbidden_word_remove
good      market.garage_add
account   market.garage_generation_list        vehicle  ++ .... 000
account   market.garage_list
account   market.garage_remove                 vehicle  ++ .... 000
account   market.garage_search                 vehicle  ++ .... 000
good      market.garage_update                 vehicle  +b .... 000
program   market.group_move
good      market.listing_bump                  draft    *b ***0 000   public   +b +++n nnn
account   market.listing_contact_stats           draft    ++ +++0 0++   public   ++ +++n n++
good      market.listing_contacts_notify         draft    *b ***0 000   public   +b +++n nnn
guest     market.listing_contacts_show           draft    0b 0000 000   public   +b ++++ +++   banned   0b .... 000
good      market.listing_create                shop     .. +++s sss
account   market.listing_event_list            draft    ++ +++0 0++   public   ++ +++n n++
account   market.listing_code_get              draft    ++ +++0 0++   public   ++ +++n n++
good      market.listing_code_set              draft    +b +++0 000   public   +b +++n nnn
open      market.listing_facets
good      market.listing_fitment_add           draft    +b +++0 0++   public   +b +++n n++
account   market.listing_fitment_export        draft    ++ +++0 0++   public   ++ +++n n++   shop     .. +++s sss
good      market.listing_fitment_import        draft    +b +++0 0++   public   +b +++n n++   shop     .. +++s sss
open      market.listing_fitment_list          draft 0   pending 0   public +   archived 0   banned 0
good      market.listing_fitment_remove        fitment  +b +++0 0++   public_fitment +b +++n n++
account   market.listing_fitment_suggest       draft    ++ +++0 0++   public   ++ +++n n++
account   market.listing_fitment_view          draft    ++ +++0 0++   public   ++ +++0 0++
good      market.listing_flag                  draft    0b 0000 000   public   *b ***+ +++   banned   0b .... 000
open      market.listing_get                   draft 0   pending 0   public +   archived 0   banned 0
account   market.listing_hint_list             draft    ++ +++0 0++   public   ++ +++n n++
account   market.listing_incomplete_list
admin     market.listing_lifetime_list
admin     market.listing_lifetime_set
account   market.listing_list_mine
account   market.listing_missing_list          draft    ++ +++0 0++   public   ++ +++n n++
account   market.listing_moderating_refuse     draft    00 0000 0**   public   00 0000 0**   fitment  00 0000 0**
good      market.listing_photo_add             draft    +b +++0 000   public   +b +++n nnn
good      market.listing_photo_check           draft    +b +++0 000   public   +b +++n nnn
open      market.listing_photo_list            draft 0   pending 0   public +   archived 0   banned 0
good      market.listing_photo_order           draft    +b +++0 000   public   +b +++n nnn
good      market.listing_photo_remove          photo    +b +++0 000   public_photo +b +++n nnn
account   market.listing_photo_view            draft    ++ +++0 0++   public   ++ +++0 0++
account   market.listing_price_get               draft    ++ +++0 0++   public   ++ +++n n++
account   market.listing_price_list            draft    ++ +++0 0++   public   ++ +++n n++
good      market.listing_price_set             draft    +b +++0 000   public   +b +++n nnn
open      market.listing_quote                 draft 0   pending 0   public +   archived 0   banned 0
good      market.listing_renew                 draft    *b ***0 000   ending   +b +++n nnn
good      market.listing_reserve               draft    0b 0000 000   public   *b ***+ +++   banned   0b .... 000
good      market.listing_restore               archived +b +++0 000   public   *b ***n nnn
account   market.listing_schedule_get          draft    ++ +++0 0++   public   ++ +++0 0++
open      market.listing_search
good      market.listing_stock_set             draft    +b +++0 000   public   +b +++n nnn
good      market.listing_submit                draft    +b +++0 000   public   *b ***n nnn
good      market.listing_update                draft    +b +++0 000   public   +b +++n nnn
account   market.listing_view                  draft    ++ +++0 0++   public   ++ +++0 0++
program   market.listing_view_record
good      market.listing_withdraw              draft    +b +++0 000   ending   +b +++n nnn
moderator market.moderation_ad_place           draft    rb rrrr r++   public   rb rrrr r++
moderator market.moderation_ad_remove          draft    rb rrrr r++   public   rb rrrr r++
moderator market.moderation_approve            item     rb rrrr r**   claim    rb rrrr r+*
moderator market.moderation_card               item     rb rrrr r++
moderator market.moderation_claim
moderator market.moderation_contact_notice_list
moderator market.moderation_deal_event_list    held     rb rrrr r++
moderator market.moderation_deal_get           held     rb rrrr r++
moderator market.moderation_edit               item     rb rrrr r**   claim    rb rrrr r+*
moderator market.moderation_fitment_add        item     rb rrrr r**   claim    rb rrrr r+*
moderator market.moderation_flag_list          draft    rb rrrr r00   public   rb rrrr r++
moderator market.moderation_flags_dismiss      draft    rb rrrr r++   public   rb rrrr r++
moderator market.moderation_hint_list          item     rb rrrr r++
moderator market.moderation_queue
open      market.moderation_reason_list
moderator market.moderation_recall             draft    rb rrrr r**   public   rb rrrr r++
moderator market.moderation_reject             item     rb rrrr r**   claim    rb rrrr r+*
moderator market.moderation_release            item     rb rrrr r++
moderator market.moderation_review_hide        review   rb rrrr r++
moderator market.moderation_review_list
moderator market.moderation_review_unhide      review   rb rrrr r++
moderator market.moderation_stats
program   market.photo_orphan_list
program   market.photo_sweep_claim
open      market.platform_rating_get
account   market.listing_figures                 draft    ++ +++0 0++   public   ++ +++n n++
account   market.listing_place                   draft    ++ +++0 0++   public   ++ +++n n++
account   market.seller_figures                  shop     .. +++s sss
account   market.seller_turnover                 shop     .. +++s sss
admin     market.platform_figures
admin     market.platform_turnover
good      market.promotion_create                public   +b +++n nnn
account   market.promotion_list_mine             shop     .. +++s sss
account   market.promotion_list_of_listing      public   ++ +++0 000
account   market.promotion_get                  order    ++ +++0 000
good      market.promotion_cancel                order    +b +++0 000
good      market.promotion_pause                 order    +b +++0 000
good      market.promotion_resume                order    +b +++0 000
account   market.promotion_figures               order    ++ +++0 000
moderator market.moderation_promotion_list
moderator market.moderation_promotion_current
moderator market.moderation_promotion_hold approved_order rb rrrr r++
moderator market.moderation_promotion_release approved_order rb rrrr r++
moderator market.moderation_price_get          item     rb rrrr r++
moderator market.moderation_promotion_approve order rb rrrr r++
moderator market.moderation_promotion_reject order rb rrrr r++
admin     market.promotion_pay approved_order rb rrrr rr+
admin     market.promotion_refund paid_order rb rrrr rr+
good      market.promotion_stars_quote approved_order +b +++0 000
account   market.star_payment_take
admin     market.star_payment_list
admin     market.star_payment_refund
program   market.star_payment_refunded
open      market.listing_promotion_show          draft 0   public +
program   market.promotion_record
account   market.platform_review_get
admin     market.platform_review_list
good      market.platform_review_set
open      market.rating_get                    shop +
good      market.price_list_apply              shop     .. +++s sss
good      market.price_list_begin              shop     .. +++s sss
account   market.price_list_change_list        shop     .. +++s sss
good      market.price_list_finish             shop     .. +++s sss
account   market.price_list_problem_list       shop     .. +++s sss
good      market.price_list_stage              shop     .. +++s sss
good      market.price_list_summary            shop     .. +++s sss
account   market.reservation_list_mine
account   market.reservation_list_of_listing   draft    ++ +++0 000   public   ++ +++0 000
good      market.reservation_release           sale     +b +++0 000   purchase +b +++0 000
good      market.reservation_sell              sale     +b +++0 000   purchase *b +++0 000
good      market.review_answer                 review   +b +++* ***
open      market.review_list                   shop +
account   market.review_list_of_deal           held     ++ +++0 000   done     ++ +++0 000
good      market.review_write                  held     *b ***0 000   done     +b +++0 000
good      market.saved_search_create           vehicle  +b .... 000
account   market.saved_search_delete           search   ++ .... 000
account   market.saved_search_list
good      market.saved_search_update           search   +b .... 000
account   market.search_alert_list             search   ++ .... 000
open      market.search_complete
moderator market.search_miss_list
open      market.search_miss_record
open      market.search_suggest
good      market.shop_create
account   market.shop_goods_export             shop     .. +++s sss
open      market.shop_get                      shop +
good      market.shop_invitation_accept        link     .. ***+ +++
good      market.shop_invitation_create        shop     .. +sss sss
account   market.shop_invitation_list          shop     .. +sss sss
good      market.shop_invitation_revoke        invitation .. +ss0 000
program   market.shop_token_authenticate
good      market.shop_token_create             shop     .. ++ss sss
account   market.shop_token_list               shop     .. ++ss sss
good      market.shop_token_revoke             shop_token .. ++ss sss
program   market.shop_token_used
account   market.shop_leave                    shop     .. *+++ +++
account   market.shop_list_mine
account   market.shop_listing_list             shop     .. +++s sss
account   market.shop_member_list              shop     .. +++s sss
good      market.shop_member_remove            member   .. +sss sss
good      market.shop_member_role_set          member   .. +sss sss
good      market.shop_update                   shop     .. ++ss sss
admin     notify.alerts_report
program   notify.broadcast_advance
admin     notify.broadcast_audience_count
admin     notify.broadcast_cancel
admin     notify.broadcast_create
admin     notify.broadcast_get
admin     notify.broadcast_list
admin     notify.broadcast_pause
admin     notify.broadcast_resume
admin     notify.broadcast_start
admin     notify.broadcast_update
admin     notify.dead_letter_count
admin     notify.dead_letter_list
admin     notify.dead_letter_purge
admin     notify.dead_letter_purge_all
admin     notify.dead_letter_replay
admin     notify.dead_letter_replay_all
nothing   notify.dialog_answered
account   notify.dialog_keep
account   notify.dialog_take
good      notify.event_list
good      notify.event_open
program   notify.event_position
program   notify.event_read
account   notify.notice_list
account   notify.notice_read
account   notify.notice_unread_count
account   notify.object_mute_add
account   notify.object_mute_list
account   notify.object_mute_remove
program   notify.outbox_claim
program   notify.outbox_finish
account   notify.topic_list
account   notify.topic_set
admin     ops.audit_list
open      ops.clock_now
open      ops.contract_get
nothing   ops.idempotency_begin
nothing   ops.idempotency_finish
open      ops.log_position
open      ops.log_reached
admin     ops.setting_list
admin     ops.setting_set
account   people.erasure_get
account   people.export_open
account   people.export_part                   export   ++ .... 000
program   people.session_create_link
program   people.session_create_oidc
program   people.session_create_telegram
account   people.sign_in_link_answer
program   people.sign_in_link_create
account   people.sign_in_link_get
program   people.telegram_user_get
good      people.ticket_create
program   people.ticket_use
program   people.token_authenticate
good      people.token_create
account   people.token_list
account   people.token_revoke                  token    ++ .... 000
program   people.token_used
program   people.tokens_ended
account   notify.webhook_list                    shop     .. ++ss sss
good      notify.webhook_create                  shop     .. ++ss sss
good      notify.webhook_update                  webhook  .. ++ss sss
good      notify.webhook_rotate                  webhook  .. ++ss sss
good      notify.webhook_delete                  webhook  .. ++ss sss
account   notify.webhook_delivery_list           webhook  .. ++ss sss
good      notify.webhook_redeliver               delivery .. ++ss sss
account   notify.webhook_delivery_get            delivery .. ++ss sss
good      notify.webhook_redeliver_since         webhook  .. ++ss sss
good      notify.webhook_ping                    webhook  .. ++ss sss
program   notify.webhooks_stats
program   notify.webhooks_advance
program   notify.webhook_claim
program   notify.webhook_finish
admin     people.user_block
open      people.user_card
good      people.user_erase
account   people.user_get
moderator people.user_list
admin     people.user_role_set
program   people.user_start
admin     people.user_unblock
good      people.user_update
";
