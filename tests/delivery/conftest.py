"""A database with operators and one customer, whose time the tests move."""

from dataclasses import replace

import pytest

from db.engine import Database
from tests.conftest import Clock
from tests.factories import add_customer, add_operators


@pytest.fixture
def base(database: Database, clock: Clock) -> Database:
    add_operators(database)
    return replace(database, clock=clock)


@pytest.fixture
def joan(base: Database) -> int:
    return add_customer(base, emails=["joan@example.org"])
