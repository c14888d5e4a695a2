"""Two who merge, or edit and merge, at the same moment; and a merge that is killed (R35, A1)."""

import signal
from functools import partial
from typing import Any

from db import runner
from db.engine import Database
from db.operations import REGISTRY
from db.params import build
from tests.dump import ordered_dump
from tests.factories import add_customer
from tests.races.test_races import assert_intact, at_once, other_process, request, start

ROUNDS = 6


def merging(base: Database, survivor: int, absorbed: int) -> Any:
    kind = REGISTRY["merge-customers"].params
    params = build(kind, {"customer": survivor, "absorbed": f"C-{absorbed}"})
    return partial(runner.run, base, request("merge-customers", params))


def statuses(base: Database) -> list[str]:
    return [row[4].value for row in ordered_dump(base)["customer"]]


def test_of_two_who_merge_the_same_pair_either_way_exactly_one_wins(base: Database) -> None:
    for _ in range(ROUNDS):
        one, other = (add_customer(base, emails=["joan@example.org"]) for _ in range(2))
        outcomes = at_once(merging(base, one, other), merging(base, other, one))
        assert sorted(outcomes)[0] == "applied"
        assert sorted(outcomes)[1] in ("invalid", "not-mergeable")
    assert statuses(base).count("merged") == ROUNDS
    assert_intact(base, events=ROUNDS)


def test_of_two_who_merge_one_customer_into_different_ones_exactly_one_wins(base: Database) -> None:
    for _ in range(ROUNDS):
        one, other, double = (add_customer(base, passes=[]) for _ in range(3))
        outcomes = at_once(merging(base, one, double), merging(base, other, double))
        assert sorted(outcomes) == ["applied", "not-mergeable"]
    assert_intact(base, events=ROUNDS)


def test_an_edit_at_the_same_moment_is_before_or_after_the_merge_and_never_lost(base: Database) -> None:
    kind = REGISTRY["add-note"].params
    for _ in range(ROUNDS):
        joan, double = add_customer(base), add_customer(base)
        note = request("add-note", build(kind, {"customer": double, "text": "x"}))
        outcomes = at_once(merging(base, joan, double), partial(runner.run, base, note))
        assert "applied" in outcomes
    dump = ordered_dump(base)
    merged = {row[0] for row in dump["customer"] if row[4].value == "merged"}
    assert len(merged) == ROUNDS
    assert not [row for row in dump["note"] if row[1] in merged]


def test_A1_a_merge_killed_before_its_commit_leaves_nothing(base: Database) -> None:
    joan, double = add_customer(base, emails=["a@example.org"]), add_customer(base, emails=["b@example.org"])
    before = ordered_dump(base)
    values: dict[str, Any] = {"customer": joan, "absorbed": f"C-{double}"}
    with other_process(base, "merge-customers", values, "killed") as process:
        start(process)
        assert process.wait(timeout=60) == -signal.SIGKILL
    assert ordered_dump(base) == before
    merging(base, joan, double)()
    assert_intact(base, events=1)
