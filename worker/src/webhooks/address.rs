//! Where nobody may have this server call: its own network. Names are looked up here, and the connection goes to the very
//! addresses that were looked at, so a name that answers differently the second time is no way in.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use ipnet::IpNet;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// Whether an address is one of the public internet.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => is_public_v6(v6),
    }
}

/// By the registry of special addresses of IANA (RFC 6890 and its successors).
fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    !(address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_multicast()
        || address.is_documentation()
        || a == 0
        || a >= 240
        // Shared by customers of a provider; protocols; benchmarks; the former 6to4 relay.
        || a == 100 && (64..128).contains(&b)
        || (a, b, c) == (192, 0, 0)
        || a == 198 && (b == 18 || b == 19)
        || (a, b, c) == (192, 88, 99))
}

/// Only global unicast, and nothing that leads to an IPv4 address by itself: mapped, translated and tunnelled ones.
fn is_public_v6(address: Ipv6Addr) -> bool {
    let [first, second, ..] = address.segments();
    first & 0xe000 == 0x2000
        // Documentation, 6to4, and 2001::/23 with Teredo and ORCHID in it.
        && !(first == 0x2001 && (second < 0x200 || second == 0xdb8))
        && first != 0x2002
        && first & 0xfff0 != 0x3ff0
}

/// Which addresses are called.
#[derive(Clone)]
pub struct Reach {
    /// Networks that the operator trusts.
    pub trusted: Vec<IpNet>,
    /// Whether the public internet is called too.
    pub is_public: bool,
}

impl Reach {
    /// Whether this address is called.
    pub fn has(&self, address: IpAddr) -> bool {
        self.is_public && is_public(address)
            || self
                .trusted
                .iter()
                .any(|network| network.contains(&address))
    }
}

/// Looks names up, and knows only the addresses that are called.
impl Resolve for Reach {
    fn resolve(&self, name: Name) -> Resolving {
        let reach = self.clone();
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let called: Vec<SocketAddr> = found.filter(|found| reach.has(found.ip())).collect();
            if called.is_empty() {
                return Err(if reach.is_public {
                    "the name has no public address".into()
                } else {
                    "without TLS only trusted networks are called".into()
                });
            }
            Ok(Box::new(called.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trusted_network_is_called_and_its_neighbours_are_not() {
        let reach = |is_public| Reach {
            trusted: vec![
                "10.20.0.0/16".parse().unwrap(),
                "fd12::/48".parse().unwrap(),
            ],
            is_public,
        };
        for (address, with_public, without) in [
            ("10.20.255.1", true, true),
            ("10.21.0.1", false, false),
            ("fd12::5", true, true),
            ("fd13::5", false, false),
            // Not by a way round.
            ("::ffff:10.20.0.1", false, false),
            ("8.8.8.8", true, false),
        ] {
            let address = address.parse().unwrap();
            assert_eq!(reach(true).has(address), with_public, "{address}");
            assert_eq!(reach(false).has(address), without, "{address}");
        }
    }

    #[test]
    fn addresses_of_ones_own_network_and_ways_round_to_them_are_not_public() {
        for private in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "224.0.0.1",
            "255.255.255.255",
            "192.0.0.8",
            "198.18.0.1",
            "203.0.113.7",
            "::1",
            "::",
            "::ffff:127.0.0.1",
            "::ffff:8.8.8.8",
            "64:ff9b::7f00:1",
            "64:ff9b:1::1",
            "fe80::1",
            "fc00::1",
            "ff02::1",
            "2002:7f00:1::",
            "2001:0:1::1",
            "2001:db8::1",
            "::127.0.0.1",
            "100::1",
        ] {
            assert!(!is_public(private.parse().unwrap()), "{private}");
        }
        for public in [
            "8.8.8.8",
            "93.184.215.14",
            "100.128.0.1",
            "2a00:1450:4001:829::200e",
            "2606:4700::1111",
        ] {
            assert!(is_public(public.parse().unwrap()), "{public}");
        }
    }
}
