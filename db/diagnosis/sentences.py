"""Words a cause by what was found: a link that is out already, and accounts that the identifier leads to."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from db.diagnosis.beside import Beside
from db.diagnosis.evidence import AccountEvidence, WayEvidence
from db.diagnosis.links import LinkEvidence
from db.diagnosis.mailing import PERHAPS_WRONG
from db.gate import Obstacle
from db.models import CustomerStatus, SignInState
from db.rules.cases import Case, Cause

_BEFORE_LINK: Final = {
    Cause.PLACEHOLDER: "The customer has not set a password yet.",
    Cause.RESET_REQUIRED: "The customer must set a new password before signing in.",
    Cause.INACTIVE: "The account was never activated.",
    Cause.CAN_SIGN_IN: "The customer can sign in.",
    Cause.CAN_CLAIM: "The account can be claimed.",
}
_NOTHING_ARRIVES: Final = "No code can reach the customer now."
_ROUTES: Final = {"email": "email", "username": "username", "pass": "pass id"}
_OPEN_ANYWAY: Final = (Cause.CAN_SIGN_IN, Cause.CAN_CLAIM)
_SEVERAL: Final = {
    Cause.NO_SIGN_IN: "{who} were found, and none of them has a sign-in. They are one person, or share the"
    " address: create a sign-in for the one who calls, then send the link.",
    Cause.DISABLED: "{who} were found, and their sign-ins are disabled. Create another one for the one who"
    " calls, then send the link.",
}
_FOUND: Final = "{who} {were} found. {sentence}"


def sentence(
    cause: Cause,
    customers: Sequence[int],
    accounts: Mapping[int, AccountEvidence],
    now: datetime,
    *,
    is_known: bool = False,
) -> str:
    """Return what a cause means here and what to do, for the operator; the times in it are UTC.

    `is_known`: whose account it is was the question, so that finding it is no news.
    """
    found = [accounts[number] for number in customers if number in accounts]
    if not found:
        return cause.sentence
    if cause is Cause.MISTYPED_ADDRESS:
        return _mistyped(found)
    if len(found) > 1:
        return _naming(cause, found)
    (account,) = found
    waits = _waits(account)
    if waits is not None and cause in (*_BEFORE_LINK, Cause.NO_USABLE_CHANNEL):
        return f"{_BEFORE_LINK.get(cause, _NOTHING_ARRIVES)} {_from_when(waits, account)}"
    if cause in _BEFORE_LINK and account.link is not None:
        is_over = account.link.is_expired and cause in _OPEN_ANYWAY
        told = _of_link(account.link, account, now)
        return _plain(cause, account) if is_over else f"{_BEFORE_LINK[cause]} {told}"
    is_news = cause.case is Case.NO_MATCH and not is_known
    return _naming(cause, found) if is_news else _plain(cause, account)


def told_beside(others: Sequence[Beside]) -> str:
    """Say who else has what was typed, to be put behind the first sentence; empty where nobody has."""
    told = "".join(f" {other.who} has the same {_ROUTES[other.route]}." for other in others)
    return f"{told} Make sure who calls." if told else ""


def _plain(cause: Cause, account: AccountEvidence) -> str:
    """Return a cause's own sentence; of a claim also that a sign-in is still to come."""
    has_one = any(found.state != SignInState.DISABLED.value for found in account.sign_ins)
    is_to_come = cause is Cause.CAN_CLAIM and not has_one
    return f"{cause.sentence} Until they claim it there is no sign-in." if is_to_come else cause.sentence


def _mistyped(found: Sequence[AccountEvidence]) -> str:
    """Name each address that is probably mistyped, and what it is meant to be."""
    wrong = [way for account in found for way in account.ways if way.mistyped_for]
    told = " ".join(f"{way.address} is probably a typing error for {way.mistyped_for}." for way in wrong)
    return f"{told} Correct it before anything is sent there."


def _waits(account: AccountEvidence) -> WayEvidence | None:
    """The email that a link may go to first, where a cool-down is all that keeps every one back (R31)."""
    emails = [way for way in account.ways if way.is_mail]
    cooling = [way for way in emails if way.obstacle == Obstacle.COOL_DOWN.value and way.until is not None]
    if not cooling or any(way.is_open for way in emails):
        return None
    return next((way for way in cooling if way.is_primary), cooling[0])


def _from_when(way: WayEvidence, account: AccountEvidence) -> str:
    kind = "activation" if account.status == CustomerStatus.INACTIVE.value else "reset"
    article = "An" if kind == "activation" else "A"
    return (
        f"{article} {kind} link may go to {way.address} from {way.until:%Y-%m-%d %H:%M} UTC: until then its"
        " cool-down runs, for it replaced another address."
    )


def _naming(cause: Cause, found: Sequence[AccountEvidence]) -> str:
    """Name the accounts where the case alone would sound as if there were none, or only one."""
    names = [f"{account.number} {account.name}" for account in found]
    who = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    if len(found) > 1 and cause in _SEVERAL:
        return _SEVERAL[cause].format(who=who)
    if cause is Cause.SHARED_EMAIL or cause is Cause.SEVERAL_ACCOUNTS:
        return cause.sentence
    return _FOUND.format(who=who, were="was" if len(names) == 1 else "were", sentence=cause.sentence)


def _of_link(link: LinkEvidence, account: AccountEvidence, now: datetime) -> str:
    """Say what became of the link, and whose turn it is."""
    what = f"{'An' if link.purpose == 'activation' else 'A'} {link.purpose} link"
    ref = link.reference
    if link.came_back:
        words = f": {link.reply.rstrip('.')}" if link.reply and not link.address.is_masked else ""
        return (
            f"{what} to {link.address} ({ref}) {_FATE[link.message_state]}{words}. Correct the address, then"
            " send the link again."
        )
    if link.sent_at is None:
        asked = f"{link.asked_at:%Y-%m-%d %H:%M} UTC"
        return f"{what} to {link.address} is on its way ({ref}, {link.message_state} since {asked})."
    left = f"{what} went to {link.address} on {link.sent_at:%Y-%m-%d %H:%M} UTC ({ref}, {link.message_state})"
    if link.is_expired:
        return f"{left} and expired unused. Send another one."
    way = next((way for way in account.ways if way.is_mail and way.profile_id == link.profile_id), None)
    if way is not None and not way.is_open:
        next_step = "Correct the address, then send the link again." if way.obstacle in PERHAPS_WRONG else ""
        return f"{left}, and by now {way.why_not}. {next_step}".rstrip()
    opened = "" if link.opened_at is None else f" It was opened {link.opened_at:%H:%M} UTC and not used yet."
    until = "" if link.expires_at is None else f", until {_until(link.expires_at, now)}"
    return f"{left}.{opened} We wait for the customer to open it{until}."


_FATE: Final = {"bounced": "came back", "failed": "could not be delivered"}


def _until(moment: datetime, now: datetime) -> str:
    return f"{moment:%H:%M} UTC" if moment.date() == now.date() else f"{moment:%Y-%m-%d %H:%M} UTC"
