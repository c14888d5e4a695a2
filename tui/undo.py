"""Which operation takes an event back, and with which values: a table of opposites.

Nothing is undone behind the operator's back: the opposite opens in the usual form, filled in, with its own
preview, permission and event.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from db.ledger import Change
    from db.queries.audit import EventView

HIDDEN: Final = "(hidden)"


@dataclass(frozen=True)
class Undo:
    """An operation with the values that its form begins with."""

    operation: str
    values: dict[str, Any]


class Facts:
    """The changes of an event, looked up by field."""

    def __init__(self, changes: "tuple[Change, ...]") -> None:
        self._changes = changes

    def before(self, field: str) -> str | None:
        """Return what a field was; None where it was not changed, was empty, or is not told."""
        found = next((change.before for change in self._changes if change.field == field), None)
        return None if found == HIDDEN else found

    def row(self, table: str, *, field: str = "", was: str | None = None) -> int | None:
        """Return the number of the first row of a table that was changed, or whose field was `was`."""
        for change in self._changes:
            name, _, column = change.field.partition(".")
            fits = not field or (column == field and (was is None or change.before == was))
            if name == table and fits and change.row.isdigit():
                return int(change.row)
        return None


Way = Callable[[Facts], Undo]


def _plain(operation: str) -> Way:
    return lambda _facts: Undo(operation, {})


def _row(operation: str, parameter: str, table: str) -> Way:
    return lambda facts: Undo(operation, {parameter: facts.row(table)})


def _back(operation: str, fields: dict[str, str]) -> Way:
    """Give fields the values they had; what the event did not touch is left out, and so stays."""
    return lambda facts: Undo(operation, {name: facts.before(field) for name, field in fields.items()})


def _back_in_row(operation: str, parameter: str, name: str, field: str) -> Way:
    """Give one field of one row the value it had."""
    table, _, column = field.partition(".")
    return lambda facts: Undo(
        operation, {parameter: facts.row(table, field=column), name: facts.before(field)}
    )


def _former_primary(operation: str, table: str) -> Way:
    return lambda facts: Undo(operation, {"profile": facts.row(table, field="is_primary", was="yes")})


USERNAME: Final = "authentication_profile.username"
_PERSON: Final = {name: f"authorised_person.{name}" for name in ("given_name", "family_name", "relation")}
_ADDRESS: Final = {name: f"address.{name}" for name in ("street", "city", "state", "postcode", "country")}

OPPOSITES: Final[dict[str, Way]] = {
    "add-email": _row("remove-email", "profile", "email_profile"),
    "add-phone": _row("remove-phone", "profile", "phone_profile"),
    "remove-email": _back("add-email", {"email": "email_profile.address"}),
    "remove-phone": _back("add-phone", {"phone": "phone_profile.number", "kind": "phone_profile.kind"}),
    "make-email-primary": _former_primary("make-email-primary", "email_profile"),
    "make-phone-primary": _former_primary("make-phone-primary", "phone_profile"),
    "change-email": _back_in_row("change-email", "profile", "email", "email_profile.address"),
    "change-phone": _back_in_row("change-phone", "profile", "phone", "phone_profile.number"),
    "change-name": _back(
        "change-name", {"given_name": "customer.given_name", "family_name": "customer.family_name"}
    ),
    "change-birth-date": _back("change-birth-date", {"birth_date": "customer.birth_date"}),
    "change-address": _back("change-address", _ADDRESS),
    "set-username": _back_in_row("set-username", "sign_in", "username", USERNAME),
    "username-to-email": _back_in_row("set-username", "sign_in", "username", USERNAME),
    "suspend-customer": _plain("reactivate-customer"),
    "reactivate-customer": _plain("suspend-customer"),
    "suspend-pass": _row("reactivate-pass", "pass_row", "pass"),
    "reactivate-pass": _row("suspend-pass", "pass_row", "pass"),
    "lock-sign-in": _row("unlock-sign-in", "sign_in", "authentication_profile"),
    "unlock-sign-in": _row("lock-sign-in", "sign_in", "authentication_profile"),
    "add-authorised-person": _row("remove-authorised-person", "person", "authorised_person"),
    "remove-authorised-person": _back("add-authorised-person", _PERSON),
    "grant-phase": _row("revoke-phase", "grant", "phase_grant"),
}


def has_opposite(operation: str) -> bool:
    """Whether an operation can be taken back by another."""
    return operation in OPPOSITES


def opposite(event: "EventView") -> Undo | None:
    """Return what takes an event back; None where nothing does, or where its values are gone."""
    way = OPPOSITES.get(event.row.operation)
    if way is None or event.row.outcome != "applied" or event.redacted_by is not None:
        return None
    undo = way(Facts(event.changes))
    values = {name: value for name, value in undo.values.items() if value is not None}
    if undo.values and not values:
        return None
    return Undo(undo.operation, values | {"reason": f"undo of event {event.row.seq}"})
