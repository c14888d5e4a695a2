"""The typo table on the command line: what it holds, and what it makes of an address."""

import pytest

from db.engine import Database
from tests.cli.conftest import Latchkey


def test_the_rules_are_listed_in_their_order(latchkey: Latchkey, base: Database) -> None:
    rows = latchkey("typos", "list", "--json").json["rows"]
    assert [row["rule"] for row in rows] == [
        "stray-characters",
        "dots",
        "missing-ending",
        "misspelt-domain",
        "swapped-ending",
    ]
    assert rows[3]["example"] == {"wrong": "joan@gmial.com", "right": "joan@gmail.com"}
    assert [row["lines"] for row in rows] == [[]] * 5


def test_edits_are_told_and_all_lines_where_they_are_asked_for(latchkey: Latchkey, base: Database) -> None:
    edit = ("do", "change-typo-table", "--reason", "seen twice")
    line = ("--part", "misspelt-domain", "--wrong", "gamil.example", "--right", "gmail.com")
    assert latchkey(*edit, "--edit", "add", *line).status == 0
    assert latchkey(*edit, "--edit", "switch-off", "--rule", "dots").status == 0
    rows = {row["rule"]: row for row in latchkey("typos", "list", "--json").json["rows"]}
    assert rows["misspelt-domain"]["lines"] == [
        {"list": "misspelt-domain", "wrong": "gamil.example", "right": "gmail.com", "state": "added"}
    ]
    assert [row["on"] for row in rows.values()] == [True, False, True, True, True]
    assert "gamil.example" in latchkey("typos", "list").out
    assert "gmial.com" not in latchkey("typos", "list").out.replace("joan@gmial.com", "")
    assert "gmial.com" in latchkey("typos", "list", "--all").out.replace("joan@gmial.com", "")


def test_R30_an_address_is_tried(latchkey: Latchkey, base: Database) -> None:
    assert latchkey("typos", "try", "joan@gmial.com", "--json").json["rows"] == [
        {"rule": "misspelt-domain", "before": "joan@gmial.com", "after": "joan@gmail.com"}
    ]
    assert "joan@gmail.com" in latchkey("typos", "try", "joan@gmial.com").out


@pytest.mark.parametrize("address", ["joan@example.org", "nonsense", "x" * 5000])
def test_R30_what_the_table_does_not_correct_is_a_replacement(
    latchkey: Latchkey, base: Database, address: str
) -> None:
    answer = latchkey("typos", "try", address)
    assert answer.status == 0
    assert "replacement" in answer.out


def test_the_settings_tell_the_table_as_edits(latchkey: Latchkey, base: Database) -> None:
    rows = {row["key"]: row for row in latchkey("settings", "list", "--json").json["rows"]}
    assert rows["typo_table"]["value"] == {"off": [], "added": {}, "removed": {}}
    assert rows["typo_table"]["edited"] is False
