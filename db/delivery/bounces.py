"""Reads a delivery-status notification: which of our mails came back, for good or for now, and why.

Standard notifications only (RFC 3464 in RFC 6522). A mail is known by its Message-ID, which nobody can
guess, and never by the reference printed in it, which is no secret: nobody bounces another's mail.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message as Part
from email.parser import BytesHeaderParser
from email.policy import compat32
from typing import Literal

from db.delivery.lines import safe_reply
from db.delivery.readings import may_be_parsed
from db.errors import Invalid

MAX_BYTES = 200_000
MAX_PARTS = 50
_KEY = re.compile(r"<([0-9a-f]{32})@[^<>\s]{1,253}>")
_STATUS = re.compile(r"\b([245]\.[0-9]{1,3}\.[0-9]{1,3})\b")
# A server that quotes the mail may quote its link: what is as long as a secret is none of its words (R12).
_LIKE_A_SECRET = re.compile(r"[A-Za-z0-9_=-]{32,}")
_NAMES_THE_MAIL = ("Message-ID", "Original-Message-ID", "X-Original-Message-ID", "In-Reply-To", "References")
_GONE, _LATER = "failed", "delayed"


@dataclass(frozen=True)
class Bounce:
    """A mail that came back: the keys that may be its own, how it ended, and the server's words."""

    keys: tuple[str, ...]
    action: Literal["failed", "delayed"]
    status: str
    words: str


def parse_bounce(raw: bytes) -> Bounce:
    """Read a notification; raise `Invalid` for what is none, or is about nothing that failed."""
    if len(raw) > MAX_BYTES:
        raise Invalid("This is too large for a delivery-status notification: at most 200 KB.", code="bounce")
    if not may_be_parsed(raw.decode("latin-1")):
        raise _none()
    try:
        whole = message_from_bytes(raw, policy=compat32)  # the one policy that takes any header as it is
        parts = tuple(_parts(whole))
        groups = [group for part in parts for group in _groups(part)]
        keys = _keys(whole, parts)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        raise _none() from None  # the standard parser fails in all these ways on hostile bytes
    told = [found for group in groups if (found := _told(group)) is not None]
    if not told:
        raise _none()
    if not keys:
        raise Invalid(
            "The notification does not name the mail that it is about: it holds no Message-ID of ours.",
            code="bounce",
        )
    action, status, words = min(told, key=lambda found: found[0] != _GONE)
    return Bounce(keys, action, status, words)


def _none() -> Invalid:
    return Invalid(
        "This is no delivery-status notification about a mail that failed or waits (RFC 3464).", code="bounce"
    )


def _parts(whole: Part) -> Iterator[Part]:
    for place, part in enumerate(whole.walk()):
        if place >= MAX_PARTS:
            return
        yield part


def _groups(part: Part) -> Iterator[Part]:
    """The groups of fields about recipients; the first of a notification is about the server."""
    if part.get_content_type() != "message/delivery-status":
        return
    payload = part.get_payload()
    if isinstance(payload, list):
        yield from (group for group in payload if isinstance(group, Part) and group["Action"] is not None)


def _told(group: Part) -> tuple[Literal["failed", "delayed"], str, str] | None:
    """Action, status and words of one recipient; None where the mail arrived."""
    action = str(group["Action"]).strip().lower()
    if action not in (_GONE, _LATER):
        return None
    diagnostic = str(group["Diagnostic-Code"] or "").partition(";")[2] or str(group["Diagnostic-Code"] or "")
    found = _STATUS.search(str(group["Status"] or "")) or _STATUS.search(diagnostic)
    status = found[1] if found else ""
    words = safe_reply(_LIKE_A_SECRET.sub("(hidden)", diagnostic))
    if status not in words:
        words = safe_reply(f"{status} {words}")
    told: Literal["failed", "delayed"] = "failed" if action == _GONE else "delayed"
    return told, status, words or "The server gave no reason."


def _keys(whole: Part, parts: tuple[Part, ...]) -> tuple[str, ...]:
    """What may be our idempotency key, in the headers of the mail that came back first."""
    found: dict[str, None] = {}
    for part in reversed(parts):
        for headers in _headers(part):
            for name in _NAMES_THE_MAIL:
                for value in headers.get_all(name, []):
                    found.update(dict.fromkeys(_KEY.findall(str(value))))
    return tuple(found)[:MAX_PARTS]


def _headers(part: Part) -> Iterator[Part]:
    """A part's own headers, and those of a mail that is quoted by its headers alone."""
    yield part
    if part.get_content_type() in ("text/rfc822-headers", "message/global-headers"):
        payload = part.get_payload(decode=True)
        if isinstance(payload, bytes):
            yield BytesHeaderParser(policy=compat32).parsebytes(payload)
