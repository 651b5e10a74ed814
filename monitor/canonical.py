"""Identity of articles: one canonical URL for all the addresses under which a site shows one.

Pure functions. What differs from site to site comes in as `UrlRules`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import (
    parse_qsl,
    quote,
    unquote_to_bytes,
    urlencode,
    urljoin,
    urlsplit,
    urlunsplit,
)

# Parameters that never choose an article: campaign and click ids, sessions, comment anchors.
_NOISE = re.compile(
    r"utm_\w+|fbclid|gclid|dclid|yclid|ymclid|msclkid|twclid|igshid|mc_[ce]id|_ga|_gl|_hs\w+|"
    r"phpsessid|jsessionid|sessionid|sid|s_cid|cmpid|at_(medium|campaign|custom\d)|ref_src|"
    r"share|nocache|_openstat|__twitter_impression|replytocom|amp",
    re.IGNORECASE,
)
# `?v=updated`, but not the `?v=` of a video.
_NOISE_PAIRS = frozenset([("v", "updated"), ("ref", "rss"), ("from", "rss"), ("source", "rss")])
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_PATH_SAFE = "/:@!$&'()*+,;=-._~"
_DEFAULT_PORT = {"http": 80, "https": 443}
_EDITIONS = ("www.", "m.", "mobile.", "amp.")


@dataclass(frozen=True, kw_only=True)
class UrlRules:
    """What is particular to one site.

    `hosts` maps each host (with the path prefix after which the site begins, if it shares the host)
    to the home host; `offsite` are foreign hosts on which its articles may lie.
    """

    home: str
    hosts: tuple[tuple[str, str], ...] = ()
    offsite: frozenset[str] = frozenset()
    keep: frozenset[str] = frozenset()
    drop: frozenset[str] = frozenset()
    number: re.Pattern[str] | None = None


def url_rules(  # noqa: PLR0913 - one argument a setting of the source
    *,
    home: str,
    endpoints: Iterable[str] = (),
    aliases: Iterable[str] = (),
    offsite: Iterable[str] = (),
    keep: Iterable[str] = (),
    drop: Iterable[str] = (),
    number: re.Pattern[str] | None = None,
) -> UrlRules:
    """The rules of a source from its settings; endpoints may lie on hosts of their own."""
    home_host = _host(home)
    pairs = [(name.partition("/")[0], "/" + name.partition("/")[2]) for name in aliases]
    return UrlRules(
        home=home_host,
        hosts=tuple((host, path.rstrip("/")) for host, path in pairs),
        offsite=frozenset([*offsite, *(_host(url) for url in endpoints)]),
        keep=frozenset(keep),
        drop=frozenset(drop),
        number=number,
    )


def canonical(url: str, rules: UrlRules) -> str | None:
    """The one form of an address; None for what is no address of the web.

    >>> rules = url_rules(home="https://www.apa.az/")
    >>> canonical("HTTP://m.APA.az:80/a/%7ex/?utm_source=rss&id=3&b=1#top", rules)
    'http://www.apa.az/a/~x?b=1&id=3'
    >>> canonical("javascript:alert(1)", rules) is None
    True
    """
    parts = _split(url)
    if parts is None:
        return None
    scheme, host, port, path, query = parts
    home, path = _home_of(host, path, rules)
    netloc = home if port in (None, _DEFAULT_PORT[scheme]) else f"{home}:{port}"
    path = _one_spelling(path).rstrip("/") or "/"
    return urlunsplit((scheme, netloc, path, _meaningful(query, rules), ""))


def resolve(link: str, base: str) -> str | None:
    """The absolute address of a link, cleaned of what no server sees; None if it has none.

    >>> resolve(" /a b?x=ə#c ", "http://h.az/feed/")
    'http://h.az/a%20b?x=%C9%99'
    """
    try:
        parts = urlsplit(urljoin(base, re.sub(r"[\t\r\n]", "", link.strip())))
        if parts.scheme not in _DEFAULT_PORT or not parts.hostname:
            return None
        netloc = (
            parts.netloc.encode("idna").decode() if not parts.netloc.isascii() else parts.netloc
        )
    except (ValueError, UnicodeError):
        return None
    path = quote(parts.path, safe="%" + _PATH_SAFE) or "/"
    return urlunsplit((parts.scheme, netloc, path, quote(parts.query, safe="%?/" + _PATH_SAFE), ""))


def article_number(url: str, rules: UrlRules) -> str | None:
    """The number by which the site knows the article, where the source says how to find it."""
    found = rules.number.search(url) if rules.number else None
    return found[1] if found else None


def in_scope(url: str, rules: UrlRules) -> bool:
    """Whether an address lies on the source's own hosts, its mirrors or allowed foreign hosts.

    Subdomains of the home host belong to it; a sibling such as `evil-apa.az` does not.
    """
    parts = _split(url)
    if parts is None:
        return False
    host, path = parts[1], parts[3]
    if host in rules.offsite or _is_edition(host, rules.home):
        return True
    return any(host == alias and path.startswith(prefix) for alias, prefix in rules.hosts)


def same_page(url: str, other: str) -> bool:
    """Whether two canonical URLs differ in nothing but http and https."""
    return url.partition("://")[2] == other.partition("://")[2]


def is_front_page(url: str) -> bool:
    """Whether an address is a site's front page, in any language.

    >>> is_front_page("http://h.az/az/"), is_front_page("http://h.az/?p=3")
    (True, False)
    """
    parts = urlsplit(url)
    return not parts.query and re.fullmatch(r"/?([a-z]{2}(-[a-z]{2})?)?/?", parts.path) is not None


def host_of(url: str) -> str:
    """The host of an address, lower case, without port; empty if it has none."""
    try:
        return (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""


def _host(url: str) -> str:
    return host_of(url)


def _split(url: str) -> tuple[str, str, int | None, str, str] | None:
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname, parts.port
        if parts.scheme not in _DEFAULT_PORT or not host:
            return None
        return parts.scheme, _ascii_host(host.rstrip(".")), port, parts.path, parts.query
    except (ValueError, UnicodeError):
        return None


def _ascii_host(host: str) -> str:
    return host if host.isascii() else host.encode("idna").decode()


def _home_of(host: str, path: str, rules: UrlRules) -> tuple[str, str]:
    """The home host and the path there of an address on one of the site's mirrors."""
    for alias, prefix in rules.hosts:
        if host == alias and path.startswith(prefix):
            return rules.home, path.removeprefix(prefix)
    same = _bare(host) == _bare(rules.home)
    return (rules.home if same else host), path


