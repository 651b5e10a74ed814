"""Our exceptions, one sentence each: raised when."""


class MonitorError(Exception):
    """Base of all errors a user can mend: one sentence with the place and the mend."""


class ConfigError(MonitorError):
    """Raised when a configuration file cannot be used; the text has one error a line."""


class StoreError(MonitorError):
    """Raised when the database cannot be opened, written or migrated."""


class LockHeld(MonitorError):
    """Raised when another run holds the lock on the data directory."""


class BadInput(MonitorError):
    """Raised when a file given by the user is not what it should be."""


class Unreadable(MonitorError):
    """Raised when a page yields no article; `outcome` and `reason` are words of the ledger."""

    def __init__(self, outcome: str, reason: str) -> None:
        super().__init__(f"{outcome}: {reason}")
        self.outcome = outcome
        self.reason = reason

    def __reduce__(self) -> tuple[type["Unreadable"], tuple[str, str]]:
        """Survive the way home from a worker process."""
        return Unreadable, (self.outcome, self.reason)


class Overtaken(MonitorError):
    """Raised when somebody else decided on a flag since its reviewer looked at it."""

    def __init__(self, flag: int, who: str, decision: str) -> None:
        super().__init__(f"flag {flag}: {who} decided meanwhile: {decision}")
        self.flag = flag
