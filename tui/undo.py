"""Which operation takes an event back, and with which values: a table of opposites.

Nothing is undone behind the operator's back: the opposite opens in the usual form, filled in, with its own
preview, permission and event.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from db.applied import Applied
    from db.ledger import Change
    from db.queries.audit import EventView
    from tui.bridge import OperationInfo

HIDDEN: Final = "(hidden)"


@dataclass(frozen=True)
class Undo:
    """An operation with the values that its form begins with.

    `named` are fields whose row is known by the beginning of its label only; the form looks it up.
    """

    operation: str
    values: dict[str, Any]
    named: dict[str, str] = field(default_factory=dict)


class Facts:
    """The changes of an event, looked up by field."""

    def __init__(self, changes: "tuple[Change, ...]") -> None:
        self._changes = changes

    def before(self, field: str) -> str | None:
        """Return what a field was; None where it was not changed, was empty, or is not told."""
        found = next((change.before for change in self._changes if change.field == field), None)
        return None if found == HIDDEN else found

    def touched(self, field: str) -> bool:
        """Whether a field was changed, whatever is told of it."""
        return any(change.field == field for change in self._changes)

    def key(self, table: str) -> str | None:
        """Return what the first changed row of a table is called, where rows have names."""
        return next((change.row for change in self._changes if change.field.startswith(f"{table}.")), None)

    def row(self, table: str, *, field: str = "", was: str | None = None) -> int | None:
        """Return the number of the first row of a table that was changed, or whose field was `was`."""
        for change in self._changes:
            name, _, column = change.field.partition(".")
            fits = not field or (column == field and (was is None or change.before == was))
            if name == table and fits and change.row.isdigit():
                return int(change.row)
        return None


Way = Callable[[Facts], Undo | None]


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


def _setting(facts: Facts) -> Undo:
    return Undo("change-setting", {"key": facts.key("setting"), "value": _stored(facts)})


def _stored(facts: Facts) -> str | None:
    """Return what a setting was, as it is typed: texts are stored in quotes."""
    stored = facts.before("setting.value")
    return str(json.loads(stored)) if stored is not None and stored.startswith('"') else stored


def _mark_back(kind: str) -> Way:
    """Verified and bouncing are each other's opposite; nothing makes an address unverified again."""

    def way(facts: Facts) -> Undo | None:
        was = facts.before(f"{kind}_profile.state")
        back = {"profile": facts.row(f"{kind}_profile", field="state")}
        return Undo(f"mark-{kind}-{was}", back) if was in ("verified", "bouncing") else None

    return way


def _put_back(facts: Facts) -> dict[str, Any]:
    """Whether a reactivation replaced an email or phone, which then goes back too."""
    is_due = any(facts.touched(field) for field in ("email_profile.address", "phone_profile.number"))
    return {"puts_back": True} if is_due else {}


_GRANT: Final = re.compile(r"(?P<who>.+?): .+ \(phase (?P<phase>\d+)\)")


def _grant_again(facts: Facts) -> Undo | None:
    found = _GRANT.fullmatch(facts.before("phase_grant.representative_id") or "")
    if found is None:
        return None
    return Undo("grant-phase", {"phase": int(found["phase"])}, {"representative": found["who"]})


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
    "reactivate-customer": lambda facts: Undo("suspend-customer", _put_back(facts)),
    "suspend-pass": _row("reactivate-pass", "pass_row", "pass"),
    "reactivate-pass": lambda facts: Undo(
        "suspend-pass", {"pass_row": facts.row("pass"), **_put_back(facts)}
    ),
    "lock-sign-in": _row("unlock-sign-in", "sign_in", "authentication_profile"),
    "unlock-sign-in": _row("lock-sign-in", "sign_in", "authentication_profile"),
    "add-authorised-person": _row("remove-authorised-person", "person", "authorised_person"),
    "remove-authorised-person": _back("add-authorised-person", _PERSON),
    "grant-phase": _row("revoke-phase", "grant", "phase_grant"),
    "revoke-phase": _grant_again,
    "mark-email-verified": _mark_back("email"),
    "mark-email-bouncing": _mark_back("email"),
    "mark-phone-verified": _mark_back("phone"),
    "mark-phone-bouncing": _mark_back("phone"),
    "merge-customers": _row("unmerge-customers", "merge", "customer_merge"),
    "change-setting": _setting,
    "change-dedup-mode": lambda facts: Undo("change-dedup-mode", {"mode": _stored(facts)}),
    "change-operator-role": lambda facts: Undo(
        "change-operator-role", {"operator": facts.key("operator"), "role": facts.before("operator.role")}
    ),
}

