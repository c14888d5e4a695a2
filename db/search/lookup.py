"""Fetches candidates: each form of a word is a range of a B-tree, at most `CAP` rows of each.

One word, the most selective, leads to the candidates; what matches the other words is decided by
`db.search.match` on the facts read here. Three statements in all, each built once and held.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam, literal_column, select, union_all
from sqlalchemy.sql import ColumnElement, CompoundSelect
from sqlalchemy.sql.elements import BindParameter

from db.models import (
    Address,
    AuthenticationProfile,
    Contract,
    Customer,
    EmailProfile,
    Pass,
    PhoneProfile,
    SearchTerm,
)
from db.rules.names import best_pair_prefix
from db.search.index import TermKind
from db.search.match import Facts
from db.search.query import Query, Word

CAP = 200
"""Rows of each route, and candidates that are ranked: what was measured with a million customers."""

HEAD = 5
"""The first rows of every route are candidates before the rest of any: whole values sort first."""

_AFTER_ALL = "\U0010ffff"
"""Sorts after every character, byte by byte: prefix + this ends the range of the prefix."""


class Source(Enum):
    """A column that a form is looked up in; the order of trust when there are too many candidates."""

    PAIR = "pair"
    NAME = "name"
    EMAIL = "email"
    PHONE = "phone"
    PHONE_END = "phone-end"
    USERNAME = "username"
    PASS = "pass"
    PASS_END = "pass-end"
    CONTRACT = "contract"
    CONTRACT_END = "contract-end"
    EMAIL_TAIL = "email-tail"


@dataclass(frozen=True)
class Route:
    """A range of a column, both ends included."""

    source: Source
    low: str
    high: str


@dataclass(frozen=True)
class Candidates:
    """Customer numbers, best route first; `capped` where a route had more than it may give."""

    ids: tuple[int, ...]
    capped: bool


_ORDER = {source: place for place, source in enumerate(Source)}
_COLUMNS: dict[Source, Any] = {
    Source.EMAIL: EmailProfile.canonical,
    Source.PHONE: PhoneProfile.canonical,
    Source.PHONE_END: PhoneProfile.reversed,
    Source.USERNAME: AuthenticationProfile.canonical,
    Source.PASS: Pass.canonical,
    Source.PASS_END: Pass.reversed,
    Source.CONTRACT: Contract.canonical,
    Source.CONTRACT_END: Contract.reversed,
}
_TERMS = {
    Source.PAIR: TermKind.PAIR,
    Source.NAME: TermKind.NAME,
    Source.EMAIL_TAIL: TermKind.EMAIL_TAIL,
}


def find_candidates(connection: Connection, query: Query) -> Candidates:
    """Return the customers who may match; every customer who does is among them unless `capped`."""
    driver = min(query.words, key=_selectivity)
    pair = best_pair_prefix([part for word in query.words for part in word.names])
    routes = _routes(driver) if pair is None else [_starting(Source.PAIR, pair), *_routes(driver)]
    routes.sort(key=lambda route: _ORDER[route.source])
    found = _fetch(connection, routes)
    ids = dict.fromkeys([driver.number] if driver.number else [])
    for rows in found:
        ids |= dict.fromkeys(rows[:HEAD])
    for rows in found:
        ids |= dict.fromkeys(rows)
    # Pairs only bring forward what the driver finds too: their own cap hides nobody that it shows.
    capped = any(
        len(rows) > CAP and route.source is not Source.PAIR for route, rows in zip(routes, found, strict=True)
    )
    return Candidates(tuple(ids)[:CAP], capped or len(ids) > CAP)


def _fetch(connection: Connection, routes: Sequence[Route]) -> list[list[int]]:
    """Return the customers on each route, in the order of what was looked up."""
    found: list[list[int]] = [[] for _ in routes]
    if routes:
        bounds = {f"low{at}": route.low for at, route in enumerate(routes)}
        bounds |= {f"high{at}": route.high for at, route in enumerate(routes)}
        statement = _statement(tuple(route.source for route in routes))
        for at, customer_id in connection.execute(statement, bounds).all():
            found[at].append(customer_id)
    return found


def _selectivity(word: Word) -> tuple[int, int]:
    """Which word leads to the fewest customers, as far as its form tells; the lowest first."""
    if word.email_whole:
        kind = 0
    elif len(word.digits) >= 7 or (word.number and not word.digits):
        kind = 1
    elif word.pass_code and not word.digits:
        kind = 2
    elif word.digits or word.pass_code:
        kind = 3
    else:
        kind = 4 if "@" in word.text else 5
    return kind, -len(word.text)


def _starting(source: Source, prefix: str) -> Route:
    return Route(source, prefix, prefix + _AFTER_ALL)


def _routes(word: Word) -> list[Route]:
    """Return every range that a word may be found in."""
    routes = []
    if word.names:
        routes.append(_starting(Source.NAME, max(word.names, key=len)))
    if word.email:
        routes += [_starting(Source.EMAIL, word.email), _starting(Source.EMAIL_TAIL, word.email)]
    if word.username:
        routes.append(_starting(Source.USERNAME, word.username))
    routes += [_starting(Source.PHONE, start) for start in word.phone_starts]
    routes += [_starting(Source.PHONE_END, end[::-1]) for end in word.phone_ends]
    for code, source, source_end in (
        (word.pass_code, Source.PASS, Source.PASS_END),
        (word.contract_code, Source.CONTRACT, Source.CONTRACT_END),
    ):
        if code:
            routes += [_starting(source, code), _starting(source_end, code[::-1])]
    return routes + _whole_routes(word)


def _whole_routes(word: Word) -> list[Route]:
    """Return the ranges of one value where no range of a beginning holds it already."""
    wholes = []
    if word.email_whole and word.email_whole != word.email:
        wholes.append((Source.EMAIL, word.email_whole))
    if word.username_whole and word.username_whole != word.username:
        wholes.append((Source.USERNAME, word.username_whole))
    if word.phone_whole and word.phone_whole not in word.phone_starts:
        wholes.append((Source.PHONE, word.phone_whole))
    return [Route(source, value, value) for source, value in wholes]


@lru_cache(maxsize=256)
def _statement(sources: tuple[Source, ...]) -> CompoundSelect[Any]:
    """Build the look-up of a combination of routes, once."""
    parts = []
    for at, source in enumerate(sources):
        inner = _range(source, bindparam(f"low{at}"), bindparam(f"high{at}")).subquery(f"r{at}")
        parts.append(select(literal_column(str(at)).label("route"), inner.c.customer_id))
    return union_all(*parts)


def _range(source: Source, low: ColumnElement[str], high: ColumnElement[str]) -> Select[Any]:
    if source in _TERMS:
        found = select(SearchTerm.customer_id).where(
            SearchTerm.kind == literal_column(str(int(_TERMS[source]))),
            SearchTerm.term >= low,
            SearchTerm.term <= high,
        )
        return found.order_by(SearchTerm.term, SearchTerm.customer_id).limit(CAP + 1)
    column = _COLUMNS[source]
    model = column.class_
    found = select(model.customer_id).where(column >= low, column <= high)
    return found.order_by(column, model.id).limit(CAP + 1)


_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_CUSTOMERS = (
    select(
        Customer.id,
        Customer.given_name,
        Customer.family_name,
        Customer.status,
        Customer.merged_into_id,
        Customer.takeover_flag,
        Address.city,
        Address.state,
        AuthenticationProfile.canonical,
        AuthenticationProfile.last_sign_in_at,
    )
    .outerjoin(Address, (Address.customer_id == Customer.id) & Address.is_primary)
    .outerjoin(AuthenticationProfile, AuthenticationProfile.customer_id == Customer.id)
    .where(Customer.id.in_(_IDS))
    .order_by(Customer.id, Address.id)
)
_HELD: dict[str, Any] = {
    "emails": EmailProfile,
    "phones": PhoneProfile,
    "passes": Pass,
    "contracts": Contract,
}


@lru_cache(maxsize=16)
def _values(kinds: tuple[str, ...]) -> CompoundSelect[Any]:
    """Build the read of some kinds of identifiers, once."""
    return union_all(
        *(
            select(literal_column(f"'{kind}'").label("kind"), model.customer_id, model.canonical).where(
                model.customer_id.in_(_IDS)
            )
            for kind, model in _HELD.items()
            if kind in kinds
        )
    )


def _kinds(query: Query) -> tuple[str, ...]:
    """Return what a query needs to know; emails always, to tell who shares one."""
    asked = {
        "phones": any(word.digits for word in query.words),
        "passes": any(word.pass_code for word in query.words),
        "contracts": any(word.contract_code for word in query.words),
    }
    return ("emails", *(kind for kind, is_asked in asked.items() if is_asked))


def read_facts(connection: Connection, query: Query, ids: Sequence[int]) -> list[Facts]:
    """Return what a query needs to know of customers; numbers that do not exist are left out."""
    if not ids:
        return []
    held: dict[int, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for kind, customer_id, canonical in connection.execute(_values(_kinds(query)), {"ids": ids}).all():
        held[customer_id][kind].add(canonical)
    rows: dict[int, list[Any]] = defaultdict(list)
    for row in connection.execute(_CUSTOMERS, {"ids": ids}).all():
        rows[row[0]].append(row)
    return [_facts(found, held[customer_id]) for customer_id, found in rows.items()]


def _facts(rows: list[Any], held: dict[str, set[str]]) -> Facts:
    """Join the rows of one customer: one for each sign-in, repeated for each primary address."""
    number, given_name, family_name, status, merged_into, flag, city, state, _, _ = rows[0]
    sign_ins = [row[-1] for row in rows if row[-1] is not None]
    return Facts(
        id=number,
        given_name=given_name,
        family_name=family_name,
        status=status.value,
        merged_into=merged_into,
        takeover_flag=flag,
        city=city or "",
        state=state or "",
        last_sign_in_at=max(sign_ins, default=None),
        usernames={row[-2] for row in rows if row[-2] is not None},
        **held,
    )
