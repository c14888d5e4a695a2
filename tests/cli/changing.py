"""What the tests of the command line have in common: a customer, and a change of their email."""

from db.engine import Database
from tests.cli.conftest import Answer, Latchkey
from tests.factories import add_customer


def plant(base: Database) -> int:
    return add_customer(base, emails=["joan@example.org"], phones=["(415) 555-0142"], sign_ins=["joan.a"])


def change_email(latchkey: Latchkey, customer: int | str, email: str, *more: str) -> Answer:
    words = ("do", "change-email", "--customer", customer, "--email", email, "--reason", "asked")
    return latchkey(*words, "--json", *more)
