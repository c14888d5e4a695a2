"""Which merges stand one on the other, and which customers one number stands for by now."""

from typing import Any

import msgspec
from sqlalchemy import Connection, bindparam, select

from db.errors import Invalid, Unknown
from db.models import Customer, CustomerMerge
from db.rules.identifiers import format_customer_number

_MERGES: Any = CustomerMerge.__table__
_OF_SURVIVOR = (
    select(_MERGES)
    .where(_MERGES.c.survivor_id == bindparam("survivor"), _MERGES.c.undone_at.is_(None))
    .order_by(_MERGES.c.id.desc())
)
_LATER = (
    select(_MERGES)
    .where(
        _MERGES.c.survivor_id.in_(bindparam("family", expanding=True)),
        _MERGES.c.id > bindparam("merge_id"),
        _MERGES.c.undone_at.is_(None),
    )
    .order_by(_MERGES.c.id.desc())
)
_AFTER = (
    select(_MERGES.c.survivor_id, _MERGES.c.absorbed)
    .where(_MERGES.c.id > bindparam("merge_id"))
    .order_by(_MERGES.c.id)
)
_SURVIVOR = select(Customer.merged_into_id).where(Customer.id == bindparam("id"))
_ABSORBED = select(Customer.id).where(Customer.merged_into_id == bindparam("id")).order_by(Customer.id)


def absorbed_by(connection: Connection, customer_id: int) -> tuple[int, ...]:
    """Return whoever leads to a customer by now, also over others: numbers always lead to the last one."""
    return tuple(connection.execute(_ABSORBED, {"id": customer_id}).scalars())


def survivor_of(connection: Connection, customer_id: int) -> int:
    """Return to whom a number leads by now: itself where it was not merged."""
    seen = [customer_id]
    while True:
        into = connection.execute(_SURVIVOR, {"id": seen[-1]}).scalar()
        if into is None or into in seen:  # a ring can only come from outside
            return seen[-1]
        seen.append(into)


def absorbed_in(merge: Any) -> tuple[int, ...]:
    """Return whom a merge absorbed, in the order in which it did."""
    return tuple(msgspec.json.decode(merge.absorbed, type=list[int]))


def standing_merge(connection: Connection, survivor: int, merge_id: int | None) -> Any:
    """Return the merge that is meant: the last of a survivor, or the one named; raise `Unknown`."""
    for row in connection.execute(_OF_SURVIVOR, {"survivor": survivor}):
        if merge_id is None or row.id == merge_id:
            return row
    number = format_customer_number(survivor)
    what = "that was not undone" if merge_id is None else f"numbered {merge_id} that was not undone"
    raise Unknown(f"{number} is the survivor of no merge {what}.", field="merge" if merge_id else "customer")


def refuse_below(connection: Connection, merge: Any) -> None:
    """Raise `Invalid` where another merge stands on this one, which must be undone first."""
    top = survivor_of(connection, merge.survivor_id)
    family = {top, merge.survivor_id, *absorbed_by(connection, top)}
    for row in connection.execute(_LATER, {"family": sorted(family), "merge_id": merge.id}):
        if merge.survivor_id in (row.survivor_id, *absorbed_in(row)):
            first, kept = format_customer_number(merge.survivor_id), format_customer_number(row.survivor_id)
            others = ", ".join(format_customer_number(number) for number in absorbed_in(row))
            raise Invalid(
                f"{first} took part in a later merge ({others} into {kept}). Undo that one first:"
                f" unmerge-customers on {kept}, merge {row.id}.",
                field="merge",
                code="merged-on-top",
            )


def later_survivors(connection: Connection, merge: Any) -> list[int]:
    """Return into whom the survivor of a merge went since, whether that was undone or not."""
    found, known = [], {merge.survivor_id}
    for row in connection.execute(_AFTER, {"merge_id": merge.id}):
        if known & set(absorbed_in(row)):
            known.add(row.survivor_id)
            found.append(row.survivor_id)
    return found


def merges_of(connection: Connection, survivor: int) -> list[Any]:
    """Return the merges of a survivor that stand, the last one first."""
    return list(connection.execute(_OF_SURVIVOR, {"survivor": survivor}))
