"""Folds names, phone numbers and addresses into the plain forms that duplicates are compared by; pure."""

import re
from collections.abc import Iterable
from functools import lru_cache

import msgspec

from db.rules.names import fold

PHONE_DIGITS = 9
"""Last digits of a phone number that are compared: the same number with and without its country code."""

_ABBREVIATIONS = {
    "st": "street", "str": "street", "ave": "avenue", "av": "avenue", "rd": "road", "ln": "lane",
    "dr": "drive", "ct": "court", "blvd": "boulevard", "pl": "place", "sq": "square", "hwy": "highway",
    "pkwy": "parkway", "ter": "terrace", "cres": "crescent", "apt": "apartment", "n": "north",
    "s": "south", "e": "east", "w": "west",
}  # fmt: skip
_WORD = re.compile(r"[^\W_]+")
_HOUSE_FIRST = re.compile(r"\s*(\d+\w?)(?![^\W_])[\s,]*(.*)", re.DOTALL)
_HOUSE_LAST = re.compile(r"(.*[^\W\d_].*?)[\s,]+(\d+\w?)\s*", re.DOTALL)
_NOT_DIGITS = re.compile(r"\D+")


class Home(msgspec.Struct, frozen=True, gc=False):
    """An address in the parts that are compared, each folded; a part that is not known is empty."""

    house: str = ""
    street: str = ""
    city: str = ""
    postcode: str = ""


NOWHERE = Home()


class Person(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What is compared of a customer, in plain forms; what is not known is empty.

    `written` are both names but for case, `born` is year·month·day as one number, `phones` are last digits,
    `locals` what stands before the @ of each email, `passes` and `usernames` canonical.
    """

    given: str = ""
    family: str = ""
    written: tuple[str, str] = ("", "")
    born: int = 0
    emails: tuple[str, ...] = ()
    locals: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    passes: tuple[str, ...] = ()
    usernames: tuple[str, ...] = ()
    home: Home = NOWHERE


def person_of(
    given: str,
    family: str,
    *,
    born: int = 0,
    emails: Iterable[str] = (),
    phones: Iterable[str] = (),
    passes: Iterable[str] = (),
    usernames: Iterable[str] = (),
    home: Home = NOWHERE,
) -> Person:
    """Return what is compared of names as written and identifiers in canonical form.

    A username that is an email address counts as one of the emails too.
    """
    names = sorted(set(usernames))
    addresses = sorted({*emails, *(name for name in names if "@" in name)})
    return Person(
        given=folded_name(given),
        family=folded_name(family),
        written=(written_name(given), written_name(family)),
        born=born,
        emails=tuple(addresses),
        locals=tuple(sorted({local_part(address) for address in addresses})),
        phones=tuple(sorted({key for phone in phones if (key := phone_key(phone))})),
        passes=tuple(sorted(set(passes))),
        usernames=tuple(names),
        home=home,
    )


def folded_name(name: str) -> str:
    """Return the words of a name as they are compared; an apostrophe joins, any other sign parts."""
    if name.isascii() and name.isalpha():
        return name[:300].lower()
    return _folded(name)


@lru_cache(maxsize=16_384)
def _folded(name: str) -> str:
    return " ".join(_WORD.findall(fold(name).replace("'", "")))


def written_name(name: str) -> str:
    """Return a name as written but for case and spacing: what tells whether only accents differ."""
    return " ".join(name.casefold().split())


def phone_key(canonical: str) -> str:
    """Return the last digits of a phone number; one without digits has none."""
    digits = canonical[1:] if canonical[1:].isdecimal() else _NOT_DIGITS.sub("", canonical)
    return digits[-PHONE_DIGITS:]


def local_part(email: str) -> str:
    """Return what stands before the @ of an address."""
    return email.rpartition("@")[0]


def home_of(street: str, city: str, postcode: str) -> Home:
    """Return an address in its parts; the house number stands before the street, or behind it."""
    first = _HOUSE_FIRST.fullmatch(street)
    last = None if first else _HOUSE_LAST.fullmatch(street)
    if first:
        house, name = first.groups()
    elif last:
        name, house = last.groups()
    else:
        house, name = "", street
    return Home(house.lower(), street_name(name), place_name(city), place_name(postcode))


@lru_cache(maxsize=65_536)
def street_name(name: str) -> str:
    """Return the name of a street, folded, usual abbreviations written out."""
    words = _WORD.findall(fold(name))
    return " ".join(
        word if at == 0 and len(word) > 1 else _ABBREVIATIONS.get(word, word) for at, word in enumerate(words)
    )


@lru_cache(maxsize=16_384)
def place_name(text: str) -> str:
    """Return a city or a postcode, folded."""
    return " ".join(_WORD.findall(fold(text)))
