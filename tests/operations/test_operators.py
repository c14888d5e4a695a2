"""Adding and disabling operators, and changing their role (R32, R36, R46, R49)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from db.actor import Actor
from db.applied import Applied
from db.engine import Database
from db.errors import Invalid, Refused, Unknown
from db.models import AuditDetail, Operator
from tests.conftest import Clock
from tests.factories import actor, add_customer, add_operators
from tests.operations.acting import do


@pytest.fixture
def base(database: Database) -> Database:
    add_operators(database)
    return database


def act(base: Database, operation: str, *, by: str = "admin", **values: Any) -> Applied:
    return do(base, operation, actor(by), **values)


def add(base: Database, name: str, role: str = "support", **values: Any) -> Applied:
    return act(base, "add-operator", id=name, display_name=name.capitalize(), role=role, **values)


def operator(base: Database, name: str) -> Any:
    with base.reading() as connection:
        return connection.execute(select(Operator.__table__).where(Operator.id == name)).one()


def test_a_new_operator_works_at_once(base: Database) -> None:
    add(base, "lee", os_user="lee.w")
    row = operator(base, "lee")
    assert (row.role.value, row.is_active, row.os_user, row.version) == ("support", True, "lee.w", 1)


@pytest.mark.parametrize("name", ["Lee", "1lee", "lee lee", "lee;rm", "lée", 'lee"', "l" * 33])
def test_R46_an_operator_id_is_harmless(base: Database, name: str) -> None:
    with pytest.raises(Invalid) as caught:
        add(base, name)
    assert caught.value.field == "id"


def test_R46_an_operator_id_is_never_given_again(base: Database) -> None:
    act(base, "disable-operator", operator="kim")
    with pytest.raises(Invalid, match="never given again"):
        add(base, "kim")


def test_a_system_account_signs_in_one_operator(base: Database) -> None:
    add(base, "lee", os_user="shared")
    with pytest.raises(Invalid) as caught:
        add(base, "mo", os_user="shared")
    assert caught.value.field == "os_user"


def test_R36_an_operators_own_record_is_theirs_to_leave_alone(base: Database) -> None:
    joan = add_customer(base)
    add(base, "joan", customer=joan)
    with pytest.raises(Invalid):
        add(base, "lee", customer=0)
    with pytest.raises(Unknown):
        add(base, "lee", customer=joan + 1)
    own = Actor("joan")
    for operation, values in [("add-note", {"text": "hello"}), ("start-interaction", {"channel": "phone"})]:
        with pytest.raises(Refused, match="R36"):
            do(base, operation, own, customer=joan, **values)


@pytest.mark.parametrize("role", ["support", "lead", "auditor"])
def test_operators_are_the_admins(base: Database, role: str) -> None:
    with pytest.raises(Refused):
        act(base, "disable-operator", by=role, operator="kim")


def test_R49_the_next_action_of_a_disabled_operator_is_refused(base: Database) -> None:
    joan = add_customer(base)
    act(base, "disable-operator", operator="kim")
    with pytest.raises(Refused, match="not an active operator"):
        act(base, "add-note", by="support", customer=joan, text="hello")


def test_disabling_twice_changes_nothing(base: Database) -> None:
    act(base, "disable-operator", operator="kim")
    with pytest.raises(Invalid) as caught:
        act(base, "disable-operator", operator="kim")
    assert caught.value.code == "no-change"


def test_the_last_active_admin_stays(base: Database) -> None:
    for operation, values in [("disable-operator", {}), ("change-operator-role", {"role": "lead"})]:
        with pytest.raises(Refused, match="last active admin"):
            act(base, operation, operator="ada", **values)
    add(base, "lee", "admin")
    act(base, "disable-operator", operator="ada")
    assert not operator(base, "ada").is_active


def test_R32_the_only_admin_changes_a_role_as_sole_approver(base: Database) -> None:
    applied = act(base, "change-operator-role", operator="kim", role="lead")
    assert operator(base, "kim").role == "lead"
    assert "sole-approver" in applied.warnings[0]
    with base.reading() as connection:
        reason = connection.execute(
            select(AuditDetail.after).where(AuditDetail.seq == applied.event, AuditDetail.field == "reason")
        ).scalar_one()
    assert reason == "asked (sole-approver)"


def test_R32_with_a_second_admin_a_role_change_takes_both(base: Database) -> None:
    add(base, "lee", "admin")
    with pytest.raises(Refused, match="second admin"):
        act(base, "change-operator-role", operator="kim", role="lead")


def test_R32_the_only_admin_of_the_last_day_changes_a_role_alone(base: Database) -> None:
    add(base, "lee", "admin")
    act(base, "disable-operator", operator="lee")
    later = replace(base, clock=Clock(datetime.now(UTC) + timedelta(hours=25)))
    act(later, "change-operator-role", operator="kim", role="lead")


def test_an_operator_who_does_not_exist_is_unknown(base: Database) -> None:
    with pytest.raises(Unknown):
        act(base, "disable-operator", operator="nobody")
