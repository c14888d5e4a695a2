"""Turns a customer as read into sections and rows: what stands where, and what it offers."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from tui import catalogue

if TYPE_CHECKING:
    from db.queries.customer import CustomerView

QUIET: Final = "$text-muted"
PLAIN: Final = ""
LISTED: Final = 8
"""Rows of a section that grows without end; the rest is behind `h`."""
CONTRACT_KINDS: Final = frozenset({"contract", "phase", "phase_grant"})
ROW_KINDS: Final = CONTRACT_KINDS | {
    "email_profile",
    "phone_profile",
    "authentication_profile",
    "pass",
    "authorised_person",
    "message",
}

Cell = tuple[str, str]


@dataclass(frozen=True)
class Row:
    """One line of a section.

    `values` fill the form of an operation on this row, by the kind or the name of its fields.
    """

    key: str
    cells: tuple[Cell, ...]
    copy: str
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class SectionRows:
    """A section; `groups` of operations, on these `kinds` of rows, concern it."""

    key: str
    rows: tuple[Row, ...]
    groups: tuple[str, ...]
    kinds: frozenset[str] = frozenset()
    count: str = ""


def state(word: str, *more: str) -> tuple[Cell, Cell]:
    """Return a state with its glyph, and what else is to be said."""
    return (
        (f"{catalogue.glyph(word)} {word}", catalogue.tone(word)),
        (" · ".join(filter(None, more)), QUIET),
    )


def sections(view: "CustomerView", now: datetime) -> tuple[SectionRows, ...]:
    """Return all sections, in the order in which an operator needs them."""
    return tuple(make(view, now) for make in _SECTIONS)


def _person(view: "CustomerView", _now: datetime) -> SectionRows:
    return SectionRows("person", tuple(_person_rows(view)), ("customer", "address"))


def _person_rows(view: "CustomerView") -> Iterator[Row]:
    if view.merged_into is not None:
        survivor = f"C-{view.merged_into}"
        yield Row("merged-into", (("merged into", QUIET), (f"→ {survivor}", PLAIN)), survivor)
    names = {"given_name": view.given_name, "family_name": view.family_name}
    yield Row("name", (("name", QUIET), (view.name, PLAIN)), view.name, names)
    born = "" if view.birth_date is None else str(view.birth_date)
    known = {"birth_date": born} if born else {}
    yield Row("birth-date", (("birth date", QUIET), (born or "not known", PLAIN)), born, known)
    for found in view.addresses:
        parts = {"street": str(found.street), "city": found.city, "state": found.state}
        parts |= {"postcode": str(found.postcode), "country": found.country}
        yield Row(
            f"address-{found.id}",
            (("address", QUIET), (str(found.line), PLAIN)),
            str(found.line),
            {"address": found.id, **parts},
        )


def _email(view: "CustomerView", now: datetime) -> SectionRows:
    rows = tuple(
        Row(
            str(found.id),
            (
                (str(found.address), PLAIN),
                *state(found.state, *_contact_words(found, now)),
            ),
            str(found.address),
            {"email_profile": found.id, "email": str(found.address)},
        )
        for found in view.emails
    )
    return SectionRows("email", rows, ("email",), frozenset({"email_profile"}))


def _phone(view: "CustomerView", now: datetime) -> SectionRows:
    rows = tuple(
        Row(
            str(found.id),
            (
                (str(found.number), PLAIN),
                *state(found.state, found.kind, *_contact_words(found, now)),
            ),
            str(found.number),
            {"phone_profile": found.id, "phone": str(found.number)},
        )
        for found in view.phones
    )
    return SectionRows("phone", rows, ("phone",), frozenset({"phone_profile"}))


def _contact_words(found: Any, now: datetime) -> Iterator[str]:
    if found.is_primary:
        yield "primary"
    if found.shared_with:
        yield "also on " + ", ".join(f"C-{number}" for number in found.shared_with)
    if found.cool_down_until is not None and found.cool_down_until > now:
        yield f"links from {catalogue.when(found.cool_down_until, now)}"


def _sign_ins(view: "CustomerView", now: datetime) -> SectionRows:
    rows = tuple(
        Row(
            str(found.id),
            (
                (str(found.username), PLAIN),
                *state(
                    found.state,
                    catalogue.ago(found.last_sign_in_at, now),
                    f"{found.failed_count} failures" if found.failed_count else "",
                ),
            ),
            str(found.username),
            {"authentication_profile": found.id, "username": str(found.username)},
        )
        for found in view.sign_ins
    )
    return SectionRows("sign-in", rows, ("sign-in",), frozenset({"authentication_profile"}))


def _passes(view: "CustomerView", _now: datetime) -> SectionRows:
    rows = tuple(
        Row(
            str(found.id),
            ((str(found.pass_id), PLAIN), *state(found.state)),
            str(found.pass_id),
            {"pass": found.id},
        )
        for found in view.passes
    )
    return SectionRows("passes", rows, ("pass",), frozenset({"pass"}))


def _contracts(view: "CustomerView", _now: datetime) -> SectionRows:
    return SectionRows("contracts", tuple(_contract_rows(view)), ("contract",), CONTRACT_KINDS)


def _contract_rows(view: "CustomerView") -> Iterator[Row]:
    for found in view.contracts:
        where = " · ".join(part for part in (found.organisation, found.place) if part)
        yield Row(
            f"contract-{found.id}",
            ((found.number, PLAIN), (where, QUIET)),
            found.number,
            {"contract": found.id},
        )
        for phase in found.phases:
            who = ", ".join(phase.representatives) or "no representative"
            yield Row(
                f"phase-{phase.id}",
                ((f"· {phase.name}", PLAIN), (f"{phase.state} · {who}", QUIET)),
                phase.name,
                {"contract": found.id, "phase": phase.id},
            )


def _authorised(view: "CustomerView", _now: datetime) -> SectionRows:
    rows = tuple(
        Row(
            str(found.id),
            ((found.name, PLAIN), (found.relation or "", QUIET)),
            found.name,
            {"authorised_person": found.id},
        )
        for found in view.authorised
    )
    return SectionRows("authorised", rows, ("contract",), frozenset({"authorised_person"}))


def _messages(view: "CustomerView", now: datetime) -> SectionRows:
    rows = tuple(
        Row(
            str(found.id),
            (
                (f"{catalogue.glyph(found.state)} {found.state}", catalogue.tone(found.state)),
                (catalogue.MESSAGE_KINDS.get(found.kind, found.kind), PLAIN),
                (catalogue.when(found.sent_at or found.created_at, now), QUIET),
                (found.reference, QUIET),
                (" · ".join(filter(None, (str(found.recipient), found.reply))), QUIET),
            ),
            found.reference,
            {"message": found.id},
        )
        for found in view.messages[:LISTED]
    )
    return SectionRows(
        "messages", rows, ("messages",), frozenset({"message"}), _count(len(rows), len(view.messages))
    )


def _notes(view: "CustomerView", now: datetime) -> SectionRows:
    rows = tuple(
        Row(
            str(found.id),
            (
                (catalogue.when(found.created_at, now), QUIET),
                (found.operator_id, QUIET),
                (str(found.text), PLAIN),
            ),
            str(found.text),
        )
        for found in view.notes[:LISTED]
    )
    return SectionRows("notes", rows, (), frozenset(), _count(len(rows), len(view.notes)))


def _interactions(view: "CustomerView", now: datetime) -> SectionRows:
    rows = tuple(
        Row(
            str(found.id),
            (
                (catalogue.when(found.opened_at, now), QUIET),
                (found.operator_id, QUIET),
                (f"{found.channel} {found.direction}", PLAIN),
                ("closed" if found.closed_at else "● open", QUIET if found.closed_at else PLAIN),
                (found.ticket or "", QUIET),
            ),
            found.ticket or str(found.id),
            {"interaction": found.id},
        )
        for found in view.interactions[:LISTED]
    )
    return SectionRows(
        "interactions", rows, ("interaction",), frozenset(), _count(len(rows), len(view.interactions))
    )


def _history(view: "CustomerView", now: datetime) -> SectionRows:
    rows = tuple(
        Row(
            str(found.seq),
            (
                (catalogue.when(found.at, now), QUIET),
                (found.operator_id, QUIET),
                (found.operation, PLAIN),
                (f"{catalogue.glyph(found.outcome)} {found.outcome}", catalogue.tone(found.outcome)),
            ),
            str(found.seq),
        )
        for found in view.history
    )
    return SectionRows("history", rows, ())


def _count(shown: int, total: int) -> str:
    return f"{shown} of {total}" if total > shown else ""


_SECTIONS: Final[tuple[Callable[["CustomerView", datetime], SectionRows], ...]] = (
    _person,
    _email,
    _phone,
    _sign_ins,
    _passes,
    _contracts,
    _authorised,
    _notes,
    _messages,
    _interactions,
    _history,
)
