"""Why a request brought no page, in the words of the ledger."""

import zlib

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)
from twisted.python.failure import Failure

from db.records import Outcome

ROBOTS = "robots"
ROBOTS_UNREACHABLE = "robots unreachable"
REST = "Retry-After rest"
PRIVATE = "private address"
# One more try at the end of the run is worth its cost only where the cause may have passed.
PASSING = frozenset(("time-out", "connect", "proxy", "truncated", "5xx", "DNS"))

_FAILURES: tuple[tuple[type[Exception], Outcome, str], ...] = (
    (CannotResolveHostError, "failed", "DNS"),
    (DownloadTimeoutError, "failed", "time-out"),
    (DownloadConnectionRefusedError, "failed", "connect"),
    (ResponseDataLossError, "failed", "truncated"),
    (DownloadCancelledError, "failed", "too big"),
    (UnsupportedURLSchemeError, "filtered", "scheme"),
)
_TLS_WORDS = ("SSL", "TLS", "certificate")


class Refused(IgnoreRequest):
    """Raised when one of our own rules stops a request; carries its outcome in the ledger."""

    def __init__(self, outcome: Outcome, reason: str) -> None:
        super().__init__(f"{outcome}: {reason}")
        self.outcome = outcome
        self.reason = reason


def outcome_of(error: BaseException) -> tuple[Outcome, str]:
    """The outcome and reason of a request that ended in an error; "crash" if we know none.

    >>> outcome_of(Refused("blocked", "robots"))
    ('blocked', 'robots')
    """
    if isinstance(error, Refused):
        return error.outcome, error.reason
    if isinstance(error, CannotResolveHostError) and PRIVATE in str(error):
        return "filtered", PRIVATE
    for kind, outcome, reason in _FAILURES:
        if isinstance(error, kind):
            return outcome, reason
    if isinstance(error, DownloadFailedError):
        return "failed", _network_reason(error)
    if isinstance(error, IgnoreRequest):
        return "failed", _scrapy_reason(str(error))
    if isinstance(error, OSError | EOFError | zlib.error):
        return "failed", "bad encoding"  # of the content: gzip that cannot be unpacked
    return "failed", _network_reason(error)


def _network_reason(error: BaseException) -> str:
    """What lies under an error of the download; Twisted wraps the causes in a list."""
    under = _causes(error)
    if any(word in under for word in _TLS_WORDS):
        return "TLS"
    # Something came, but no HTTP: the connection ended well, the answer never began.
    if ("ResponseFailed" in under and "ConnectionDone" in under) or "Content-Length" in under:
        return "malformed answer"
    if "Tunnel" in under:
        return "proxy"  # ours, not the site's
    lost = ("Connection", "ResponseNeverReceived", "TransportError", "DataLoss")
    return "connect" if any(word in under for word in lost) else "crash"


def _causes(error: BaseException) -> str:
    found: list[str] = []
    waiting: list[object] = [error]
    while waiting and len(found) < 20:
        one = waiting.pop()
        one = one.value if isinstance(one, Failure) else one
        found.append(f"{type(one).__name__} {one}")
        waiting.extend(getattr(one, "reasons", ()))
        waiting.extend(cause for cause in (getattr(one, "__cause__", None),) if cause)
    return " ".join(found)


def _scrapy_reason(text: str) -> str:
    if "max redirections" in text:
        return "too many redirects"
    return "too big" if "MAXSIZE" in text else "refused"
