"""Reads what was typed into the search box: words, each with everything it could stand for.

A prefix such as `email:` narrows all words after it, up to the next prefix. Without one a word may be a
name, or the beginning of an email or username, or digits of a phone number, and so on.
"""

import re
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, Literal

from phonenumbers import country_code_for_region

from db.rules import Malformed
from db.rules.email import SHIPPED_RULES, EmailRules, fold_case, parse_email
from db.rules.identifiers import MAX_CODE, MIN_CODE, parse_customer_number, parse_username
from db.rules.names import tokens
from db.rules.phone import parse_phone, search_digits

MAX_QUERY = 1000
MAX_WORDS = 8
MAX_NUMBER = 2**31 - 1
"""The highest customer number that the schema can hold."""

MIN_NATIONAL = 7
"""Digits after the leading zero of a number written as within its country; fewer are taken as they are."""

Scope = Literal["any", "email", "phone", "pass", "user", "name", "id", "city", "status"]

_NAMES: tuple[Scope, ...] = ("email", "phone", "pass", "user", "name", "id", "city", "status")
_SCOPES: dict[str, Scope] = {name: name for name in _NAMES}
_PREFIX = re.compile(r"(?<!\S)(email|phone|pass|user|name|id|city|status):", re.IGNORECASE)
_PHONE_PIECE = re.compile(r"[+(]?[0-9().\-/]*[0-9][0-9().\-/]*")
_CODE_START = re.compile(r"[A-Za-z]{1,2}[0-9]{1,4}")
_CODE_FILLERS = re.compile(r"[\s\-\u2010-\u2015]+")
_WANTS = {
    "email": "email: takes the beginning of an address, or of a part of it.",
    "phone": "phone: takes at least 4 digits.",
    "pass": f"pass: takes at least {MIN_CODE} letters or digits of a pass id.",
    "user": "user: takes the beginning of a username.",
    "name": "name: takes the beginnings of names.",
    "id": "id: takes a customer number, such as C-1042.",
    "city": "city: takes the beginning of a city.",
    "status": "status: takes active, inactive, suspended, merged or erased.",
}
_NOTHING = "Type a name, an email, at least 4 digits of a phone number, a username, a pass id or C-1042."
_STATUSES = ("active", "inactive", "suspended", "merged", "erased")
_ONLY_STATUS = "status: narrows a search. Add a name, a city or another word."
_MASKED = "Personal values are masked here: type a whole email address or username."


@dataclass(frozen=True, kw_only=True)
class Word:
    """One thing typed, in every form that it is looked up by; an empty form is not looked up.

    `names` and `cities` are beginnings of words, `email` and `username` of values; `…_whole` are whole
    canonical values. `phone_starts` and
    `phone_ends` are those of E.164 numbers. `pass_code` and `contract_code` are a beginning or an end,
    `number_start` is a beginning of a customer number.
    """

    text: str
    names: tuple[str, ...] = ()
    cities: tuple[str, ...] = ()
    email: str = ""
    email_whole: str = ""
    username: str = ""
    username_whole: str = ""
    digits: str = ""
    phone_starts: tuple[str, ...] = ()
    phone_ends: tuple[str, ...] = ()
    phone_whole: str = ""
    pass_code: str = ""
    contract_code: str = ""
    number: int = 0
    number_start: int = 0

    @property
    def is_lookable(self) -> bool:
        """Whether there is any form to look the word up by."""
        return self != Word(text=self.text)


@dataclass(frozen=True)
class Query:
    """What was typed: every word must match, and the status be one of `statuses` unless there are none.

    `notice` says what could not be searched for, and why.
    """

    text: str
    words: tuple[Word, ...] = ()
    notice: str | None = None
    statuses: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Reading:
    """How words are read: the region of numbers, how addresses compare, whether values are masked (R25)."""

    region: str = "US"
    rules: EmailRules = SHIPPED_RULES
    masked: bool = False


def parse(typed: str, reading: Reading) -> Query:
    """Read a query; anything can be typed, and what cannot be looked up comes back as a notice."""
    if len(typed) > MAX_QUERY:
        return Query("", notice=f"This is longer than {MAX_QUERY} characters. Type a few words of it.")
    text = _cleaned(typed)
    words: list[Word] = []
    notice = None
    statuses: frozenset[str] = frozenset()
    for scope, part in _parts(text):
        if scope == "status":
            meant, part = _statuses(part)
            if not meant:
                return Query(text, notice=_WANTS[scope])
            statuses |= meant
            scope = "any"
        pieces = [part] if scope in ("phone", "pass", "id") else _pieces(part, scope)
        found = [_word(piece, scope, reading) for piece in pieces if _is_word(piece)]
        if scope != "any" and not any(word.is_lookable for word in found):
            return Query(text, notice=_MASKED if reading.masked and scope == "email" else _WANTS[scope])
        words.extend(found)
    if not words:
        return Query(text, notice=_ONLY_STATUS if statuses else _NOTHING)
    if len(words) > MAX_WORDS:
        words, notice = words[:MAX_WORDS], f"Only the first {MAX_WORDS} words were searched for."
    if not all(word.is_lookable for word in words):
        return Query(text, notice=_MASKED if reading.masked else _NOTHING)
    return Query(text, _with_cities(words), notice, statuses)


def _statuses(part: str) -> tuple[frozenset[str], str]:
    """The statuses that the first word begins and whole ones after it name; and the other words."""
    first, _, rest = part.partition(" ")
    meant = {status for status in _STATUSES if first and status.startswith(first.strip(",;").casefold())}
    words = rest.split()
    named = {word.casefold() for word in words} & set(_STATUSES)
    others = [word for word in words if word.casefold() not in named]
    return frozenset(meant | named if meant else ()), " ".join(others)


