"""Duplicates on the command line: the base is scanned, pairs are listed and judged."""

from datetime import date
from typing import Any

import pytest

from db.duplicates import scan as scanning
from db.engine import Database
from db.models import Operator
from db.rules.roles import Role
from tests.cli.conftest import Latchkey
from tests.factories import add_customer, building

JOAN: dict[str, Any] = {
    "given_name": "Joan",
    "family_name": "Featherstone",
    "emails": ["joan.f@example.org"],
    "address": ("12 Oak Street", "Reno", "NV", "89501"),
}


@pytest.fixture
def pair(base: Database) -> tuple[int, int]:
    return add_customer(base, **JOAN), add_customer(base, **{**JOAN, "given_name": "Joanie"})


def test_the_base_is_scanned_listed_and_judged(latchkey: Latchkey, pair: tuple[int, int]) -> None:
    joan, again = pair
    done = latchkey("duplicates", "scan", "--json").json
    assert (done["customers"], done["likely"], done["groups"]) == (2, 1, 1)
    listed = latchkey("duplicates", "list", "--json").json
    (row,) = listed["rows"]
    assert [side["customer_id"] for side in row["customers"]] == [joan, again]
    assert row["explanation"].startswith("given +3.9 · surname +")
    assert listed["threshold"] == done["threshold"]
    dismiss = ("duplicates", "judge", f"C-{again}", f"C-{joan}", "dismiss")
    assert "No reason" not in latchkey(*dismiss, "--reason", "sisters", "--dry-run").out
    answer = latchkey(*dismiss, "--reason", "sisters", "--json").json
    assert (answer["operation"], answer["outcome"]) == ("judge-duplicate", "applied")
    assert latchkey("duplicates", "list", "--json").json["rows"] == []
    (row,) = latchkey("duplicates", "list", "--state", "dismissed", "--json").json["rows"]
    assert (row["reason"], row["state"]) == ("sisters", "dismissed")
    assert latchkey("duplicates", "judge", str(joan), str(again), "reopen", "--reason", "no").status == 0
    assert "Joanie Featherstone" in latchkey("duplicates", "list").out


def test_filters_are_words(latchkey: Latchkey, pair: tuple[int, int]) -> None:
    latchkey("duplicates", "scan")
    assert len(latchkey("duplicates", "list", "--collision", "email", "--json").json["rows"]) == 1
    assert latchkey("duplicates", "list", "--collision", "phone", "--json").json["rows"] == []
    assert latchkey("duplicates", "list", "--most", "1", "--least", "0", "--json").json["rows"] == []
    assert len(latchkey("duplicates", "list", "--group", f"C-{pair[0]}", "--json").json["rows"]) == 1
    assert "Look for duplicates first" in latchkey("duplicates", "list", "--least", "99").out


def test_a_judgement_needs_a_reason_and_two_customers(latchkey: Latchkey, pair: tuple[int, int]) -> None:
    joan, again = pair
    assert latchkey("duplicates", "judge", str(joan), str(again), "dismiss").status == 1
    assert latchkey("duplicates", "judge", str(joan), "C-99", "dismiss", "--reason", "x").status == 1
    assert latchkey("duplicates", "judge", str(joan), str(again), "maybe").status == 2


def test_support_may_not_scan(latchkey: Latchkey, base: Database) -> None:
    with building(base) as session:
        for operator in session.query(Operator):
            operator.role = Role.SUPPORT
    refused = latchkey("duplicates", "scan", "--json")
    assert (refused.status, refused.error["code"]) == (1, "permission")


def test_ctrl_c_stops_a_scan_and_it_goes_on_when_run_again(
    latchkey: Latchkey, base: Database, pair: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    add_customer(base, **{**JOAN, "given_name": "Joan"})
    monkeypatch.setattr(scanning, "BATCH", 1)
    compare = scanning._rows
    calls = []

    def interrupted(*given: Any) -> Any:
        calls.append(given)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return compare(*given)

    monkeypatch.setattr(scanning, "_rows", interrupted)
    assert latchkey("duplicates", "scan").status == 130
    done = latchkey("duplicates", "scan", "--json").json
    assert (done["is_resumed"], done["likely"]) == (True, 3)


@pytest.fixture
def twice(base: Database) -> tuple[int, int]:
    exact = {**JOAN, "birth_date": date(1980, 5, 17)}
    return add_customer(base, **exact), add_customer(base, **exact)


def test_exact_groups_are_judged_in_bulk(latchkey: Latchkey, twice: tuple[int, int]) -> None:
    latchkey("duplicates", "scan")
    bulk = ("duplicates", "judge", "--exact", "merge", "--reason", "typed twice")
    would = latchkey(*bulk, "--dry-run", "--json").json
    assert (would["outcome"], would["done"], would["left"]) == ("dry-run", 1, 0)
    assert len(latchkey("duplicates", "list", "--exact", "--json").json["rows"]) == 1
    done = latchkey(*bulk, "--json").json
    (group,) = done["groups"]
    assert (done["outcome"], group["customers"], group["survivor"]) == ("applied", list(twice), twice[0])
    assert latchkey("duplicates", "list", "--json").json["rows"] == []
    assert "No group agrees in everything" in latchkey(*bulk).out


def test_bulk_judging_needs_a_reason_and_names_nobody(latchkey: Latchkey, twice: tuple[int, int]) -> None:
    assert latchkey("duplicates", "judge", "--exact", "merge").status == 1
    assert latchkey("duplicates", "judge", "C-1", "--exact", "merge", "--reason", "x").status == 2
    assert latchkey("duplicates", "judge", "C-1", "--reason", "x").status == 2
