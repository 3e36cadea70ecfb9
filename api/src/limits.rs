//! How many requests one caller may make: a bucket for each token, and one for each address without a token.

use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::num::NonZeroU32;

use axum::extract::ConnectInfo;
use axum::http::{Extensions, HeaderMap, HeaderName, HeaderValue};
use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota};
use uuid::Uuid;

use crate::problem::{Own, Problem};

/// Seconds of the steady rate that may come at once.
const BURST: u32 = 5;

/// Files that an address may ask for while it may ask for one other thing: a page of listings shows one of each.
const FILES: u32 = 20;

/// The buckets of one server.
pub struct Limits {
    anonymous: Option<Bucket<IpAddr>>,
    files: Option<Bucket<IpAddr>>,
    token: Option<Bucket<Uuid>>,
    proxies: usize,
}

struct Bucket<K: Hash + Eq + Clone> {
    limiter: DefaultKeyedRateLimiter<K>,
    clock: DefaultClock,
    most: u32,
}

impl Limits {
    /// Buckets for so many requests a second; 0 means none.
    pub fn new(anonymous: u32, token: u32, proxies: usize) -> Self {
        Self {
            anonymous: Bucket::new(anonymous),
            files: Bucket::new(anonymous.saturating_mul(FILES)),
            token: Bucket::new(token),
            proxies,
        }
    }

    /// Takes one request of an address.
    pub fn address(&self, headers: &HeaderMap, extensions: &Extensions) -> Result<(), Problem> {
        match &self.anonymous {
            Some(bucket) => bucket.take(&self.client(headers, extensions)),
            None => Ok(()),
        }
    }

    /// Takes one request of an address for a file.
    pub fn file(&self, headers: &HeaderMap, extensions: &Extensions) -> Result<(), Problem> {
        match &self.files {
            Some(bucket) => bucket.take(&self.client(headers, extensions)),
            None => Ok(()),
        }
    }

    /// Takes one request of a token.
    pub fn token(&self, token: Uuid) -> Result<(), Problem> {
        self.token
            .as_ref()
            .map_or(Ok(()), |bucket| bucket.take(&token))
    }

    /// Forgets buckets that are full again.
    pub fn tidy(&self) {
        for bucket in self.anonymous.iter().chain(&self.files) {
            bucket.limiter.retain_recent();
        }
        if let Some(bucket) = &self.token {
            bucket.limiter.retain_recent();
        }
    }

    /// The address of who asks, as far as proxies are believed.
    pub fn client(&self, headers: &HeaderMap, extensions: &Extensions) -> IpAddr {
        let peer = extensions
            .get::<ConnectInfo<SocketAddr>>()
            .map(|peer| peer.0.ip());
        let forwarded = || {
            // Proxies may add a line of their own: only all lines together tell the order.
            let lines: Vec<&str> = headers
                .get_all("x-forwarded-for")
                .iter()
                .map(|line| line.to_str().ok())
                .collect::<Option<_>>()?;
            lines
                .join(",")
                .rsplit(',')
                .nth(self.proxies.checked_sub(1)?)?
                .trim()
                .parse()
                .ok()
        };
        network(
            forwarded()
                .or(peer)
                .unwrap_or(IpAddr::V6(Ipv6Addr::UNSPECIFIED)),
        )
    }
}

/// Who has one address of IPv6 has the whole /64.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
            Some(v4) => IpAddr::V4(v4),
            None => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & (u128::MAX << 64))),
        },
        v4 @ IpAddr::V4(_) => v4,
    }
}

impl<K: Hash + Eq + Clone> Bucket<K> {
    fn new(rate: u32) -> Option<Self> {
        let rate = NonZeroU32::new(rate)?;
        let most = rate.saturating_mul(NonZeroU32::new(BURST)?);
        let quota = Quota::per_second(rate).allow_burst(most);
        Some(Self {
            limiter: DefaultKeyedRateLimiter::keyed(quota),
            clock: DefaultClock::default(),
            most: most.get(),
        })
    }

    fn take(&self, key: &K) -> Result<(), Problem> {
        let Err(until) = self.limiter.check_key(key) else {
            return Ok(());
        };
        let wait = until.wait_time_from(self.clock.now());
        let text =
            |text: String| HeaderValue::try_from(text).unwrap_or(HeaderValue::from_static(""));
        Err(Problem::from(Own::TooManyRequests)
            .retry_after(wait)
            .header(
                HeaderName::from_static("ratelimit-policy"),
                text(format!("\"default\";q={};w={BURST}", self.most)),
            )
            .header(
                HeaderName::from_static("ratelimit"),
                text(format!("\"default\";r=0;t={}", wait.as_secs() + 1)),
            ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(forwarded: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(
            HeaderName::from_static("x-forwarded-for"),
            HeaderValue::from_static(forwarded),
        )])
    }

    #[test]
    fn a_forwarded_address_is_believed_only_as_far_as_there_are_proxies() {
        let client = |proxies| {
            Limits::new(1, 1, proxies)
                .client(&headers("1.1.1.1, 2.2.2.2, 3.3.3.3"), &Extensions::new())
        };
        assert_eq!(client(0), IpAddr::V6(Ipv6Addr::UNSPECIFIED));
        assert_eq!(client(1), IpAddr::from([3, 3, 3, 3]));
        assert_eq!(client(2), IpAddr::from([2, 2, 2, 2]));
    }

    #[test]
    fn a_bucket_gives_its_burst_and_then_says_when_to_come_back() {
        let bucket = Bucket::new(2).unwrap();
        for _ in 0..10 {
            assert!(bucket.take(&1).is_ok());
        }
        assert!(bucket.take(&1).is_err());
        assert!(bucket.take(&2).is_ok());
    }
}
