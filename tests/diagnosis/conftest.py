"""Databases on which operators diagnose."""

import pytest

from db.engine import Database
from tests.factories import add_operators


@pytest.fixture
def base(database: Database) -> Database:
    add_operators(database)
    return database
