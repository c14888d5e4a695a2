"""`--read-only` changes nothing, whatever the command; `audit export` writes a private file."""

import csv
import stat
from pathlib import Path

import pytest

from db.engine import Database
from tests.cli.conftest import Latchkey
from tests.dump import ordered_dump
from tests.factories import add_customer


def test_nothing_is_changed_and_the_sentence_says_how_to(latchkey: Latchkey, base: Database) -> None:
    number = add_customer(base)
    words = ("do", "add-note", "--customer", number, "--text", "called", "--reason", "asked")
    for command in (words, (*words, "--dry-run"), ("outbox", "run", "--once"), ("db", "upgrade")):
        answer = latchkey("--read-only", *command)
        assert (answer.status, "read-only" in answer.err) == (1, True), command


CHANGING = (
    ("db", "upgrade"),
    ("db", "reindex"),
    ("operator", "add", "eve", "--name", "Eve", "--role", "support", "--reason", "new"),
    ("operator", "disable", "rosa", "--reason", "left"),
    ("operator", "role", "rosa", "lead", "--reason", "moved", "--confirm", "rosa"),
    ("outbox", "run", "--once"),
    ("interaction", "start", "--channel", "phone"),
    ("interaction", "close", "1"),
    ("playbook", "start", "forgotten-password", "--interaction", "1"),
    ("playbook", "step", "1", "identify"),
)


@pytest.mark.parametrize("command", CHANGING, ids=lambda command: " ".join(command[:2]))
def test_every_command_that_changes_says_that_the_session_is_read_only(
    command: tuple[str, ...], latchkey: Latchkey, base: Database
) -> None:
    before = ordered_dump(base)
    answer = latchkey("--read-only", *command, "--json")
    assert (answer.status, answer.error["code"]) == (1, "read-only")
    assert ordered_dump(base) == before


def test_the_first_admin_is_not_made_read_only(latchkey: Latchkey, empty: Database) -> None:
    answer = latchkey("--read-only", "operator", "add", "ada", "--name", "Ada Moreau", "--json")
    assert (answer.status, answer.error["code"]) == (1, "read-only")


def test_R2_what_is_read_is_recorded_all_the_same(latchkey: Latchkey, base: Database) -> None:
    number = add_customer(base)
    assert latchkey("--read-only", "show", number).status == 0
    events = latchkey("audit", "list", "--json").json["rows"]
    assert [event["operation"] for event in events][:1] == ["open-customer"]


def test_R44_an_auditor_exports_and_an_admin_may_not_alone(
    latchkey: Latchkey, sandbox: Path, home: Path
) -> None:
    refused = latchkey("--sandbox", "--role", "admin", "audit", "export", "--csv", home / "a.csv")
    assert refused.status == 1
    done = latchkey("--sandbox", "--role", "auditor", "audit", "export", "--csv", home / "b.csv")
    assert (done.status, "written to" in done.out) == (0, True)
    assert not (home / "a.csv").exists()
    assert stat.S_IMODE((home / "b.csv").stat().st_mode) == 0o600
    with (home / "b.csv").open(encoding="utf-8", newline="") as file:
        assert next(csv.DictReader(file))["operation"] == "export-audit"


def test_one_form_is_asked_for(latchkey: Latchkey, base: Database) -> None:
    assert latchkey("audit", "export").status == 2
