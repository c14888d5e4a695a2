"""How a customer is reached and signs in: email, phone and authentication profiles, passes."""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, false, text
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from db.models.base import DERIVED, SEARCHED, SECRET, Base, choice, key_text, leading
from db.models.merge_policy import ChooseOne, KeepOne
from db.rules.identifiers import without_zeros


class ContactState(StrEnum):
    """What is known about whether an address reaches its customer."""

    UNVERIFIED = "unverified"
    VERIFIED = "verified"
    BOUNCING = "bouncing"


class SignInState(StrEnum):
    """Whether an authentication profile lets its customer in."""

    PLACEHOLDER = "placeholder"
    ACTIVE = "active"
    RESET_REQUIRED = "reset-required"
    LOCKED = "locked"
    DISABLED = "disabled"


class PassState(StrEnum):
    """Whether a pass is accepted."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    EXPIRED = "expired"


class Contact:
    """The columns that email and phone profiles share; at most one of each kind is primary."""

    __tablename__: str
    FOUND_BY: ClassVar[tuple[str, ...]]
    """The columns that lead to a customer in a search."""

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"), index=True)
    is_primary: Mapped[bool] = mapped_column(default=False)
    state: Mapped[ContactState] = mapped_column(
        choice(ContactState, "state"), default=ContactState.UNVERIFIED
    )
    created_at: Mapped[datetime] = mapped_column(info=DERIVED)
    changed_at: Mapped[datetime] = mapped_column(info=DERIVED)
    verified_at: Mapped[datetime | None] = mapped_column(info=DERIVED)
    cool_down_until: Mapped[datetime | None]
    confirm_before_use: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether a merge brought it, unverified, from another customer: it leads nowhere until confirmed."""

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[Index, ...]:
        one_primary = Index(
            f"uq_{cls.__tablename__}_one_primary",
            "customer_id",
            unique=True,
            sqlite_where=text("is_primary"),
            postgresql_where=text("is_primary"),
        )
        found_by = [leading(cls.__tablename__, column, "customer_id") for column in cls.FOUND_BY]
        return (one_primary, *found_by)


class EmailProfile(Contact, Base):
    """An email address of a customer, as typed and in canonical form."""

    __tablename__ = "email_profile"
    __merge__ = KeepOne("An address is held once.", key=("canonical",))
    FOUND_BY = ("canonical",)

    address: Mapped[str] = mapped_column(String(320))
    canonical: Mapped[str] = mapped_column(key_text(320), info=DERIVED | SEARCHED)


class PhoneProfile(Contact, Base):
    """A phone number of a customer; `reversed` makes its last digits a prefix."""

    __tablename__ = "phone_profile"
    __merge__ = KeepOne("A number is held once.", key=("canonical",))
    FOUND_BY = ("canonical", "reversed")

    number: Mapped[str] = mapped_column(String(60))
    kind: Mapped[str] = mapped_column(String(20), default="mobile")
    canonical: Mapped[str] = mapped_column(key_text(20), info=DERIVED)
    reversed: Mapped[str] = mapped_column(key_text(20), info=DERIVED)


class AuthenticationProfile(Base):
    """A sign-in. No operator ever sees or sets its password (R14)."""

    __tablename__ = "authentication_profile"
    __merge__ = ChooseOne("Two sign-ins in use would let nobody choose by the email (P1).")
    __table_args__ = (
        CheckConstraint("failed_count >= 0", name="failed_count"),
        leading("authentication_profile", "customer_id", "last_sign_in_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"))
    username: Mapped[str] = mapped_column(String(320))
    canonical: Mapped[str] = mapped_column(key_text(320), unique=True, info=DERIVED)
    password_hash: Mapped[str] = mapped_column(String(300), info=SECRET)
    state: Mapped[SignInState] = mapped_column(choice(SignInState, "state"))
    state_before_lock: Mapped[str | None] = mapped_column(String(32), info=DERIVED)
    credential_version: Mapped[int] = mapped_column(default=1, info=DERIVED)
    failed_count: Mapped[int] = mapped_column(default=0)
    code_failures: Mapped[int] = mapped_column(default=0, server_default="0")
    last_sign_in_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(info=DERIVED)


class Pass(Base):
    """A card or pass; its id is a sign-in identifier while it is active."""

    __tablename__ = "pass"
    __merge__ = KeepOne("The same card enrolled twice is one card.", key=("canonical",), fold=without_zeros)
    __table_args__ = (leading("pass", "reversed", "customer_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"), index=True)
    pass_id: Mapped[str] = mapped_column(String(60))
    canonical: Mapped[str] = mapped_column(key_text(60), unique=True, info=DERIVED)
    reversed: Mapped[str] = mapped_column(key_text(60), info=DERIVED)
    state: Mapped[PassState] = mapped_column(choice(PassState, "state"))
    created_at: Mapped[datetime] = mapped_column(info=DERIVED)
