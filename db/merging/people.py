"""Whom a merge is about: the numbers that were typed, all of them locked, and what the operator chose."""

import re
from dataclasses import dataclass, field

from db.audit.history import changes_since
from db.errors import Invalid, Stale, Unknown
from db.models import Customer
from db.rules.identifiers import format_customer_number
from db.transaction import Transaction

MOST_ABSORBED = 7
_TYPED = re.compile(r"(?:[Cc] ?-? ?)?([0-9]{1,10})(?:@([0-9]{1,9}))?")
_BETWEEN = re.compile(r"[\s,;+]+")


@dataclass(frozen=True, kw_only=True)
class Choices:
    """What the operator decided; None is left to the rules.

    `left` are the email and phone profiles, by kind, that stay with the absorbed customer.
    """

    given_name_from: int | None = None
    family_name_from: int | None = None
    birth_date_from: int | None = None
    address_from: int | None = None
    sign_in: int | None = None
    primary_email: int | None = None
    primary_phone: int | None = None
    left_emails: frozenset[int] = frozenset()
    left_phones: frozenset[int] = frozenset()
    end_links: bool = False


@dataclass(frozen=True)
class People:
    """The customers of a merge, the survivor first."""

    survivor: Customer
    absorbed: tuple[Customer, ...] = field(default=())

    @property
    def all(self) -> tuple[Customer, ...]:
        """Everybody."""
        return (self.survivor, *self.absorbed)

    @property
    def ids(self) -> tuple[int, ...]:
        """Their numbers."""
        return tuple(person.id for person in self.all)


def parse_absorbed(typed: str, survivor: int) -> dict[int, int | None]:
    """Return the numbers in a text like "C-1043@7 C-1050", each with the version that was seen, if any.

    Raises `Invalid` for anything else, for more than seven, and for the survivor among them.
    """
    found: dict[int, int | None] = {}
    for part in _BETWEEN.split(typed.strip()):
        match = _TYPED.fullmatch(part)
        number = int(match.group(1)) if match else 0
        if match is None or not 0 < number < 2**31:
            raise Invalid(
                "Give the numbers of the customers to absorb, like C-1043 C-1050.", field="absorbed"
            )
        found[number] = int(match.group(2)) if match.group(2) else None
    if survivor in found:
        number_text = format_customer_number(survivor)
        raise Invalid(f"{number_text} is the survivor and cannot be absorbed as well.", field="absorbed")
    if len(found) > MOST_ABSORBED:
        raise Invalid(f"At most {MOST_ABSORBED} customers are absorbed at once.", field="absorbed")
    return found


def parse_rows(typed: str | None, name: str) -> frozenset[int]:
    """Return the row numbers in a text like "12 15"; raise `Invalid` for anything else."""
    parts = [part for part in _BETWEEN.split((typed or "").strip()) if part]
    if not all(part.isascii() and part.isdigit() and len(part) < 10 for part in parts):
        raise Invalid("Give the numbers of the profiles, like 12 15.", field=name)
    return frozenset(map(int, parts))


def lock_people(transaction: Transaction, survivor: int, absorbed: dict[int, int | None]) -> People:
    """Lock everybody in the order of their numbers, so that two merges never wait for each other.

    Raises `Unknown` or `Invalid` where one cannot be merged any more, `Stale` where an absorbed one is newer
    than was seen.
    """
    transaction.lock_customers({survivor, *absorbed})
    kept = transaction.customer(survivor)
    people = People(kept, tuple(_absorbed(transaction, number) for number in absorbed))
    for person in people.absorbed:
        seen = absorbed[person.id]
        if seen is not None and seen != person.version:
            raise Stale(
                f"Somebody changed {format_customer_number(person.id)} meanwhile. Nothing was saved; look at"
                " what changed, then merge again.",
                version=person.version,
                changes=changes_since(transaction.connection, f"customer:{person.id}", seen),
            )
    return people


def _absorbed(transaction: Transaction, number: int) -> Customer:
    try:
        return transaction.customer(number)
    except Unknown as error:
        raise Unknown(error.sentence, field="absorbed") from None
    except Invalid as error:
        raise Invalid(error.sentence, field="absorbed", code="not-mergeable") from None
