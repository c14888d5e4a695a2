"""What puts each cause right, best first, as P1 and P3 list it."""

from collections.abc import Iterator
from typing import Final

from db.diagnosis.evidence import AccountEvidence
from db.diagnosis.fix import Fix, Scene, act, who
from db.diagnosis.mailing import link, typos, unreachable
from db.models import Channel, PassState, SignInState
from db.rules.cases import Cause
from db.rules.identifiers import format_customer_number
from db.rules.roles import Right


def _shared(cause: Cause, account: AccountEvidence, scene: Scene) -> Iterator[Fix]:
    """P1 case 1: a, b, c, d. Told once, of the proposed account and the others."""
    if scene.best is None or account.customer_id != min(scene.accounts):
        return
    best = scene.accounts[scene.best.customer_id]
    others = [other for other in scene.accounts.values() if other is not best]
    names = ", ".join(other.number for other in others)
    yield act(
        cause, best, "merge-customers",
        f"They are one person: merge {names} into {best.number}, then send a reset", absorbed=names,
    )  # fmt: skip
    for other in (*others, best):
        profile = _profile_of(other, scene.identifier)
        yield act(
            cause, other, "change-email", f"They are different people: correct the email of {who(other)}",
            right=Right.REPLACE_CONTACT, profile=profile,
        )  # fmt: skip
    yield act(
        cause, best, "username-to-email", f"Both keep it: make it the username of {who(best)}",
        sign_in=best.only_sign_in, profile=_profile_of(best, scene.identifier),
    )  # fmt: skip
    for owner in (best, *others):
        for sign_in in owner.sign_ins:
            if sign_in.state != SignInState.DISABLED.value:
                yield Fix(
                    label=f"Tell {who(owner)} their username: {sign_in.username}",
                    cause=cause,
                    opens=owner.customer_id,
                )


def _several(cause: Cause, account: AccountEvidence, _scene: Scene) -> Iterator[Fix]:
    for sign_in in account.sign_ins:
        if sign_in.state != SignInState.DISABLED.value:
            yield Fix(
                label=f"Have them sign in with their username: {sign_in.username}",
                cause=cause,
                opens=account.customer_id,
            )
    for sign_in in sorted(account.sign_ins, key=lambda found: found.last_sign_in_at is not None):
        if sign_in.state != SignInState.DISABLED.value:
            yield act(
                cause, account, "disable-sign-in", f"Disable the sign-in {sign_in.username}",
                sign_in=sign_in.id,
            )  # fmt: skip
            return


def _without_email(cause: Cause, account: AccountEvidence, _scene: Scene) -> Iterator[Fix]:
    yield act(cause, account, "add-email", f"Add an email to {who(account)}")
    yield act(
        cause, account, "username-to-email", "Then make the email the username",
        needs=("add-email",) if account.only_sign_in else ("add-email", "create-sign-in"),
        sign_in=account.only_sign_in,
    )  # fmt: skip


def _without_contact(cause: Cause, account: AccountEvidence, scene: Scene) -> Iterator[Fix]:
    yield act(cause, account, "add-email", f"Add an email to {who(account)}")
    if not any(way.channel == Channel.SMS.value for way in account.ways):
        yield act(cause, account, "add-phone", f"Add a phone to {who(account)}")
    yield from _sign_in_and_link(cause, account, scene)


def _sign_in_and_link(cause: Cause, account: AccountEvidence, scene: Scene) -> Iterator[Fix]:
    yield from typos(cause, account, scene)
    if all(found.state == SignInState.DISABLED.value for found in account.sign_ins):
        label = f"Create a sign-in with a placeholder password for {who(account)}"
        yield act(cause, account, "create-sign-in", label)
    yield from link(cause, account, scene)


def _claims(cause: Cause, account: AccountEvidence, scene: Scene) -> Iterator[Fix]:
    yield from typos(cause, account, scene)
    yield Fix(
        label="Have them claim the account again: the link goes to the address on file",
        cause=cause,
        opens=account.customer_id,
    )
    yield from _sign_in_and_link(cause, account, scene)


