"""Carries out a merge: what ends, what is chosen, what moves, table by table as its model declares."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, bindparam, exists, select

from db import contacts, setwise
from db.contacts import MODELS, Profile
from db.errors import Invalid
from db.gate.accounts import Account, SignIn
from db.merging import ending
from db.merging.journal import Journal, Moves
from db.merging.people import Choices, People
from db.merging.sign_ins import kept_of, state_after, status_after, usable_among
from db.models import (
    Address,
    AuthenticationProfile,
    Base,
    ContactState,
    Customer,
    CustomerStatus,
    KeepOne,
    Move,
    SignInState,
)
from db.rules.dedup import ContactKind
from db.transaction import Transaction

WHY = "customers merged"


@dataclass
class Carrying:
    """A merge under way."""

    transaction: Transaction
    people: People
    choices: Choices
    accounts: Mapping[int, Account]
    journal: Journal = field(default_factory=Journal)
    families: dict[Any, dict[int, list[Any]]] = field(default_factory=dict)

    @property
    def survivor(self) -> Customer:
        """Who stays."""
        return self.people.survivor


def carry(
    transaction: Transaction, people: People, choices: Choices, accounts: Mapping[int, Account]
) -> Journal:
    """Do it, and return every field that changed; nothing is checked here (see `blockers`)."""
    work = Carrying(transaction, people, choices, accounts)
    absorbed = {"absorbed": [person.id for person in people.absorbed]}
    has_any = transaction.connection.execute(_has_any(), absorbed).one()
    found = [each for each, is_there in zip(declared(_CARRIED), has_any, strict=True) if is_there]
    kept = _sign_ins(work)
    for kind in MODELS:
        _contacts(work, kind)
    _addresses(work)
    for model, policy in found:
        if isinstance(policy, KeepOne) and model not in (*MODELS.values(), Address):
            _move_what_is_new(work, model, policy)
    _customers(work, kept)
    transaction.session.flush()
    for model, policy in found:
        if isinstance(policy, Move):
            _move_all(work, model, policy.column)
    return work.journal


def _move_all(work: Carrying, model: type[Base], column: str) -> None:
    """Move every row of a table whose policy is to move."""
    taker = work.survivor.id
    for giver in (person.id for person in work.people.absorbed):
        ids = setwise.move(work.transaction.session, model, column, giver=giver, taker=taker)
        if ids:
            work.journal.move(Moves(model.__tablename__, column, giver, taker, ids))


_CARRIED = (KeepOne, Move)


@cache
def _has_any() -> Any:
    """In which of the tables whose rows go over an absorbed customer has any."""
    among: BindParameter[Any] = bindparam("absorbed", expanding=True)
    owners = (model.__table__.c[policy.column] for model, policy in declared(_CARRIED))
    return select(*(exists().where(owner.in_(among)) for owner in owners))


def declared(kind: Any) -> Iterator[tuple[type[Base], Any]]:
    """Yield the models whose rows a kind of policy is for, by the name of their tables."""
    models = sorted(
        (mapper.class_ for mapper in Base.registry.mappers), key=lambda found: found.__tablename__
    )
    for model in models:
        policy = getattr(model, "__merge__", None)
        if isinstance(policy, kind):
            yield model, policy


def _sign_ins(work: Carrying) -> SignIn | None:
    """Leave one sign-in in use; the others are disabled, and what they had opened ends (R18)."""
    ids = work.people.ids
    accounts = work.accounts
    usable = usable_among(accounts[number] for number in ids)
    kept = kept_of(usable, work.choices.sign_in)
    ending.links_and_codes(work.transaction, work.journal, ids, WHY)
    state = None if kept is None else state_after(kept, usable, accounts)
    is_open = kept is not None and state is not None and state[0] is not SignInState.LOCKED
    stays_open = kept.id if kept is not None and is_open and kept.customer_id == ids[0] else None
    ending.sessions(work.transaction, work.journal, ids, WHY, apart_from=stays_open)
    for each in usable:
        row = work.transaction.session.get_one(AuthenticationProfile, each.id)
        if kept is not None and each.id == kept.id and state is not None:
            _keep(work, row, usable, *state)
        else:
            work.journal.edit(row, state=SignInState.DISABLED, state_before_lock=None)
    return kept


def _keep(
    work: Carrying,
    row: AuthenticationProfile,
    usable: tuple[SignIn, ...],
    state: SignInState,
    behind: SignInState | None,
) -> None:
    """Give the kept sign-in the strictest state and counters of all (R35), and bring it to the survivor."""
    journal = work.journal
    journal.witness(row, "credential_version")
    journal.edit(
        row,
        state=state,
        failed_count=max(each.failed_count for each in usable),
        code_failures=max(each.code_failures for each in usable),
        customer_id=work.survivor.id,
    )
    if behind is not None:
        journal.edit(row, state_before_lock=behind.value)


def _contacts(work: Carrying, kind: ContactKind) -> None:
    """Bring the addresses over that the survivor lacks; of one that both have, the stricter state stays."""
    model = MODELS[kind]
    held: dict[str, Profile] = {row.canonical: row for row in _rows(work, model, work.survivor)}
    primary = next((row for row in held.values() if row.is_primary), None)
    wanted = work.choices.primary_email if kind == "email" else work.choices.primary_phone
    left = work.choices.left_emails if kind == "email" else work.choices.left_phones
    coming: list[Profile] = []
    for person in work.people.absorbed:
        for row in sorted(_rows(work, model, person), key=lambda each: (not each.is_primary, each.id)):
            if row.canonical in held:
                _keep_stricter(work, held[row.canonical], row)
            elif row.id not in left:
                held[row.canonical] = row
                coming.append(row)
    _check_rows(work, kind, left)
    chosen = _chosen_primary(primary, wanted, list(held.values()), kind)
    for row in (*coming, *([primary] if primary is not None else [])):
        work.journal.edit(row, is_primary=False)
    work.transaction.session.flush()  # the database allows one primary at any moment
    for row in coming:
        is_unproved = row.state is not ContactState.VERIFIED and row.verified_at is None
        work.journal.edit(
            row,
            customer_id=work.survivor.id,
            confirm_before_use=row.confirm_before_use or is_unproved,
        )
    work.transaction.session.flush()
    if chosen is not None:
        work.journal.edit(chosen, is_primary=True)


def _keep_stricter(work: Carrying, row: Profile, same: Profile) -> None:
    """What comes back on one side comes back on the other, and of two cool-downs the longer runs on (R35)."""
    if same.state is ContactState.BOUNCING:
        work.journal.edit(row, state=ContactState.BOUNCING)
    work.journal.edit(row, cool_down_until=contacts.later(row.cool_down_until, same.cool_down_until))


def _chosen_primary(
    primary: Profile | None, wanted: int | None, held: list[Profile], kind: ContactKind
) -> Profile | None:
    if wanted is not None:
        chosen = next((row for row in held if row.id == wanted), None)
        if chosen is None:
            raise Invalid(
                f"That {kind} does not go to the survivor. Choose one that does.", field=f"primary_{kind}"
            )
        return chosen
    if primary is not None:
        return primary
    proved = [row for row in held if row.state is ContactState.VERIFIED]
    return next(iter(proved or held), None)


def _check_rows(work: Carrying, kind: ContactKind, left: frozenset[int]) -> None:
    theirs = {row.id for person in work.people.absorbed for row in _rows(work, MODELS[kind], person)}
    if not left <= theirs:
        raise Invalid(
            f"Only an {kind} of an absorbed customer can be left." if kind == "email" else
            "Only a phone of an absorbed customer can be left.",
            field=f"left_{kind}s",
        )  # fmt: skip


def _addresses(work: Carrying) -> None:
    """Bring the postal addresses over; one is primary: the survivor's, or that of whom the operator chose."""
    owner = _owner(work, work.choices.address_from, "address_from")
    primaries = {
        row.customer_id: row
        for person in work.people.all
        for row in _rows(work, Address, person)
        if row.is_primary
    }
    chosen = primaries.get(owner.id) or next(iter(primaries.values()), None)
    _move_what_is_new(work, Address, Address.__merge__)
    if chosen is not None and chosen.customer_id != work.survivor.id:
        chosen = primaries.get(work.survivor.id)  # the same place is the survivor's already
    for row in primaries.values():
        if row.customer_id == work.survivor.id:
            work.journal.edit(row, is_primary=row is chosen)


