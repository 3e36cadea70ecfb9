//! Price lists of shops on their way out and in. Out: page by page. In: rows are handed over and judged, then seen, then taken over piece by piece. All calls of an upload
//! are one transaction; undone, it was a rehearsal.

use serde_json::Value;

use crate::{ListingId, ShopId, Status, UserId};

row! {
    /// What an upload would change.
    pub struct PriceListSummary {
        /// Rows that were handed over.
        pub row_count: i32,
        /// Goods that the shop does not have yet.
        pub new_count: i32,
        /// Goods that the file changes.
        pub changed_count: i32,
        /// Goods that are as the file says, or wait for the next upload.
        pub unchanged_count: i32,
        /// Goods that were sold or put away, of which the file has no pieces.
        pub left_count: i32,
        /// Rows that cannot be taken over.
        pub refused_count: i32,
        /// Goods that moderators get to see.
        pub checked_count: i32,
        /// Goods that they get to see after the next upload.
        pub later_count: i32,
        /// Goods for sale that the file does not name.
        pub missing_count: i32,
        /// How often each field changes: `{field: count}`.
        pub field_counts: Value,
    }

    /// A row that is new or changes something.
    pub struct PriceListChange {
        /// Its number in the file.
        pub row_number: i32,
        /// The shop's code.
        pub code: String,
        /// The listing; none for something new.
        pub listing_id: Option<ListingId>,
        /// What it is called then.
        pub title: String,
        /// `new` or `changed`.
        pub outcome: String,
        /// Where the listing is; none for something new.
        pub from_status: Option<Status>,
        /// Where it is then.
        pub to_status: Status,
        /// What changes: `{field: {from, to}}`.
        pub changes: Value,
    }

    /// A row with which something is wrong.
    pub struct PriceListProblem {
        /// Its number in the file.
        pub row_number: i32,
        /// The shop's code, as far as it is known.
        pub code: String,
        /// Whether it is not taken over; otherwise it stays a draft.
        pub is_refused: bool,
        /// The column at fault.
        pub field: String,
        /// The code of the reason.
        pub reason: String,
        /// What the reason says of this row.
        pub detail: Option<String>,
        /// How many such rows there are in all.
        pub problem_count: i32,
    }

    /// What became of a piece of an upload.
    pub struct PriceListApplied {
        /// The last row of the piece; none when nothing is left.
        pub last_row: Option<i32>,
        /// Rows that were taken over.
        pub applied: i32,
        /// Rows whose listing was changed by somebody meanwhile.
        pub stale: i32,
    }

    /// A good as price lists name it.
    pub struct ShopGood {
        /// The listing.
        pub listing_id: ListingId,
        /// The shop's code; may be empty.
        pub code: String,
        /// Its title.
        pub title: String,
        /// Price of a piece: `1234.50`.
        pub price: String,
        /// Wholesale price of a piece, where there is one.
        pub wholesale_price: Option<String>,
        /// The quantity where it begins.
        pub wholesale_quantity: Option<i32>,
        /// Pieces on the shelf, with those that are held for buyers.
        pub stock: i32,
        /// The slug of the subcategory.
        pub category: String,
        /// The brand's name; may be empty.
        pub brand: String,
        /// The part number; may be empty.
        pub part_number: String,
        /// Its state of repair.
        pub condition: String,
        /// The slug of the town.
        pub place: String,
        /// The currency, ISO 4217.
        pub currency: String,
        /// The description; may be empty.
        pub description: String,
        /// Whom to ask for; may be empty.
        pub contact_name: String,
        /// The phone; may be empty.
        pub contact_phone: String,
        /// The Telegram name; may be empty.
        pub contact_telegram: String,
        /// Where the listing is.
        pub status: Status,
    }

    /// How an upload ends.
    pub struct PriceListFinished {
        /// Goods that were taken back because the file does not name them.
        pub withdrawn: i32,
        /// Whether nothing is left to do.
        pub is_over: bool,
    }
}

entries! {
    "market";

    /// The goods of a shop as price lists name them.
    fn shop_goods_export[ShopGoodsExport](
        /// The acting person, a member of the shop.
        actor: UserId,
        /// The shop.
        shop: ShopId,
        /// How many, 1 to 1000; none means 500.
        limit: Option<i32>,
        /// The last listing of the part before.
        after_listing: Option<ListingId>,
    ) -> many<ShopGood>;

    /// Begins an upload.
    fn price_list_begin(actor: UserId, shop: ShopId) -> none;

    /// Hands over rows of the file.
    fn price_list_stage[PriceListStage](
        /// The acting person, a member of the shop.
        actor: UserId,
        /// The shop.
        shop: ShopId,
        /// At most 1000 of `{row, code, title, …}`, cells as they were written.
        rows: Value,
        /// What new goods get where their row is empty: `{column: cell}`.
        defaults: Value,
        /// Whether what is a draft is to be checked and published.
        submit: bool,
    ) -> none;

    /// What the upload would change. Moderators get at most so many goods, none means 2000.
    fn price_list_summary(actor: UserId, shop: ShopId, checks: Option<i32>) -> one<PriceListSummary>;

    /// The first rows that are new or change something, at most 1000.
    fn price_list_change_list(actor: UserId, shop: ShopId, limit: Option<i32>) -> many<PriceListChange>;

    /// The first rows with which something is wrong, at most 1000.
    fn price_list_problem_list(actor: UserId, shop: ShopId, limit: Option<i32>) -> many<PriceListProblem>;

    /// Takes the next rows over.
    fn price_list_apply[PriceListApply](
        /// The acting person, a member of the shop.
        actor: UserId,
        /// The shop.
        shop: ShopId,
        /// The last row of the piece before.
        after: Option<i32>,
        /// How many, 1 to 1000; none means 500.
        limit: Option<i32>,
    ) -> one<PriceListApplied>;

    /// Ends an upload.
    fn price_list_finish[PriceListFinish](
        /// The acting person, a member of the shop.
        actor: UserId,
        /// The shop.
        shop: ShopId,
        /// Whether goods that the file does not name are taken back.
        withdraw: bool,
        /// How many at a time, 1 to 1000; none means 500.
        limit: Option<i32>,
    ) -> one<PriceListFinished>;
}
