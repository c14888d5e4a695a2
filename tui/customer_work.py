"""What an operator needs to know of an open customer: who it is, what can be done to which row."""

from typing import TYPE_CHECKING, Final

from textual.content import Content

from tui import catalogue
from tui.customer_rows import ROW_KINDS
from tui.section_rows import Row, SectionRows
from tui.undo import has_opposite

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from db.ledger import Change
    from db.queries.audit import EventRow
    from db.queries.customer import CustomerView
    from tui.bridge import OperationInfo


def concerns(info: "OperationInfo", shown: SectionRows) -> bool:
    """Whether an operation belongs to a section: to its group, and to its kind of rows if to any."""
    kinds = {field.kind for field in info.fields} & ROW_KINDS
    return info.group in shown.groups and not adds(info) and (not kinds or bool(kinds & shown.kinds))


def adds(info: "OperationInfo") -> bool:
    """Whether an operation makes a new row."""
    return info.name.startswith(("add-", "create-"))


def values(info: "OperationInfo", row: Row | None) -> dict[str, object]:
    """Fill what the selected row knows; a value to be changed starts as it is."""
    known = {} if row is None else row.values
    is_change = info.name.startswith("change-")
    found: dict[str, object] = {}
    for field in info.fields:
        for name in filter(None, (field.kind, field.name)):
            if name in known and (is_change or isinstance(known[name], int)):
                found[field.name] = known[name]
    return found


def latest_undoable(events: "Iterable[EventRow]") -> int | None:
    """Return the newest event that an opposite operation takes back."""
    return next((row.seq for row in events if row.outcome == "applied" and has_opposite(row.operation)), None)


_ROW_OF: Final = {
    "email_profile": ("email", "{}"),
    "phone_profile": ("phone", "{}"),
    "authentication_profile": ("sign-in", "{}"),
    "pass": ("passes", "{}"),
    "contract": ("contracts", "contract-{}"),
    "phase": ("contracts", "phase-{}"),
    "authorised_person": ("authorised", "{}"),
    "note": ("notes", "{}"),
    "address": ("person", "address-{}"),
    "interaction": ("interactions", "{}"),
    "message": ("messages", "{}"),
}


def _is_mail(change: "Change") -> bool:
    return change.field.startswith("message.")


def changed_row(changes: "tuple[Change, ...]") -> tuple[str, str] | None:
    """Return section and row of what an operation was about: before what gave way to it, and its mails."""
    for change in sorted(changes, key=lambda change: (_is_mail(change), change.after in (None, "no"))):
        table, _, column = change.field.partition(".")
        if table in _ROW_OF:
            section, key = _ROW_OF[table]
            return section, key.format(change.row)
        if column in ("given_name", "family_name"):
            return "person", "name"
        if column == "birth_date":
            return "person", "birth-date"
    return None


def who(view: "CustomerView", verdict: Content, now: "datetime") -> tuple[Content, ...]:
    """The parts of the line below the header: status and verdict, then what must not be overlooked."""
    tone = catalogue.tone(view.status)
    parts = [Content.styled(f"{catalogue.glyph(view.status)} {view.status.upper()}", f"bold {tone}")]
    parts.append(verdict)
    parts.append(Content.styled(catalogue.since(view.created_at, now), "$text-muted"))
    if view.status == "suspended":
        parts.append(Content.styled(catalogue.REACTIVATE, "$text-muted"))
    if view.merged_into is not None:
        parts.append(Content.styled(f"→ merged into C-{view.merged_into}", "bold $text-warning"))
    if view.takeover_flag:
        parts.append(Content.styled(catalogue.TAKEOVER, "bold $text-error"))
    return tuple(parts)
