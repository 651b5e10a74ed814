"""No request to a private address, however it is written."""

import ipaddress

import pytest
from scrapy.exceptions import CannotResolveHostError
from twisted.internet.error import DNSLookupError

from monitor.middlewares.guard import Allowed, GuardResolver, is_public, is_reserved, refusal
from monitor.middlewares.outcomes import outcome_of

PRIVATE_HOSTS = [
    "127.0.0.1", "127.1", "0x7f.1", "0x7f000001", "2130706433", "0177.0.0.1", "0.0.0.0",
    "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "224.0.0.1",
    "255.255.255.255", "::1", "[::1]", "::ffff:127.0.0.1", "::ffff:a9fe:a9fe", "::127.0.0.1",
    "64:ff9b::7f00:1", "2002:7f00:1::", "fe80::1%eth0", "fc00::1", "ff02::1",
    "localhost", "LOCALHOST", "localhost.", "a.localhost", "printer.local", "db.internal",
]  # fmt: skip
PUBLIC_HOSTS = [
    "8.8.8.8", "apa.az", "2606:4700::1111", "::ffff:8.8.8.8", "localhost.az", "10news.az",
    "internal.az", "1.az",
]  # fmt: skip


@pytest.mark.parametrize("host", PRIVATE_HOSTS)
def test_private_hosts_are_refused_in_every_spelling(host: str) -> None:
    assert refusal(host, Allowed()) == "private address"


@pytest.mark.parametrize("host", PUBLIC_HOSTS)
def test_public_hosts_are_not_refused(host: str) -> None:
    assert refusal(host, Allowed()) is None


@pytest.mark.parametrize(
    ("host", "allowed"),
    [
        ("127.0.0.1", True),
        ("0x7f000001", True),
        ("::1", False),
        ("10.0.3.4", True),
        ("10.1.0.1", False),
        ("intranet.local", True),
        ("other.local", False),
    ],
)
def test_exceptions_are_exactly_those_the_operator_wrote(host: str, allowed: bool) -> None:
    exceptions = Allowed(["127.0.0.1", "10.0.0.0/16", "intranet.local"])
    assert (refusal(host, exceptions) is None) == allowed


def test_a_name_that_resolves_to_a_private_address_is_not_found() -> None:
    resolver = GuardResolver(None, 0, 1.0)  # type: ignore[arg-type]
    assert resolver._check("8.8.8.8", "a.az") == "8.8.8.8"
    with pytest.raises(DNSLookupError, match="private address"):
        resolver._check("169.254.169.254", "rebinding.az")


def test_such_a_name_is_told_from_one_that_does_not_exist() -> None:
    assert outcome_of(CannotResolveHostError("DNS lookup failed: a.az")) == ("failed", "DNS")
    private = CannotResolveHostError("a.az resolves to the private address 10.0.0.1")
    assert outcome_of(private) == ("filtered", "private address")


def test_multicast_is_not_public_though_python_says_global() -> None:
    assert not is_public(ipaddress.ip_address("224.0.1.1"))


@pytest.mark.parametrize(
    ("host", "reserved"),
    [
        ("127.0.0.1", True), ("a.test", True), ("example.org", True), ("x.invalid", True),
        ("10.0.0.1", False), ("test.az", False), ("apa.az", False), ("myexample.org", False),
    ],
)  # fmt: skip
def test_hosts_that_can_be_no_real_site_are_known(host: str, reserved: bool) -> None:
    assert is_reserved(host) == reserved