def _with_cities(words: list[Word]) -> tuple[Word, ...]:
    """Beside another word, what may be a name may be the city as well; alone it would bury the names."""
    if len(words) < 2:
        return tuple(words)
    return tuple(replace(word, cities=word.cities or word.names) for word in words)


def _cleaned(typed: str) -> str:
    """Without what cannot be seen or stored: controls and halves of surrogate pairs become spaces."""
    kept = (" " if unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") else char for char in typed)
    visible = (char for char in kept if unicodedata.category(char) != "Cf")
    return " ".join(unicodedata.normalize("NFC", "".join(visible)).split())


def _parts(text: str) -> Iterator[tuple[Scope, str]]:
    """Cut a query at its prefixes."""
    pieces = _PREFIX.split(text)
    if pieces[0].strip():
        yield "any", pieces[0].strip()
    for name, part in zip(pieces[1::2], pieces[2::2], strict=True):
        yield _SCOPES[name.lower()], part.strip()


def _pieces(part: str, scope: Scope) -> list[str]:
    """Cut at spaces, save those inside a phone number, a pass id or a customer number."""
    words = [word for word in (word.strip(",;") for word in part.split()) if word]
    if scope != "any":
        return words
    found: list[str] = []
    at = 0
    while at < len(words):
        size = _joined(words[at:])
        found.append(" ".join(words[at : at + size]))
        at += size
    return found


def _joined(words: list[str]) -> int:
    """How many of the next words are one identifier that was typed with spaces."""
    if words[0].lower() in ("c", "c-") and len(words) > 1 and words[1].isdecimal():
        return 2
    size = 1
    if _CODE_START.fullmatch(words[0]):
        while size < len(words) and words[size].isdecimal() and len(words[size]) <= 5:
            size += 1
        return size
    while size < len(words) and all(_PHONE_PIECE.fullmatch(word) for word in words[size - 1 : size + 1]):
        if _digits(words[size - 1]) > 4:
            break
        size += 1
    return size if size > 1 and 7 <= sum(map(_digits, words[:size])) <= 15 else 1


def _digits(word: str) -> int:
    return sum(char.isdecimal() for char in word)


def _is_word(piece: str) -> bool:
    """Signs alone, such as the & between two names, are no word."""
    return any(char.isalnum() for char in piece)


def _word(piece: str, scope: Scope, reading: Reading) -> Word:
    forms: dict[str, Any] = {"text": piece}
    if scope in ("any", "phone"):
        forms |= _phone_forms(piece, reading.region)
    if scope in ("any", "email"):
        forms |= _email_forms(piece, reading)
    if scope in ("any", "user"):
        forms |= _username_forms(piece, reading)
    if scope in ("any", "pass"):
        forms |= _code_forms(piece, scope)
    if scope in ("any", "id"):
        forms |= _number_forms(piece, scope)
    if scope == "name" or (scope == "any" and "@" not in piece and "digits" not in forms):
        forms["names"] = tokens(piece)
    if scope == "city":
        forms["cities"] = tokens(piece)
    return Word(**forms)


def _email_forms(piece: str, reading: Reading) -> dict[str, Any]:
    if " " in piece:
        return {}
    forms: dict[str, Any] = {}
    if not reading.masked:
        forms["email"] = fold_case(piece.lstrip("@"))
    with suppress(Malformed):  # the beginning of an address, or none
        forms["email_whole"] = parse_email(piece, reading.rules).canonical
    return forms


def _username_forms(piece: str, reading: Reading) -> dict[str, Any]:
    if " " in piece:
        return {}
    forms: dict[str, Any] = {}
    if not reading.masked:
        forms["username"] = unicodedata.normalize("NFKC", fold_case(unicodedata.normalize("NFKC", piece)))
    with suppress(Malformed):  # the beginning of an address, or too long
        forms["username_whole"] = parse_username(piece, reading.rules)
    return forms


def _phone_forms(piece: str, region: str) -> dict[str, Any]:
    digits = search_digits(piece)
    if digits is None:
        return {}
    starts = [f"+{digits}"]
    if "+" not in piece:
        starts.append(f"+{country_code_for_region(region)}{digits.lstrip('0')}")
    ends = [digits]
    national = digits.lstrip("0")  # 020 7946 0958 is stored as +44 20 7946 0958
    if national != digits and len(national) >= MIN_NATIONAL:
        ends.append(national)
    forms: dict[str, Any] = {"digits": digits, "phone_starts": tuple(starts), "phone_ends": tuple(ends)}
    with suppress(Malformed):  # a part of a number, or none
        forms["phone_whole"] = parse_phone(piece, region).canonical
    return forms


def _code_forms(piece: str, scope: Scope) -> dict[str, Any]:
    """Pass ids and contract numbers; without a prefix only what has a digit is taken for one."""
    code = _CODE_FILLERS.sub("", unicodedata.normalize("NFKC", piece)).upper()
    if not (code.isascii() and code.isalnum() and MIN_CODE <= len(code) <= MAX_CODE):
        return {}
    if scope == "pass":
        return {"pass_code": code}
    return {"pass_code": code, "contract_code": code} if _digits(code) else {}


def _number_forms(piece: str, scope: Scope) -> dict[str, Any]:
    """A customer number, and what it is the beginning of; bare digits begin one only after `id:`."""
    numbered = parse_customer_number(piece)
    found = numbered
    if found is None and piece.isascii() and piece.isdecimal() and len(piece) <= 10 and piece[0] != "0":
        found = int(piece)  # 0142 are the last digits of a phone number, not C-142
    if not found or found > MAX_NUMBER:
        return {}
    begins = scope == "id" or numbered is not None
    return {"number": found, "number_start": found} if begins else {"number": found}
