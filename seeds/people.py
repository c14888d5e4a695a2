"""The people of the practice population as plain frozen data, before anything is written to a database."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

CustomerStatus = Literal["inactive", "active", "suspended", "merged"]
ContactState = Literal["unverified", "verified", "bouncing"]
PhoneKind = Literal["mobile", "landline"]
SignInState = Literal["placeholder", "active", "reset-required", "locked", "disabled"]
CardState = Literal["active", "suspended", "expired"]
PhaseState = Literal["done", "current", "upcoming"]
Role = Literal["support", "lead", "admin", "auditor"]

PHASES = ("qualification", "design", "contract", "installation", "activation")


@dataclass(frozen=True)
class Postal:
    """A postal address; `country` is an ISO 3166-1 alpha-2 code, `state` may be empty."""

    street: str
    city: str
    state: str
    postcode: str
    country: str = "US"


@dataclass(frozen=True)
class Email:
    """An email profile as the customer typed it."""

    address: str
    state: ContactState = "verified"
    primary: bool = True


@dataclass(frozen=True)
class Phone:
    """A phone profile, typed in any of many formats; those outside North America start with + or 011."""

    number: str
    kind: PhoneKind = "mobile"
    state: ContactState = "verified"
    primary: bool = True


@dataclass(frozen=True)
class SignIn:
    """An authentication profile; `last_sign_in_days_ago` is None for one that never signed in."""

    username: str
    state: SignInState = "active"
    last_sign_in_days_ago: int | None = None
    failed_count: int = 0


@dataclass(frozen=True)
class Card:
    """A card or pass, e.g. `PK40-2217-93`."""

    pass_id: str
    state: CardState = "active"


@dataclass(frozen=True)
class Grant:
    """The phases of a job that a representative sees; `representative` indexes its organisation's tuple."""

    representative: int
    phases: tuple[str, ...]


def phases_after(done: int) -> tuple[tuple[str, PhaseState], ...]:
    """The phases of a job of which the first `done` are finished and the next one runs."""
    return tuple(
        (name, "done" if at < done else "current" if at == done else "upcoming")
        for at, name in enumerate(PHASES)
    )


@dataclass(frozen=True)
class Job:
    """A contract: a job at `address` by the organisation at index `organisation`, phases in their order."""

    number: str
    organisation: int
    address: Postal
    phases: tuple[tuple[str, PhaseState], ...]
    grants: tuple[Grant, ...] = ()


@dataclass(frozen=True)
class Person:
    """A customer with everything on file; `authorised` holds (given name, family name, relation)."""

    number: int
    given_name: str
    family_name: str
    birth_date: date | None = None
    status: CustomerStatus = "active"
    address: Postal | None = None
    emails: tuple[Email, ...] = ()
    phones: tuple[Phone, ...] = ()
    sign_ins: tuple[SignIn, ...] = ()
    passes: tuple[Card, ...] = ()
    contracts: tuple[Job, ...] = ()
    authorised: tuple[tuple[str, str, str], ...] = ()
    merged_into: int | None = None
    notes: tuple[str, ...] = ()
    created_days_ago: int = 900

    @property
    def is_holding(self) -> bool:
        """Whether its emails and phones count as taken: live, not every pass suspended (P4)."""
        if self.status == "active" and self.passes:
            return any(card.state != "suspended" for card in self.passes)
        return self.status in ("inactive", "active")


@dataclass(frozen=True)
class Organisation:
    """An installer or sales organisation; `representatives` holds (given name, family name, email, phone)."""

    name: str
    email_domain: str
    phone: str
    representatives: tuple[tuple[str, str, str, str], ...]


@dataclass(frozen=True)
class PracticeOperator:
    """An operator of the sandbox; `customer_number` is set for one who is also a customer (R36)."""

    id: str
    display_name: str
    role: Role
    customer_number: int | None = None


@dataclass(frozen=True)
class Population:
    """Everybody in the sandbox.

    `households` and `duplicates` are the truth that a duplicate scan can be judged by: customer numbers of
    people who live together, and (original, accidental second record) of one person.
    """

    people: tuple[Person, ...]
    organisations: tuple[Organisation, ...]
    operators: tuple[PracticeOperator, ...]
    households: tuple[tuple[int, ...], ...]
    duplicates: tuple[tuple[int, int], ...]
