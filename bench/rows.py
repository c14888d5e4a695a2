"""Turns a block of the large population into rows, in canonical forms that are known by construction."""

from datetime import UTC, datetime, timedelta
from typing import Any

from bench.population import FIRST_ID, Block, Person
from db.bulk import Row
from db.models import (
    Address,
    AuthenticationProfile,
    Base,
    ContactState,
    Customer,
    CustomerStatus,
    EmailProfile,
    Pass,
    PassState,
    PhoneProfile,
    SignInState,
)

NOW = datetime(2026, 3, 2, tzinfo=UTC)
NOBODYS_HASH = "$argon2id$v=19$m=19456,t=2,p=1$" + "A" * 22 + "$" + "A" * 43
"""As long as a real one."""

_MOMENTS = [NOW - timedelta(days=days) for days in range(2700)]
_PHONE_FORMS = ("({}) {}-{}", "{}-{}-{}", "+1 {} {} {}", "{}.{}.{}", "{}{}{}", "1-{}-{}-{}")


def rows_of(block: Block) -> dict[type[Base], list[Row]]:
    """Return the rows of a block; ids of profiles follow from the customer's, so blocks need no counter."""
    rows: dict[type[Base], list[Row]] = {
        model: [] for model in (Customer, Address, EmailProfile, PhoneProfile, AuthenticationProfile, Pass)
    }
    for number, person in enumerate(block.people, start=block.first):
        created = _MOMENTS[person.days]
        rows[Customer].append(_customer(number, person, created))
        rows[Address].append(
            {
                "id": number, "customer_id": number, "street": person.street, "city": person.place.city,
                "state": person.place.state, "postcode": person.postcode, "country": "US", "is_primary": True,
            }
        )  # fmt: skip
        if person.email:
            typed = person.email.capitalize() if number % 25 == 0 else person.email
            rows[EmailProfile].append(
                _contact(number, number, created, number % 6 != 0)
                | {"address": typed, "canonical": person.email, "is_primary": True}
            )
        numbers = [
            (digits, kind)
            for digits, kind in ((person.mobile, "mobile"), (person.landline, "landline"))
            if digits
        ]
        for place, (digits, kind) in enumerate(numbers):
            rows[PhoneProfile].append(
                _contact(number * 2 + place, number, created, number % 5 != 0)
                | _phone(digits, kind, number)
                | {"is_primary": place == 0}
            )
        if person.has_username:
            rows[AuthenticationProfile].append(_sign_in(number, person, created))
        if person.has_pass:
            rows[Pass].append(_pass(number, created))
    return rows


def username_of(number: int, person: Person) -> str:
    """The username of a customer: letters of the name, and digits that nobody else has."""
    return f"{(person.given.plain or 'x')[:1]}{person.family.plain[:12]}{number - FIRST_ID}"


def pass_of(number: int) -> str:
    """The canonical pass id of a customer; multiplier and range have no factor in common, so none repeats."""
    return f"PK{number * 7_919_993 % 90_000_000 + 10_000_000}"


def _customer(number: int, person: Person, created: datetime) -> Row:
    status = CustomerStatus.ACTIVE
    if number % 7 == 0:
        status = CustomerStatus.INACTIVE if number % 3 else CustomerStatus.SUSPENDED
    return {
        "id": number, "given_name": person.given.text, "family_name": person.family.text,
        "birth_date": person.born, "status": status, "takeover_flag": False,
        "created_at": created, "version": 1,
    }  # fmt: skip


def _contact(row_id: int, number: int, created: datetime, is_verified: bool) -> dict[str, Any]:
    state = ContactState.VERIFIED if is_verified else ContactState.UNVERIFIED
    return {
        "id": row_id, "customer_id": number, "state": state, "created_at": created, "changed_at": created,
        "verified_at": created if is_verified else None,
    }  # fmt: skip


def _phone(digits: str, kind: str, number: int) -> dict[str, Any]:
    typed = _PHONE_FORMS[number % len(_PHONE_FORMS)].format(digits[:3], digits[3:6], digits[6:])
    return {"number": typed, "kind": kind, "canonical": f"+1{digits}", "reversed": f"{digits[::-1]}1"}


def _sign_in(number: int, person: Person, created: datetime) -> Row:
    username = username_of(number, person)
    seen = None if number % 9 == 0 else _MOMENTS[person.days * (number % 97) // 97]
    return {
        "id": number, "customer_id": number, "username": username, "canonical": username,
        "password_hash": NOBODYS_HASH, "state": SignInState.ACTIVE if seen else SignInState.PLACEHOLDER,
        "credential_version": 1, "failed_count": 0, "last_sign_in_at": seen, "created_at": created,
    }  # fmt: skip


def _pass(number: int, created: datetime) -> Row:
    code = pass_of(number)
    return {
        "id": number, "customer_id": number, "pass_id": f"{code[:4]}-{code[4:8]}-{code[8:]}",
        "canonical": code, "reversed": code[::-1], "state": PassState.ACTIVE, "created_at": created,
    }  # fmt: skip
