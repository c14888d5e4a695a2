"""Turns the practice population into rows of the tables, times counted back from one moment."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from db.bulk import Row
from db.models import (
    Address,
    AuthenticationProfile,
    AuthorisedPerson,
    Base,
    ContactState,
    Contract,
    Customer,
    CustomerStatus,
    EmailProfile,
    Note,
    Operator,
    Organisation,
    Pass,
    PassState,
    Phase,
    PhaseGrant,
    PhaseState,
    PhoneProfile,
    Representative,
    SignInState,
)
from db.rules.email import parse_email
from db.rules.identifiers import parse_contract_number, parse_pass_id, parse_username
from db.rules.phone import parse_phone
from db.rules.roles import Role
from seeds.people import Job, Person, Population
from seeds.people import Organisation as Company


class Rows(defaultdict[type[Base], list[Row]]):
    """Rows by table; ids count from 1 where the population gives none."""

    def __init__(self) -> None:
        super().__init__(list)

    def add(self, model: type[Base], **values: Any) -> int:
        """Add a row and return its id."""
        found = self[model]
        row_id = int(values.pop("id", len(found) + 1))
        found.append({"id": row_id, **values})
        return row_id


def rows_of(population: Population, *, now: datetime, password_hash: str) -> Rows:
    """Return all rows; `password_hash` is the hash of a password that nobody has."""
    rows = Rows()
    companies = [_add_company(rows, company) for company in population.organisations]
    writers = [operator.id for operator in population.operators if operator.role in ("support", "lead")]
    for person in population.people:
        _add_person(rows, person, now=now)
        _add_sign_ins(rows, person, now=now, password_hash=password_hash)
        for job in person.contracts:
            _add_job(rows, person, job, companies[job.organisation], now=now)
        for place, text in enumerate(person.notes):
            rows.add(
                Note,
                customer_id=person.number,
                operator_id=writers[place % len(writers)],
                text=text,
                created_at=now - timedelta(days=max(1, person.created_days_ago // 3)),
            )
    for operator in population.operators:
        rows[Operator].append(
            {
                "id": operator.id,
                "display_name": operator.display_name,
                "role": Role(operator.role),
                "customer_id": operator.customer_number,
                "is_active": True,
                "created_at": now - timedelta(days=900),
                "version": 1,
            }
        )
    return rows


def _add_company(rows: Rows, company: Company) -> tuple[int, list[int]]:
    company_id = rows.add(
        Organisation, name=company.name, email_domain=company.email_domain, phone=company.phone
    )
    people = [
        rows.add(
            Representative,
            organisation_id=company_id,
            given_name=given,
            family_name=family,
            email=email,
            email_canonical=parse_email(email).canonical,
            phone=phone,
            phone_canonical=parse_phone(phone).canonical,
        )
        for given, family, email, phone in company.representatives
    ]
    return company_id, people


def _add_person(rows: Rows, person: Person, *, now: datetime) -> None:
    created = now - timedelta(days=person.created_days_ago)
    rows.add(
        Customer,
        id=person.number,
        given_name=person.given_name,
        family_name=person.family_name,
        birth_date=person.birth_date,
        status=CustomerStatus(person.status),
        merged_into_id=person.merged_into,
        takeover_flag=False,
        created_at=created,
        version=1,
    )
    if person.address is not None:
        place = person.address
        rows.add(
            Address,
            customer_id=person.number,
            street=place.street,
            city=place.city,
            state=place.state,
            postcode=place.postcode,
            country=place.country,
            is_primary=True,
        )
    for given, family, relation in person.authorised:
        rows.add(
            AuthorisedPerson,
            customer_id=person.number,
            given_name=given,
            family_name=family,
            relation=relation,
        )
    for model, values in _contacts(person):
        state = ContactState(values.pop("state"))
        verified_at = None if state is ContactState.UNVERIFIED else created
        rows.add(
            model,
            customer_id=person.number,
            state=state,
            created_at=created,
            changed_at=created,
            verified_at=verified_at,
            **values,
        )


def _contacts(person: Person) -> Iterator[tuple[type[Base], dict[str, Any]]]:
    for email in person.emails:
        yield (
            EmailProfile,
            {
                "address": email.address,
                "canonical": parse_email(email.address).canonical,
                "state": email.state,
                "is_primary": email.primary,
            },
        )
    for phone in person.phones:
        parsed = parse_phone(phone.number)
        yield (
            PhoneProfile,
            {
                "number": phone.number,
                "kind": phone.kind,
                "canonical": parsed.canonical,
                "reversed": parsed.reversed_digits,
                "state": phone.state,
                "is_primary": phone.primary,
            },
        )


def _add_sign_ins(rows: Rows, person: Person, *, now: datetime, password_hash: str) -> None:
    created = now - timedelta(days=person.created_days_ago)
    for sign_in in person.sign_ins:
        days = sign_in.last_sign_in_days_ago
        locked = sign_in.state == "locked"
        rows.add(
            AuthenticationProfile,
            customer_id=person.number,
            username=sign_in.username,
            canonical=parse_username(sign_in.username),
            password_hash=password_hash,
            state=SignInState(sign_in.state),
            state_before_lock="active" if locked else None,
            credential_version=1,
            failed_count=sign_in.failed_count,
            last_sign_in_at=None if days is None else now - timedelta(days=days),
            created_at=created,
        )
    for card in person.passes:
        canonical = parse_pass_id(card.pass_id)
        rows.add(
            Pass,
            customer_id=person.number,
            pass_id=card.pass_id,
            canonical=canonical,
            reversed=canonical[::-1],
            state=PassState(card.state),
            created_at=created,
        )


def _add_job(rows: Rows, person: Person, job: Job, company: tuple[int, list[int]], *, now: datetime) -> None:
    canonical = parse_contract_number(job.number)
    contract_id = rows.add(
        Contract,
        customer_id=person.number,
        organisation_id=company[0],
        number=job.number,
        canonical=canonical,
        reversed=canonical[::-1],
        street=job.address.street,
        city=job.address.city,
        state=job.address.state,
        postcode=job.address.postcode,
        created_at=now - timedelta(days=person.created_days_ago // 2),
    )
    for position, (name, state) in enumerate(job.phases, start=1):
        phase_id = rows.add(
            Phase, contract_id=contract_id, position=position, name=name, state=PhaseState(state)
        )
        for grant in job.grants:
            if name in grant.phases:
                rows.add(PhaseGrant, phase_id=phase_id, representative_id=company[1][grant.representative])
