//! Where Muster may send: every address that a name resolves to is judged before a connection is made.

use super::OutgoingSettings;
use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use std::collections::BTreeSet;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// What an address is, as far as sending to it goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place {
    /// Somewhere on the internet.
    Public,
    /// In the organisation's own network.
    Private,
    /// This machine.
    Loopback,
    /// This network segment, where machines in a cloud find their own credentials.
    LinkLocal,
    /// A cloud's metadata or control service: it hands out credentials to whoever asks from inside.
    Metadata,
    /// A group of machines, no machine, or an address that nobody was given.
    Nowhere,
}

const fn v4(a: u8, b: u8, c: u8, d: u8, prefix: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), prefix)
}

const fn v6(first: [u16; 4], last: u16, prefix: u8) -> Ipv6Net {
    Ipv6Net::new_assert(Ipv6Addr::new(first[0], first[1], first[2], first[3], 0, 0, 0, last), prefix)
}

/// Everything in IPv4 that is not public; the first that contains an address decides.
/// From the IANA IPv4 special-purpose address registry (RFC 6890), and the clouds' own manuals.
const IPV4: [(Ipv4Net, Place); 17] = [
    (v4(100, 100, 100, 200, 32), Place::Metadata), // Alibaba Cloud
    (v4(168, 63, 129, 16, 32), Place::Metadata),   // Azure
    (v4(192, 0, 0, 192, 32), Place::Metadata),     // Oracle Cloud
    (v4(127, 0, 0, 0, 8), Place::Loopback),
    (v4(169, 254, 0, 0, 16), Place::LinkLocal), // with 169.254.169.254 of most clouds
    (v4(10, 0, 0, 0, 8), Place::Private),
    (v4(172, 16, 0, 0, 12), Place::Private),
    (v4(192, 168, 0, 0, 16), Place::Private),
    (v4(100, 64, 0, 0, 10), Place::Private), // shared address space of carriers and overlay networks
    (v4(0, 0, 0, 0, 8), Place::Nowhere),     // "this host", which some systems take for loopback
    (v4(192, 0, 0, 0, 24), Place::Nowhere),
    (v4(192, 0, 2, 0, 24), Place::Nowhere),
    (v4(192, 88, 99, 0, 24), Place::Nowhere),
    (v4(198, 18, 0, 0, 15), Place::Nowhere),
    (v4(198, 51, 100, 0, 24), Place::Nowhere),
    (v4(203, 0, 113, 0, 24), Place::Nowhere),
    (v4(224, 0, 0, 0, 3), Place::Nowhere), // multicast, reserved and broadcast
];

/// The same for IPv6. After these, only what lies in 2000::/3 is public: nothing else is handed out.
const IPV6: [(Ipv6Net, Place); 9] = [
    (v6([0xfd00, 0xec2, 0, 0], 0, 32), Place::Metadata), // Amazon
    (v6([0xfd20, 0xce, 0, 0], 0, 32), Place::Metadata),  // Google
    (v6([0, 0, 0, 0], 1, 128), Place::Loopback),
    (v6([0xfe80, 0, 0, 0], 0, 10), Place::LinkLocal),
    (v6([0xfc00, 0, 0, 0], 0, 7), Place::Private),
    (v6([0xfec0, 0, 0, 0], 0, 10), Place::Private), // site-local, as some old networks still use it
    (v6([0x64, 0xff9b, 1, 0], 0, 48), Place::Private), // an organisation's own translator to IPv4
    (v6([0x2001, 0, 0, 0], 0, 23), Place::Nowhere), // protocol assignments, with Teredo's tunnels
    (v6([0x2001, 0xdb8, 0, 0], 0, 32), Place::Nowhere),
];

const GLOBAL_UNICAST: Ipv6Net = v6([0x2000, 0, 0, 0], 0, 3);
const DOCUMENTATION: Ipv6Net = v6([0x3fff, 0, 0, 0], 0, 20);