def _no_sign_in(cause: Cause, account: AccountEvidence, scene: Scene) -> Iterator[Fix]:
    yield from _sign_in_and_link(cause, account, scene)


def _needs_link(cause: Cause, account: AccountEvidence, scene: Scene) -> Iterator[Fix]:
    yield from link(cause, account, scene)


def _suspended(cause: Cause, account: AccountEvidence, _scene: Scene) -> Iterator[Fix]:
    yield act(cause, account, "reactivate-customer", f"Reactivate {who(account)}, checked for duplicates")


def _pass_suspended(cause: Cause, account: AccountEvidence, _scene: Scene) -> Iterator[Fix]:
    for row, state in account.passes:
        if state == PassState.SUSPENDED.value:
            yield act(
                cause, account, "reactivate-pass", "Reactivate the pass, checked for duplicates", pass_row=row
            )


def _merged(cause: Cause, account: AccountEvidence, _scene: Scene) -> Iterator[Fix]:
    if account.merged_into is not None:
        number = format_customer_number(account.merged_into)
        yield Fix(label=f"Open {number}, which it was merged into", cause=cause, opens=account.merged_into)


def _unconfirmed(cause: Cause, account: AccountEvidence, scene: Scene) -> Iterator[Fix]:
    profile = _profile_of(account, scene.identifier)
    yield act(
        cause, account, "send-confirmation", f"Have {who(account)} confirm the address by a link",
        profile=profile,
    )  # fmt: skip
    yield act(
        cause, account, "mark-email-verified", "Mark it verified, where that is proved", profile=profile
    )


def _locked(cause: Cause, account: AccountEvidence, scene: Scene) -> Iterator[Fix]:
    for sign_in in account.sign_ins:
        if sign_in.state == SignInState.LOCKED.value:
            yield act(cause, account, "unlock-sign-in", "Unlock it, after verification", sign_in=sign_in.id)
    yield from link(cause, account, scene)


def _flagged(cause: Cause, account: AccountEvidence, _scene: Scene) -> Iterator[Fix]:
    yield Fix(
        label=f"Leave {who(account)} to the leads: it may have been taken over",
        cause=cause,
        opens=account.customer_id,
    )


def _profile_of(account: AccountEvidence, identifier: str | None) -> int | None:
    """The profile that holds what was typed, else the primary email."""
    emails = [way for way in account.ways if way.channel == Channel.EMAIL.value]
    typed = (identifier or "").strip().casefold()
    exact = next((way.profile_id for way in emails if way.address.text.casefold() == typed), None)
    return exact or next((way.profile_id for way in emails if way.is_primary), None)


MAKERS: Final = {
    Cause.SHARED_EMAIL: _shared,
    Cause.SEVERAL_SIGN_INS: _several,
    Cause.USERNAME_WITHOUT_EMAIL: _without_email,
    Cause.PASS_WITHOUT_EMAIL: _without_email,
    Cause.CLAIM_WITHOUT_CONTACT: _without_contact,
    Cause.CLAIM_WITHOUT_EMAIL: _without_contact,
    Cause.NO_SIGN_IN: _no_sign_in,
    Cause.DISABLED: _no_sign_in,
    Cause.INACTIVE: _no_sign_in,
    Cause.PLACEHOLDER: _needs_link,
    Cause.RESET_REQUIRED: _needs_link,
    Cause.SUSPENDED: _suspended,
    Cause.CARD_SUSPENDED: _pass_suspended,
    Cause.PASS_SUSPENDED: _pass_suspended,
    Cause.MERGED: _merged,
    Cause.UNCONFIRMED_ADDRESS: _unconfirmed,
    Cause.LOCKED: _locked,
    Cause.TAKEOVER_FLAG: _flagged,
    Cause.NO_USABLE_CHANNEL: unreachable,
    Cause.CAN_SIGN_IN: _needs_link,
    Cause.MISTYPED_ADDRESS: typos,
    Cause.CAN_CLAIM: _claims,
}
"""The fixes of a cause; a cause without a line is answered with words alone (its sentence)."""
