"""Signing in: each attempt, the one-time code it waits for, and the session that it ends in."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import DERIVED, SECRET, Base, choice, key_text
from db.models.delivery import Channel
from db.models.merge_policy import Move


class AttemptState(StrEnum):
    """How far an attempt to sign in has come; `open` waits for its code or its password."""

    OPEN = "open"
    SIGNED_IN = "signed-in"
    FAILED = "failed"
    ENDED = "ended"


class SignInAttempt(Base):
    """One attempt of a customer to sign in, or to claim an account.

    Of an unknown identifier only its kind is kept. Without an authentication profile the attempt cannot
    succeed, and says so no sooner than any other. The token that carries an open attempt on is the
    customer's; its hash is here.
    """

    __tablename__ = "sign_in_attempt"
    __merge__ = Move("What failed is told at the survivor; open ones lead nowhere.")
    __table_args__ = (
        Index("ix_sign_in_attempt_customer_at", "customer_id", "at"),
        CheckConstraint("failures >= 0", name="failures"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customer.id"))
    authentication_profile_id: Mapped[int | None] = mapped_column(
        ForeignKey("authentication_profile.id", ondelete="SET NULL"), index=True
    )
    identifier_kind: Mapped[str] = mapped_column(String(20))
    state: Mapped[AttemptState] = mapped_column(choice(AttemptState, "state"))
    case: Mapped[str | None] = mapped_column(String(40))
    """Why it failed, or did last: a case of P1, `password` or `code`."""
    failures: Mapped[int] = mapped_column(default=0)
    token_hash: Mapped[str | None] = mapped_column(key_text(64), unique=True, info=SECRET)
    credential_version: Mapped[int] = mapped_column(default=0, info=DERIVED)
    at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    password_right_at: Mapped[datetime | None]
    code_right_at: Mapped[datetime | None]


class OneTimeCode(Base):
    """A one-time code, made at delivery and kept keyed (R19); at most `tries` guesses (R17)."""

    __tablename__ = "one_time_code"
    __merge__ = Move("Goes with its attempt; open ones end (R18).")
    __table_args__ = (CheckConstraint("tries >= 0", name="tries"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"), index=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("sign_in_attempt.id"), index=True)
    channel: Mapped[Channel] = mapped_column(choice(Channel, "channel"))
    email_profile_id: Mapped[int | None] = mapped_column(
        ForeignKey("email_profile.id", ondelete="SET NULL"), index=True
    )
    phone_profile_id: Mapped[int | None] = mapped_column(
        ForeignKey("phone_profile.id", ondelete="SET NULL"), index=True
    )
    address: Mapped[str] = mapped_column(String(320))
    lifetime_minutes: Mapped[int]
    code_hash: Mapped[str | None] = mapped_column(key_text(64), info=SECRET)
    tries: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(info=DERIVED)
    expires_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]
    voided_at: Mapped[datetime | None]
    void_reason: Mapped[str | None] = mapped_column(String(60))


class CustomerSession(Base):
    """A customer who is signed in; only the hash of the session's token is kept."""

    __tablename__ = "customer_session"
    __merge__ = Move("Goes with its sign-in; those of the absorbed customer end.")

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"), index=True)
    authentication_profile_id: Mapped[int | None] = mapped_column(
        ForeignKey("authentication_profile.id", ondelete="SET NULL"), index=True
    )
    token_hash: Mapped[str] = mapped_column(key_text(64), unique=True, info=SECRET)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str | None] = mapped_column(String(60))