def _move_what_is_new(work: Carrying, model: type[Base], policy: Any) -> None:
    """Move the rows of a kind whose key the survivor does not have yet; the others stay."""
    held = {_key(row, policy) for row in _rows(work, model, work.survivor)}
    for person in work.people.absorbed:
        for row in _rows(work, model, person):
            if _key(row, policy) not in held:
                held.add(_key(row, policy))
                work.journal.edit(row, **{policy.column: work.survivor.id})


def _key(row: Any, policy: KeepOne) -> tuple[str, ...]:
    return tuple(policy.fold(str(getattr(row, name))) for name in policy.key)


def _customers(work: Carrying, kept: SignIn | None) -> None:
    """Give the survivor the chosen values and the stricter state, and mark the absorbed ones merged."""
    survivor, people, choices = work.survivor, work.people, work.choices
    born = next((each.birth_date for each in people.all if each.birth_date is not None), None)
    if choices.birth_date_from is not None:
        born = _owner(work, choices.birth_date_from, "birth_date_from").birth_date
    work.journal.witness(survivor, "status")
    work.journal.edit(
        survivor,
        given_name=_owner(work, choices.given_name_from, "given_name_from").given_name,
        family_name=_owner(work, choices.family_name_from, "family_name_from").family_name,
        birth_date=born,
        status=status_after([work.accounts[number] for number in people.ids], kept),
    )
    for name in ("email_cool_down_until", "phone_cool_down_until"):
        ends = [end for person in people.all if (end := getattr(person, name)) is not None]
        work.journal.edit(survivor, **{name: max(ends, default=None)})
    for person in people.absorbed:
        work.journal.edit(person, status=CustomerStatus.MERGED, merged_into_id=survivor.id)
        person.version += 1


def _owner(work: Carrying, number: int | None, name: str) -> Customer:
    """Return whose value was chosen; the survivor where nobody was."""
    if number is None:
        return work.survivor
    for person in work.people.all:
        if person.id == number:
            return person
    raise Invalid("That is none of the customers who are merged. Choose one of them.", field=name)


def _rows(work: Carrying, model: type[Base], person: Customer) -> list[Any]:
    """Return the rows of a customer as they were when the merge began, oldest first."""
    if model not in work.families:
        by_owner: dict[int, list[Any]] = defaultdict(list)
        for row in work.transaction.session.scalars(_family(model), {"ids": list(work.people.ids)}):
            by_owner[row.customer_id].append(row)
        work.families[model] = by_owner
    return work.families[model][person.id]


@cache
def _family(model: type[Base]) -> Any:
    among: BindParameter[Any] = bindparam("ids", expanding=True)
    kind: Any = model
    return select(kind).where(kind.customer_id.in_(among)).order_by(kind.id)
