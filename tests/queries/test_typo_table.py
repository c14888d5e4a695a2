"""The typo table as an admin edits it: every line with whether it was shipped, added or removed."""

import pytest

from db.engine import Database
from db.queries.typos import TypoRuleView, TypoTableView, read_typo_table
from db.rules.typo import SHIPPED, propose
from tests.factories import actor, add_operators
from tests.operations.acting import do

ADA = actor("admin")


@pytest.fixture
def base(database: Database) -> Database:
    add_operators(database)
    return database


def table(base: Database) -> TypoTableView:
    with base.reading() as connection:
        return read_typo_table(connection)


def rule(base: Database, name: str) -> TypoRuleView:
    return next(found for found in table(base).rules if found.id == name)


def test_every_shipped_line_stands_under_its_rule(base: Database) -> None:
    lines = [line for found in table(base).rules for line in found.lines]
    assert {line.state for line in lines} == {"shipped"}
    parts = (SHIPPED.misspelt, SHIPPED.misspelt_endings, SHIPPED.bare, SHIPPED.swapped)
    assert len(lines) == sum(map(len, parts))


def test_what_was_edited_stands_first_and_says_how(base: Database) -> None:
    part = "swapped-ending"
    do(base, "change-typo-table", ADA, edit="add", part=part, wrong="web.dee", right="web.de")
    do(base, "change-typo-table", ADA, edit="remove", part=part, wrong="aol.co")
    found = rule(base, "swapped-ending").lines[:3]
    assert [(line.wrong, line.state) for line in found] == [
        ("web.dee", "added"),
        ("aol.co", "removed"),
        ("gmail.co", "shipped"),
    ]


def test_R30_a_rule_that_is_off_stays_listed_and_proposes_nothing(base: Database) -> None:
    do(base, "change-typo-table", ADA, edit="switch-off", rule="misspelt-domain")
    assert not rule(base, "misspelt-domain").is_on
    assert propose("joan@gmial.com", table(base).table) == []


def test_R55_the_version_is_the_one_that_an_edit_names(base: Database) -> None:
    assert table(base).version == 0
    do(base, "change-typo-table", ADA, edit="switch-off", rule="dots")
    assert table(base).version == 1