impl Place {
    /// What `address` is. An IPv6 address that stands for an IPv4 one is what that one is.
    #[must_use]
    pub fn of(address: IpAddr) -> Self {
        match address {
            IpAddr::V4(a) => IPV4.iter().find(|(net, _)| net.contains(&a)).map_or(Self::Public, |&(_, place)| place),
            IpAddr::V6(a) => match embedded_ipv4(a) {
                Some(inner) => Self::of(inner.into()),
                None => Self::of_ipv6(a),
            },
        }
    }

    fn of_ipv6(a: Ipv6Addr) -> Self {
        match IPV6.iter().find(|(net, _)| net.contains(&a)) {
            Some(&(_, place)) => place,
            None if GLOBAL_UNICAST.contains(&a) && !DOCUMENTATION.contains(&a) => Self::Public,
            None => Self::Nowhere,
        }
    }
}

/// The IPv4 address that an IPv6 address leads to: mapped (`::ffff:a.b.c.d`), compatible (`::a.b.c.d`),
/// translated (`::ffff:0:a.b.c.d` and `64:ff9b::a.b.c.d`) or 6to4 (`2002:aabb:ccdd::`).
fn embedded_ipv4(a: Ipv6Addr) -> Option<Ipv4Addr> {
    let s = a.segments();
    let from = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        Some(Ipv4Addr::new(a, b, c, d))
    };
    match s {
        [0, 0, 0, 0, 0, 0, 0, 0 | 1] => None, // unspecified and loopback are IPv6's own
        [0, 0, 0, 0, 0, 0 | 0xffff, high, low]
        | [0, 0, 0, 0, 0xffff, 0, high, low]
        | [0x64, 0xff9b, 0, 0, 0, 0, high, low]
        | [0x2002, high, low, ..] => from(high, low),
        _ => None,
    }
}

/// What the administrator allows beyond the public internet.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Policy {
    allow_private: bool,
    hosts: BTreeSet<String>,
    nets: Vec<IpNet>,
}

/// An entry of `allow` that is neither a host name, an address nor a network.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("[outgoing] allow: {0:?} is not a host name, an address or a network such as \"10.20.0.0/16\"; correct it")]
pub struct BadEntry(pub String);

impl Policy {
    /// From `muster.toml`.
    ///
    /// # Errors
    /// [`BadEntry`] for the first entry that can't be read.
    pub fn new(settings: &OutgoingSettings) -> Result<Self, BadEntry> {
        let mut policy = Self { allow_private: settings.allow_private, ..Self::default() };
        for entry in &settings.allow {
            if let Ok(net) = entry.parse::<IpNet>() {
                policy.nets.push(net.trunc());
            } else if let Ok(address) = entry.parse::<IpAddr>() {
                policy.nets.push(address.into());
            } else {
                policy.hosts.insert(host_name(entry).ok_or_else(|| BadEntry(entry.clone()))?);
            }
        }
        Ok(policy)
    }

    /// The same with one more host, for the proxy that the administrator named.
    #[must_use]
    pub(super) fn with_host(mut self, host: &str) -> Self {
        match host.trim_matches(['[', ']']).parse::<IpAddr>() {
            Ok(address) => self.nets.push(address.into()),
            Err(_) => drop(self.hosts.insert(canonical(host).to_ascii_lowercase())),
        }
        self
    }

    /// Whether Muster may connect to `address`, found under the name `host`.
    ///
    /// # Errors
    /// [`Refused`], which says what it is and how to allow it.
    pub fn judge(&self, host: &str, address: IpAddr) -> Result<(), Refused> {
        let place = Place::of(address);
        let named = || self.hosts.contains(canonical(host));
        let allowed = match place {
            Place::Public => true,
            Place::Private => self.allow_private || named() || self.in_a_net(address),
            Place::Loopback => named() || self.in_a_net(address),
            // So tempting a target that neither a name, which its owner can point anywhere, nor a
            // broad network such as 0.0.0.0/0 opens it.
            Place::LinkLocal | Place::Metadata => self.nets.contains(&IpNet::from(address.to_canonical())),
            Place::Nowhere => false,
        };
        if allowed { Ok(()) } else { Err(Refused { host: host.to_owned(), address, place }) }
    }

