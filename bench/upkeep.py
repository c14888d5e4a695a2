"""What an edit pays for the index: the terms of a changed family name, rolled back afterwards."""

import time
from random import Random
from statistics import median

from sqlalchemy import bindparam, select, update

from bench.population import FIRST_ID
from bench.results import Upkeep
from bench.stock import rare_families
from db import guard
from db.engine import Database
from db.models import Customer, EmailProfile
from db.search import index

EDITS = 200
_TABLE = Customer.__table__
_NAME = select(Customer.given_name, Customer.family_name).where(Customer.id == bindparam("id"))
_EMAILS = select(EmailProfile.canonical).where(EmailProfile.customer_id == bindparam("id"))
_ROW = update(_TABLE).where(_TABLE.c.id == bindparam("which")).values(family_name=bindparam("family"))  # type: ignore[arg-type]  # declarative tables are Tables


def upkeep(database: Database, count: int) -> Upkeep:
    """Return median milliseconds of bringing the terms up to date, and of writing the row itself."""
    rng = Random(3)
    terms, rows = [], []
    with database.writer.connect() as connection, guard.writing(connection, "runner"):
        guard.set_flushing(connection, True)
        for _ in range(EDITS):
            customer = FIRST_ID + rng.randrange(count)
            new = rng.choice(rare_families()).text
            with connection.begin() as transaction:
                given, family = connection.execute(_NAME, {"id": customer}).one()
                emails = connection.execute(_EMAILS, {"id": customer}).scalars().all()
                start = time.perf_counter()
                connection.execute(_ROW, {"which": customer, "family": new})
                between = time.perf_counter()
                before, after = index.terms_of(given, family, emails), index.terms_of(given, new, emails)
                index.replace(connection, customer, old=before, new=after)
                end = time.perf_counter()
                transaction.rollback()
            rows.append((between - start) * 1000)
            terms.append((end - between) * 1000)
    return Upkeep(index=median(terms), row=median(rows))
