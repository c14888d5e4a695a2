"""What a form shows of an operation, read from its parameter class; and who may open it."""

from typing import Annotated, Literal

import pytest
from msgspec import Meta

from db.engine import Database
from db.operation import Operation, Params
from db.operations import REGISTRY
from db.operations.forms import FieldInfo, describe, may
from db.rules.roles import Right, Standing
from tests.factories import OPERATORS, add_operators


def field(operation: str, name: str) -> FieldInfo:
    return next(found for found in describe(REGISTRY[operation]) if found.name == name)


def test_a_text_has_its_title_and_length() -> None:
    assert field("add-customer", "given_name") == FieldInfo(
        name="given_name", title="Given name", help="", required=True, type="text", kind=None,
        options=(), default=None, max_length=300,
    )  # fmt: skip


def test_a_field_that_may_be_left_out_keeps_its_kind_and_help() -> None:
    found = field("change-email", "profile")
    assert (found.type, found.kind, found.required) == ("int", "email_profile", False)
    assert found.help == "Which of the customer's emails."


def test_dates_and_choices_are_known_as_such() -> None:
    assert field("add-customer", "birth_date").type == "date"
    assert field("change-dedup-mode", "mode").options == ("off", "by-phone", "by-email", "by-both")


class Sample(Params, frozen=True, kw_only=True):
    """Types that few operations have."""

    text: Annotated[str, Meta(title="Note", extra={"kind": "multiline"})]
    both: bool = True
    size: Literal["small", "large"] = "small"


def test_flags_literals_and_long_texts_are_known_as_such() -> None:
    operation = Operation(
        name="sample", label="", help="", params=Sample, right=Right.NOTE, apply=lambda _t, _p: None
    )
    text, both, size = describe(operation)
    assert (text.type, both.type, size.type) == ("multiline", "flag", "choice")
    assert (both.options, both.default) == (("yes", "no"), "yes")
    assert (set(size.options), size.default) == ({"small", "large"}, "small")


@pytest.mark.parametrize("name", sorted(REGISTRY))
def test_every_operation_can_be_described(name: str) -> None:
    for found in describe(REGISTRY[name]):
        assert found.title


@pytest.mark.parametrize("name", sorted(REGISTRY))
def test_every_operation_says_which_rights_it_can_ask_for(name: str) -> None:
    operation = REGISTRY[name]
    assert not callable(operation.right) or operation.rights


def test_the_best_standing_counts_where_the_right_depends_on_the_data(database: Database) -> None:
    add_operators(database)
    with database.reading() as connection:
        standings = {
            role.value: may(connection, operator, REGISTRY["change-email"])
            for role, operator in OPERATORS.items()
        }
        assert may(connection, "nobody", REGISTRY["change-email"]) is Standing.NEVER
    assert standings == {
        "support": Standing.ALONE,
        "lead": Standing.ALONE,
        "admin": Standing.ALONE,
        "auditor": Standing.NEVER,
    }
