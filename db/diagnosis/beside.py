"""Finds who else has what was typed, whom signing in looks past: suspended, say."""

from collections.abc import Container
from dataclasses import dataclass

from sqlalchemy import BindParameter, Connection, bindparam, select

from db.gate.resolve import Resolution
from db.models import Customer
from db.rules.identifiers import format_customer_number
from db.rules.names import display_name

MOST_BESIDE = 3
"""Others that are told; a mailbox of a whole family seldom has more."""


@dataclass(frozen=True)
class Beside:
    """One of them; `route` is by what they have it: username, pass, or email."""

    customer_id: int
    name: str
    status: str
    route: str

    @property
    def who(self) -> str:
        """Their number, name and status."""
        return f"{format_customer_number(self.customer_id)} {self.name} ({self.status})"


_AMONG: BindParameter[int] = bindparam("ids", expanding=True)
_NAMES = select(Customer.id, Customer.given_name, Customer.family_name).where(Customer.id.in_(_AMONG))


def beside(
    connection: Connection, resolution: Resolution | None, meant: Container[int]
) -> tuple[Beside, ...]:
    """Return who has the identifier and is not among those who are `meant`; best first, as they resolve."""
    found = {
        match.account.customer_id: match
        for match in reversed(() if resolution is None else resolution.others)
        if match.account.customer_id not in meant
    }
    chosen = [found[number] for number in reversed(found)][:MOST_BESIDE]
    if not chosen:
        return ()
    rows = connection.execute(_NAMES, {"ids": [match.account.customer_id for match in chosen]})
    names = {row.id: display_name(row.given_name, row.family_name) for row in rows}
    return tuple(
        Beside(
            match.account.customer_id,
            names[match.account.customer_id],
            match.account.status.value,
            match.route.value,
        )
        for match in chosen
    )
