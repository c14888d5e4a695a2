"""An audit event as canonical bytes, with salted commitments in the place of personal values.

The body is JSON with its fields in the order of `Body`; the exact text is stored and hashed, and
never serialised again (R5). Version 1.
"""

import hashlib
import os
from collections.abc import Callable
from datetime import UTC, datetime

import msgspec

GENESIS = "0" * 64
ERASE = "erase-customer"  # the one operation whose events may stand for emptied values (R6)
SALT_BYTES = 16
FINGERPRINT = "fingerprint"
"""The detail that tells a repeated request from another one under the same id."""
new_salt: Callable[[], str] = lambda: os.urandom(SALT_BYTES).hex()  # noqa: E731  # tests put a counter here


class Commitment(msgspec.Struct, frozen=True, array_like=True):
    """A field with what binds its clear values without telling them (R6)."""

    field: str
    before: str | None
    after: str | None


class Body(msgspec.Struct, frozen=True, kw_only=True):
    """The canonical content of an event (R3); the order of these fields is part of the format."""

    v: int = 1
    seq: int
    prev: str
    at: str
    operator: str
    role: str
    session: str
    key: str | None
    source: str
    operation: str
    outcome: str
    customer: int | None
    target: str | None
    target_version: int | None
    interaction: int | None
    verification: int | None
    change_request: int | None
    ticket: str | None
    request: str | None
    app: str
    details: tuple[Commitment, ...]


class Detail(msgspec.Struct, frozen=True):
    """A clear value on its way into the log."""

    field: str
    before: str | None = None
    after: str | None = None


class SealedDetail(msgspec.Struct, frozen=True):
    """A clear value with the salts that its commitments were made with."""

    field: str
    before: str | None
    before_salt: str | None
    after: str | None
    after_salt: str | None


def commit(value: str | None, salt: str | None) -> str | None:
    """Return the commitment to a value: SHA-256 over salt and text, in hex."""
    if value is None or salt is None:
        return None
    return hashlib.sha256(bytes.fromhex(salt) + value.encode()).hexdigest()


def seal(detail: Detail) -> SealedDetail:
    """Give each value of a detail a salt of its own."""
    return SealedDetail(
        detail.field,
        detail.before,
        None if detail.before is None else new_salt(),
        detail.after,
        None if detail.after is None else new_salt(),
    )


def commitment(sealed: SealedDetail) -> Commitment:
    """Return what the body says about a sealed detail."""
    return Commitment(
        sealed.field, commit(sealed.before, sealed.before_salt), commit(sealed.after, sealed.after_salt)
    )


def moment(at: datetime) -> str:
    """Write a time as the body does: UTC, milliseconds, Z."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


_encoder = msgspec.json.Encoder()


def encode(body: Body) -> str:
    """Return the canonical text of a body."""
    return _encoder.encode(body).decode()


def digest(text: str) -> str:
    """Return the event hash of a body's text; the previous hash is inside the body."""
    return hashlib.sha256(text.encode()).hexdigest()
