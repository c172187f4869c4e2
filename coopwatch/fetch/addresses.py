"""Which addresses may be connected to: those that anybody can reach, and those that the operator names."""

import ipaddress
import socket
from collections.abc import Callable, Iterable, Sequence

from coopwatch.errors import FetchError

Resolve = Callable[[str], Sequence[str]]
"""Turns a host name into address literals; raises `socket.gaierror` or `UnicodeError`."""

# The IANA registries of special-purpose addresses (RFC 6890 and its successors), multicast (RFC 5771) and
# class E (RFC 1112). Written out, because what `ipaddress` calls global differs between Python releases.
_SPECIAL_V4 = tuple(
    map(
        ipaddress.IPv4Network,
        (
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",
            "240.0.0.0/4",
        ),
    )
)
# Global unicast is all that IANA has given out (RFC 4291), which leaves out every form that carries an IPv4
# address (mapped, compatible, NAT64 64:ff9b::/96), except Teredo in 2001::/23 and 6to4 in 2002::/16.
_GLOBAL_V6 = ipaddress.IPv6Network("2000::/3")
_SPECIAL_V6 = tuple(
    map(ipaddress.IPv6Network, ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "3ffe::/16"))
)


def is_public(address: str) -> bool:
    """Say whether an address literal is one that everybody on the internet can reach."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv4Address):
        return not any(parsed in network for network in _SPECIAL_V4)
    return parsed in _GLOBAL_V6 and not any(parsed in network for network in _SPECIAL_V6)


def is_named(host: str, port: int, allowed: Iterable[str]) -> bool:
    """Say whether the operator allows this host by name, with or without its port."""
    host = host.lower().rstrip(".")
    forms = {host, f"{host}:{port}", f"[{host}]", f"[{host}]:{port}"}
    return not forms.isdisjoint(allowed)


def permit_addresses(
    url: str, host: str, port: int, answers: Sequence[str], allowed: frozenset[str]
) -> tuple[str, ...]:
    """Return the addresses, out of those the name leads to, that may be connected to.

    Raises:
        FetchError: private_address, if there is none.
    """
    if is_named(host, port, allowed):
        return tuple(answers)
    public = tuple(address for address in answers if is_public(address))
    if not public:
        found = ", ".join(answers[:3])
        raise FetchError(
            url,
            "private_address",
            f"{host} is at {found}, which is not public, and COOPWATCH_ALLOW_PRIVATE_HOSTS does not name it",
        )
    return public


def resolve_by_system(host: str) -> tuple[str, ...]:
    """Ask the system's resolver, in its order of preference (RFC 6724)."""
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))
