"""What to do about links and mails: send one, send it again, correct where it goes (P1, P3)."""

from collections.abc import Iterator
from typing import Final

from db.diagnosis.evidence import AccountEvidence, WayEvidence
from db.diagnosis.fix import Fix, Scene, act, who
from db.gate import Obstacle
from db.models import CustomerStatus, SignInState
from db.rules.cases import Cause
from db.rules.identifiers import format_customer_number
from db.rules.roles import Right

PERHAPS_WRONG: Final = {Obstacle.BOUNCING.value, Obstacle.BOUNCED.value, Obstacle.FAILED.value}
"""What stands in the way of an address that is perhaps wrong; a flag and a cool-down say nothing of that."""


def link(cause: Cause, account: AccountEvidence, scene: Scene) -> Iterator[Fix]:
    """A link, or what to do while one is awaited, or came back; a typo in the address comes first (P3)."""
    yield from typos(cause, account, scene)
    emails = [way for way in account.ways if way.is_mail]
    if emails and not any(way.is_open for way in emails):
        yield from _wrong_address(cause, account)
        yield from _cooling(cause, account)
        return
    kind = "activation" if account.status == CustomerStatus.INACTIVE.value else "reset"
    is_awaited = account.link is not None and account.link.is_awaited
    label = f"Send {'an' if kind[0] == 'a' else 'a'} {kind} link to {who(account)}"
    if is_awaited:
        label = f"Send the {kind} link to {who(account)} again: the one that is out stops working"
    right = next((way.mistyped_for for way in emails if way.is_primary), "") or None
    yield act(
        cause, account, "send-sign-in-link", label if right is None else f"{label}, corrected to {right}",
        needs=_before_link(account), sign_in=account.only_sign_in, email=right,
    )  # fmt: skip
    if is_awaited:
        yield act(cause, account, "send-test-mail", "Send a test mail, to see whether mail arrives")
        yield from _correct(cause, account, "Correct the address {}, if mail to it comes back")
    elif account.link is not None and account.link.came_back:
        yield from _correct(cause, account, "Correct the address {}, where the link did not arrive")


def _before_link(account: AccountEvidence) -> tuple[str, ...]:
    """The operations without which no link goes out."""
    usable = [found for found in account.sign_ins if found.state != SignInState.DISABLED.value]
    is_locked = any(found.state == SignInState.LOCKED.value for found in usable)
    needed = {
        "reactivate-customer": account.status == CustomerStatus.SUSPENDED.value,
        "add-email": not any(way.is_mail for way in account.ways),
        "create-sign-in": not usable,
        "unlock-sign-in": is_locked and len(usable) == 1,
    }
    return tuple(operation for operation, is_needed in needed.items() if is_needed)


def _cooling(cause: Cause, account: AccountEvidence) -> Iterator[Fix]:
    """A cool-down keeps a link back: somebody else than who caused it may shorten it (R31)."""
    for way in account.ways:
        if way.is_mail and way.obstacle == Obstacle.COOL_DOWN.value:
            yield act(
                cause, account, "shorten-cool-down", f"Shorten the cool-down of {way.address}",
                email_profile=way.profile_id,
            )  # fmt: skip


def unreachable(cause: Cause, account: AccountEvidence, scene: Scene) -> Iterator[Fix]:
    """P3: a typo first, then a test mail, then another address."""
    yield from typos(cause, account, scene)
    if account.link is not None and account.link.came_back:
        yield from _correct(cause, account, "Correct the address {}, where the link did not arrive")
    if any(way.is_mail and way.obstacle != Obstacle.COOL_DOWN.value for way in account.ways):
        yield act(cause, account, "send-test-mail", "Send a test mail")
    yield from _cooling(cause, account)
    yield act(cause, account, "add-email", "Add another email", right=Right.REPLACE_CONTACT)


def typos(cause: Cause, account: AccountEvidence, scene: Scene) -> Iterator[Fix]:
    """What the typo table allows of an address that was never proved to be right.

    Where somebody else holds what it proposes, no key corrects that: the holder is opened (R30, A32).
    """
    for way in account.ways:
        for found in scene.corrections.get(way.profile_id, ()) if way.is_mail else ():
            holder = found.holder
            if holder is None:
                yield act(
                    cause, account, "change-email",
                    f"Correct the typo: {found.before} → {found.after} ({found.rule})",
                    right=Right.CORRECT_TYPO, profile=way.profile_id, email=found.after,
                )  # fmt: skip
                continue
            number = format_customer_number(holder.customer_id)
            yield Fix(
                label=f"No typo to correct: {found.after} is held by {number} {holder.label}. Open {number}",
                cause=cause,
                opens=holder.customer_id,
            )


def _wrong_address(cause: Cause, account: AccountEvidence) -> Iterator[Fix]:
    """Every email is shut: where what was sent came back, the address is what to look at (P3)."""
    wrong = [way for way in account.ways if way.is_mail and way.obstacle in PERHAPS_WRONG]
    for way in wrong:
        yield _replace(cause, account, way, "Correct the address {}: what is sent there comes back")
    if wrong:
        yield act(cause, account, "send-test-mail", "Send a test mail")
        yield act(cause, account, "add-email", "Add another email", right=Right.REPLACE_CONTACT)


def _correct(cause: Cause, account: AccountEvidence, label: str) -> Iterator[Fix]:
    """The address that the link went to, while it is on file."""
    for way in account.ways:
        if way.is_mail and account.link is not None and way.profile_id == account.link.profile_id:
            yield _replace(cause, account, way, label)


def _replace(cause: Cause, account: AccountEvidence, way: WayEvidence, label: str) -> Fix:
    return act(
        cause, account, "change-email", label.format(way.address),
        right=Right.REPLACE_CONTACT, profile=way.profile_id,
    )  # fmt: skip
