"""What stands in the way of a merge, and what an operator should know before it; each with its remedy."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, or_, select

from db import contacts
from db.gate.accounts import Account, SignIn, read_accounts
from db.merging.blocker import Asking, Blocker, BlockerKind
from db.merging.sign_ins import kept_of, state_after, status_after, usable_among
from db.models import (
    ContactState,
    CustomerStatus,
    EmailProfile,
    Interaction,
    Link,
    Pass,
    PassState,
    PhoneProfile,
    SignInState,
)
from db.rules.dedup import ContactKind, holds
from db.rules.identifiers import format_customer_number, without_zeros


def find_blockers(
    connection: Connection, asking: Asking, found: Mapping[int, Account] | None = None
) -> tuple[Blocker, ...]:
    """Return everything that stops the merge, then what it warns of; `found` are the accounts, if known."""
    found = read_accounts(connection, asking.ids) if found is None else found
    accounts = [found[number] for number in asking.ids if number in found]
    gone = tuple(_of_people(accounts, asking))
    if any(each.kind in (BlockerKind.ALREADY_MERGED, BlockerKind.ERASED) for each in gone):
        return gone
    usable = usable_among(accounts)
    kept = kept_of(usable, asking.choices.sign_in)
    all_of_them = (
        *gone,
        *_of_sign_ins(usable, kept),
        *_of_links(connection, asking),
        *_of_passes(connection, asking),
        *_of_contacts(connection, asking, accounts, kept),
        *_of_interactions(connection, asking),
        *_of_states(accounts, usable, kept),
        *_unconfirmed(connection, asking),
    )
    return tuple(sorted(all_of_them, key=lambda each: not each.stops))


def _number(customer_id: int) -> str:
    return format_customer_number(customer_id)


def _of_people(accounts: Sequence[Account], asking: Asking) -> Iterator[Blocker]:
    for account in accounts:
        who, number = _number(account.customer_id), (account.customer_id,)
        if account.customer_id == asking.own_customer_id:
            yield Blocker(
                kind=BlockerKind.OWN_RECORD,
                sentence=f"{who} is your own customer record. Ask another operator (R36).",
                customers=number,
            )
        if account.takeover_flag:
            yield Blocker(
                kind=BlockerKind.TAKEOVER_FLAG,
                sentence=f"{who} is flagged for a possible account takeover."
                " Only the leads' queue may go on.",
                customers=number,
            )
        if account.status is CustomerStatus.MERGED:
            survivor = account.merged_into or 0
            yield Blocker(
                kind=BlockerKind.ALREADY_MERGED,
                sentence=f"{who} was merged into {_number(survivor)}. Merge {_number(survivor)} instead.",
                customers=number,
                field="absorbed",
            )
        if account.status is CustomerStatus.ERASED:
            yield Blocker(
                kind=BlockerKind.ERASED,
                sentence=f"{who} was erased and cannot be merged. Leave it out.",
                customers=number,
                field="absorbed",
            )


def _of_sign_ins(usable: Sequence[SignIn], kept: SignIn | None) -> Iterator[Blocker]:
    if kept is None and len(usable) > 1:
        names = ", ".join(f"{each.username} of {_number(each.customer_id)} ({each.id})" for each in usable)
        yield Blocker(
            kind=BlockerKind.TWO_SIGN_INS,
            sentence=f"More than one sign-in is in use: {names}. Choose which one stays (sign_in); the others"
            " are disabled, and their sessions and links end.",
            customers=tuple(dict.fromkeys(each.customer_id for each in usable)),
            field="sign_in",
        )


_AMONG: BindParameter[Any] = bindparam("ids", expanding=True)
_OPEN_LINKS = (
    select(Link.customer_id, Link.purpose, Link.address)
    .where(
        Link.customer_id.in_(_AMONG),
        Link.used_at.is_(None),
        Link.voided_at.is_(None),
        or_(Link.expires_at.is_(None), Link.expires_at > bindparam("now")),
    )
    .order_by(Link.id)
)


def _of_links(connection: Connection, asking: Asking) -> Iterator[Blocker]:
    rows = connection.execute(_OPEN_LINKS, {"ids": asking.ids, "now": asking.now}).all()
    if not rows:
        return
    first = rows[0]
    more = f", and {len(rows) - 1} more" if len(rows) > 1 else ""
    yield Blocker(
        kind=BlockerKind.OPEN_LINK,
        sentence=f"{_number(first.customer_id)} has an open {first.purpose.value} link to"
        f" {first.address}{more}. It stops working with the merge: allow that (end_links), or wait until"
        " it was used.",
        customers=tuple(dict.fromkeys(row.customer_id for row in rows)),
        field="end_links",
        stops=not asking.choices.end_links,
    )


_PASSES = (
    select(Pass.id, Pass.customer_id, Pass.pass_id, Pass.canonical)
    .where(Pass.customer_id.in_(_AMONG), Pass.state == PassState.ACTIVE)
    .order_by(Pass.id)
)


def _of_passes(connection: Connection, asking: Asking) -> Iterator[Blocker]:
    rows = sorted(
        connection.execute(_PASSES, {"ids": asking.ids}), key=lambda row: without_zeros(row.canonical)
    )
    is_twice = False
    for _, group in groupby(rows, key=lambda row: without_zeros(row.canonical)):
        same = list(group)
        if len({row.customer_id for row in same}) > 1:
            is_twice = True
            yield _of_same_pass(same, asking.ids[0])
    if asking.policy.one_card_each and len(rows) > 1 and not is_twice:
        last = max(rows, key=lambda row: (row.customer_id != asking.ids[0], row.id))
        yield Blocker(
            kind=BlockerKind.ONE_CARD_EACH,
            sentence=f"They have {len(rows)} active passes, and the setting allows one card each. Suspend the"
            " others first (suspend-pass).",
            customers=tuple(dict.fromkeys(row.customer_id for row in rows)),
            operation="suspend-pass",
            values={"customer": last.customer_id, "pass_row": last.id},
        )


def _of_same_pass(same: list[Any], survivor: int) -> Blocker:
    extra = next((row for row in same if row.customer_id != survivor), same[-1])
    names = " and ".join(f"{row.pass_id} of {_number(row.customer_id)}" for row in same)
    return Blocker(
        kind=BlockerKind.SAME_PASS_TWICE,
        sentence=f"The same pass was enrolled twice: {names}. Suspend the one that was mistyped first"
        " (suspend-pass).",
        customers=tuple(row.customer_id for row in same),
        operation="suspend-pass",
        values={"customer": extra.customer_id, "pass_row": extra.id},
    )


def _of_contacts(
    connection: Connection, asking: Asking, accounts: Sequence[Account], kept: SignIn | None
) -> Iterator[Blocker]:
    """What the survivor would come to hold that somebody outside holds by now (P4)."""
    states = [state.value for account in accounts for state in account.pass_states]
    if not holds(status_after(accounts, kept).value, states):
        return
    left: dict[ContactKind, frozenset[int]] = {
        "email": asking.choices.left_emails,
        "phone": asking.choices.left_phones,
    }
    for kind, model in contacts.MODELS.items():
        if not asking.policy.dedup_mode.blocks(kind):
            continue
        mine = select(model.id, model.canonical).where(model.customer_id.in_(asking.ids))
        for row in connection.execute(mine.order_by(model.id)).all():
            holders = contacts.holders(connection, kind, row.canonical)
            other = next((each for each in holders if each.customer_id not in asking.ids), None)
            if other is not None and row.id not in left[kind]:
                yield Blocker(
                    kind=BlockerKind.CONTACT_HELD,
                    sentence=f"{_number(other.customer_id)} {other.label} holds {row.canonical} too. Merge"
                    f" them as well, or leave that {kind} with the absorbed customer (left_{kind}s).",
                    customers=(other.customer_id,),
                    field=f"left_{kind}s",
                    values={"profile": row.id},
                )


_INTERACTIONS = (
    select(Interaction.customer_id, Interaction.operator_id)
    .where(
        Interaction.customer_id.in_(_AMONG),
        Interaction.closed_at.is_(None),
        Interaction.operator_id != bindparam("operator"),
    )
    .order_by(Interaction.id)
)


def _of_interactions(connection: Connection, asking: Asking) -> Iterator[Blocker]:
    found = connection.execute(_INTERACTIONS, {"ids": asking.ids, "operator": asking.operator_id})
    for row in found:
        yield Blocker(
            kind=BlockerKind.OPEN_INTERACTION,
            sentence=f"{row.operator_id} has an open interaction with {_number(row.customer_id)}. Tell them"
            " before you merge.",
            customers=(row.customer_id,),
            stops=False,
        )


def _of_states(
    accounts: Sequence[Account], usable: Sequence[SignIn], kept: SignIn | None
) -> Iterator[Blocker]:
    survivor = accounts[0]
    after = status_after(accounts, kept)
    if after is CustomerStatus.SUSPENDED and survivor.status is not after:
        who = [each for each in accounts if each.status is after]
        yield Blocker(
            kind=BlockerKind.BECOMES_SUSPENDED,
            sentence=f"{_number(survivor.customer_id)} becomes suspended, as {_number(who[0].customer_id)}"
            " is. Reactivate it afterwards (reactivate-customer).",
            customers=tuple(each.customer_id for each in who),
            operation="reactivate-customer",
            values={"customer": survivor.customer_id},
            stops=False,
        )
    passes = [state.value for account in accounts for state in account.pass_states]
    if survivor.is_live and after is survivor.status and not holds(after.value, passes):
        yield Blocker(
            kind=BlockerKind.BECOMES_SUSPENDED,
            sentence=f"{_number(survivor.customer_id)} comes to have passes that are all suspended, and"
            " with every pass suspended nobody gets in. Reactivate one afterwards (reactivate-pass).",
            customers=(survivor.customer_id,),
            operation="reactivate-pass",
            values={"customer": survivor.customer_id},
            stops=False,
        )
    if kept is None or kept.state is SignInState.LOCKED:
        return
    state, _ = state_after(kept, usable, {each.customer_id: each for each in accounts})
    if state is SignInState.LOCKED:
        yield Blocker(
            kind=BlockerKind.BECOMES_LOCKED,
            sentence=f"The sign-in {kept.username} becomes locked, as the other one is. Unlock it afterwards"
            " (unlock-sign-in).",
            customers=(kept.customer_id,),
            operation="unlock-sign-in",
            values={"customer": survivor.customer_id, "sign_in": kept.id},
            stops=False,
        )


def _never_verified(model: Any, text: Any) -> Any:
    own = select(model.canonical).where(model.customer_id == bindparam("survivor"))
    unproved = select(model.customer_id, text.label("text")).where(
        model.customer_id.in_(_AMONG),
        model.state != ContactState.VERIFIED,
        model.verified_at.is_(None),
        model.canonical.not_in(own),
    )
    return unproved.order_by(model.id)


_UNPROVED = (
    _never_verified(EmailProfile, EmailProfile.address),
    _never_verified(PhoneProfile, PhoneProfile.number),
)


def _unconfirmed(connection: Connection, asking: Asking) -> Iterator[Blocker]:
    """Addresses that nobody ever proved to be the customer's (R35)."""
    whose = {"survivor": asking.ids[0], "ids": asking.ids[1:]}
    for statement in _UNPROVED:
        for row in connection.execute(statement, whose):
            yield Blocker(
                kind=BlockerKind.UNCONFIRMED,
                sentence=f"{row.text} of {_number(row.customer_id)} was never verified: it leads nowhere"
                " until it is confirmed (send-confirmation).",
                customers=(row.customer_id,),
                operation="send-confirmation",
                stops=False,
            )