def _bare(host: str) -> str:
    for edition in _EDITIONS:
        if host.startswith(edition) and host.count(".") > 1:
            return host.removeprefix(edition)
    return host


def _is_edition(host: str, home: str) -> bool:
    bare = _bare(home)
    return host == bare or (host.endswith(f".{bare}") and not _is_address(bare))


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _one_spelling(path: str) -> str:
    """Percent-encoding unified: upper-case hex, and only where it is needed."""
    path = re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", path)
    path = re.sub(r"(?:%[0-9A-Fa-f]{2})+", _decoded_unreserved, path)
    return quote(path, safe="%" + _PATH_SAFE)


def _decoded_unreserved(encoded: re.Match[str]) -> str:
    raw = unquote_to_bytes(encoded[0])
    return "".join(chr(byte) if byte in _UNRESERVED else f"%{byte:02X}" for byte in raw)


def _meaningful(query: str, rules: UrlRules) -> str:
    pairs = parse_qsl(query, keep_blank_values=True, errors="surrogateescape")
    kept = [(name, value) for name, value in pairs if not _is_noise(name, value, rules)]
    return urlencode(sorted(kept), errors="surrogateescape")


def _is_noise(name: str, value: str, rules: UrlRules) -> bool:
    if name in rules.keep:
        return False
    noise = _NOISE.fullmatch(name) or (name.lower(), value.lower()) in _NOISE_PAIRS
    return bool(noise) or name in rules.drop
