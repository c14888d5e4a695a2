"""Reads what is compared of many customers by one statement.

Plain SQL, built once and held, as search does it.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection

from db.duplicates.folding import NOWHERE, Person, home_of, person_of
from db.rules.names import display_name
from db.search.held import rows
from db.search.words import array

_IDS = {
    "sqlite": "json_each(:ids) w CROSS JOIN",
    "postgresql": "unnest(CAST(:ids AS integer[])) w(value) JOIN",
}
BORN = {
    "sqlite": "coalesce(CAST(replace({0}, '-', '') AS integer), 0)",
    "postgresql": "coalesce(CAST(to_char({0}, 'YYYYMMDD') AS integer), 0)",
}
"""A birth date as year·month·day in one number, 0 where it is not known."""

_READ = {
    dialect: (
        "SELECT 'name', c.id, c.given_name, c.family_name,"
        f" CAST({BORN[dialect].format('c.birth_date')} AS text), CAST(c.status AS text)"
        f" FROM {ids} customer c ON c.id = w.value"
    )
    + "".join(
        f" UNION ALL SELECT '{name}', t.customer_id, t.canonical, '', '', '' FROM {ids} {table} t"
        " ON t.customer_id = w.value"
        for name, table in (
            ("emails", "email_profile"),
            ("phones", "phone_profile"),
            ("usernames", "authentication_profile"),
            ("passes", "pass"),
        )
    )
    + (
        " UNION ALL SELECT * FROM (SELECT 'home', a.customer_id, a.street, a.city, a.postcode, a.state"
        f" FROM {ids} address a ON a.customer_id = w.value ORDER BY a.is_primary, a.id DESC) AS homes"
    )
    for dialect, ids in _IDS.items()
}
LIVE = ("active", "inactive", "suspended")
"""Statuses of customers who can be a duplicate: merged and erased ones are none any more."""


@dataclass(frozen=True)
class Known:
    """A customer with what lists show of them; `postcodes` are as stored."""

    number: int
    person: Person
    name: str
    status: str
    city: str
    state: str
    postcodes: tuple[str, ...]

    @property
    def is_live(self) -> bool:
        """Whether they are neither merged nor erased."""
        return self.status in LIVE


def read_known(connection: Connection, ids: Iterable[int]) -> dict[int, Known]:
    """Return customers of any status by number; numbers that do not exist are left out.

    Of several addresses the primary one is compared and shown, of several such the oldest.
    """
    wanted = list(ids)
    if not wanted:
        return {}
    names: list[tuple[int, str, str, str, str]] = []
    held: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    homes: dict[int, list[tuple[str, str, str, str]]] = defaultdict(list)
    asked = {"ids": array(connection, wanted)}
    for kind, number, *values in rows(connection, _READ[connection.dialect.name], asked):
        if kind == "name":
            names.append((number, *values))
        elif kind == "home":
            homes[number].append((values[0], values[1], values[2], values[3]))
        else:
            held[number][kind].append(values[0])
    return {one[0]: _known(one, held[one[0]], homes[one[0]]) for one in names}


def _known(
    name: tuple[int, str, str, str, str], held: dict[str, list[str]], homes: list[tuple[str, str, str, str]]
) -> Known:
    number, given, family, born, status = name
    street, city, postcode, state = homes[-1] if homes else ("", "", "", "")
    home = home_of(street, city, postcode) if homes else NOWHERE
    return Known(
        number,
        person_of(given, family, born=int(born), home=home, **held),
        display_name(given, family),
        status,
        city,
        state,
        tuple(dict.fromkeys(home[2] for home in homes if home[2])),
    )


def read_people(connection: Connection, ids: Iterable[int]) -> dict[int, Person]:
    """Return what is compared of customers of any status, by number."""
    return {number: known.person for number, known in read_known(connection, ids).items()}
