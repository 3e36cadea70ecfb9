//! What the bot can be told by a word with a slash, and what a link to it is for.

use kardan_schema::ListingId;
use uuid::Uuid;

/// A command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command<'a> {
    /// Begin, with what the link carried.
    Start(&'a str),
    /// A new listing.
    New,
    /// One's own listings.
    My,
    /// The cabinet.
    Me,
    Deals,
    Favourites,
    /// One's vehicles.
    Garage,
    Shops,
    /// The language, and what is told.
    Settings,
    /// What the bot can do.
    Help,
    /// Leave what was begun.
    Cancel,
    /// The moderators' queue.
    Moderate,
    /// Everything else that moderators and administrators do.
    Office,
    /// People with this name or number.
    Users(&'a str),
    /// What many people are told.
    Broadcasts,
    /// Payments in Stars.
    Payments,
    /// Help with a payment, which Telegram wants of every bot that takes Stars.
    PaySupport,
}

/// The names of commands, in the order in which Telegram shows them. Those of moderators and administrators are not shown to everybody.
pub const SHOWN: [&str; 11] = [
    "new",
    "my",
    "me",
    "deals",
    "favourites",
    "garage",
    "shops",
    "settings",
    "help",
    "cancel",
    "start",
];

impl<'a> Command<'a> {
    /// A text that begins with a command, to this bot where it names one.
    pub fn of(text: &'a str, bot: &str) -> Option<Self> {
        let (name, rest) = split(text, bot)?;
        match name.as_str() {
            "start" => Some(Self::Start(rest)),
            "new" | "sell" => Some(Self::New),
            "my" => Some(Self::My),
            "me" => Some(Self::Me),
            "deals" => Some(Self::Deals),
            "favourites" => Some(Self::Favourites),
            "settings" => Some(Self::Settings),
            "help" => Some(Self::Help),
            "cancel" => Some(Self::Cancel),
            "moderate" => Some(Self::Moderate),
            "office" => Some(Self::Office),
            "users" => Some(Self::Users(rest.trim())),
            "payments" => Some(Self::Payments),
            "paysupport" => Some(Self::PaySupport),
            "garage" => Some(Self::Garage),
            "broadcasts" => Some(Self::Broadcasts),
            "shops" => Some(Self::Shops),
            _ => None,
        }
    }
}

/// The name of a command and what stands behind it; none for what is no command, or one to another bot.
pub fn split<'a>(text: &'a str, bot: &str) -> Option<(String, &'a str)> {
    let text = text.trim().strip_prefix('/')?;
    let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let name = match word.split_once('@') {
        Some((name, to)) if to.eq_ignore_ascii_case(bot) => name,
        Some(_) => return None,
        None => word,
    };
    Some((name.to_lowercase(), rest.trim()))
}

/// What a link to the bot is for.
#[derive(Debug, PartialEq, Eq)]
pub enum Errand<'a> {
    /// A browser waits to be let in.
    SignIn(&'a str),
    /// The contacts of a listing.
    Contact(ListingId),
    /// A listing.
    Listing(ListingId),
    /// A deal that is to be reviewed.
    Review(Uuid),
    /// An invitation into a shop.
    Join(&'a str),
    /// Nothing, or nothing that is known.
    None,
}

impl<'a> Errand<'a> {
    pub fn of(start: &'a str) -> Self {
        let start = start.trim();
        // A link of a post names the post behind the listing.
        let listing = |text: &str| {
            let listing = text.split('-').next().unwrap_or_default();
            listing.parse().ok().map(ListingId)
        };
        match start.split_once('_') {
            Some(("login", nonce)) => Self::SignIn(nonce),
            Some(("c", text)) => listing(text).map_or(Self::None, Self::Contact),
            Some(("l", text)) => listing(text).map_or(Self::None, Self::Listing),
            Some(("r", deal)) => Uuid::parse_str(deal).map_or(Self::None, Self::Review),
            Some(("i", token)) => Self::Join(token),
            _ => Self::None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_read_however_it_is_written_and_one_to_another_bot_is_none() {
        fn of(text: &str) -> Option<Command<'_>> {
            Command::of(text, "kardan_bot")
        }
        assert_eq!(of("/start c_42"), Some(Command::Start("c_42")));
        assert_eq!(of(" /Start@Kardan_bot\nx "), Some(Command::Start("x")));
        assert_eq!(of("/start"), Some(Command::Start("")));
        for name in SHOWN {
            assert!(of(&format!("/{name}")).is_some(), "{name}");
        }
        for none in ["/help@other_bot", "help", "/", "/helpme", ""] {
            assert_eq!(of(none), None, "{none}");
        }
    }

    #[test]
    fn a_link_is_read_for_its_errand_and_nonsense_is_none() {
        assert_eq!(Errand::of("login_abc_d"), Errand::SignIn("abc_d"));
        assert_eq!(Errand::of("c_42-7"), Errand::Contact(ListingId(42)));
        assert_eq!(Errand::of(" l_42 "), Errand::Listing(ListingId(42)));
        assert_eq!(Errand::of("i_kdn_i_x"), Errand::Join("kdn_i_x"));
        let deal = Uuid::from_u128(7);
        let start = format!("r_{}", deal.simple());
        assert_eq!(Errand::of(&start), Errand::Review(deal));
        for nonsense in ["", "c_", "c_x", "r_7", "z_1", "hello"] {
            assert_eq!(Errand::of(nonsense), Errand::None, "{nonsense}");
        }
    }
}
