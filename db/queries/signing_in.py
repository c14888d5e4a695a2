"""Reads how far a customer's attempt to sign in is, its last code, and the sessions under way."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from db.models import (
    AttemptState,
    AuthenticationProfile,
    Channel,
    Customer,
    CustomerSession,
    CustomerStatus,
    EmailProfile,
    OneTimeCode,
    Pass,
    SignInAttempt,
    SignInState,
)


@dataclass(frozen=True)
class AttemptStanding:
    """An open attempt: what was right already, and where its last code went."""

    knows_password: bool
    knows_code: bool
    code_id: int | None
    channel: Channel | None
    sent_to: str | None


@dataclass(frozen=True)
class Credentials:
    """What a password is checked against; never shown, logged or kept."""

    password_hash: str
    version: int

    def __repr__(self) -> str:
        return "Credentials(hidden)"


@dataclass(frozen=True)
class SignedIn:
    """A session under way."""

    customer_id: int
    expires_at: datetime


def attempt_standing(connection: Connection, token_hash: str, now: datetime) -> AttemptStanding | None:
    """Return how far an attempt is, or None where there is none or it is over."""
    found = connection.execute(
        select(SignInAttempt.id, SignInAttempt.password_right_at, SignInAttempt.code_right_at).where(
            SignInAttempt.token_hash == token_hash,
            SignInAttempt.state == AttemptState.OPEN,
            SignInAttempt.expires_at > now,
        )
    ).one_or_none()
    if found is None:
        return None
    last = connection.execute(
        select(OneTimeCode.id, OneTimeCode.channel, OneTimeCode.address)
        .where(OneTimeCode.attempt_id == found.id)
        .order_by(OneTimeCode.id.desc())
        .limit(1)
    ).one_or_none()
    return AttemptStanding(
        knows_password=found.password_right_at is not None,
        knows_code=found.code_right_at is not None,
        code_id=None if last is None else last.id,
        channel=None if last is None else last.channel,
        sent_to=None if last is None else last.address,
    )


def credentials_of(connection: Connection, token_hash: str) -> Credentials | None:
    """Return what the password of an attempt is checked against; None where it leads to no sign-in."""
    found = connection.execute(
        select(AuthenticationProfile.password_hash, AuthenticationProfile.credential_version)
        .join(SignInAttempt, SignInAttempt.authentication_profile_id == AuthenticationProfile.id)
        .where(SignInAttempt.token_hash == token_hash)
    ).one_or_none()
    return None if found is None else Credentials(*found)


def signed_in(connection: Connection, token_hash: str, now: datetime) -> SignedIn | None:
    """Return a session under way; a customer who may not come in is not in either."""
    found = connection.execute(
        select(CustomerSession.customer_id, CustomerSession.expires_at)
        .join(Customer, Customer.id == CustomerSession.customer_id)
        .join(AuthenticationProfile, AuthenticationProfile.id == CustomerSession.authentication_profile_id)
        .where(
            CustomerSession.token_hash == token_hash,
            CustomerSession.ended_at.is_(None),
            CustomerSession.expires_at > now,
            Customer.status == CustomerStatus.ACTIVE,
            Customer.takeover_flag.is_(False),
            AuthenticationProfile.state == SignInState.ACTIVE,
        )
    ).one_or_none()
    return None if found is None else SignedIn(*found)


def guessable(connection: Connection, customer_id: int) -> tuple[str, ...]:
    """Return what an attacker would try first as this customer's password (R24)."""
    names = connection.execute(
        select(Customer.given_name, Customer.family_name).where(Customer.id == customer_id)
    ).one_or_none()
    found = [] if names is None else list(names)
    for column, owner in (
        (AuthenticationProfile.username, AuthenticationProfile.customer_id),
        (EmailProfile.address, EmailProfile.customer_id),
        (Pass.pass_id, Pass.customer_id),
    ):
        found.extend(connection.execute(select(column).where(owner == customer_id)).scalars())
    return tuple(found)
