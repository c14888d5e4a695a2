"""Databases for races, with one operator of each role."""

import pytest

from db.engine import Database
from tests.factories import add_operators


@pytest.fixture
def base(database: Database) -> Database:
    """A database with operators."""
    add_operators(database)
    return database
