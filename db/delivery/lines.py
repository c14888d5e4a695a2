"""Makes foreign text fit for a header, the outbox and a screen: one line, no controls, no secrets."""

import unicodedata
from collections.abc import Iterable

from db.operations.record_delivery import MAX_REPLY


def one_line(text: str) -> str:
    """Return a text with every control, line break and odd space turned into single spaces."""
    return " ".join("".join(" " if unicodedata.category(char)[0] in "CZ" else char for char in text).split())


def safe_reply(said: str, *, secrets: Iterable[str] = ()) -> str:
    """Return at most 500 characters of a server's words; it may quote the mail, so secrets go first (R12)."""
    for secret in filter(None, secrets):
        said = said.replace(secret, "(hidden)")
    return one_line(said)[:MAX_REPLY]
