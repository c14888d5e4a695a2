"""The index follows every edit, and writes only the difference."""

from random import Random

from sqlalchemy import select

from db.engine import Database
from db.ledger import LedgerSession
from db.models import Address, Customer, EmailProfile
from db.search.check import first_difference
from tests.factories import BORN, add_customer, building

NAMES = ("Joan", "Ann", "Ann Joan", "Anderson", "Lee", "Lee-Anderson")
EMAILS = ("joan.lee@example.org", "ann.lee@example.org", "lee@example.org", "joan@example.com")
CITIES = ("Reno", "Reno Springs", "Palm Springs")


def difference(database: Database) -> str | None:
    with database.reading() as connection:
        return first_difference(connection, sample=None)


def new_email(customer_id: int, address: str) -> EmailProfile:
    return EmailProfile(
        customer_id=customer_id, address=address, canonical=address, created_at=BORN, changed_at=BORN
    )


def edit(session: LedgerSession, customer_id: int, chance: Random, *, has_read: bool) -> None:
    """Make one edit, with or without keeping the rows that were read for it."""
    customer = session.get_one(Customer, customer_id)
    emails = list(session.scalars(select(EmailProfile).where(EmailProfile.customer_id == customer_id)))
    cities = list(session.scalars(select(Address).where(Address.customer_id == customer_id)))
    if has_read:
        session.ledger.families[EmailProfile][customer_id] = emails
        session.ledger.families[Address][customer_id] = cities
    match chance.choice(("given", "family", "email", "city", "add", "remove")):
        case "given":
            customer.given_name = chance.choice(NAMES)
        case "family":
            customer.family_name = chance.choice(NAMES)
        case "city":
            cities[0].city = chance.choice(CITIES)
        case "remove" if emails:
            session.delete(chance.choice(emails))
        case "email" if emails:
            chance.choice(emails).canonical = chance.choice(EMAILS)
        case _:
            session.add(new_email(customer_id, chance.choice(EMAILS)))


def test_whatever_is_edited_the_index_is_as_if_built_anew(database: Database) -> None:
    joan = add_customer(database, emails=EMAILS[:2], address=("1 Main St", "Reno", "NV", "89501"))
    chance = Random(7)
    for turn in range(60):
        with building(database) as session:
            for _ in range(chance.randint(1, 3)):
                edit(session, joan, chance, has_read=turn % 2 == 0)
        assert difference(database) is None


def test_an_ending_that_another_email_has_stays(database: Database) -> None:
    add_customer(database, emails=["joan.lee@example.org", "ann.lee@example.org"])
    with building(database) as session:
        session.delete(session.get_one(EmailProfile, 1))
    assert difference(database) is None
