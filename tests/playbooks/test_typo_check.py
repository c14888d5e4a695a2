"""The typo check of a walk proposes what an operator may then save, and nothing else (P3, R30)."""

import pytest

from db.engine import Database
from db.playbooks import checks
from db.settings import load_policy
from tests.factories import add_customer, add_operators


@pytest.fixture
def base(database: Database) -> Database:
    add_operators(database)
    return database


def found(base: Database, identifier: str) -> checks.Found:
    with base.reading() as connection:
        subject = checks.Subject(None, identifier, load_policy(connection), base.clock(connection))
        return checks.run(connection, "typo", subject)


def test_P3_an_unverified_address_is_corrected_as_the_table_proposes(base: Database) -> None:
    add_customer(base, emails=[("joan@gmial.com", "unverified")], sign_ins=["joan"])
    told = found(base, "joan")
    assert (told.answer, told.sentence) == ("typo", "joan@gmial.com → joan@gmail.com (misspelt-domain)")


def test_a_verified_address_is_no_typo(base: Database) -> None:
    add_customer(base, emails=["joan@gmial.com"], sign_ins=["joan"])
    assert found(base, "joan").answer == "no-typo"


def test_R30_A32_no_correction_leads_onto_an_address_that_somebody_holds(base: Database) -> None:
    add_customer(base, emails=[("joan@gmial.com", "unverified")], sign_ins=["joan"])
    dan = add_customer(base, given_name="Dan", emails=["joan@gmail.com"])
    told = found(base, "joan")
    assert told.answer == "no-typo"
    assert told.sentence.endswith(f"is held by C-{dan} Dan Anderson.")
