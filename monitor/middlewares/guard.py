"""No request leaves for a private address, a foreign host or, without a contact, a real host.

Names are judged by the address they resolve to at the connection, so changing it between two
look-ups gains nothing; literal addresses and redirects by their URL. Behind a proxy of the operator
(`http_proxy`) the proxy resolves the names: then only literal addresses and local names are seen.
"""

import ipaddress
import re
import socket
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.resolver import CachingThreadedResolver
from twisted.internet.base import ReactorBase
from twisted.internet.defer import Deferred
from twisted.internet.error import DNSLookupError

from monitor.canonical import host_of, in_scope
from monitor.middlewares.outcomes import PRIVATE, Refused

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_LOCAL_NAMES = re.compile(r"(^|\.)(localhost|local|internal|localdomain|home\.arpa)$")
# Names that can never be a real site (RFC 2606, RFC 6761): the tests and the demo live there.
_RESERVED = re.compile(r"(^|\.)(test|example|invalid|localhost)$|(^|\.)example\.(com|net|org)$")


class Allowed:
    """The operator's explicit exceptions: addresses, networks, hosts."""

    def __init__(self, entries: Iterable[str] = ()) -> None:
        self.hosts: set[str] = set()
        self.networks: set[ipaddress.IPv4Network | ipaddress.IPv6Network] = set()
        self.add(entries)

    def add(self, entries: Iterable[str]) -> None:
        for entry in entries:
            try:
                self.networks.add(ipaddress.ip_network(entry, strict=False))
            except ValueError:
                self.hosts.add(entry.lower())

    def host(self, name: str) -> bool:
        return name.lower() in self.hosts

    def address(self, address: Address) -> bool:
        return any(
            address.version == network.version and address in network for network in self.networks
        )


def is_public(address: Address) -> bool:
    """Whether an address is one of the public Internet, also when it hides an IPv4 address.

    >>> is_public(ipaddress.ip_address("8.8.8.8"))
    True
    >>> is_public(ipaddress.ip_address("::ffff:127.0.0.1"))
    False
    """
    if isinstance(address, ipaddress.IPv6Address):
        hidden = _hidden(address)
        if hidden is not None:
            return is_public(hidden)
    # Python counts multicast among the global addresses.
    return address.is_global and not address.is_multicast


def literal_address(host: str) -> Address | None:
    """The address a host is written as, in any of the spellings a resolver takes; else None.

    >>> literal_address("0x7f.1"), literal_address("2130706433"), literal_address("apa.az")
    (IPv4Address('127.0.0.1'), IPv4Address('127.0.0.1'), None)
    """
    plain = host.strip("[]").partition("%")[0]
    try:
        return ipaddress.ip_address(plain)
    except ValueError:
        pass
    if not re.fullmatch(r"[0-9a-fA-FxX.]+", plain) or not plain[0].isdigit():
        return None
    try:
        return ipaddress.IPv4Address(socket.inet_aton(plain))
    except OSError:
        return None


def is_reserved(host: str) -> bool:
    """Whether a host can be no real site: loopback, or a name reserved for tests."""
    address = literal_address(host)
    return address.is_loopback if address else _RESERVED.search(host.lower()) is not None


def refusal(host: str, allowed: Allowed) -> str | None:
    """Why no request may be sent to a host as it is written, or None."""
    if not host:
        return "scheme"
    if allowed.host(host):
        return None
    address = literal_address(host)
    if address is not None:
        return None if is_public(address) or allowed.address(address) else PRIVATE
    return PRIVATE if _LOCAL_NAMES.search(host.lower().rstrip(".")) else None


class GuardResolver(CachingThreadedResolver):
    """Resolves names, but to no private address unless it is allowed or the operator's proxy.

    There is one for the process, made before any source is known: each crawl adds to `allowed`.
    """

    allowed = Allowed()

    def __init__(self, reactor: ReactorBase, cache_size: int, timeout: float) -> None:
        super().__init__(reactor, cache_size, timeout)
        self._proxies = {host for url in getproxies().values() if (host := urlsplit(url).hostname)}

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> "Deferred[str]":
        answer = super().getHostByName(name, timeout)
        if name in self._proxies or self.allowed.host(name):
            return answer
        return answer.addCallback(self._check, name)

    def _check(self, address: str, name: str) -> str:
        found = ipaddress.ip_address(address)
        if is_public(found) or self.allowed.address(found):
            return address
        raise DNSLookupError(f"{name} resolves to the {PRIVATE} {address}")


class GuardMiddleware:
    """Judges every request and redirect by its URL, before a name is resolved or a proxy asked."""

    def __init__(self, crawler: Crawler) -> None:
        spider: Any = crawler.spider
        self._allowed = Allowed(spider.resources.settings.crawl.allow_addresses)
        GuardResolver.allowed.add(spider.resources.settings.crawl.allow_addresses)
        self._rules = spider.rules
        self._nameless = spider.resources.settings.has_placeholder_contact

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "GuardMiddleware":
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        if urlsplit(request.url).scheme not in ("http", "https"):
            raise Refused("filtered", "scheme")
        host = host_of(request.url)
        reason = refusal(host, self._allowed)
        if reason is not None:
            raise Refused("filtered", reason)
        if self._nameless and not is_reserved(host) and not self._allowed.host(host):
            raise Refused("filtered", "no contact configured")
        if not request.meta.get("any_host") and not in_scope(request.url, self._rules):
            raise Refused("filtered", "off-site")


def _hidden(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address inside a mapped, 6to4, Teredo, NAT64 or compatible IPv6 address."""
    if address.ipv4_mapped or address.sixtofour:
        return address.ipv4_mapped or address.sixtofour
    if address.teredo:
        return address.teredo[1]
    low = int(address) & 0xFFFF_FFFF
    if address in _NAT64 or (int(address) >> 32 == 0 and low > 1):
        return ipaddress.IPv4Address(low)
    return None
