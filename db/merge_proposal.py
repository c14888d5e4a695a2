"""Proposes how to merge: who survives, which values, which sign-in, with reasons; the operator decides."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, select

from db.diagnosis.best import best_of
from db.diagnosis.evidence import AccountEvidence, read_evidence
from db.errors import Unknown
from db.gate.accounts import SignIn, read_accounts
from db.merging.blocker import Asking, Blocker
from db.merging.blockers import find_blockers
from db.merging.people import Choices
from db.merging.sign_ins import kept_of, usable_among
from db.models import Address, ContactState, Customer, EmailProfile, Operator, PhoneProfile, SignInState
from db.queries.contracts import one_line
from db.queries.merging import Attached, read_attached
from db.queries.viewer import Personal, Viewer, personal
from db.rules.identifiers import format_customer_number
from db.settings import load_policy

FEWEST, MOST = 2, 8


@dataclass(frozen=True)
class Option:
    """What one customer has in a field; None where nothing is on file."""

    customer_id: int
    value: Personal | None


@dataclass(frozen=True, kw_only=True)
class FieldProposal:
    """One field: what each has, whose is proposed and why; `parameter` is that of `merge-customers`."""

    name: str
    parameter: str
    options: tuple[Option, ...]
    proposed: int
    reason: str

    @property
    def is_equal(self) -> bool:
        """Whether all who have a value have the same one."""
        values = {option.value.text.casefold() for option in self.options if option.value is not None}
        return len(values) < 2 and self.options[0].value is not None


@dataclass(frozen=True, kw_only=True)
class ContactProposal:
    """One email or phone; `same_as` names the profile that the survivor comes to have already."""

    kind: str
    profile_id: int
    customer_id: int
    address: Personal
    state: str
    is_primary: bool
    same_as: int | None
    must_confirm: bool


@dataclass(frozen=True)
class SignInProposal:
    """One sign-in in use, and whether it is the one that stays."""

    id: int
    customer_id: int
    username: Personal
    state: str
    last_sign_in_at: datetime | None
    is_proposed: bool


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """All that a merge screen shows before anything is chosen; the survivor is first everywhere.

    `values` are the parameters of `merge-customers` as proposed.
    """

    survivor: int
    reasons: tuple[str, ...]
    accounts: tuple[AccountEvidence, ...]
    fields: tuple[FieldProposal, ...]
    contacts: tuple[ContactProposal, ...]
    sign_ins: tuple[SignInProposal, ...]
    attached: tuple[Attached, ...]
    blockers: tuple[Blocker, ...]
    values: dict[str, Any] = field(default_factory=dict)

    @property
    def differing(self) -> tuple[FieldProposal, ...]:
        """The fields to decide about."""
        return tuple(each for each in self.fields if not each.is_equal)

    @property
    def equal(self) -> tuple[FieldProposal, ...]:
        """The fields in which all agree."""
        return tuple(each for each in self.fields if each.is_equal)


def propose(
    connection: Connection,
    ids: Sequence[int],
    viewer: Viewer,
    now: datetime,
    *,
    survivor: int | None = None,
) -> Proposal:
    """Return the proposal for two to eight customers; `survivor` swaps who stays. Raises `Unknown`."""
    policy = load_policy(connection)
    accounts = read_evidence(connection, ids, viewer, policy, now)
    if len(accounts) < FEWEST or len(accounts) > MOST or len(accounts) != len(set(ids)):
        raise Unknown("A merge takes two to eight customers that there are. Mark others.", field="absorbed")
    best = best_of(accounts)
    first = survivor or (accounts[0].customer_id if best is None else best.customer_id)
    reasons = best.reasons if best is not None and best.customer_id == first else ("chosen by you",)
    ordered = tuple(sorted(accounts, key=lambda each: each.customer_id != first))
    numbers = tuple(each.customer_id for each in ordered)
    sign_ins, kept = _sign_ins(connection, numbers, viewer)
    fields = tuple(_fields(connection, numbers, viewer))
    contacts = tuple(_contacts(connection, numbers, viewer))
    return Proposal(
        survivor=first,
        reasons=reasons,
        accounts=ordered,
        fields=fields,
        contacts=contacts,
        sign_ins=sign_ins,
        attached=read_attached(connection, numbers),
        blockers=find_blockers(connection, _asking(connection, numbers, viewer, now, kept)),
        values=_values(connection, numbers, fields, contacts, kept),
    )


def _asking(
    connection: Connection, numbers: tuple[int, ...], viewer: Viewer, now: datetime, kept: int | None
) -> Asking:
    own = select(Operator.customer_id).where(Operator.id == viewer.operator_id)
    return Asking(
        ids=numbers,
        choices=Choices(sign_in=kept),
        policy=load_policy(connection),
        now=now,
        operator_id=viewer.operator_id,
        own_customer_id=connection.execute(own).scalar(),
    )


_AMONG: BindParameter[Any] = bindparam("ids", expanding=True)
_PEOPLE = select(Customer.__table__).where(Customer.id.in_(_AMONG))
_HOMES = select(Address.__table__).where(Address.customer_id.in_(_AMONG), Address.is_primary)
_FIELDS: tuple[tuple[str, str, Callable[[Any], str | None]], ...] = (
    ("given name", "given_name_from", lambda row: row.given_name),
    ("family name", "family_name_from", lambda row: row.family_name),
    ("birth date", "birth_date_from", lambda row: row.birth_date and row.birth_date.isoformat()),
)


def _fields(connection: Connection, numbers: tuple[int, ...], viewer: Viewer) -> list[FieldProposal]:
    people = {row.id: row for row in connection.execute(_PEOPLE, {"ids": numbers})}
    homes = {row.customer_id: row for row in connection.execute(_HOMES, {"ids": numbers})}
    texts: dict[str, dict[int, str | None]] = {
        name: {number: read(people[number]) for number in numbers} for name, _, read in _FIELDS
    }
    parameters = {name: parameter for name, parameter, _ in _FIELDS}
    texts["address"] = {number: _home(homes.get(number)) for number in numbers}
    parameters["address"] = "address_from"
    found = []
    for name, values in texts.items():
        proposed, reason = _preferred(numbers, values)
        hidden = name in ("birth date", "address")
        options = tuple(Option(number, _shown(values[number], viewer, hidden)) for number in numbers)
        found.append(
            FieldProposal(
                name=name, parameter=parameters[name], options=options, proposed=proposed, reason=reason
            )
        )
    return found


def _home(row: Any) -> str | None:
    return None if row is None else one_line(row.street, row.city, f"{row.state} {row.postcode}", row.country)


def _shown(value: str | None, viewer: Viewer, hidden: bool) -> Personal | None:
    if value is None:
        return None
    return personal(viewer, value) if hidden else Personal(value)


def _preferred(numbers: tuple[int, ...], values: dict[int, str | None]) -> tuple[int, str]:
    """The survivor's value, unless it lacks or only begins what another has in full."""
    own = values[numbers[0]]
    if not own:
        other = next((number for number in numbers if values[number]), None)
        return (numbers[0], "nobody has one") if other is None else (other, "the only one on file")
    begun = own.rstrip(".").casefold()
    for number in numbers[1:]:
        text = values[number] or ""
        if len(begun) < len(text) and len(begun) <= 1 and text.casefold().startswith(begun):
            return number, "written out"
    return numbers[0], "the survivor's"


