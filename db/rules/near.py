"""Says what else may have been meant by an identifier: everything that is one typing error away; pure."""

import re
from collections.abc import Iterator

from rapidfuzz.distance import OSA

from db.rules.email import MAX_LENGTH

LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
LOCAL_LETTERS = LETTERS + "._-"
CODE_LETTERS = LETTERS.upper()
LONGEST = 24
"""Characters of a text whose neighbours are listed: there are about 78 for each."""
_NAME = re.compile(r"[^\W\d_]{2,40}")


def one_error_away(text: str, letters: str) -> Iterator[str]:
    """Yield, each once, what a text becomes by one letter too many, too few, wrong, or two swapped."""
    seen = {text}
    for other in _edits(text, letters):
        if other and other not in seen:
            seen.add(other)
            yield other


def _edits(text: str, letters: str) -> Iterator[str]:
    """Swapped letters and left out ones come first: of a bounded list they are the likelier."""
    for at in range(len(text) - 1):
        yield text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    for at in range(len(text)):
        yield text[:at] + text[at + 1 :]
    for at in range(len(text) + 1):
        for letter in letters:
            yield text[:at] + letter + text[at:]
    for at in range(len(text)):
        for letter in letters:
            yield text[:at] + letter + text[at + 1 :]


def near_emails(canonical: str) -> list[str]:
    """Return the addresses with one error in the local part; none where it is too long, or no address."""
    local, at, domain = canonical.rpartition("@")
    if not at or not local or not domain or len(local) > LONGEST or len(canonical) > MAX_LENGTH:
        return []
    return [f"{other}@{domain}" for other in one_error_away(local, LOCAL_LETTERS)]


def near_codes(canonical: str) -> list[str]:
    """Return the pass ids with one error; none where it is too long."""
    return list(one_error_away(canonical, CODE_LETTERS)) if len(canonical) <= LONGEST else []


def near_usernames(canonical: str) -> list[str]:
    """Return the usernames with one error; none where it is too long."""
    return list(one_error_away(canonical, LOCAL_LETTERS)) if len(canonical) <= LONGEST else []


def is_near_domain(typed: str, other: str) -> bool:
    """Whether two domains are one error apart, or are one name with two endings (`x.org`, `x.com`)."""
    if OSA.distance(typed, other, score_cutoff=1) <= 1:
        return True
    return typed.rpartition(".")[0] == other.rpartition(".")[0] != ""


def named_in(address: str) -> str:
    """Return the name in an address, as `joan anderson`; empty where it is not two or three words."""
    local, at, _ = address[:MAX_LENGTH].rpartition("@")
    words = _NAME.findall(local) if at else []
    return " ".join(words) if 2 <= len(words) <= 3 else ""
