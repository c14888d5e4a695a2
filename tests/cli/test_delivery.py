"""Messages on the command line: a mail that came back, a message's way, a forwarded mail (P5, R12)."""

import io
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from db.delivery.worker import deliver_due
from db.engine import Database
from db.models import AuditEvent
from tests.cli.conftest import Answer, Latchkey
from tests.delivery.builders import Recorder, link_in, message_row, queue_mail
from tests.delivery.gateways import TOKEN
from tests.delivery.notifications import notification
from tests.factories import add_customer
from tui.cli import cli


@pytest.fixture
def joan(base: Database) -> int:
    return add_customer(base, emails=["joan@example.org"])


def piped(content: bytes, *words: str) -> Answer:
    result = CliRunner().invoke(cli, list(words), input=io.BytesIO(content))
    return Answer(result.exit_code, result.stdout, result.stderr)


def sent(base: Database, joan: int) -> tuple[Any, Any]:
    """A message that left, and the mail that arrived."""
    message = queue_mail(base, joan)
    transport = Recorder()
    deliver_due(base, transport, worker="test")
    return message_row(base, message), transport.envelopes[0].message


def test_a_bounce_is_taken_in_and_shown(base: Database, joan: int, latchkey: Latchkey) -> None:
    row, _mail = sent(base, joan)
    answer = piped(notification(row.idempotency_key), "outbox", "bounce")
    assert (answer.status, answer.err) == (0, "")
    assert "Recorded: failed, 550 5.1.1" in answer.out
    assert latchkey("outbox", "list", "--state", "bounced", "--json").json["rows"][0]["id"] == row.id
    shown = latchkey("outbox", "show", row.reference, "--json").json
    assert [one["outcome"] for one in shown["attempts"]] == ["sent", "bounced"]
    assert "No such user here" in latchkey("outbox", "show", row.reference).out
    assert "bouncing" in latchkey("show", str(joan)).out


def test_a_bounce_that_comes_twice_is_known_already(base: Database, joan: int) -> None:
    row, _mail = sent(base, joan)
    answers = [piped(notification(row.idempotency_key), "outbox", "bounce", "--json") for _ in range(2)]
    assert [answer.status for answer in answers] == [0, 0]
    assert [answer.json["recorded"] for answer in answers] == [True, False]


@pytest.mark.parametrize("content", [b"", b"Subject: hello\n\nhello", notification("ab" * 16)])
def test_what_is_no_bounce_of_ours_ends_with_one_sentence(base: Database, content: bytes) -> None:
    answer = piped(content, "outbox", "bounce")
    assert answer.status == 1
    assert len(answer.err.splitlines()) == 1


def test_a_forwarded_mail_is_inspected_and_that_is_an_event(
    base: Database, joan: int, latchkey: Latchkey, tmp_path: Path
) -> None:
    row, mail = sent(base, joan)
    file = tmp_path / "mail.eml"
    file.write_bytes(mail.as_bytes())
    for answer in (latchkey("inspect", file), piped(mail.as_bytes(), "inspect", "-")):
        assert answer.status == 0
        assert answer.out.startswith("ours: This mail is ours.")
        assert link_in(mail).rsplit("/", 1)[1] not in answer.out
    found = latchkey("inspect", row.reference, "--json").json
    assert (found["verdict"], found["message"]["customer_id"]) == ("by-reference", joan)
    with base.reading() as connection:
        seen = connection.scalars(
            select(AuditEvent.customer_id).where(AuditEvent.operation == "inspect-mail")
        )
        assert seen.all() == [joan] * 3


def test_a_reference_that_nobody_has_accuses_nobody_of_forgery(base: Database, latchkey: Latchkey) -> None:
    answer = latchkey("inspect", "LK-0000-0000")
    assert answer.status == 0
    assert answer.out.startswith("no-such-reference:")


def test_a_file_that_is_none_is_told(base: Database, latchkey: Latchkey) -> None:
    assert latchkey("inspect", "nowhere.eml", "--json").error["field"] == "mail"


def test_R12_paths_names_the_gateways_service_and_nothing_else_of_its_address(
    latchkey: Latchkey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LATCHKEY_SMS_URL", f"twilio://AC1:{TOKEN}@12025550100/{{phone}}")
    answer = latchkey("paths")
    assert "twilio://…" in answer.out
    assert TOKEN not in answer.out
    assert "code.key" in answer.out


def test_R19_the_key_of_codes_is_made_at_the_first_delivery_for_its_owner_alone(
    base: Database, latchkey: Latchkey, monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    monkeypatch.setenv("LATCHKEY_SMTP_URL", "smtp://127.0.0.1:9")
    assert latchkey("outbox", "run", "--once").status == 0
    key = home / "data" / "latchkey" / "code.key"
    assert key.stat().st_mode & 0o777 == 0o600


def test_in_the_sandbox_a_test_mail_lies_in_the_mailbox_at_once(latchkey: Latchkey, sandbox: Path) -> None:
    answer = latchkey(
        "--sandbox", "do", "send-test-mail", "--customer", "1042", "--reason", "asked whether mail arrives"
    )
    assert answer.status == 0, answer
    assert len(list((sandbox / "mailbox").glob("*.eml"))) == 1
    assert (sandbox / "code.key").stat().st_mode & 0o777 == 0o600
