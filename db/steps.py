"""The answers of the customer's door: what is asked for next, and the sentences that a customer reads."""

from dataclasses import dataclass, field
from enum import StrEnum

from db.models import Channel
from db.queries.signing_in import AttemptStanding
from db.rules.email import mask_email
from db.rules.phone import mask_phone
from db.rules.policy import SignInOrder

NOT_SIGNED_IN = "We could not sign you in. Check what you typed, or call us."
CODE_ASKED = "If we know you, a code is on its way to you. You can ask for another one in a minute."
NO_CODE_YET = "No code went out this time. Wait a minute, then ask for another one, or call us."
LINK_OVER = "This link does not work any more. Ask for a new one, or call us."
PASSWORD_SET = "Your new password is set. Sign in with it."
CONFIRMED = "Thank you. This address is confirmed."
CLAIMED = "If we know you, a mail is on its way to the address that we have. If none comes, call us."


class Need(StrEnum):
    """What the portal asks the customer for next; `nothing` once they are in."""

    IDENTIFIER = "identifier"
    PASSWORD = "password"
    CODE = "code"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Step:
    """How far an attempt to sign in is; `sentence` is for the customer.

    `token` carries the attempt on and `session` is who is in: both are secrets, for the customer's own
    browser. `sent_to` is where a code went, masked, once the password was right.
    """

    needs: Need
    sentence: str = ""
    has_failed: bool = False
    sent_to: str = ""
    token: str = field(default="", repr=False)
    session: str = field(default="", repr=False)


@dataclass(frozen=True)
class Answer:
    """Whether something was done, and the sentence for the customer."""

    is_done: bool
    sentence: str = ""


def first_step(order: SignInOrder, token: str) -> Step:
    """Return what is asked for after the identifier, the same for everybody."""
    if order is SignInOrder.CODE_FIRST:
        return Step(Need.CODE, CODE_ASKED, token=token)
    return Step(Need.PASSWORD, token=token)


def next_step(standing: AttemptStanding | None, order: SignInOrder, token: str, *, has_failed: bool) -> Step:
    """Return what is asked for next; an attempt that is over starts again from the identifier."""
    if standing is None:
        return Step(Need.IDENTIFIER, NOT_SIGNED_IN, has_failed=True)
    code_first = order is SignInOrder.CODE_FIRST
    is_code = not standing.knows_code and (standing.knows_password or code_first)
    needs = Need.CODE if is_code else Need.PASSWORD
    if has_failed:
        return Step(needs, NOT_SIGNED_IN, has_failed=True, token=token)
    if not is_code:
        return Step(needs, token=token)
    if not standing.knows_password:  # whether a code went anywhere is for who knows the password
        return Step(needs, CODE_ASKED, token=token)
    sent_to = _masked(standing.channel, standing.sent_to)
    sentence = f"A code is on its way to {sent_to}." if sent_to else NO_CODE_YET
    return Step(needs, sentence, sent_to=sent_to, token=token)


def not_sent(step: Step) -> Step:
    """Return a step that tells, to who knows the password, that the code asked for did not go."""
    if step.needs is not Need.CODE or step.sentence == CODE_ASKED:
        return step
    return Step(step.needs, NO_CODE_YET, sent_to=step.sent_to, token=step.token)


def _masked(channel: Channel | None, address: str | None) -> str:
    if address is None:
        return ""
    return mask_email(address) if channel is Channel.EMAIL else mask_phone(address)
