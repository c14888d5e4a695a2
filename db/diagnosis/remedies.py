"""What puts each cause right, best first, as P1 and P3 list it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from db.diagnosis.best import Best
from db.diagnosis.evidence import AccountEvidence
from db.models import Channel, CustomerStatus, PassState, SignInState
from db.rules.cases import Cause
from db.rules.identifiers import format_customer_number
from db.rules.policy import Policy
from db.rules.roles import Right, Standing
from db.rules.typo import propose
from db.settings import typo_table


@dataclass(frozen=True, kw_only=True)
class Fix:
    """One thing to do: an operation with its fields filled, a customer to open, or words for the caller.

    `right` is what the operation asks for here, where it depends on the data. `standing` says whether the
    operator who asks may do it; where they may not, `who` says who may.
    """

    label: str
    cause: Cause
    customer_id: int | None = None
    operation: str | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    opens: int | None = None
    right: Right | None = None
    standing: Standing = Standing.ALONE
    who: str = ""


@dataclass(frozen=True)
class Scene:
    """What fixes are made for: the accounts that are meant, the proposed one, and the policy."""

    accounts: Mapping[int, AccountEvidence]
    best: Best | None
    identifier: str | None
    policy: Policy


def _do(
    cause: Cause,
    account: AccountEvidence,
    operation: str,
    label: str,
    *,
    right: Right | None = None,
    **values: Any,
) -> Fix:
    return Fix(
        label=label,
        cause=cause,
        customer_id=account.customer_id,
        operation=operation,
        right=right,
        values={name: value for name, value in values.items() if value is not None},
    )


def _who(account: AccountEvidence) -> str:
    return f"{account.number} {account.name}"


def _shared(cause: Cause, account: AccountEvidence, scene: Scene) -> Iterator[Fix]:
    """P1 case 1: a, b, c, d. Told once, of the proposed account and the others."""
    if scene.best is None or account.customer_id != min(scene.accounts):
        return
    best = scene.accounts[scene.best.customer_id]
    others = [other for other in scene.accounts.values() if other is not best]
    names = ", ".join(other.number for other in others)
    yield _do(
        cause, best, "merge-customers",
        f"They are one person: merge {names} into {best.number}, then send a reset", absorbed=names,
    )  # fmt: skip
    for other in (*others, best):
        profile = _profile_of(other, scene.identifier)
        yield _do(
            cause, other, "change-email", f"They are different people: correct the email of {_who(other)}",
            right=Right.REPLACE_CONTACT, profile=profile,
        )  # fmt: skip
    yield _do(
        cause, best, "username-to-email", f"Both keep it: make it the username of {_who(best)}",
        sign_in=_only_sign_in(best), profile=_profile_of(best, scene.identifier),
    )  # fmt: skip
    for owner in (best, *others):
        for sign_in in owner.sign_ins:
            if sign_in.state != SignInState.DISABLED.value:
                yield Fix(
                    label=f"Tell {_who(owner)} their username: {sign_in.username}",
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
            yield _do(
                cause, account, "disable-sign-in", f"Disable the sign-in {sign_in.username}",
                sign_in=sign_in.id,
            )  # fmt: skip
            return


def _without_email(cause: Cause, account: AccountEvidence, _scene: Scene) -> Iterator[Fix]:
    yield _do(cause, account, "add-email", f"Add an email to {_who(account)}")
    yield _do(
        cause, account, "username-to-email", "Then make the email the username",
        sign_in=_only_sign_in(account),
    )  # fmt: skip


def _without_contact(cause: Cause, account: AccountEvidence, _scene: Scene) -> Iterator[Fix]:
    yield _do(cause, account, "add-email", f"Add an email to {_who(account)}")
    if not any(way.channel == Channel.SMS.value for way in account.ways):
        yield _do(cause, account, "add-phone", f"Add a phone to {_who(account)}")
    yield from _sign_in_and_link(cause, account)


def _sign_in_and_link(cause: Cause, account: AccountEvidence) -> Iterator[Fix]:
    if all(found.state == SignInState.DISABLED.value for found in account.sign_ins):
        yield _do(cause, account, "create-sign-in", "Create a sign-in with a placeholder password")
    yield from _link(cause, account)


def _link(cause: Cause, account: AccountEvidence) -> Iterator[Fix]:
    """A link, unless the emails on file carry none now; where there is none yet, it comes after one."""
    emails = [way for way in account.ways if way.channel == Channel.EMAIL.value]
    if emails and not any(way.is_open for way in emails):
        return
    kind = "an activation" if account.status == CustomerStatus.INACTIVE.value else "a reset"
    yield _do(
        cause, account, "send-sign-in-link", f"Send {kind} link to {_who(account)}",
        sign_in=_only_sign_in(account),
    )  # fmt: skip


def _claims(cause: Cause, account: AccountEvidence, _scene: Scene) -> Iterator[Fix]:
    yield Fix(
        label="Have them claim the account again: the link goes to the address on file",
        cause=cause,
        opens=account.customer_id,
    )
    yield from _sign_in_and_link(cause, account)


def _no_sign_in(cause: Cause, account: AccountEvidence, _scene: Scene) -> Iterator[Fix]:
    yield from _sign_in_and_link(cause, account)


def _needs_link(cause: Cause, account: AccountEvidence, scene: Scene) -> Iterator[Fix]:
    yield from _typos(cause, account, scene)
    yield from _link(cause, account)


def _suspended(cause: Cause, account: AccountEvidence, _scene: Scene) -> Iterator[Fix]:
    yield _do(cause, account, "reactivate-customer", f"Reactivate {_who(account)}, checked for duplicates")


def _pass_suspended(cause: Cause, account: AccountEvidence, _scene: Scene) -> Iterator[Fix]:
    for row, state in account.passes:
        if state == PassState.SUSPENDED.value:
            yield _do(
                cause, account, "reactivate-pass", "Reactivate the pass, checked for duplicates", pass_row=row
            )


def _merged(cause: Cause, account: AccountEvidence, _scene: Scene) -> Iterator[Fix]:
    if account.merged_into is not None:
        number = format_customer_number(account.merged_into)
        yield Fix(label=f"Open {number}, which it was merged into", cause=cause, opens=account.merged_into)


def _unconfirmed(cause: Cause, account: AccountEvidence, scene: Scene) -> Iterator[Fix]:
    profile = _profile_of(account, scene.identifier)
    yield _do(
        cause, account, "send-confirmation", f"Have {_who(account)} confirm the address by a link",
        profile=profile,
    )  # fmt: skip
    yield _do(
        cause, account, "mark-email-verified", "Mark it verified, where that is proved", profile=profile
    )


def _locked(cause: Cause, account: AccountEvidence, _scene: Scene) -> Iterator[Fix]:
    for sign_in in account.sign_ins:
        if sign_in.state == SignInState.LOCKED.value:
            yield _do(cause, account, "unlock-sign-in", "Unlock it, after verification", sign_in=sign_in.id)
    yield from _link(cause, account)


def _flagged(cause: Cause, account: AccountEvidence, _scene: Scene) -> Iterator[Fix]:
    yield Fix(
        label=f"Leave {_who(account)} to the leads: it may have been taken over",
        cause=cause,
        opens=account.customer_id,
    )


def _unreachable(cause: Cause, account: AccountEvidence, scene: Scene) -> Iterator[Fix]:
    """P3: a typo first, then a test mail, then another address."""
    yield from _typos(cause, account, scene)
    yield _do(cause, account, "send-test-mail", "Send a test mail")
    yield _do(cause, account, "add-email", "Add another email", right=Right.REPLACE_CONTACT)


def _typos(cause: Cause, account: AccountEvidence, scene: Scene) -> Iterator[Fix]:
    """What the typo table allows of an address that was never proved to be right."""
    for way in account.ways:
        is_doubtful = way.channel == Channel.EMAIL.value and not way.was_verified
        if not is_doubtful or way.address.is_masked:
            continue
        for correction in propose(way.address.text, typo_table(scene.policy)):
            yield _do(
                cause, account, "change-email",
                f"Correct the typo: {correction.before} → {correction.after} ({correction.rule})",
                right=Right.CORRECT_TYPO, profile=way.profile_id, email=correction.after,
            )  # fmt: skip


def _only_sign_in(account: AccountEvidence) -> int | None:
    usable = [found.id for found in account.sign_ins if found.state != SignInState.DISABLED.value]
    return usable[0] if len(usable) == 1 else None


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
    Cause.NO_USABLE_CHANNEL: _unreachable,
    Cause.CAN_SIGN_IN: _needs_link,
    Cause.CAN_CLAIM: _claims,
}
"""The fixes of a cause; a cause without a line is answered with words alone (its sentence)."""