_CHANGED_NOTHING: Final = "This event changed nothing, so there is nothing to take back."
_ERASED: Final = "The values of this event were erased, so they cannot be put back."
_NOTHING_DOES: Final = "Nothing takes this back. Look at what it changed, and correct that with e."
_MARK: Final = "Nothing makes an address unverified again. A confirmation link, or a bounce, says what it is."
_HAS_LEFT: Final = "A mail that has left cannot be called back."
WHY_NOT: Final = {
    "add-customer": "A customer is never removed. Correct what is wrong with e, or suspend the customer.",
    "add-note": "A note stays. n writes another one that puts it right.",
    "add-contract": "A contract is never removed. Its phases say how far it is.",
    "send-sign-in-link": "A mail that has left cannot be called back. r sends a newer one, which ends it.",
    "retry-message": _HAS_LEFT,
    "create-sign-in": "A sign-in is never removed. e on the sign-in disables it.",
    "disable-sign-in": "A disabled sign-in does not come back. a creates another one.",
    "add-operator": "An operator is never removed: the id stands in the log. g, Operators, disables one.",
    "disable-operator": "A disabled operator does not come back: the id stands in the log. Add another one.",
    "start-interaction": "A conversation that was started stays in the log. Close it.",
    "close-interaction": "A closed conversation does not open again. Start another one.",
    "change-typo-table": "g, typo table shows the line or rule: e on it takes the edit back.",
    "save-playbook": "g, playbooks shows the source: e on it saves what should stand there.",
    "send-test-mail": _HAS_LEFT,
    "send-help-mail": _HAS_LEFT,
    "shorten-cool-down": "A cool-down that was shortened is not made longer again.",
    "judge-duplicate": "g leads to the duplicates: u on the judged pair opens it again.",
    "unmerge-customers": "Customers that were parted are merged again like any others: merge-customers.",
    "send-confirmation": _HAS_LEFT,
    "start-walk": "A walk stays with its interaction. Close the interaction.",
    "record-step": "p opens the walk: ⏎ on the step corrects its answer.",
    "mark-email-verified": _MARK,
    "mark-email-bouncing": _MARK,
    "mark-phone-verified": _MARK,
    "mark-phone-bouncing": _MARK,
}
"""Where no opposite exists, why, and what to do instead."""


def has_opposite(operation: str, changes: "Iterable[Change] | None" = None) -> bool:
    """Whether an operation can be taken back by another; with its changes, whether this one can."""
    way = OPPOSITES.get(operation)
    return way is not None and (changes is None or way(Facts(tuple(changes))) is not None)


def is_offered(applied: "Applied", find: "Callable[[str], OperationInfo | None]") -> bool:
    """Whether to point to `u` after an operation: the opposite exists, and this operator may do it.

    Where the data decides which right the opposite asks for, all of them must be the operator's.
    """
    way = OPPOSITES.get(applied.operation)
    undo = None if way is None else way(Facts(tuple(applied.changes)))
    info = None if undo is None else find(undo.operation)
    return info is not None and info.is_allowed and info.is_sure


def why_not(event: "EventView") -> str:
    """Say why `opposite` finds nothing for an event, and what to do instead."""
    if event.row.outcome != "applied":
        return _CHANGED_NOTHING
    if event.redacted_by is not None:
        return _ERASED
    return WHY_NOT.get(event.row.operation, _NOTHING_DOES)


def opposite(event: "EventView") -> Undo | None:
    """Return what takes an event back; None where nothing does, or where its values are gone."""
    way = OPPOSITES.get(event.row.operation)
    if way is None or event.row.outcome != "applied" or event.redacted_by is not None:
        return None
    undo = way(Facts(event.changes))
    if undo is None:
        return None
    values = {name: value for name, value in undo.values.items() if value is not None}
    if undo.values and not values:
        return None
    return Undo(undo.operation, values | {"reason": f"undo of event {event.row.seq}"}, undo.named)
