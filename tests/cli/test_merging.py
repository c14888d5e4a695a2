"""Merging and its undo by `latchkey do`: dry runs, blockers, choices, and where old numbers lead."""

from db.engine import Database
from tests.cli.conftest import Answer, Latchkey
from tests.dump import ordered_dump
from tests.factories import add_customer


def merge(latchkey: Latchkey, survivor: int, *more: object) -> Answer:
    words = (
        "do",
        "merge-customers",
        "--customer",
        f"C-{survivor}",
        *more,
        "--reason",
        "one person",
        "--json",
    )
    return latchkey(*words)


def pair(base: Database) -> tuple[int, int]:
    joan = add_customer(base, emails=["joan@example.org"], sign_ins=["joan"])
    return joan, add_customer(base, given_name="Jo", emails=["jo@example.org"], sign_ins=["jo"])


def test_a_dry_run_says_what_would_happen_and_changes_nothing(latchkey: Latchkey, base: Database) -> None:
    joan, double = pair(base)
    before = ordered_dump(base)
    answer = merge(latchkey, joan, "--absorbed", f"C-{double}", "--sign-in", 1, "--dry-run").json
    assert (answer["outcome"], answer["customer"]) == ("dry-run", joan)
    assert {"field": "customer.status", "row": str(double), "before": "active", "after": "merged"} in answer[
        "changes"
    ]
    assert f"C-{double} leads to C-{joan} from now on" in answer["outcomes"]
    assert ordered_dump(base) == before


def test_a_blocker_is_an_error_with_its_kind_and_the_option_that_resolves_it(
    latchkey: Latchkey, base: Database
) -> None:
    joan, double = pair(base)
    answer = merge(latchkey, joan, "--absorbed", f"C-{double}")
    assert answer.status == 1
    assert (answer.error["code"], answer.error["field"]) == ("two-sign-ins", "sign_in")


def test_the_old_number_shows_where_it_leads_and_an_undo_parts_them_again(
    latchkey: Latchkey, base: Database
) -> None:
    joan, double = pair(base)
    assert merge(latchkey, joan, "--absorbed", double, "--sign-in", 1).status == 0
    assert f"Merged into C-{joan}." in latchkey("show", f"C-{double}").out
    assert "merged-away" in latchkey("diagnose", "jo").out
    assert f"C-{joan}" in latchkey("find", f"id:{double}").out
    undone = latchkey(
        "do", "unmerge-customers", "--customer", f"C-{joan}", "--reason", "two persons", "--json"
    )
    assert undone.json["outcome"] == "applied"
    assert "Merged into" not in latchkey("show", f"C-{double}").out
