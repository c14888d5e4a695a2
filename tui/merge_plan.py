"""What the operator has chosen on the merge screen, and the rows in which it is chosen."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from db.rules.identifiers import format_customer_number

if TYPE_CHECKING:
    from db.merge_proposal import ContactProposal, FieldProposal
    from tui.merging import MergeStart

SIGN_IN: Final = "sign_in"


class Mark(StrEnum):
    """What stands before a choice: one of several, taken or not; kept or left; only told."""

    CHOSEN = "●"
    OTHER = "○"
    KEPT = "☑"
    LEFT = "☐"
    SAME = "="
    NONE = " "


@dataclass(frozen=True)
class Choice:
    """What one customer has in a row; `state` is a word with a glyph of its own, `number` what is chosen."""

    mark: Mark
    text: str
    state: str = ""
    number: int | None = None


@dataclass(frozen=True, kw_only=True)
class PlanRow:
    """A row of choices, one a customer in the order of the columns; `result` is what the survivor gets."""

    key: str
    label: str
    choices: tuple[Choice | None, ...]
    result: str
    is_equal: bool = False
    profile: int | None = None
    """The email or phone that the row is about."""

    @property
    def is_contact(self) -> bool:
        """Whether it is kept or left, and not one of several."""
        return self.profile is not None


@dataclass
class Plan:
    """The choices so far, over the proposal; those that no longer fit another survivor are passed over."""

    start: "MergeStart"
    fields: dict[str, int] = field(default_factory=dict)
    sign_in: int | None = None
    primary: dict[str, int] = field(default_factory=dict)
    left: set[str] = field(default_factory=set)
    """The rows of emails and phones that stay behind."""
    end_links: bool = False
    all_from: int = 0
    """The column that everything was taken from last."""

    @property
    def ids(self) -> tuple[int, ...]:
        """The customers in the order of the columns, the survivor first."""
        return tuple(account.customer_id for account in self.start.proposal.accounts)

    @property
    def survivor(self) -> int:
        """Who stays."""
        return self.start.proposal.survivor

    @property
    def is_edited(self) -> bool:
        """Whether anything was chosen that could be lost."""
        return bool(self.fields or self.sign_in or self.primary or self.left or self.end_links)

    def over(self, start: "MergeStart") -> "Plan":
        """Return the same choices over a proposal that was read anew."""
        return Plan(start, self.fields, self.sign_in, self.primary, self.left, self.end_links, self.all_from)

    # ---- what is chosen

    def field_from(self, found: "FieldProposal") -> int:
        """Return whose value the survivor gets."""
        wanted = self.fields.get(found.parameter, found.proposed)
        return wanted if wanted in self.ids else found.proposed

    @property
    def kept_sign_in(self) -> int | None:
        """Return which sign-in stays."""
        rows = self.start.proposal.sign_ins
        if self.sign_in in {row.id for row in rows}:
            return self.sign_in
        return next((row.id for row in rows if row.is_proposed), None)

    def primary_of(self, kind: str) -> int | None:
        """Return which email or phone becomes the primary one."""
        rows = [row for row in self.start.proposal.contacts if row.kind == kind and row.same_as is None]
        kept = [row for row in rows if row.profile_id not in self._left(kind)]
        for wanted in (self.primary.get(kind), self.start.proposal.values.get(f"primary_{kind}")):
            if wanted in {row.profile_id for row in kept}:
                return wanted
        own = (row for row in kept if row.customer_id == self.survivor and row.is_primary)
        return next((row.profile_id for row in (*own, *kept)), None)

    def _left(self, kind: str) -> set[int]:
        """Only what is an absorbed customer's can be left with them."""
        rows = self.start.proposal.contacts
        return {
            row.profile_id
            for row in rows
            if row.kind == kind
            and row.customer_id != self.survivor
            and f"{kind}-{row.profile_id}" in self.left
        }

    @property
    def values(self) -> dict[str, Any]:
        """Return the parameters of `merge-customers`; what the rules would choose anyway is left out."""
        proposal = self.start.proposal
        found: dict[str, Any] = {name: proposal.values[name] for name in ("customer", "absorbed")}
        for each in proposal.fields:
            if self.field_from(each) != self.survivor:
                found[each.parameter] = self.field_from(each)
        if self.kept_sign_in is not None:
            found[SIGN_IN] = self.kept_sign_in
        for kind in ("email", "phone"):
            own = next((row.profile_id for row in self._of(kind) if row.is_primary), None)
            primary = self.primary_of(kind)
            if primary is not None and primary != own:
                found[f"primary_{kind}"] = primary
            if self._left(kind):
                found[f"left_{kind}s"] = " ".join(map(str, sorted(self._left(kind))))
        if self.end_links:
            found["end_links"] = True
        return found

    def _of(self, kind: str) -> "list[ContactProposal]":
        return [
            row
            for row in self.start.proposal.contacts
            if row.kind == kind and row.customer_id == self.survivor
        ]

    # ---- choosing

    def choose(self, row: PlanRow, column: int) -> bool:
        """Take what a customer has in a row; of a contact, keep or leave it. False where nothing is there."""
        choice = row.choices[column] if column < len(row.choices) else None
        if choice is None or (choice.number is None and not row.is_contact):
            return False
        if row.profile is not None:
            return choice.mark in (Mark.KEPT, Mark.LEFT) and self.turn(row)
        if row.key.startswith(SIGN_IN):
            self.sign_in = choice.number
        elif choice.number is not None:
            self.fields[row.key] = choice.number
        return True

    def turn(self, row: PlanRow) -> bool:
        """Keep an email or phone that was to be left, and the other way round; the survivor's own stays."""
        contacts = self.start.proposal.contacts
        owner = next((each for each in contacts if f"{each.kind}-{each.profile_id}" == row.key), None)
        if owner is None or owner.customer_id == self.survivor:
            return False
        self.left ^= {row.key}
        return True

    def make_primary(self, row: PlanRow) -> bool:
        """Make an email or phone that is kept the primary one."""
        if row.profile is None or row.key in self.left:
            return False
        kind = row.key.partition("-")[0]
        self.primary[kind] = row.profile
        return True

    def take_all(self, customer_id: int) -> None:
        """Take everything that a customer has."""
        proposal = self.start.proposal
        for each in proposal.fields:
            has = any(option.customer_id == customer_id and option.value for option in each.options)
            self.fields[each.parameter] = customer_id if has else each.proposed
        own = [row.id for row in proposal.sign_ins if row.customer_id == customer_id]
        if own:
            self.sign_in = own[0]
        for kind in ("email", "phone"):
            rows = [row for row in proposal.contacts if row.kind == kind and row.customer_id == customer_id]
            first = next((row for row in rows if row.is_primary), None)
            if first is not None:
                self.primary[kind] = first.same_as or first.profile_id
                self.left -= {f"{kind}-{row.profile_id}" for row in rows}

    # ---- rows

    def rows(self) -> tuple[PlanRow, ...]:
        """Return what differs, then what is equal."""
        found = (*self._field_rows(), *self._contact_rows(), *self._sign_in_rows())
        ordered = sorted(found, key=lambda row: row.is_equal)
        seen: set[tuple[str, bool]] = set()
        rows = []
        for row in ordered:  # a label stands once above its rows
            is_again = (row.label, row.is_equal) in seen
            seen.add((row.label, row.is_equal))
            rows.append(replace(row, label="") if is_again else row)
        return tuple(rows)

    def _field_rows(self) -> Iterator[PlanRow]:
        for each in self.start.proposal.fields:
            values = {option.customer_id: option.value for option in each.options}
            if not any(values.values()):
                continue
            chosen = self.field_from(each)
            choices = []
            for number in self.ids:
                value = values.get(number)
                mark = Mark.CHOSEN if number == chosen else Mark.OTHER
                choices.append(Choice(mark, str(value), number=number) if value else None)
            reason = each.reason if chosen == each.proposed and each.reason != "the survivor's" else ""
            result = " · ".join(filter(None, (str(values.get(chosen) or ""), reason)))
            is_equal = each.is_equal and all(values.values())
            yield PlanRow(
                key=each.parameter, label=each.name, choices=tuple(choices), result=result, is_equal=is_equal
            )

    def _contact_rows(self) -> Iterator[PlanRow]:
        for kind in ("email", "phone"):
            contacts = [row for row in self.start.proposal.contacts if row.kind == kind]
            for first in contacts:
                if first.same_as is None:
                    same = [first, *(row for row in contacts if row.same_as == first.profile_id)]
                    yield self._contact_row(first, same)

    def _contact_row(self, first: "ContactProposal", same: "list[ContactProposal]") -> PlanRow:
        is_left = first.profile_id in self._left(first.kind)
        choices: list[Choice | None] = []
        for number in self.ids:
            own = next((row for row in same if row.customer_id == number), None)
            mark = Mark.SAME if own is not first else Mark.LEFT if is_left else Mark.KEPT
            choices.append(None if own is None else Choice(mark, str(own.address), own.state, own.profile_id))
        is_primary = self.primary_of(first.kind) == first.profile_id
        words = ["primary" if is_primary else "kept", "to be confirmed" if first.must_confirm else ""]
        left = [f"left with {format_customer_number(first.customer_id)}"]
        states = {choice.state if choice else None for choice in choices}
        return PlanRow(
            key=f"{first.kind}-{first.profile_id}",
            label=first.kind,
            choices=tuple(choices),
            result=", ".join(filter(None, left if is_left else words)),
            is_equal=len(states) == 1 and is_primary,
            profile=first.profile_id,
        )

    def _sign_in_rows(self) -> Iterator[PlanRow]:
        """One row, or as many as one customer has sign-ins in use."""
        rows = self.start.proposal.sign_ins
        by_owner = [[row for row in rows if row.customer_id == number] for number in self.ids]
        kept = self.kept_sign_in
        name = next((str(row.username) for row in rows if row.id == kept), "")
        others = len(rows) - 1
        result = name if others < 1 else f"{name}, {others} disabled"
        for place in range(max(map(len, by_owner), default=0)):
            choices: list[Choice | None] = []
            for own in by_owner:
                found = own[place] if place < len(own) else None
                mark = Mark.CHOSEN if found is not None and found.id == kept else Mark.OTHER
                choices.append(
                    None if found is None else Choice(mark, str(found.username), found.state, found.id)
                )
            yield PlanRow(
                key=f"{SIGN_IN}-{place}",
                label="" if place else "sign-in",
                choices=tuple(choices),
                result="" if place else result,
            )
