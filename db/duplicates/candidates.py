"""Finds who may be the same person as one customer, or as somebody about to be added, and says why."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from db.duplicates.base import Counted, Scoring, names_counted, scoring
from db.duplicates.comparing import compare
from db.duplicates.folding import Person, home_of, person_of
from db.duplicates.levels import Codes
from db.duplicates.people import Known, read_known, read_people
from db.duplicates.remembering import fingerprint
from db.duplicates.routes import Found, look_up
from db.duplicates.score import Score
from db.errors import Unknown
from db.queries.viewer import Viewer
from db.rules import Malformed
from db.rules.email import parse_email
from db.rules.identifiers import format_customer_number, parse_pass_id, parse_username
from db.rules.phone import parse_phone
from db.search.held import rows
from db.settings import email_rules, load_policy

SCORED = 120
"""Customers that are compared at most."""

MARGIN = 6.0
"""Bits below the threshold down to which somebody is a candidate: alike enough to be asked about."""

_JUDGED = (
    "SELECT a_id, b_id, state, fingerprint FROM duplicate_pair WHERE a_id = :number AND state <> 'open'"
    " UNION ALL SELECT a_id, b_id, state, fingerprint FROM duplicate_pair"
    " WHERE b_id = :number AND state <> 'open'"
)


@dataclass(frozen=True, kw_only=True)
class Draft:
    """Somebody who is not a customer yet, as typed so far; what cannot be read is not compared."""

    given_name: str = ""
    family_name: str = ""
    birth_date: date | None = None
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    usernames: tuple[str, ...] = ()
    passes: tuple[str, ...] = ()
    street: str = ""
    city: str = ""
    postcode: str = ""


@dataclass(frozen=True)
class Candidate:
    """Somebody who may be the same person; `is_likely`: the score reaches the threshold in force.

    `judged` is what was said of the pair before: "later", or None.
    """

    customer_id: int
    name: str
    city: str
    state: str
    status: str
    score: Score
    is_likely: bool
    judged: str | None = None


def candidates(
    connection: Connection, who: int | Draft, *, viewer: Viewer, limit: int = 10
) -> tuple[Candidate, ...]:
    """Return who may be the same person, best first, at most `limit`; raises `Unknown`.

    Whom somebody judged to be another person is left out until one of the two changes. No personal value is
    in the answer beyond what lists may show (R25): `viewer` is who asks, and no mask applies to them.
    """
    number = who if isinstance(who, int) else 0
    person, postcodes = _customer(connection, who) if isinstance(who, int) else _draft(connection, who)
    in_force = scoring(connection)
    found = look_up(connection, person, postcodes, at_most=SCORED)
    others = read_known(connection, [other for other in found.ids if other != number])
    known = {other: each for other, each in others.items() if each.is_live}
    judged = _judged(connection, number, person, known) if number else {}
    best = [
        _shown(known[other], in_force.of(codes), in_force, judged.get(other))
        for other, codes in _ranked(connection, in_force, person, found, known)
        if judged.get(other) != "dismissed"
    ]
    return tuple(best[:limit])


def explained(connection: Connection, one: int, other: int) -> Score:
    """Return how far two customers agree, whatever became of them; raises `Unknown`."""
    people = read_people(connection, (one, other))
    for number in (one, other):
        if number not in people:
            raise _nobody(number)
    in_force = scoring(connection)
    mine = people[min(one, other)]
    found = look_up(connection, mine, (), at_most=SCORED)
    counted = _counted(connection, in_force, mine, found)
    return in_force.of(compare(mine, people[max(one, other)], counted))


def _ranked(
    connection: Connection, in_force: Scoring, person: Person, found: Found, known: dict[int, Known]
) -> list[tuple[int, Codes]]:
    """Return how far those agree who are alike enough, the best first."""
    if not known:
        return []
    counted = _counted(connection, in_force, person, found)
    compared = {number: compare(person, other.person, counted) for number, other in known.items()}
    rated = [(-in_force.weight(codes), number) for number, codes in compared.items()]
    least = in_force.threshold - MARGIN
    return [(number, compared[number]) for weight, number in sorted(rated) if -weight >= least]


def _counted(connection: Connection, in_force: Scoring, person: Person, found: Found) -> Counted:
    names = names_counted(connection, in_force.facts, person)
    return Counted(in_force.facts.customers, names, found.emails, found.phones)


def _readable(typed: Iterable[str], parse: Callable[[str], str]) -> list[str]:
    """Return the canonical forms of what can be read."""
    found = []
    for text in typed:
        with suppress(Malformed):
            found.append(parse(text))
    return found


def _nobody(number: int) -> Unknown:
    return Unknown(f"There is no customer {format_customer_number(number)}. Search for the name instead.")


def _customer(connection: Connection, number: int) -> tuple[Person, Sequence[str]]:
    found = read_known(connection, [number]).get(number)
    if found is None:
        raise _nobody(number)
    return found.person, found.postcodes


def _draft(connection: Connection, draft: Draft) -> tuple[Person, Sequence[str]]:
    policy = load_policy(connection)
    person = person_of(
        draft.given_name,
        draft.family_name,
        born=int(f"{draft.birth_date:%Y%m%d}") if draft.birth_date else 0,
        emails=_readable(draft.emails, lambda typed: parse_email(typed, email_rules(policy)).canonical),
        phones=_readable(draft.phones, lambda typed: parse_phone(typed, policy.phone_region).canonical),
        usernames=_readable(draft.usernames, lambda typed: parse_username(typed, email_rules(policy))),
        passes=_readable(draft.passes, parse_pass_id),
        home=home_of(draft.street, draft.city, draft.postcode),
    )
    postcode = draft.postcode.strip()
    return person, [postcode] if postcode.isprintable() and postcode else []


def _judged(connection: Connection, number: int, person: Person, known: dict[int, Known]) -> dict[int, str]:
    """Return what was judged of the pairs with a customer; one of what has changed has lapsed."""
    found = {}
    for a_id, b_id, state, kept in rows(connection, _JUDGED, {"number": number}):
        other = b_id if a_id == number else a_id
        if other not in known:
            continue
        sides = (person, known[other].person) if number < other else (known[other].person, person)
        if state != "dismissed" or kept == fingerprint(*sides):
            found[other] = state
    return found


def _shown(known: Known, rating: Score, in_force: Scoring, judged: str | None) -> Candidate:
    return Candidate(
        customer_id=known.number,
        name=known.name,
        city=known.city,
        state=known.state,
        status=known.status,
        score=rating,
        is_likely=rating.weight >= in_force.threshold,
        judged=judged,
    )
