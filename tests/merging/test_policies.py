"""Every table that leads to a customer says what a merge does with it."""

from typing import Any

from db.models import Base, ChooseOne, KeepOne, Move, Stay

MODELS = {mapper.local_table.name: mapper.class_ for mapper in Base.registry.mappers}  # type: ignore[attr-defined]  # declarative tables have names


def leads_to_a_customer(table: Any, seen: frozenset[str] = frozenset()) -> bool:
    """Whether a row names a customer, directly or through a row of another table that does."""
    if table.name == "customer" or "customer_id" in table.columns:
        return True
    targets = {key.column.table for column in table.columns for key in column.foreign_keys}
    return any(
        leads_to_a_customer(target, seen | {table.name}) for target in targets if target.name not in seen
    )


def test_every_model_that_leads_to_a_customer_has_a_policy_with_a_reason() -> None:
    for table in Base.metadata.sorted_tables:
        if leads_to_a_customer(table):
            policy = getattr(MODELS[table.name], "__merge__", None)
            assert isinstance(policy, Move | KeepOne | ChooseOne | Stay), table.name
            assert policy.why.endswith(".")


def test_what_moves_names_its_customer_by_a_foreign_key() -> None:
    for name, model in MODELS.items():
        policy = getattr(model, "__merge__", None)
        if isinstance(policy, Move | KeepOne | ChooseOne):
            keys = Base.metadata.tables[name].columns[policy.column].foreign_keys
            assert [key.column.table.name for key in keys] == ["customer"]


def test_no_row_that_names_a_customer_by_a_foreign_key_stays_by_oversight() -> None:
    stay = {
        name
        for name, model in MODELS.items()
        if isinstance(getattr(model, "__merge__", None), Stay)
        and any(
            key.column.table.name == "customer"
            for column in Base.metadata.tables[name].columns
            for key in column.foreign_keys
        )
    }
    # history under the numbers of its time
    assert {name for name in stay if not name.startswith("duplicate")} == {"customer_merge"}


def test_the_key_of_what_is_kept_once_is_made_of_columns() -> None:
    for name, model in MODELS.items():
        policy = getattr(model, "__merge__", None)
        if isinstance(policy, KeepOne):
            assert set(policy.key) <= set(Base.metadata.tables[name].columns.keys())
