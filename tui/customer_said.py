"""What a customer's screen says to this operator: what they may do about what is missing, by which key."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from tui import catalogue
from tui.customer_merging import labels_of, left_behind
from tui.customer_rows import sections
from tui.customer_verdict import with_typos
from tui.section_rows import SectionRows

if TYPE_CHECKING:
    from datetime import datetime

    from db.queries.customer import CustomerView
    from tui.insight import Opened
    from tui.operation_info import OperationInfo

CREATE_SIGN_IN: Final = "create-sign-in"
_MAKES: Final = {
    "email": "add-email",
    "phone": "add-phone",
    "sign-in": CREATE_SIGN_IN,
    "passes": "add-note",
    "contracts": "add-contract",
    "authorised": "add-authorised-person",
    "notes": "add-note",
    "messages": "send-sign-in-link",
}
"""The operation that the sentence of an empty section proposes."""


def shown_sections(
    opened: "Opened", now: "datetime", operations: "Iterable[OperationInfo]"
) -> tuple[SectionRows, ...]:
    """Return all sections; an empty one names a key only to who may do what the key does."""
    if opened.view.merged_into is not None:
        found = sections(opened.view, now)
        return tuple(part if part.rows else replace(part, empty=left_behind(opened.view)) for part in found)
    known = {info.name: info for info in operations}
    is_only_read = _is_only_read(known.values())
    has_sign_in = bool(opened.view.sign_ins)
    shown = tuple(
        part if part.rows else _said(part, known, has_sign_in=has_sign_in)
        for part in with_typos(sections(opened.view, now), opened.typos)
    )
    return tuple(replace(part, hint="") if is_only_read and part.hint is None else part for part in shown)


def _is_only_read(operations: "Iterable[OperationInfo]") -> bool:
    """Whether nothing can be done to a customer here, as far as is known."""
    found = [info.is_allowed for info in operations if info.needs_customer]
    return bool(found) and not any(found)


def _said(part: SectionRows, known: "Mapping[str, OperationInfo]", *, has_sign_in: bool) -> SectionRows:
    name = _MAKES.get(part.key, "")
    if part.key == "messages" and not has_sign_in:
        name = CREATE_SIGN_IN
    info = known.get(name)
    if info is None or info.is_allowed:
        return part
    sentence = part.empty or catalogue.EMPTY_SECTIONS.get(part.key, "")
    return replace(part, empty=catalogue.ask_instead(sentence, "" if info.is_read_only else info.who_may))


def key_labels(view: "CustomerView", operations: "Iterable[OperationInfo]") -> dict[str, str]:
    """Return what keys are called for this customer, by action; "" for one that does nothing here."""
    operations = tuple(operations)
    if _is_only_read(operations):
        return dict.fromkeys(("edit", "add", "reset", "note"), "")
    found = labels_of(view)
    if view.sign_ins:
        return found
    may_create = any(info.name == CREATE_SIGN_IN and info.is_allowed for info in operations)
    return {**found, "reset": catalogue.CREATE_SIGN_IN if may_create else ""}
