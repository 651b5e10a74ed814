"""Opening the desk to browsers: on which address, and when that is refused."""

from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

import uvicorn

from monitor.desk.app import desk
from monitor.desk.house import Doors, House, is_loopback
from monitor.exceptions import ConfigError
from monitor.workspace import Workspace


@dataclass(frozen=True, kw_only=True)
class Listening:
    """Where and how to listen; TLS needs both files."""

    host: str
    port: int
    origin: str | None = None
    user_header: str | None = None
    certificate: Path | None = None
    key: Path | None = None

    @property
    def address(self) -> str:
        """What to type into a browser."""
        scheme = "http" if self.certificate is None else "https"
        return self.origin or f"{scheme}://{_bracketed(self.host)}:{self.port}"


def doors(where: Listening) -> Doors:
    """How people come in; raises ConfigError for an origin that is no http(s) address."""
    origin = where.origin
    if origin is not None:
        parts = urlsplit(origin)
        if parts.scheme not in ("http", "https") or not parts.netloc or parts.path not in ("", "/"):
            raise ConfigError(f"{origin}: write the public address like https://desk.example.org")
        origin = f"{parts.scheme}://{parts.netloc}"
    secure = where.certificate is not None or (origin or "").startswith("https:")
    made = Doors(origin=origin, user_header=where.user_header, secure=secure)
    return replace(made, hosts=(*made.hosts, _bracketed(where.host)))


def check(where: Listening, house: House) -> None:
    """Refuse what would let strangers in.

    Raises ConfigError for an address beyond this machine without accounts, or without TLS or a
    proxy that has it; and for a proxy's header on an address that others reach directly.
    """
    if (where.certificate is None) != (where.key is None):
        raise ConfigError("TLS needs both a certificate and its key")
    if is_loopback(where.host):
        return
    if house.is_private:
        raise ConfigError(
            f"{where.host} can be reached by others: add accounts first "
            "(`monitor desk add-account NAME --role admin`)"
        )
    if not house.doors.secure:
        raise ConfigError(
            f"{where.host} can be reached by others: give --certificate and --key, or the "
            "https address of the proxy before it with --origin"
        )
    if where.user_header is not None:
        raise ConfigError(
            "--user-header trusts whoever connects: listen on 127.0.0.1, where only the proxy does"
        )


def serve(space: Workspace, where: Listening) -> None:
    """Serve until SIGINT or SIGTERM; raises ConfigError where that would be unsafe."""
    house = House(space, doors(where))
    try:
        check(where, house)
        uvicorn.run(
            desk(house),
            host=where.host,
            port=where.port,
            ssl_certfile=where.certificate,
            ssl_keyfile=where.key,
            proxy_headers=False,
            server_header=False,
            log_level="warning",
        )
    finally:
        house.close()


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
