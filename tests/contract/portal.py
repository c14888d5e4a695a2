"""What the operations of the customer's side need in the database, and parameters that they accept."""

from collections.abc import Callable
from datetime import UTC, datetime

from db.engine import Database
from db.models import (
    AttemptState,
    Channel,
    ContactState,
    CustomerSession,
    EmailProfile,
    Link,
    LinkPurpose,
    OneTimeCode,
    SignInAttempt,
)
from db.operation import Params
from db.operations import (
    begin_sign_in,
    check_code,
    check_password,
    claim_account,
    confirm_address,
    end_session,
    open_link,
    redeem_link,
    send_code,
)
from db.rules.cases import Case
from tests.factories import BORN, NO_HASH, building

FIRST = 1
LATER = datetime(2200, 1, 1, tzinfo=UTC)
TOKEN, SECRET, CODE, SESSION = ("ab" * 32, "cd" * 32, "ef" * 32, "12" * 32)


def attempt(base: Database, customer: int) -> None:
    """Plant an attempt whose identifier led to the first sign-in."""
    with building(base) as session:
        session.add(
            SignInAttempt(
                customer_id=customer,
                authentication_profile_id=FIRST,
                identifier_kind="username",
                state=AttemptState.OPEN,
                token_hash=TOKEN,
                credential_version=1,
                at=BORN,
                expires_at=LATER,
            )
        )


def code(base: Database, customer: int) -> None:
    """Plant an attempt whose password was right, and the code that was sent."""
    attempt(base, customer)
    with building(base) as session:
        session.get_one(SignInAttempt, FIRST).password_right_at = BORN
        session.add(
            OneTimeCode(
                customer_id=customer,
                attempt_id=FIRST,
                channel=Channel.SMS,
                phone_profile_id=FIRST,
                address="+12025550101",
                lifetime_minutes=10,
                code_hash=CODE,
                created_at=BORN,
                expires_at=LATER,
            )
        )


def link(base: Database, customer: int, purpose: LinkPurpose = LinkPurpose.RESET) -> None:
    """Plant a link that was delivered to the first email."""
    with building(base) as session:
        address = session.get_one(EmailProfile, FIRST).address
        session.add(
            Link(
                customer_id=customer,
                purpose=purpose,
                authentication_profile_id=None if purpose is LinkPurpose.CONFIRM else FIRST,
                email_profile_id=FIRST,
                address=address,
                credential_version=0 if purpose is LinkPurpose.CONFIRM else 1,
                lifetime_minutes=60,
                secret_hash=SECRET,
                created_at=BORN,
                expires_at=LATER,
            )
        )


def confirmation(base: Database, customer: int) -> None:
    """Plant a confirmation link to an address of which nobody knows yet whether it reaches the customer."""
    link(base, customer, LinkPurpose.CONFIRM)
    with building(base) as session:
        session.get_one(EmailProfile, FIRST).state = ContactState.UNVERIFIED


def session(base: Database, customer: int) -> None:
    """Plant a customer who is in."""
    with building(base) as writing:
        writing.add(
            CustomerSession(
                customer_id=customer,
                authentication_profile_id=FIRST,
                token_hash=SESSION,
                created_at=BORN,
                expires_at=LATER,
            )
        )


def nothing(_base: Database, _customer: int) -> None:
    """Plant nothing beside the customer."""


PORTAL: dict[str, tuple[Callable[[Database, int], None], Callable[[int], Params]]] = {
    "begin-sign-in": (
        nothing,
        lambda customer: begin_sign_in.BeginSignIn(
            kind="username", case=Case.CAN_SIGN_IN, customer=customer, sign_in=FIRST, token_hash=TOKEN
        ),
    ),
    "check-code": (
        code,
        lambda _: check_code.CheckCode(token_hash=TOKEN, code=FIRST, code_hash=CODE, session_hash=SESSION),
    ),
    "check-password": (
        attempt,
        lambda _: check_password.CheckPassword(
            token_hash=TOKEN, is_right=True, credential_version=1, session_hash=SESSION, new_hash=NO_HASH
        ),
    ),
    "claim-account": (
        nothing,
        lambda customer: claim_account.ClaimAccount(
            case=Case.CAN_SIGN_IN, customer=customer, placeholder_hash=NO_HASH
        ),
    ),
    "confirm-address": (confirmation, lambda _: confirm_address.ConfirmAddress(secret_hash=SECRET)),
    "end-session": (session, lambda _: end_session.EndSession(session_hash=SESSION)),
    "open-link": (link, lambda _: open_link.OpenLink(secret_hash=SECRET)),
    "redeem-link": (link, lambda _: redeem_link.RedeemLink(secret_hash=SECRET, password_hash=NO_HASH)),
    "send-code": (code, lambda _: send_code.SendCode(token_hash=TOKEN)),
}
"""By operation: what to plant beside a customer that has everything, and the parameters about them."""
