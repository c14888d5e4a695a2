"""Draws a population to find duplicates in: entered twice with every kind of error, not by name alone.

Another seed than the one that searches are measured with and rules were tuned on, so that figures are of
people whom nobody has looked at.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from bench import population, stock
from bench.population import Block, Person
from bench.stock import Name
from bench.typing_errors import one_error
from db.rules.names import fold

SEED = 20260418
TUNING_SEED = 20260101
_CALLED = {
    "James": "Jim", "Robert": "Bob", "John": "Jack", "Michael": "Mike", "William": "Bill", "David": "Dave",
    "Richard": "Rick", "Joseph": "Joe", "Thomas": "Tom", "Charles": "Chuck", "Christopher": "Chris",
    "Daniel": "Dan", "Matthew": "Matt", "Anthony": "Tony", "Steven": "Steve", "Andrew": "Andy",
    "Elizabeth": "Liz", "Patricia": "Pat", "Jennifer": "Jen", "Barbara": "Barb", "Susan": "Sue",
    "Margaret": "Peggy", "Deborah": "Debbie", "Rebecca": "Becky", "Katherine": "Kate", "Samantha": "Sam",
}  # fmt: skip
_SHORT = {"Street": "St", "Avenue": "Ave", "Road": "Rd", "Lane": "Ln", "Drive": "Dr", "Court": "Ct"}


def blocks(count: int, *, seed: int = SEED) -> Iterator[Block]:
    """Yield `count` customers in blocks; `truth` of each names the pairs that are one person."""
    yield from population.blocks(count, seed=seed, again=entered_again)


def entered_again(rng: Random, person: Person) -> Person:
    """The same person as somebody else would enter them, with errors in every field."""
    given, family = _names(rng, person)
    moved = rng.random() < 0.2
    place = stock.places()[int(20 * rng.random())] if moved else person.place
    street = f"{int(9000 * rng.random()) + 1} Second Street" if moved else _street(rng, person.street)
    return person._replace(
        given=given,
        family=family,
        born=_born(rng, person.born),
        street=street,
        place=place,
        postcode=f"{place.postcode}{int(100 * rng.random()):02}" if moved else person.postcode,
        email=_email(rng, person, given, family),
        mobile=person.mobile if rng.random() < 0.6 else population.number(rng, place),
        landline=person.landline if rng.random() < 0.6 else None,
        has_username=rng.random() < 0.5,
        has_pass=rng.random() < 0.2,
    )


def _names(rng: Random, person: Person) -> tuple[Name, Name]:
    draw = rng.random()
    given, family = person.given, person.family
    if draw < 0.25:
        return given, Name(one_error(rng, family.text), family.plain)
    if draw < 0.37:
        return Name(one_error(rng, given.text), given.plain), family
    if draw < 0.42:
        return family, given
    if draw < 0.5:
        return Name(_CALLED.get(given.text, given.text), given.plain), family
    if draw < 0.52:
        return Name(given.text[:1], given.plain), family
    if draw < 0.54:
        return given, population.family_name(rng)
    if draw < 0.58:
        return Name(fold(given.text).title(), given.plain), Name(fold(family.text).title(), family.plain)
    return given, family


def _born(rng: Random, born: date | None) -> date | None:
    draw = rng.random()
    if born is None or draw < 0.25:
        return None
    if draw < 0.27 and born.day <= 12:
        return date(born.year, born.day, born.month)
    if draw < 0.3:
        return date(born.year + (10 if rng.random() < 0.5 else -10), born.month, min(born.day, 28))
    if draw < 0.33:
        return born + timedelta(days=1 if born.day < 28 else -1)
    if draw < 0.34:
        return born + timedelta(days=int(4000 * rng.random()) + 1)
    return born


def _street(rng: Random, street: str) -> str:
    number, _, name = street.partition(" ")
    if rng.random() < 0.03:
        number = str(int(number) + 1)
    if rng.random() < 0.3:
        head, _, road = name.rpartition(" ")
        name = f"{head} {_SHORT.get(road, road)}"
    return f"{number} {one_error(rng, name) if rng.random() < 0.05 else name}"


def _email(rng: Random, person: Person, given: Name, family: Name) -> str | None:
    draw = rng.random()
    if draw < 0.4 or person.email is None:
        return person.email
    if draw < 0.48:
        return f"{person.email.partition('@')[0]}@{stock.DOMAINS[int(len(stock.DOMAINS) * rng.random())]}"
    return population.address(rng, given, family, 80) if draw < 0.85 else None
