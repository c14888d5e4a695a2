"""What stops a merge, or is warned of, each with its remedy (R33, R36, R55, P4)."""

import pytest

from db import runner
from db.engine import Database
from db.errors import Refused, Stale
from db.merging.blocker import Blocked
from db.models import Interaction, Operator, Pass
from tests.factories import BORN, add_customer, add_operators, building
from tests.merging.people import do, merge, refusal, request, row_of, setting, unmerge


@pytest.fixture
def base(database: Database) -> Database:
    add_operators(database)
    return database


@pytest.mark.parametrize("flagged", [0, 1])
def test_R33_A36_a_flagged_account_is_not_merged(base: Database, flagged: int) -> None:
    pair = [add_customer(base, takeover_flag=place == flagged) for place in range(2)]
    found = refusal(base, *pair)
    assert isinstance(found, Refused)
    assert found.code == "takeover"


@pytest.mark.parametrize("own", [0, 1])
def test_R36_nobody_merges_their_own_record(base: Database, own: int) -> None:
    pair = [add_customer(base) for _ in range(2)]
    with building(base) as session:
        session.get_one(Operator, "rosa").customer_id = pair[own]
    assert refusal(base, *pair).code == "permission"


def test_R36_whose_own_record_was_absorbed_cannot_work_on_the_survivor(base: Database) -> None:
    joan, double = (add_customer(base) for _ in range(2))
    with building(base) as session:
        session.get_one(Operator, "kim").customer_id = double
    merge(base, joan, double)
    with pytest.raises(Refused, match="own customer record"):
        runner.run(base, request("add-note", role="support", customer=joan, text="x"))
    unmerge(base, joan)
    runner.run(base, request("add-note", role="support", customer=joan, text="x"))


def test_who_was_merged_or_erased_is_not_merged_again(base: Database) -> None:
    joan, double, gone = add_customer(base), add_customer(base), add_customer(base, status="erased")
    merge(base, joan, double)
    assert refusal(base, add_customer(base), double).field == "absorbed"
    assert refusal(base, joan, gone).field == "absorbed"


def test_the_same_pass_enrolled_twice_must_be_suspended_once(base: Database) -> None:
    joan, double = add_customer(base, passes=["P-0042 1"]), add_customer(base, passes=["P421"])
    found = refusal(base, joan, double)
    assert isinstance(found, Blocked)
    blocker = found.blockers[0]
    assert (blocker.kind.value, blocker.operation) == ("same-pass-twice", "suspend-pass")
    do(base, "suspend-pass", **blocker.values)
    merge(base, joan, double)
    assert [row.customer_id for row in (row_of(base, Pass, 1), row_of(base, Pass, 2))] == [joan, double]


def test_P4_one_card_each_is_kept(base: Database) -> None:
    joan, double = add_customer(base, passes=["P-1001"]), add_customer(base, passes=["P-2002"])
    setting(base, "one_card_each", "true")
    found = refusal(base, joan, double)
    assert isinstance(found, Blocked)
    assert found.code == "one-card-each"
    do(base, "suspend-pass", **found.blockers[0].values)
    merge(base, joan, double)


def test_P4_what_somebody_else_holds_by_now_is_left_or_blocks(base: Database) -> None:
    joan = add_customer(base, emails=["joan@example.org"], passes=["P-1002"])
    double = add_customer(base, emails=["jo@example.org"], passes=[("P-1001", "suspended")])
    add_customer(base, given_name="Ann", emails=["jo@example.org"])
    setting(base, "dedup_mode", "by-email")
    found = refusal(base, joan, double)
    assert (found.code, found.field) == ("contact-held", "left_emails")
    merge(base, joan, double, left_emails="2")


def test_a_survivor_whose_only_passes_are_suspended_is_warned_of(base: Database) -> None:
    joan, double = add_customer(base), add_customer(base, passes=[("P-1001", "suspended")])
    assert any("every pass" in sentence for sentence in merge(base, joan, double).warnings)


def test_an_open_interaction_of_somebody_else_warns(base: Database) -> None:
    joan, double = add_customer(base), add_customer(base)
    with building(base) as session:
        session.add(
            Interaction(
                operator_id="kim", customer_id=double, channel="phone", direction="inbound", opened_at=BORN
            )
        )
    applied = merge(base, joan, double)
    assert any("kim has an open interaction" in sentence for sentence in applied.warnings)


def test_R55_an_absorbed_customer_who_was_edited_meanwhile_is_refused_with_what_changed(
    base: Database,
) -> None:
    joan, double = add_customer(base), add_customer(base)
    do(base, "change-name", customer=double, given_name="Jo")
    with pytest.raises(Stale) as caught:
        do(base, "merge-customers", customer=joan, absorbed=f"C-{double}@1")
    assert [(change.field, change.after) for change in caught.value.changes] == [
        ("customer.given_name", "Jo")
    ]
    do(base, "merge-customers", customer=joan, absorbed=f"C-{double}@2")
