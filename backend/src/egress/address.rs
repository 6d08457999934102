//! What an address is, whatever it is dressed up as; pure, never whether it may be connected to.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{Ipv4Net, Ipv6Net};

/// Addresses that answer with a machine's own credentials in one cloud or another.
const METADATA: [IpAddr; 9] = [
    v4(169, 254, 169, 254),
    v4(169, 254, 170, 2),
    v4(169, 254, 170, 23),
    v4(100, 100, 100, 200),
    v4(192, 0, 0, 192),
    v4(168, 63, 129, 16),
    IpAddr::V6(Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254)),
    IpAddr::V6(Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x23)),
    IpAddr::V6(Ipv6Addr::new(0xfd20, 0xce, 0, 0, 0, 0, 0, 0x254)),
];

/// Between a provider and its customers: no public address.
const SHARED: Ipv4Net = Ipv4Net::new_assert(Ipv4Addr::new(100, 64, 0, 0), 10);
/// "This network": a connection to it is one to this machine.
const THIS_NETWORK: Ipv4Net = Ipv4Net::new_assert(Ipv4Addr::UNSPECIFIED, 8);
const RESERVED: Ipv4Net = Ipv4Net::new_assert(Ipv4Addr::new(240, 0, 0, 0), 4);
const NAT64: Ipv6Net = net(0x64_ff9b << 96, 96);
/// Translators of a site: where the address of version 4 stands is its own affair.
const LOCAL_NAT64: Ipv6Net = net(0x64_ff9b_0001 << 80, 48);
const V4_COMPATIBLE: Ipv6Net = net(0, 96);
const SIX_TO_FOUR: Ipv6Net = net(0x2002 << 112, 16);
const TEREDO: Ipv6Net = net(0x2001 << 112, 32);
const SITE_LOCAL: Ipv6Net = net(0xfec0 << 112, 10);

const fn v4(a: u8, b: u8, c: u8, d: u8) -> IpAddr {
    IpAddr::V4(Ipv4Addr::new(a, b, c, d))
}

const fn net(bits: u128, prefix: u8) -> Ipv6Net {
    Ipv6Net::new_assert(Ipv6Addr::from_bits(bits), prefix)
}

/// What an address leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// This machine.
    Loopback,
    /// Whatever is on the same link.
    LinkLocal,
    /// Where a cloud gives a machine its credentials.
    Metadata,
    /// A private network, that of a provider included.
    Private,
    /// Nobody in particular: multicast, broadcast, reserved.
    Nobody,
    /// The internet.
    Public,
}

impl Kind {
    /// What an address is; one of version 4 inside one of version 6 counts as what it is.
    pub fn of(address: IpAddr) -> Self {
        let address = plain(address);
        if METADATA.contains(&address) {
            return Self::Metadata;
        }
        match address {
            IpAddr::V4(address) => of_v4(address),
            IpAddr::V6(address) => of_v6(address),
        }
    }
}

/// The address of version 4 that one of version 6 stands for; else the same address.
pub(super) fn plain(address: IpAddr) -> IpAddr {
    let IpAddr::V6(outer) = address else {
        return address;
    };
    let [_, a, b, _, _, _, c, d] = outer.segments();
    let inner =
        |high: u16, low: u16| IpAddr::V4(Ipv4Addr::from((u32::from(high) << 16) | u32::from(low)));
    let is_own = outer.is_loopback() || outer.is_unspecified();
    let is_compatible = V4_COMPATIBLE.contains(&outer) && !is_own;
    if outer.to_ipv4_mapped().is_some() || NAT64.contains(&outer) || is_compatible {
        inner(c, d)
    } else if SIX_TO_FOUR.contains(&outer) {
        inner(a, b)
    } else if TEREDO.contains(&outer) {
        inner(!c, !d)
    } else {
        address
    }
}

fn of_v4(address: Ipv4Addr) -> Kind {
    if address.is_loopback() || THIS_NETWORK.contains(&address) {
        Kind::Loopback
    } else if address.is_link_local() {
        Kind::LinkLocal
    } else if address.is_private() || SHARED.contains(&address) {
        Kind::Private
    } else if address.is_multicast() || RESERVED.contains(&address) {
        Kind::Nobody
    } else {
        Kind::Public
    }
}

fn of_v6(address: Ipv6Addr) -> Kind {
    if address.is_loopback() || address.is_unspecified() {
        Kind::Loopback
    } else if address.is_unicast_link_local() {
        Kind::LinkLocal
    } else if address.is_unique_local()
        || SITE_LOCAL.contains(&address)
        || LOCAL_NAT64.contains(&address)
    {
        Kind::Private
    } else if address.is_multicast() {
        Kind::Nobody
    } else {
        Kind::Public
    }
}

/// As in "a loopback address".
impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Loopback => "a loopback address",
            Self::LinkLocal => "a link-local address",
            Self::Metadata => "an address of a cloud's metadata",
            Self::Private => "a private address",
            Self::Nobody => "no address of a single machine",
            Self::Public => "a public address",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Kind;

    #[test]
    fn addresses_count_as_what_they_are() {
        for (address, kind) in [
            ("127.0.0.1", Kind::Loopback),
            ("127.255.255.254", Kind::Loopback),
            ("0.0.0.0", Kind::Loopback),
            ("0.1.2.3", Kind::Loopback),
            ("::1", Kind::Loopback),
            ("::", Kind::Loopback),
            ("::ffff:127.0.0.1", Kind::Loopback),
            ("::127.0.0.1", Kind::Loopback),
            ("64:ff9b::7f00:1", Kind::Loopback),
            ("2002:7f00:1::", Kind::Loopback),
            ("2001:0:1:2:3:4:80ff:fffe", Kind::Loopback),
            ("169.254.1.1", Kind::LinkLocal),
            ("fe80::1", Kind::LinkLocal),
            ("::ffff:169.254.1.1", Kind::LinkLocal),
            ("169.254.169.254", Kind::Metadata),
            ("::ffff:169.254.169.254", Kind::Metadata),
            ("64:ff9b::a9fe:a9fe", Kind::Metadata),
            ("2002:a9fe:a9fe::1", Kind::Metadata),
            ("169.254.170.2", Kind::Metadata),
            ("100.100.100.200", Kind::Metadata),
            ("168.63.129.16", Kind::Metadata),
            ("fd00:ec2::254", Kind::Metadata),
            ("10.1.2.3", Kind::Private),
            ("172.16.0.1", Kind::Private),
            ("172.31.255.255", Kind::Private),
            ("192.168.1.1", Kind::Private),
            ("100.64.0.1", Kind::Private),
            ("100.127.255.255", Kind::Private),
            ("fc00::1", Kind::Private),
            ("fd12::1", Kind::Private),
            ("fec0::1", Kind::Private),
            ("64:ff9b:1::7f00:1", Kind::Private),
            ("::ffff:10.0.0.1", Kind::Private),
            ("224.0.0.1", Kind::Nobody),
            ("255.255.255.255", Kind::Nobody),
            ("240.0.0.1", Kind::Nobody),
            ("ff02::1", Kind::Nobody),
            ("172.32.0.1", Kind::Public),
            ("100.128.0.1", Kind::Public),
            ("1.1.1.1", Kind::Public),
            ("2606:4700::1", Kind::Public),
            ("64:ff9b::101:101", Kind::Public),
        ] {
            assert_eq!(Kind::of(address.parse().unwrap()), kind, "{address}");
        }
    }
}
