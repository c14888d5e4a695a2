"""The program itself, process by process, from an empty PostgreSQL to a mail that arrived."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from db.engine import Database, connect
from db.models import Operator
from db.rules.roles import Role
from tests.cli.conftest import OWN_VARIABLES, Answer
from tests.delivery.builders import HOST, Inbox, mail_server, text_of
from tests.factories import add_customer, building
from tests.postgres import drop_database, fresh_database

PROGRAM = (sys.executable, "-c", "from tui.start import main; main()")
JOANS, NEW, DANIELS = "joan@example.org", "joan.new@example.org", "daniel@example.org"


@dataclass(frozen=True)
class Office:
    """A database, a home folder, a mail server and what arrived there."""

    base: Database
    home: Path
    environment: dict[str, str]
    inbox: Inbox

    def latchkey(self, *words: object) -> Answer:
        """Run the program to its end."""
        done = subprocess.run(
            [*PROGRAM, *map(str, words)],
            capture_output=True,
            text=True,
            timeout=60,
            env=self.environment,
            check=False,
        )
        return Answer(done.returncode, done.stdout, done.stderr)

    def told(self, *words: object) -> Answer:
        """Run what must succeed."""
        answer = self.latchkey(*words)
        assert answer.status == 0, answer
        return answer

    @property
    def arrived(self) -> list[str]:
        """The mails that came out of the other end."""
        return [text_of(message_from_bytes(mail, policy=default)) for mail in self.inbox.mails]

    def do(self, operation: str, *words: object) -> Answer:
        """Run an operation."""
        return self.latchkey("do", operation, *words, "--reason", "as the caller asked", "--json")


@pytest.fixture(scope="module")
def office(postgres_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A database, an admin and Joan made by the program, and Daniel, who signs in with his address."""
    home = tmp_path_factory.mktemp("office")
    url, inbox = fresh_database(postgres_server), Inbox()
    environment = {name: value for name, value in os.environ.items() if name not in OWN_VARIABLES}
    environment |= {f"XDG_{name}_HOME": str(home / name.lower()) for name in ("DATA", "CONFIG", "STATE")}
    with mail_server(inbox) as port:
        environment |= {
            "LATCHKEY_DATABASE_URL": url,
            "LATCHKEY_LINK_HOST": HOST,
            "LATCHKEY_SMTP_URL": f"smtp://127.0.0.1:{port}",
        }
        made = Office(connect(url), home, environment, inbox)
        made.told("db", "upgrade")
        made.told("operator", "add", "ada", "--name", "Ada")
        name = ("--given-name", "Joan", "--family-name", "Anderson")
        assert made.do("add-customer", *name, "--email", JOANS).status == 0
        add_customer(made.base, given_name="Daniel", sign_ins=[DANIELS])
        yield made
        made.base.close()
    drop_database(url)


def test_a_customer_is_found_and_shown(office: Office) -> None:
    assert [row["number"] for row in office.told("find", JOANS, "--json").json["rows"]] == ["C-1"]
    assert JOANS in office.told("show", "C-1").out


def test_a_change_is_looked_at_made_refused_told_when_stale_and_its_mails_leave(office: Office) -> None:
    change = ("change-email", "--customer", "C-1", "--email")
    seen = office.do(*change, NEW, "--dry-run").json
    assert (seen["outcome"], seen["event"]) == ("dry-run", None)
    made = office.do(*change, NEW).json
    assert (made["outcome"], made["changes"][0]["before"]) == ("applied", JOANS)
    clash = office.do(*change, DANIELS)
    assert (clash.status, clash.error["code"], clash.error["holder"]["customer_id"]) == (1, "clash", 2)
    stale = office.latchkey("do", *change, "j@example.org", "--version", "1", "--reason", "again")
    assert stale.status == 1
    assert ["email", JOANS, NEW] in [line.split() for line in stale.err.splitlines()]
    waiting = office.told("outbox", "list", "--state", "queued", "--json").json["rows"]
    assert [(row["kind"], row["recipient"]) for row in waiting] == [("confirm", NEW), ("notice-old", JOANS)]
    assert office.told("outbox", "run", "--once", "--json").json["sent"] == 2
    assert [HOST in mail for mail in office.arrived] == [False, True]


def test_an_interaction_is_started_and_closed(office: Office) -> None:
    started = office.told("interaction", "start", "--channel", "phone", "--customer", "C-1", "--json")
    office.told("interaction", "close", started.json["interaction"])


def test_the_log_is_whole_and_leaves_as_a_file(office: Office) -> None:
    added = office.told("audit", "list", "--operation", "add-customer", "--json").json["rows"]
    assert [row["customer_id"] for row in added] == [1]
    with building(office.base) as session:
        session.get_one(Operator, "ada").role = Role.AUDITOR  # whoever runs this is one operator alone
    file = office.home / "events.jsonl"
    office.told("audit", "export", file)
    exported = file.read_text().splitlines()
    assert json.loads(exported[-1])["row"]["operation"] == "add-first-admin"
    assert office.told("audit", "verify", "--json").json["events"] == len(exported) + 1  # it is one itself


def test_doctor_finds_nothing_wrong(office: Office) -> None:
    found = office.told("doctor", "--json").json["rows"]
    assert all(finding["ok"] for finding in found)
