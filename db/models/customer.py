"""The person served, where they live, and who may speak for them."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import DERIVED, SEARCHED, Base, choice
from db.models.merge_policy import KeepOne, Move


class CustomerStatus(StrEnum):
    """Where a customer stands; see "Words" in the design."""

    INACTIVE = "inactive"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    MERGED = "merged"
    ERASED = "erased"


class Customer(Base):
    """A person; `version` counts changes to them or anything attached (R55)."""

    __tablename__ = "customer"
    __merge__ = Move(
        "Who was merged into the absorbed one before is found at the survivor.", column="merged_into_id"
    )
    __table_args__ = (
        CheckConstraint(
            "(status = 'merged') = (merged_into_id IS NOT NULL)", name="merged_names_its_survivor"
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    given_name: Mapped[str] = mapped_column(String(300), info=SEARCHED)
    family_name: Mapped[str] = mapped_column(String(300), info=SEARCHED)
    birth_date: Mapped[date | None]
    status: Mapped[CustomerStatus] = mapped_column(choice(CustomerStatus, "status"))
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("customer.id"), index=True)
    takeover_flag: Mapped[bool] = mapped_column(default=False)
    email_cool_down_until: Mapped[datetime | None]
    phone_cool_down_until: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(info=DERIVED)
    version: Mapped[int] = mapped_column(default=1, info=DERIVED)


class Address(Base):
    """A postal address of a customer."""

    __tablename__ = "address"
    __merge__ = KeepOne("The same place twice is one address.", key=("street", "postcode", "city"))
    __table_args__ = (Index("ix_address_postcode_city", "postcode", "city"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"), index=True)
    street: Mapped[str] = mapped_column(String(200))
    city: Mapped[str] = mapped_column(String(100), info=SEARCHED)
    state: Mapped[str] = mapped_column(String(100))
    postcode: Mapped[str] = mapped_column(String(20))
    country: Mapped[str] = mapped_column(String(2))
    is_primary: Mapped[bool] = mapped_column(default=True)


class AuthorisedPerson(Base):
    """Somebody who may speak for a customer."""

    __tablename__ = "authorised_person"
    __merge__ = KeepOne("A person of one name may speak once.", key=("given_name", "family_name"))

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"), index=True)
    given_name: Mapped[str] = mapped_column(String(300))
    family_name: Mapped[str] = mapped_column(String(300))
    relation: Mapped[str] = mapped_column(String(60))
