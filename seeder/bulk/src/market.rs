//! Who is in the market: what is true of the person and of the shop with this number.
//!
//! The market grows in blocks of a thousand listings with five hundred people and twenty shops. What belongs to a block refers to
//! it and to earlier ones, so that a market that grows keeps every row that it had.

use crate::catalogue::Catalogue;
use crate::permute::Permutation;
use crate::rng::{Key, Rng};
use crate::sample::Zipf;
use crate::season::{DAY, HOUR, MINUTE, moment};

/// Listings of a block.
pub const LISTINGS: u64 = 1000;
/// People of a block.
pub const PEOPLE: u64 = 500;
/// Shops of a block.
pub const SHOPS: u64 = 20;
/// Places in a block that are kept for moderators; in most blocks ordinary people have them.
const STAFF: u64 = 10;
/// Places in a block for the people of one shop.
const SHOP_PEOPLE: u64 = 5;
/// From this place on the people of a block are in no shop.
pub const ORDINARY: u64 = STAFF + SHOPS * SHOP_PEOPLE;
/// Two moderators for so many people.
const MODERATED: u64 = 10_000;
/// Articles of all makers together, whatever the size of the market: in a large one more sellers have the same.
const ARTICLES: u64 = 300_000;
/// Days for which looking and asking are counted unless another number is wanted.
pub const COUNTED_DAYS: u32 = 28;
/// Telegram's ids lie below this.
const TELEGRAM_IDS: u64 = 7_500_000_000;

/// What the rows are made from: the same market gives the same rows.
#[derive(Debug)]
pub struct Market {
    /// The seed.
    pub seed: u64,
    /// When it opened, in microseconds since 2000-01-01 UTC.
    pub from: i64,
    /// The moment that it is shown at; nothing happened later.
    pub to: i64,
    /// So long before that looking and asking were first counted, in microseconds.
    pub counted: i64,
    /// Whether the values are as bad as they may be.
    pub adversarial: bool,
    /// What it refers to.
    pub catalogue: Catalogue,
    /// Which articles are met how often.
    pub articles: Zipf,
    /// Which vehicles are met how often.
    pub vehicles: Zipf,
    telegram: Permutation,
}

/// A language of the bot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// Russian.
    Ru,
    /// English.
    En,
}

/// A person.
#[derive(Debug, Clone)]
pub struct Person {
    /// Since when.
    pub created_at: i64,
    /// Whether he, or she.
    pub is_he: bool,
    /// What they read.
    pub language: Language,
    /// When they were blocked, for good or for a time.
    pub banned: Option<(i64, i64)>,
    /// A stream for whatever else is asked of them.
    pub rng: Rng,
}

/// Somebody who acts for a shop.
#[derive(Debug, Clone, Copy)]
pub struct Member {
    /// Who.
    pub person: u64,
    /// `owner`, `manager` or `seller`.
    pub role: &'static str,
    /// Since when.
    pub joined_at: i64,
}

/// A shop.
#[derive(Debug, Clone)]
pub struct Shop {
    /// Since when.
    pub created_at: i64,
    /// The town.
    pub place: i64,
    /// The owner first.
    pub members: Vec<Member>,
    /// A stream for whatever else is asked of it.
    pub rng: Rng,
}

impl Market {
    /// A market over this catalogue and this time.
    #[must_use]
    pub fn new(seed: u64, from: i64, to: i64, catalogue: Catalogue) -> Self {
        Self {
            seed,
            from,
            to,
            counted: COUNTED_DAYS as i64 * DAY,
            adversarial: false,
            articles: Zipf::new(ARTICLES, 0.85),
            vehicles: Zipf::new(catalogue.vehicles.len() as u64, 0.7),
            catalogue,
            telegram: Permutation::new(Key::new(seed, "telegram@1"), TELEGRAM_IDS),
        }
    }

    /// The streams of one thing.
    #[must_use]
    pub fn key(&self, name: &str) -> Key {
        Key::new(self.seed, name)
    }

