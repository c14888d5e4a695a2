"""Reads what is compared of many customers by one statement.

Plain SQL, built once and held, as search does it.
"""

from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy import Connection

from db.duplicates.folding import NOWHERE, Home, Person, home_of, person_of
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

_NAMES = {
    dialect: (
        f"SELECT c.id, c.given_name, c.family_name, {BORN[dialect].format('c.birth_date')}, c.status"
        f" FROM {ids} customer c ON c.id = w.value"
    )
    for dialect, ids in _IDS.items()
}
_REST = {
    dialect: (
        " UNION ALL ".join(
            f"SELECT '{name}', t.customer_id, t.canonical, '', '' FROM {ids} {table} t"
            " ON t.customer_id = w.value"
            for name, table in (
                ("emails", "email_profile"),
                ("phones", "phone_profile"),
                ("usernames", "authentication_profile"),
                ("passes", "pass"),
            )
        )
        + f" UNION ALL SELECT * FROM (SELECT 'home', a.customer_id, a.street, a.city, a.postcode FROM {ids}"
        " address a ON a.customer_id = w.value ORDER BY a.is_primary, a.id DESC) AS homes"
    )
    for dialect, ids in _IDS.items()
}
LIVE = ("active", "inactive", "suspended")
"""Statuses of customers who can be a duplicate: merged and erased ones are none any more."""


def read_people(connection: Connection, ids: Iterable[int], *, any_status: bool = False) -> dict[int, Person]:
    """Return customers by number; merged and erased ones are left out unless `any_status`.

    Of several addresses the primary one is compared, of several such the oldest.
    """
    wanted = list(ids)
    if not wanted:
        return {}
    dialect, asked = connection.dialect.name, {"ids": array(connection, wanted)}
    held: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    homes: dict[int, Home] = {}
    for kind, number, value, city, postcode in rows(connection, _REST[dialect], asked):
        if kind == "home":
            homes[number] = home_of(value, city, postcode)  # the last one is the primary, the oldest of these
        else:
            held[number][kind].append(value)
    return {
        number: person_of(given, family, born=born, home=homes.get(number, NOWHERE), **held[number])
        for number, given, family, born, status in rows(connection, _NAMES[dialect], asked)
        if any_status or status in LIVE
    }
