"""Causes of problems in plain words, and how heavy a failure is: the tables of health."""

from collections.abc import Mapping

from db.health_rows import Copies, Severity, Trouble

HARD, SOFT, TEMPORARY = 1.0, 0.5, 0.25

# cause: (in plain words, what may mend it)
CAUSES: Mapping[str, tuple[str, str]] = {
    "unreachable": (
        "cannot be reached",
        "open the site in a browser; if it is up there, try a mirror (aliases) or a longer timeout",
    ),
    "address": (
        "its address shows nothing any more",
        "check the address (url, also) with `monitor sources preview`",
    ),
    "format": (
        "shows something else than it should",
        "open the address; if the site has moved its feed, correct url or kind",
    ),
    "busy": (
        "is overloaded or asks us to rest",
        "raise delay or every for this source; it is asked again when its rest is over",
    ),
    "blocked": (
        "the site blocks us or challenges us",
        "try its sitemap or feed, or write to the site; robots and captchas are not evaded",
    ),
    "robots": (
        "robots.txt forbids the address",
        "ask the site, or read another endpoint; robots_override needs a reason",
    ),
    "robots unreachable": (
        "robots.txt cannot be read, so nothing may be asked for",
        "open robots.txt in a browser; after 30 days the operator decides (robots_override)",
    ),
    "empty": ("lists nothing at all", "open the address; if it is for good, read another endpoint"),
    "window missed": (
        "shows nothing of what it showed at the last reading: articles may have been missed",
        "read it more often (every), and add a sitemap or listing under also",
    ),
    "behind": (
        "known articles are not visited again in time",
        "raise revisits_per_run, or read the source more often",
    ),
    "missing": (
        "many articles are missing at once",
        "open one of them; if the site is being rebuilt, wait; removals are held back",
    ),
    "layout": (
        "pages are read without their text",
        "the layout has changed: set content_selector, try it with `monitor sources preview`",
    ),
    "volume": (
        "far fewer or far more articles than in other weeks",
        "look at the site; far more may mean that follow or skip lets listings in",
    ),
    "silent": (
        "nothing new",
        "look at the site: if it still publishes, its feed or layout has changed",
    ),
    "ours": ("the monitor itself failed", "see the log of the run; report it if it comes again"),
}

# reason in the ledger: cause; anything else an endpoint says is about its format
_CAUSE_OF: Mapping[str, str] = {
    **dict.fromkeys(
        ("DNS", "TLS", "connect", "proxy", "time-out", "5xx", "truncated", "malformed answer",
         "too big", "bad encoding", "too many redirects", "refused"),
        "unreachable",
    ),
    **dict.fromkeys(("404", "410", "soft 404", "bad redirect", "scheme", "parked domain",
                     "private address", "off-site"), "address"),
    **dict.fromkeys(("429", "Retry-After rest"), "busy"),
    **dict.fromkeys(("401", "403", "451", "challenge", "consent", "geo", "needs JavaScript",
                     "paywall without text"), "blocked"),
    "robots": "robots",
    "robots unreachable": "robots unreachable",
    "crash": "ours",
}  # fmt: skip
_HARD = frozenset(
    ("410", "401", "403", "451", "challenge", "consent", "geo", "needs JavaScript", "robots",
     "scheme", "bad redirect", "parked domain", "paywall without text", "private address")
)  # fmt: skip
_TEMPORARY = frozenset(("proxy",))  # DNS that says "try again" reads like DNS that says no


_SEVERAL_PAGES = 3  # one may be refused for what it is
WAYBACK_MEND = (
    "if it is down, none is needed: it is asked again; else open wayback_url in a browser, "
    "or set wayback = false"
)


def wayback_words(copies: Copies) -> str | None:
    """What is wrong with the copies at the Internet Archive, if several pages were not saved.

    No source's problem: `monitor status` says it, and the log once.
    """
    if copies.in_vain < _SEVERAL_PAGES:
        return None
    asked = f"the last {copies.in_vain} pages it was asked for"
    return f"the Internet Archive saved none of {asked} ({copies.error})"


def cause_of(reason: str, otherwise: str) -> str:
    """The cause under which a reason of the ledger is told.

    >>> cause_of("time-out", "format"), cause_of("400", "format"), cause_of("not a feed", "format")
    ('unreachable', 'address', 'format')
    """
    return _CAUSE_OF.get(reason) or ("address" if _is_4xx(reason) else otherwise)


def weight(reason: str) -> float:
    """How heavy one failure is: hard 1, soft 0.5, temporary 0.25 (after Media Cloud).

    Other 4xx than 404 and 429 are hard: they do not pass by themselves.

    >>> weight("403"), weight("404"), weight("proxy"), weight("400")
    (1.0, 0.5, 0.25, 1.0)
    """
    if reason in _TEMPORARY:
        return TEMPORARY
    if reason in ("404", "429"):
        return SOFT
    return HARD if reason in _HARD or _is_4xx(reason) else SOFT


def trouble(cause: str, severity: Severity, what: str, heavy: float = HARD) -> Trouble:
    """A trouble of a known cause: `what` says where or how much."""
    words, mend = CAUSES[cause]
    return Trouble(
        cause=cause, severity=severity, words=f"{words}: {what}", mend=mend, weight=heavy
    )


def _is_4xx(reason: str) -> bool:
    return len(reason) == 3 and reason.startswith("4") and reason.isdecimal()