    /// `admin`, `moderator` or `user`.
    #[must_use]
    pub const fn role(number: u64) -> &'static str {
        match (number, number % MODERATED) {
            (0, _) => "admin",
            (_, 1 | 2) => "moderator",
            _ => "user",
        }
    }

    /// One of the moderators that there are when the market has so many blocks.
    pub fn moderator(rng: &mut Rng, blocks: u64) -> u64 {
        let at = rng.below(2 * (blocks * PEOPLE).div_ceil(MODERATED));
        at / 2 * MODERATED + 1 + at % 2
    }

    /// A Telegram id that nobody else has.
    #[must_use]
    pub const fn telegram(&self, number: u64) -> u64 {
        100_000_000 + self.telegram.apply(number)
    }

    /// The person with this number.
    #[must_use]
    pub fn person(&self, number: u64) -> Person {
        let mut rng = self.key("person@1").row(number);
        let place = number % PEOPLE;
        let created_at = match Self::role(number) {
            "user" if (STAFF..ORDINARY).contains(&place) => {
                // Who keeps a shop was there before the rush.
                moment(
                    &mut rng,
                    self.from + DAY,
                    self.from + (self.to - self.from) / 2,
                    1.2,
                )
            }
            "user" => moment(&mut rng, self.from + DAY, self.to - 2 * DAY, 1.5),
            _ => self.from + rng.below(HOUR as u64) as i64,
        };
        let is_he = rng.permille(780);
        let language = if rng.permille(60) {
            Language::En
        } else {
            Language::Ru
        };
        let is_banned = place >= ORDINARY && rng.permille(6);
        let banned = is_banned.then(|| {
            let at = moment(&mut rng, created_at + MINUTE, self.to, 1.0).max(created_at + MINUTE);
            let days = rng.pick(&[0, 0, 0, 7, 30, 365]).copied().unwrap_or(0);
            let until = if days == 0 { i64::MAX } else { at + days * DAY };
            (at, until)
        });
        Person {
            created_at,
            is_he,
            language,
            banned: banned.filter(|(at, _)| *at < self.to),
            rng,
        }
    }

    /// One of the ordinary people of so many blocks; a few do much.
    pub fn somebody(rng: &mut Rng, blocks: u64, skew: f64) -> u64 {
        let each = PEOPLE - ORDINARY;
        let at = early(rng, blocks * each, skew);
        at / each * PEOPLE + ORDINARY + at % each
    }

    /// One of the shops of so many blocks; the early ones have grown large.
    #[must_use]
    pub fn some_shop(&self, rng: &mut Rng, blocks: u64) -> u64 {
        // One shop with a tenth of the goods of shops, which is a twentieth of all.
        if self.adversarial && rng.permille(110) {
            return 0;
        }
        early(rng, blocks * SHOPS, 2.1)
    }

    /// Who founded this shop.
    #[must_use]
    pub const fn founder(shop: u64) -> u64 {
        shop / SHOPS * PEOPLE + STAFF + shop % SHOPS * SHOP_PEOPLE
    }

    /// The shop with this number.
    #[must_use]
    pub fn shop(&self, number: u64) -> Shop {
        let mut rng = self.key("shop@1").row(number);
        let founder = Self::founder(number);
        let since = self.person(founder).created_at;
        let created_at = moment(&mut rng, since + MINUTE, since + (self.to - since) / 2, 0.6);
        let place = self.catalogue.place(&mut rng);
        let mut members = vec![Member {
            person: founder,
            role: "owner",
            joined_at: created_at,
        }];
        let hands = rng
            .pick(&[0, 0, 0, 1, 1, 1, 2, 2, 3, 4])
            .copied()
            .unwrap_or(0);
        for hand in 1..=hands {
            let role = if hand == 1 { "manager" } else { "seller" };
            self.join(&mut members, &mut rng, founder + hand, role, created_at);
        }
        // A person may be in several shops: the founder of an earlier one helps out here.
        if number > 0 && rng.permille(80) {
            let other = Self::founder(rng.below(number));
            self.join(&mut members, &mut rng, other, "seller", created_at);
        }
        Shop {
            created_at,
            place,
            members,
            rng,
        }
    }

    fn join(
        &self,
        members: &mut Vec<Member>,
        rng: &mut Rng,
        person: u64,
        role: &'static str,
        since: i64,
    ) {
        let since = since.max(self.person(person).created_at) + HOUR;
        let joined_at = moment(rng, since, since + (self.to - since) / 3, 0.8);
        if joined_at < self.to - DAY {
            members.push(Member {
                person,
                role,
                joined_at,
            });
        }
    }
}

/// A number below `count`, the early ones more often: the share of the first 1/n falls as n to the 1/skew.
fn early(rng: &mut Rng, count: u64, skew: f64) -> u64 {
    let at = (libm::pow(rng.unit(), skew) * count as f64) as u64;
    at.min(count.saturating_sub(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn market() -> Market {
        let catalogue = Catalogue {
            places: vec![(1, "moscow".to_owned())],
            place_weights: crate::sample::Weighted::new([1]),
            ..Catalogue::default()
        };
        Market::new(7, 8766 * DAY, 9800 * DAY, catalogue)
    }

    #[test]
    fn nobody_has_two_places_and_no_two_people_one_telegram_id() {
        let mut founders: Vec<u64> = (0..400).map(Market::founder).collect();
        founders.dedup();
        assert_eq!(founders.len(), 400);
        assert!(
            founders
                .iter()
                .all(|f| f % PEOPLE + SHOP_PEOPLE <= ORDINARY)
        );
        let market = market();
        let ids: std::collections::HashSet<u64> = (0..50_000).map(|n| market.telegram(n)).collect();
        assert_eq!(ids.len(), 50_000);
    }

    #[test]
    fn people_act_after_they_came_and_before_the_end() {
        let market = market();
        for number in 0..2_000 {
            let person = market.person(number);
            assert!((market.from..=market.to).contains(&person.created_at));
            if let Some((at, until)) = person.banned {
                assert!(person.created_at < at && at < until && at < market.to);
            }
        }
        for number in 0..80 {
            let shop = market.shop(number);
            for member in &shop.members {
                assert!(member.joined_at >= shop.created_at);
                assert!(member.joined_at >= market.person(member.person).created_at);
                assert!(member.joined_at < market.to);
            }
        }
    }

    #[test]
    fn chosen_people_exist_and_moderators_are_moderators() {
        let mut rng = Rng::new(1);
        for blocks in [1, 2, 40, 2000] {
            for _ in 0..500 {
                let somebody = Market::somebody(&mut rng, blocks, 1.6);
                assert!(somebody < blocks * PEOPLE);
                assert_eq!(Market::role(somebody), "user");
                let moderator = Market::moderator(&mut rng, blocks);
                assert!(moderator < blocks * PEOPLE, "{moderator} {blocks}");
                assert_eq!(Market::role(moderator), "moderator");
            }
        }
    }
}