_CONTACTS = (("email", EmailProfile, EmailProfile.address), ("phone", PhoneProfile, PhoneProfile.number))


def _contacts(connection: Connection, numbers: tuple[int, ...], viewer: Viewer) -> list[ContactProposal]:
    found = []
    for kind, model, text in _CONTACTS:
        rows = connection.execute(
            select(model.__table__, text.label("text")).where(model.customer_id.in_(numbers))
        ).all()
        held: dict[str, int] = {}
        for row in sorted(
            rows, key=lambda each: (numbers.index(each.customer_id), not each.is_primary, each.id)
        ):
            is_proved = row.state is ContactState.VERIFIED or row.verified_at is not None
            found.append(
                ContactProposal(
                    kind=kind,
                    profile_id=row.id,
                    customer_id=row.customer_id,
                    address=personal(viewer, row.text),
                    state=row.state.value,
                    is_primary=row.is_primary,
                    same_as=held.get(row.canonical),
                    must_confirm=row.customer_id != numbers[0] and not is_proved,
                )
            )
            held.setdefault(row.canonical, row.id)
    return found


def _sign_ins(
    connection: Connection, numbers: tuple[int, ...], viewer: Viewer
) -> tuple[tuple[SignInProposal, ...], int | None]:
    accounts = read_accounts(connection, numbers)
    usable = usable_among(accounts[number] for number in numbers)
    kept = kept_of(usable, None) or max(usable, key=_liveliness, default=None)
    chosen = None if kept is None else kept.id
    rows = tuple(
        SignInProposal(
            each.id,
            each.customer_id,
            personal(viewer, each.username),
            each.state.value,
            each.last_sign_in_at,
            each.id == chosen,
        )
        for each in usable
    )
    return rows, chosen


def _liveliness(sign_in: SignIn) -> tuple[bool, float, int]:
    """One that lets the customer in, then the one used last, then the oldest."""
    last = sign_in.last_sign_in_at
    return sign_in.state is SignInState.ACTIVE, last.timestamp() if last else 0.0, -sign_in.id


def _values(
    connection: Connection,
    numbers: tuple[int, ...],
    fields: tuple[FieldProposal, ...],
    contacts: tuple[ContactProposal, ...],
    kept: int | None,
) -> dict[str, Any]:
    """The parameters as proposed; what the rules would choose anyway is left out."""
    versions = {row.id: row.version for row in connection.execute(_PEOPLE, {"ids": numbers})}
    absorbed = (f"{format_customer_number(number)}@{versions[number]}" for number in numbers[1:])
    values: dict[str, Any] = {"customer": numbers[0], "absorbed": " ".join(absorbed)}
    if kept is not None:
        values["sign_in"] = kept
    for each in fields:
        if each.proposed != numbers[0]:
            values[each.parameter] = each.proposed
    for kind in ("email", "phone"):
        better = _better_primary([each for each in contacts if each.kind == kind], numbers[0])
        if better is not None:
            values[f"primary_{kind}"] = better
    return values


def _better_primary(contacts: list[ContactProposal], survivor: int) -> int | None:
    """A verified address, where the survivor's primary one is not."""
    verified = [each for each in contacts if each.state == ContactState.VERIFIED.value]
    primary = next((each for each in contacts if each.customer_id == survivor and each.is_primary), None)
    if primary is None or primary in verified:
        return None
    return next((each.profile_id for each in verified if each.same_as is None), None)