    fn in_a_net(&self, address: IpAddr) -> bool {
        self.nets.iter().any(|net| net.contains(&address) || net.contains(&address.to_canonical()))
    }
}

/// Reads a host name as addresses have it: in lower case and ASCII. Nothing with a wildcard, a port or a path.
fn host_name(text: &str) -> Option<String> {
    let Ok(url::Host::Domain(name)) = url::Host::parse(text) else { return None };
    let plain = name.chars().all(|c| c.is_ascii_alphanumeric() || "-._".contains(c));
    plain.then(|| canonical(&name).to_owned())
}

/// A host name without the dot that marks it as complete.
fn canonical(host: &str) -> &str {
    host.strip_suffix('.').unwrap_or(host)
}

/// Muster does not connect there.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub struct Refused {
    /// As it stands in the address to send to.
    pub host: String,
    /// What it resolved to.
    pub address: IpAddr,
    /// What that is.
    pub place: Place,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { host, address, place } = self;
        let literal = *host == address.to_string();
        if literal {
            write!(f, "{host} is ")?
        } else {
            write!(f, "{host} is {address}, ")?
        }
        match place {
            Place::Public => write!(f, "a public address"),
            Place::Private => write!(
                f,
                "a private address: to allow it, add allow = [\"{host}\"] or allow_private = true to [outgoing] in muster.toml"
            ),
            Place::Loopback => {
                write!(f, "this machine itself: to allow it, add allow = [\"{host}\"] to [outgoing] in muster.toml")
            }
            Place::LinkLocal | Place::Metadata => write!(
                f,
                "where machines find their own credentials: use another address, or add allow = [\"{address}\"] to [outgoing] in muster.toml if it really must be"
            ),
            Place::Nowhere => write!(f, "no address of a machine: correct it"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn policy(allow_private: bool, allow: &[&str]) -> Policy {
        let allow = allow.iter().map(|s| (*s).to_owned()).collect();
        Policy::new(&OutgoingSettings { allow_private, allow, proxy: None }).unwrap()
    }

    #[test]
    fn every_special_range_is_known() {
        for (address, expected) in [
            ("93.184.216.34", Place::Public),
            ("172.15.255.255", Place::Public),
            ("172.32.0.1", Place::Public),
            ("100.128.0.1", Place::Public),
            ("223.255.255.255", Place::Public),
            ("10.0.0.1", Place::Private),
            ("172.31.255.255", Place::Private),
            ("192.168.1.1", Place::Private),
            ("100.64.0.1", Place::Private),
            ("127.0.0.1", Place::Loopback),
            ("127.255.255.254", Place::Loopback),
            ("169.254.169.254", Place::LinkLocal),
            ("169.254.0.1", Place::LinkLocal),
            ("100.100.100.200", Place::Metadata),
            ("168.63.129.16", Place::Metadata),
            ("0.0.0.0", Place::Nowhere),
            ("0.1.2.3", Place::Nowhere),
            ("192.0.2.1", Place::Nowhere),
            ("198.19.255.255", Place::Nowhere),
            ("224.0.0.1", Place::Nowhere),
            ("255.255.255.255", Place::Nowhere),
            ("2606:2800:220:1::1", Place::Public),
            ("::", Place::Nowhere),
            ("::1", Place::Loopback),
            ("fe80::1", Place::LinkLocal),
            ("febf::1", Place::LinkLocal),
            ("fd12:3456::1", Place::Private),
            ("fec0::1", Place::Private),
            ("fd00:ec2::254", Place::Metadata),
            ("fd20:ce::254", Place::Metadata),
            ("ff02::1", Place::Nowhere),
            ("2001::1", Place::Nowhere),
            ("2001:db8::1", Place::Nowhere),
            ("3fff::1", Place::Nowhere),
            ("4000::1", Place::Nowhere),
            ("100::1", Place::Nowhere),
            // IPv4 in disguise
            ("::ffff:127.0.0.1", Place::Loopback),
            ("::ffff:169.254.169.254", Place::LinkLocal),
            ("::ffff:8.8.8.8", Place::Public),
            ("::127.0.0.1", Place::Loopback),
            ("::ffff:0:10.0.0.1", Place::Private),
            ("64:ff9b::a9fe:a9fe", Place::LinkLocal),
            ("64:ff9b:1::1", Place::Private),
            ("2002:7f00:1::1", Place::Loopback),
            ("2002:a00:1::", Place::Private),
        ] {
            assert_eq!(Place::of(address.parse().unwrap()), expected, "{address}");
        }
    }

    #[test]
    fn what_is_allowed_follows_the_settings() {
        let (none, private) = (policy(false, &[]), policy(true, &[]));
        let named = policy(false, &["Push.Internal.example", "localhost"]);
        let nets = policy(false, &["10.1.0.0/16", "127.0.0.1", "::1", "169.254.7.7", "0.0.0.0/0"]);
        for (rules, host, address, expected) in [
            (&none, "push.internal.example", "93.184.216.34", true),
            (&none, "push.internal.example", "10.1.2.3", false),
            (&none, "localhost", "127.0.0.1", false),
            (&private, "push.internal.example", "10.1.2.3", true),
            (&private, "push.internal.example", "fd12::1", true),
            (&private, "push.internal.example", "::ffff:10.1.2.3", true),
            (&private, "localhost", "127.0.0.1", false),
            (&private, "metadata.example", "169.254.169.254", false),
            (&private, "metadata.example", "fd00:ec2::254", false),
            (&private, "metadata.example", "100.100.100.200", false),
            (&named, "push.internal.example", "10.1.2.3", true),
            (&named, "push.internal.example.", "10.1.2.3", true),
            (&named, "other.internal.example", "10.1.2.3", false),
            (&named, "localhost", "::1", true),
            // Whoever owns a name can point it anywhere: that must not open the metadata service.
            (&named, "push.internal.example", "169.254.169.254", false),
            (&named, "push.internal.example", "224.0.0.1", false),
            (&nets, "a.example", "10.1.255.255", true),
            (&nets, "a.example", "::ffff:10.1.255.255", true),
            (&nets, "a.example", "192.168.0.1", true),
            (&nets, "a.example", "::1", true),
            (&nets, "a.example", "169.254.7.7", true),
            (&nets, "a.example", "::ffff:169.254.7.7", true),
            (&nets, "a.example", "169.254.169.254", false),
            (&nets, "a.example", "0.0.0.0", false),
        ] {
            let allowed = rules.judge(host, address.parse().unwrap()).is_ok();
            assert_eq!(allowed, expected, "{host} at {address} under {rules:?}");
        }
    }

    #[test]
    fn an_entry_that_cannot_be_read_is_named() {
        for entry in ["10.0.0.0/33", "*.example.org", "a b", "", "https://a.example", "a.example:80"] {
            let settings = OutgoingSettings { allow: vec![entry.to_owned()], ..OutgoingSettings::default() };
            assert_eq!(Policy::new(&settings), Err(BadEntry(entry.to_owned())), "{entry}");
        }
    }

    #[test]
    fn a_refusal_says_what_to_do() {
        let refused = policy(false, &[]).judge("push.example", "10.1.2.3".parse().unwrap()).unwrap_err();
        assert_eq!(
            refused.to_string(),
            "push.example is 10.1.2.3, a private address: to allow it, add allow = [\"push.example\"] or \
             allow_private = true to [outgoing] in muster.toml"
        );
    }

    proptest! {
        /// No spelling of an IPv4 address in IPv6 is judged more kindly than the address itself.
        #[test]
        fn disguises_change_nothing(bits: u32) {
            let plain = Ipv4Addr::from(bits);
            let [high, low] = [(bits >> 16) as u16, (bits & 0xffff) as u16];
            for disguise in [
                plain.to_ipv6_mapped(),
                Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, high, low),
                Ipv6Addr::new(0x2002, high, low, 0, 0, 0, 0, 1),
                Ipv6Addr::new(0, 0, 0, 0, 0xffff, 0, high, low),
            ] {
                prop_assert_eq!(Place::of(disguise.into()), Place::of(plain.into()), "{} as {}", plain, disguise);
            }
        }
    }
}
