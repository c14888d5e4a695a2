"""The first admin makes themself; everybody else is added by an admin (R46, R50)."""

import pytest

from db import runner
from db.actor import service
from db.engine import Database
from db.errors import Invalid, Refused
from db.operations import REGISTRY
from db.operations.add_first_admin import AddFirstAdmin
from tests.cli.conftest import Latchkey
from tests.factories import actor, add_operators
from tui.commands.setup import os_user


def test_the_first_operator_is_an_admin_bound_to_the_user_of_the_system(
    latchkey: Latchkey, empty: Database
) -> None:
    assert latchkey("operator", "add", "ada", "--name", "Ada Moreau").status == 0
    (row,) = latchkey("operator", "list", "--json").json["rows"]
    assert (row["id"], row["role"], row["os_user"], row["is_active"]) == ("ada", "admin", os_user(), True)


def test_the_first_admin_is_an_event_of_the_product_itself(latchkey: Latchkey, empty: Database) -> None:
    latchkey("operator", "add", "ada", "--name", "Ada Moreau")
    (row,) = latchkey("audit", "list", "--json").json["rows"]
    assert (row["seq"], row["operator_id"], row["role"]) == (1, "bootstrap", "service")


def test_before_there_is_an_operator_a_command_says_how_to_become_one(
    latchkey: Latchkey, empty: Database
) -> None:
    assert "latchkey operator add" in latchkey("find", "joan").err


@pytest.mark.parametrize("more", [("--role", "support"), ("--os-user", "somebody-else")])
def test_the_first_operator_cannot_be_anybody_else(
    more: tuple[str, str], latchkey: Latchkey, empty: Database
) -> None:
    assert latchkey("operator", "add", "ada", "--name", "Ada", *more).status == 1
    assert latchkey("operator", "add", "ada", "--name", "Ada").status == 0


def test_an_admin_adds_and_disables_others(latchkey: Latchkey, base: Database) -> None:
    words = ("operator", "add", "ben", "--name", "Ben", "--role", "lead", "--reason", "joined")
    assert latchkey(*words).status == 0
    assert latchkey("operator", "disable", "ben", "--reason", "left").status == 0
    rows = {row["id"]: row for row in latchkey("operator", "list", "--json").json["rows"]}
    assert (rows["ben"]["role"], rows["ben"]["is_active"]) == ("lead", False)


@pytest.mark.parametrize(
    "bad", ["Ada", "1ada", "ada lovelace", "ada\x1b[2J", "a" * 33, "ada\nb"], ids=range(6)
)
def test_R46_A18_a_hostile_operator_id_is_refused(bad: str, latchkey: Latchkey, empty: Database) -> None:
    answer = latchkey("operator", "add", bad, "--name", "Ada", "--json")
    assert (answer.status, answer.error["field"]) == (1, "id")


def add_first(database: Database, who: str, *, by_operator: bool = False) -> None:
    params = AddFirstAdmin(id=who, display_name="Somebody", os_user=who)
    acting = actor("admin") if by_operator else service("bootstrap")
    operation = REGISTRY["add-first-admin"]
    runner.run(database, runner.Request(actor=acting, operation=operation, params=params, reason="first"))


def test_a_second_first_admin_is_refused(database: Database) -> None:
    add_first(database, "ada")
    with pytest.raises(Invalid, match="operators already"):
        add_first(database, "eve")


def test_no_operator_may_add_a_first_admin(database: Database) -> None:
    add_operators(database)
    with pytest.raises(Refused):
        add_first(database, "eve", by_operator=True)
