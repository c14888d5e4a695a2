"""Looks up who may be the same person as one customer, by the indexes that are there anyway.

One statement: equal emails, phone ends, usernames and passes by their columns; names by the pair terms of
search, misspelt ones over its vocabulary; house number and postcode by the index of addresses.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection

from db.duplicates.comparing import nickname_groups
from db.duplicates.folding import Person
from db.rules.names import pair_terms
from db.search.held import rows
from db.search.kinds import TermKind
from db.search.words import TOP, alternatives, array

BLOCK = 60
"""Customers that share one value at most: more of them share it by chance."""

LOCAL_BLOCK = 20
"""The same for what stands before the @ of an email."""

NAMESAKES = 1_000
"""Customers of one pair of names that are looked through for the same birth date."""

SPELLINGS = 10
"""Other spellings of each name that are looked up."""

_EACH = {"sqlite": "json_each(:{0}) w", "postgresql": "unnest(CAST(:{0} AS text[])) w(value)"}


def _sqlite() -> str:
    """Every part is bounded as a whole: there are few values of a kind, and no LATERAL."""
    ends = "f.reversed >= w.value AND f.reversed < w.value || :top"
    local = "f.canonical >= w.value || '@' AND f.canonical < w.value || 'A'"
    term = f"f.kind = {int(TermKind.PAIR)} AND f.term = w.value"
    parts = (
        ("pass", "passes", "pass f ON f.canonical = w.value", BLOCK),
        ("username", "usernames", "authentication_profile f ON f.canonical = w.value", BLOCK),
        ("email", "emails", "email_profile f ON f.canonical = w.value", 3 * BLOCK),
        ("phone", "ends", f"phone_profile f ON {ends}", 3 * BLOCK),
        ("local", "locals", f"email_profile f ON {local}", 2 * LOCAL_BLOCK),
        ("pair", "pairs", f"search_term f ON {term}", NAMESAKES),
        ("spelling", "spellings", f"search_term f ON {term}", 4 * BLOCK),
        ("home", "postcodes", "address f ON f.postcode = w.value WHERE f.street LIKE :house", BLOCK),
    )
    return " UNION ALL ".join(
        f"SELECT * FROM (SELECT '{kind}' AS kind, w.value AS value, f.customer_id AS customer_id"
        f" FROM {_EACH['sqlite'].format(each)} CROSS JOIN {inner} LIMIT {most})"
        for kind, each, inner, most in parts
    )


def _postgresql() -> str:
    term = f"search_term f WHERE f.kind = {int(TermKind.PAIR)} AND f.term = w.value"
    parts = (
        ("pass", "passes", "pass f WHERE f.canonical = w.value", BLOCK),
        ("username", "usernames", "authentication_profile f WHERE f.canonical = w.value", BLOCK),
        ("email", "emails", "email_profile f WHERE f.canonical = w.value", BLOCK),
        (
            "phone",
            "ends",
            "phone_profile f WHERE f.reversed >= w.value AND f.reversed < w.value || CAST(:top AS text)",
            BLOCK,
        ),
        (
            "local",
            "locals",
            "email_profile f WHERE f.canonical >= w.value || '@' AND f.canonical < w.value || 'A'",
            LOCAL_BLOCK,
        ),
        ("pair", "pairs", term, NAMESAKES),
        ("spelling", "spellings", term, 20),
        ("home", "postcodes", "address f WHERE f.postcode = w.value AND f.street LIKE :house", BLOCK),
    )
    return " UNION ALL ".join(
        f"SELECT '{kind}', w.value, r.customer_id FROM {_EACH['postgresql'].format(each)}"
        f" CROSS JOIN LATERAL (SELECT f.customer_id FROM {inner} LIMIT {most}) r"
        for kind, each, inner, most in parts
    )


_LOOK_UP = {"sqlite": _sqlite(), "postgresql": _postgresql()}
_BORN = {
    "sqlite": (
        "SELECT c.id FROM json_each(:ids) w CROSS JOIN customer c ON c.id = w.value"
        " WHERE c.birth_date = :born"
    ),
    "postgresql": (
        "SELECT c.id FROM unnest(CAST(:ids AS integer[])) w(value) JOIN customer c ON c.id = w.value"
        " WHERE c.birth_date = CAST(:born AS date)"
    ),
}
_ORDER = ("pass", "username", "email", "phone", "home", "pair", "spelling", "local")
"""The kinds by how much they say: who is found by the first ones is looked at first."""


@dataclass(frozen=True)
class Found:
    """Who may be the same person, best known first; by how many customers emails and phones are held."""

    ids: tuple[int, ...]
    emails: dict[str, int] = field(default_factory=dict)
    phones: dict[str, int] = field(default_factory=dict)


def look_up(connection: Connection, person: Person, postcodes: Sequence[str], *, at_most: int) -> Found:
    """Return at most so many customers; `postcodes` are as stored. The customer may be among them."""
    dialect = connection.dialect.name
    given, family = person.given.split()[:3], person.family.split()[:3]
    pairs, spellings = _pairs(given, family), _spellings(connection, given, family)
    many = {
        "passes": person.passes,
        "usernames": {*person.usernames, *person.emails},
        "emails": person.emails,
        "ends": [key[::-1] for key in person.phones],
        "locals": person.locals,
        "pairs": pairs,
        "spellings": spellings - pairs,
        "postcodes": postcodes if person.home.house else (),
    }
    asked = {name: array(connection, sorted(values)) for name, values in many.items()}
    by_kind: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    house = {"top": TOP, "house": f"{person.home.house}%"}
    for kind, value, number in rows(connection, _LOOK_UP[dialect], asked | house):
        by_kind[kind][value].append(number)
    chosen = _chosen(connection, person, by_kind)
    return Found(
        tuple(chosen)[:at_most],
        {value: len(set(held)) for value, held in by_kind["email"].items()},
        {end[::-1]: len(set(held)) for end, held in by_kind["phone"].items()},
    )


def _chosen(
    connection: Connection, person: Person, by_kind: dict[str, dict[str, list[int]]]
) -> dict[int, None]:
    chosen: dict[int, None] = {}
    for kind in _ORDER:
        found = dict.fromkeys(number for numbers in by_kind[kind].values() for number in numbers)
        if kind == "pair" and len(found) > BLOCK:
            chosen |= dict.fromkeys(_born_alike(connection, person, found))
            found = dict(list(found.items())[:BLOCK])
        chosen |= found
    return chosen


def _born_alike(connection: Connection, person: Person, ids: Iterable[int]) -> list[int]:
    """Return those of many namesakes who have the same birth date."""
    if not person.born:
        return []
    born = f"{person.born // 10_000:04}-{person.born // 100 % 100:02}-{person.born % 100:02}"
    asked = {"ids": array(connection, ids), "born": born}
    return [number for (number,) in rows(connection, _BORN[connection.dialect.name], asked)]


def _pairs(given: Iterable[str], family: Iterable[str]) -> set[str]:
    """Return the terms of search for each given name with each family name."""
    family = list(family)
    return {term for one in given for other in family for term in pair_terms((one[:40], other[:40]))}


def _spellings(connection: Connection, given: Sequence[str], family: Sequence[str]) -> set[str]:
    """Return the terms of the same names spelt otherwise, one of the two at a time, or called otherwise."""
    if not given or not family:
        return set()
    first, last = max(given, key=len), max(family, key=len)
    others = [*_called(first), *_spelt(connection, first)]
    return _pairs(others, [last]) | _pairs([first], _spelt(connection, last))


def _spelt(connection: Connection, word: str) -> list[str]:
    return list(alternatives(connection, word[:40], is_half_typed=False))[:SPELLINGS]


def _called(name: str) -> list[str]:
    """Return the names that stand for a given name."""
    groups = nickname_groups()
    mine = groups.get(name, frozenset())
    return [other for other, theirs in groups.items() if mine & theirs and other != name] if mine else []
