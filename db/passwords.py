"""Passwords as they are kept: salted scrypt hashes, checked in constant time."""

import hmac
import secrets
from hashlib import scrypt

from monitor.exceptions import BadInput

SHORTEST_PASSWORD = 12
_COST = {"n": 2**14, "r": 8, "p": 5, "maxmem": 64 * 2**20}  # OWASP's second choice for scrypt
NOTHING_FITS = "scrypt$00$00"  # stands for the hash of who may not sign in


def hash_password(password: str) -> str:
    """A salted scrypt hash with its cost; raises BadInput for a short password."""
    if len(password) < SHORTEST_PASSWORD:
        raise BadInput(f"password: at least {SHORTEST_PASSWORD} characters; a sentence is best")
    salt = secrets.token_bytes(16)
    return f"scrypt${salt.hex()}${_stretched(password, salt).hex()}"


def is_password(stored: str, password: str) -> bool:
    """Whether a password fits a stored hash; takes as long for one that nothing fits."""
    _, salt, digest = stored.split("$")
    return hmac.compare_digest(_stretched(password, bytes.fromhex(salt)), bytes.fromhex(digest))


def _stretched(password: str, salt: bytes) -> bytes:
    return scrypt(password.encode(), salt=salt, dklen=32, **_COST)
