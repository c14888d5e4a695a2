"""Turns a customer as read into sections and rows: what stands where, and what it offers."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from db.rules.wording import counted
from tui import catalogue
from tui.contact_hints import needless_on_contact
from tui.interaction_rows import WALK, interaction_rows
from tui.section_rows import PLAIN, QUIET, Cell, Row, SectionRows

if TYPE_CHECKING:
    from db.queries.customer import CustomerView

NO_ADDRESS: Final = "none on file; e adds one"
NO_SIGN_IN: Final = "Nothing was sent yet; without a sign-in nothing can be reset. r creates one."
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
    if view.absorbed:
        numbers = ", ".join(f"C-{number}" for number in view.absorbed)
        yield Row("absorbed", (("old numbers", QUIET), (f"{numbers} lead here", PLAIN)), numbers)
    names = {"given_name": view.given_name, "family_name": view.family_name}
    yield Row("name", (("name", QUIET), (view.name, PLAIN)), view.name, names)
    born = "" if view.birth_date is None else str(view.birth_date)
    known = {"birth_date": born} if born else {}
    yield Row("birth-date", (("birth date", QUIET), (born or "not known", PLAIN)), born, known)
    if not view.addresses:
        yield Row("address", (("address", QUIET), (NO_ADDRESS, QUIET)), "")
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
            ((str(found.address), PLAIN), *state(found.state, *_contact_words(found, now))),
            str(found.address),
            {"email_profile": found.id, "email": str(found.address)},
            needless_on_contact("email", found, now),
        )
        for found in view.emails
    )
    return SectionRows("email", rows, ("email", "contact"), frozenset({"email_profile"}))


def _phone(view: "CustomerView", now: datetime) -> SectionRows:
    rows = tuple(
        Row(
            str(found.id),
            ((str(found.number), PLAIN), *state(found.state, found.kind, *_contact_words(found, now))),
            str(found.number),
            {"phone_profile": found.id, "phone": str(found.number)},
            needless_on_contact("phone", found, now),
        )
        for found in view.phones
    )
    return SectionRows("phone", rows, ("phone", "contact"), frozenset({"phone_profile"}))


def _contact_words(found: Any, now: datetime) -> Iterator[str]:
    if found.shared_with:  # first: it is what must not be cut off
        yield "also " + ", ".join(f"C-{number}" for number in found.shared_with)
    if found.is_primary:
        yield "primary"
    if found.cool_down_until is not None and found.cool_down_until > now:
        yield f"links from {catalogue.when(found.cool_down_until, now)}"


def _sign_ins(view: "CustomerView", now: datetime) -> SectionRows:
    rows = tuple(
        Row(
            str(found.id),
            ((str(found.username), PLAIN), *state(found.state, *_sign_in_words(found, now))),
            str(found.username),
            {"authentication_profile": found.id, "username": str(found.username)},
        )
        for found in view.sign_ins
    )
    hint = None if rows else ""
    return SectionRows("sign-in", rows, ("sign-in",), frozenset({"authentication_profile"}), hint=hint)


def _sign_in_words(found: Any, now: datetime) -> Iterator[str]:
    yield catalogue.ago(found.last_sign_in_at, now)
    if found.failed_count:
        yield counted(found.failed_count, "failure")


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
        cells = ((found.number, PLAIN), (where, QUIET))
        yield Row(f"contract-{found.id}", cells, found.number, {"contract": found.id})
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
        "messages",
        rows,
        ("messages",),
        frozenset({"message"}),
        _count(len(rows), len(view.messages)),
        empty="" if view.sign_ins else NO_SIGN_IN,
    )


def _notes(view: "CustomerView", now: datetime) -> SectionRows:
    rows = tuple(
        Row(
            str(found.id),
            ((catalogue.when(found.created_at, now), QUIET), (found.operator_id, QUIET), (text, PLAIN)),
            text,
        )
        for found in view.notes[:LISTED]
        for text in (str(found.text),)
    )
    return SectionRows("notes", rows, (), frozenset(), _count(len(rows), len(view.notes)))


def _interactions(view: "CustomerView", now: datetime) -> SectionRows:
    rows = interaction_rows(view, now, limit=LISTED)
    shown = sum(not row.key.startswith(WALK) for row in rows)
    return SectionRows(
        "interactions", rows, ("interaction",), frozenset(), _count(shown, len(view.interactions))
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
