"""Jobs of customers with organisations, their phases, and who may see which."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import DERIVED, Base, choice, key_text, leading
from db.models.merge_policy import Move, Stay


class PhaseState(StrEnum):
    """How far a phase of a contract has come."""

    UPCOMING = "upcoming"
    CURRENT = "current"
    DONE = "done"


class Organisation(Base):
    """A company that does jobs for customers."""

    __tablename__ = "organisation"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    email_domain: Mapped[str] = mapped_column(String(253))
    phone: Mapped[str] = mapped_column(String(60))


class Representative(Base):
    """Somebody who calls on behalf of an organisation."""

    __tablename__ = "representative"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    given_name: Mapped[str] = mapped_column(String(300))
    family_name: Mapped[str] = mapped_column(String(300))
    email: Mapped[str] = mapped_column(String(320))
    email_canonical: Mapped[str] = mapped_column(key_text(320), index=True, info=DERIVED)
    phone: Mapped[str] = mapped_column(String(60))
    phone_canonical: Mapped[str] = mapped_column(key_text(20), index=True, info=DERIVED)


class Contract(Base):
    """A job for a customer at a property."""

    __tablename__ = "contract"
    __merge__ = Move("The job is the same person's.")
    __table_args__ = (leading("contract", "reversed", "customer_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    number: Mapped[str] = mapped_column(String(60))
    canonical: Mapped[str] = mapped_column(key_text(60), unique=True, info=DERIVED)
    reversed: Mapped[str] = mapped_column(key_text(60), info=DERIVED)
    street: Mapped[str] = mapped_column(String(200))
    city: Mapped[str] = mapped_column(String(100))
    state: Mapped[str] = mapped_column(String(100))
    postcode: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[datetime] = mapped_column(info=DERIVED)


class Phase(Base):
    """One step of a contract, in order of `position`."""

    __tablename__ = "phase"
    __merge__ = Stay("Hangs on its contract.")
    __table_args__ = (UniqueConstraint("contract_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contract_id: Mapped[int] = mapped_column(ForeignKey("contract.id"))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(60))
    state: Mapped[PhaseState] = mapped_column(choice(PhaseState, "state"))


class PhaseGrant(Base):
    """A representative may see and speak about a phase."""

    __tablename__ = "phase_grant"
    __merge__ = Stay("Hangs on its phase.")
    __table_args__ = (UniqueConstraint("phase_id", "representative_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    phase_id: Mapped[int] = mapped_column(ForeignKey("phase.id"))
    representative_id: Mapped[int] = mapped_column(ForeignKey("representative.id"), index=True)
