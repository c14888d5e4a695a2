"""Draws a population of any size, block by block, with the skew of a real one; always the same.

Households share an address, often a landline, sometimes an email address; namesakes come by themselves
and as father and son. One customer in twelve is somebody entered a second time, with the errors that
people make; which ones is kept as the truth.
"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from bench import stock
from bench.stock import Name, Place
from bench.typing_errors import one_error

VERSION = 1
"""Counts changes to what is drawn: a database built from another version is built again."""

FIRST_ID = 1001
BLOCK = 20_000
DUPLICATE_SHARE = 0.08
_EPOCH = date(1935, 1, 1)
_HOUSEHOLD = ((1, 0.58), (2, 0.82), (3, 0.90), (4, 0.97), (5, 1.0))


class Person(NamedTuple):
    """A customer as drawn; phone numbers are the ten digits of a national number."""

    given: Name
    family: Name
    born: date | None
    street: str
    place: Place
    postcode: str
    email: str | None
    mobile: str | None
    landline: str | None
    has_username: bool
    has_pass: bool
    days: int


class Block(NamedTuple):
    """Consecutive customers from `first` on; `truth` are pairs of numbers that are one person."""

    first: int
    people: list[Person]
    truth: list[tuple[int, int]]


Again = Callable[[Random, Person], Person]
"""Enters a person a second time."""


def blocks(count: int, *, seed: int = 20260101, again: Again | None = None) -> Iterator[Block]:
    """Yield `count` customers in blocks of at most `BLOCK`; each block is drawn by itself.

    `again` enters somebody a second time; without one it is done with the errors that searches are
    measured with.
    """
    for start in range(0, count, BLOCK):
        rng = Random(f"{seed}:{start}")
        yield _block(rng, FIRST_ID + start, min(BLOCK, count - start), again or entered_again)


def _block(rng: Random, first: int, size: int, again: Again) -> Block:
    people: list[Person] = []
    originals = size - int(size * DUPLICATE_SHARE)
    while len(people) < originals:
        people += _household(rng)
    del people[originals:]
    copies = [(at, again(rng, people[at])) for at in rng.sample(range(originals), size - originals)]
    people += [person for _, person in copies]
    order = list(range(size))
    rng.shuffle(order)
    numbers = [0] * size
    for place, at in enumerate(order):
        numbers[at] = first + place
    truth = [(numbers[at], numbers[originals + copy]) for copy, (at, _) in enumerate(copies)]
    return Block(first, [people[at] for at in order], truth)


def _household(rng: Random) -> list[Person]:
    draw = rng.random()
    size = next(size for size, upto in _HOUSEHOLD if draw <= upto)
    place = stock.places()[int(20 * rng.random() ** 1.5)]
    street = f"{int(9000 * rng.random() ** 2) + 1} {stock.streets()[int(16_000 * rng.random())]}"
    postcode = f"{place.postcode}{int(100 * rng.random()):02}"
    landline = number(rng, place) if rng.random() < (0.5 if size > 1 else 0.15) else None
    pair = _foreign(rng)
    family = pair[1] if pair else family_name(rng)
    given = pair[0] if pair else _given(rng)
    shared = address(rng, given, family, 70) if size > 1 and rng.random() < 0.2 else None
    junior = size > 1 and rng.random() < 0.05
    found = []
    for member in range(size):
        if member == 1 and rng.random() < 0.2:
            family = family_name(rng)
        if member and not junior:
            given = _given(rng)
        born = _EPOCH + timedelta(
            days=int((9_000 if member > 1 else 25_000) * rng.random()) + 9_000 * (member > 1)
        )
        email = shared if shared and rng.random() < 0.6 else address(rng, given, family, born.year % 100)
        found.append(
            Person(
                given, family, born if rng.random() > 0.07 else None, street, place, postcode,
                email if rng.random() < 0.92 else None,
                number(rng, place) if rng.random() < 0.85 else None,
                landline, rng.random() < 0.86, rng.random() < 0.52, int(2600 * rng.random()),
            )
        )  # fmt: skip
    return found


def _foreign(rng: Random) -> tuple[Name, Name] | None:
    if rng.random() > stock.OTHER_SCRIPTS:
        return None
    names = stock.foreign_names()
    return names[int(len(names) * rng.random())][0], names[int(len(names) * rng.random())][1]


def family_name(rng: Random) -> Name:
    if rng.random() < stock.TOP_SHARE:
        return rng.choices(stock.top_families(), cum_weights=stock.top_weights())[0]
    rare = stock.rare_families()
    return rare[int(len(rare) * rng.random() ** stock.TAIL_SKEW)]


def _given(rng: Random) -> Name:
    names = stock.given_names()
    if rng.random() < 0.85:
        return names[int(98 * rng.random() ** 1.5)]
    return names[int(len(names) * rng.random() ** 2)]


def number(rng: Random, place: Place) -> str:
    exchange = int(799 * rng.random()) + 201
    return f"{place.area}{exchange if exchange % 100 != 11 else 555}{int(10_000 * rng.random()):04}"


def address(rng: Random, given: Name, family: Name, year: int) -> str:
    one, two = given.plain or "x", family.plain or "x"
    domain = stock.DOMAINS[int(len(stock.DOMAINS) * rng.random() ** 1.7)]
    tail = int(990 * rng.random())
    shapes = (
        f"{one}.{two}{tail}", f"{one[0]}{two}{year:02}", f"{one}{two}{tail}", f"{one}_{two}{tail}",
        f"{two}.{one}{year:02}", f"{one}{tail}", f"{one}.{two}", f"{one[0]}.{two}{tail}",
    )  # fmt: skip
    return f"{shapes[int(8 * rng.random())]}@{domain}"


def entered_again(rng: Random, person: Person) -> Person:
    """The same person as somebody else would enter them: in a hurry, after a move, or from hearsay."""
    draw = rng.random()
    given, family = person.given, person.family
    if draw < 0.35:
        family = Name(one_error(rng, family.text), family.plain)
    elif draw < 0.5:
        given = Name(one_error(rng, given.text), given.plain)
    elif draw < 0.55:
        given, family = family, given
    moved = rng.random() < 0.2
    place = stock.places()[int(20 * rng.random())] if moved else person.place
    return person._replace(
        given=given,
        family=family,
        born=None if rng.random() < 0.3 else person.born,
        street=f"{int(9000 * rng.random()) + 1} Second Street" if moved else person.street,
        place=place,
        postcode=f"{place.postcode}{int(100 * rng.random()):02}" if moved else person.postcode,
        email=person.email if rng.random() < 0.4 else address(rng, given, family, 80),
        mobile=person.mobile if rng.random() < 0.6 else number(rng, place),
        has_username=rng.random() < 0.5,
        has_pass=rng.random() < 0.2,
    )
