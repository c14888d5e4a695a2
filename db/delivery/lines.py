"""Makes foreign text fit for a header, the outbox and a screen: one line, no controls, no secrets."""

import re
import unicodedata
from collections.abc import Iterable

from db.models import LinkPurpose
from db.operations.record_bounce import hide_codes
from db.operations.record_delivery import MAX_REPLY

_PURPOSES = "|".join(purpose.value for purpose in LinkPurpose)
# What follows in a link of ours, and the rest of it where the server broke its line.
_SECRET_OF_LINK = re.compile(
    rf"((?:/|[%=]2F)(?:{_PURPOSES})(?:/|[%=]2F)) ?[^ ]*(?: [A-Za-z0-9_=-]{{12,}}[^ ]*)*", re.IGNORECASE
)
_CODE = re.compile(r"[0-9]{6,8}")


def one_line(text: str) -> str:
    """Return a text with every control, line break and odd space turned into single spaces."""
    return " ".join("".join(" " if unicodedata.category(char)[0] in "CZ" else char for char in text).split())


def safe_reply(said: str, *, secrets: Iterable[str] = (), has_code: bool = False) -> str:
    """Return at most 500 characters of a server's words; it may quote the mail, so secrets go first (R12).

    The secret of a link of ours is hidden in any reply. Where the message carried a code (`has_code`, or one
    of `secrets` looks like one) so is all that may be a code, however it is spaced.
    """
    for secret in filter(None, secrets):
        has_code = has_code or _CODE.fullmatch(secret) is not None
        said = said.replace(secret, "(hidden)")
    said = _SECRET_OF_LINK.sub(r"\1(hidden)", one_line(said))
    return (hide_codes(said) if has_code else said)[:MAX_REPLY]
