"""Hashes and checks passwords: the one place that knows the library (R24, R57).

Argon2id with 19 MiB, two passes and one lane (OWASP Password Storage Cheat Sheet). Nothing here logs,
and nothing here keeps what it was given.
"""

import secrets
import unicodedata
from functools import cache
from typing import Any

MEMORY_KIB = 19_456
PASSES = 2
LANES = 1
PLACEHOLDER_BYTES = 32
MAX_OCTETS = 4096
"""What the library takes at most; NFKC can make many of few characters."""


@cache
def _context() -> Any:
    """The library, imported where it is used: most commands hash nothing.

    A context, and not its Argon2 handler: the handler alone cannot verify before it has hashed once.
    """
    from passlib.context import CryptContext

    return CryptContext(
        schemes=["argon2"],
        argon2__type="ID",
        argon2__memory_cost=MEMORY_KIB,
        argon2__time_cost=PASSES,
        argon2__parallelism=LANES,
    )


def hash_password(password: str) -> str:
    """Return the hash of a password that `db.rules.passwords` has accepted."""
    return _hash(_octets(password))


def verify_password(candidate: str, hashed: str) -> bool:
    """Whether a candidate is the password behind a hash.

    A hash that cannot be read lets nobody in, after the same work as any other (R15).
    """
    octets = _octets(candidate)
    if len(octets) > MAX_OCTETS:
        verify_password("", hashed)  # the same work, and nobody's password
        return False
    try:
        return bool(_context().verify(octets, hashed))
    except ValueError:
        _hash(octets)
        return False


def needs_rehash(hashed: str) -> bool:
    """Whether a hash was made with other parameters than today's, or cannot be read."""
    try:
        return bool(_context().needs_update(hashed))
    except ValueError:
        return True


def placeholder_hash() -> str:
    """Return the hash of random bytes that nobody keeps: as costly to check as any other (R15)."""
    return _hash(secrets.token_bytes(PLACEHOLDER_BYTES))


def _hash(octets: bytes) -> str:
    return str(_context().hash(octets))


def _octets(text: str) -> bytes:
    """The bytes that are hashed: NFKC (R24); half a surrogate is no reason to skip the work."""
    return unicodedata.normalize("NFKC", text).encode("utf-8", "surrogatepass")
