"""What the commands do on a configured database, how they end, and what their JSON looks like."""

import json
from pathlib import Path

import pytest

from db.engine import Database
from tests.cli.changing import change_email, plant
from tests.cli.conftest import Latchkey
from tests.dump import ordered_dump
from tests.factories import add_customer

HOSTILE = "Jo\x1b]52;c;bm8=\x07\u202ean[/x][@click=app.quit]x\x9b2J"


def harmless(text: str) -> bool:
    return all(character not in text for character in "\x1b\x07\x9b\u202e")


def test_find_answers_rows_that_say_why(latchkey: Latchkey, base: Database) -> None:
    joan = plant(base)
    answer = latchkey("find", "anders", "--json").json
    assert [(row["customer_id"], row["number"]) for row in answer["rows"]] == [(joan, f"C-{joan}")]
    assert answer["rows"][0]["why"]
    assert answer["more"] is False


def test_find_nobody_is_done_and_says_what_to_try(latchkey: Latchkey, base: Database) -> None:
    answer = latchkey("find", "zzzzzz")
    assert answer.status == 0
    assert "Nobody was found" in answer.out
    assert latchkey("find", "zzzzzz", "--json").json["rows"] == []


def test_R2_a_search_is_an_event_without_its_words(latchkey: Latchkey, base: Database) -> None:
    plant(base)
    latchkey("find", "anderson")
    details = json.dumps(ordered_dump(base)["audit_detail"], default=str)
    assert "terms" in details
    assert "anderson" not in details


@pytest.mark.parametrize("written", ["{}", "C-{}", "c {}"])
def test_show_takes_the_number_as_people_write_it(written: str, latchkey: Latchkey, base: Database) -> None:
    joan = plant(base)
    answer = latchkey("show", written.format(joan), "--json")
    assert answer.status == 0
    assert answer.json["number"] == f"C-{joan}"
    assert answer.json["emails"][0]["address"] == "joan@example.org"


def test_R2_showing_a_customer_is_an_event(latchkey: Latchkey, base: Database) -> None:
    joan = plant(base)
    latchkey("show", joan)
    row = latchkey("audit", "list", "--json").json["rows"][0]
    assert (row["operation"], row["outcome"], row["customer_id"]) == ("open-customer", "seen", joan)


def test_an_unknown_customer_ends_with_1(latchkey: Latchkey, base: Database) -> None:
    answer = latchkey("show", "C-999999", "--json")
    assert (answer.status, answer.error["code"]) == (1, "unknown")


def test_what_is_no_customer_number_is_invalid(latchkey: Latchkey, base: Database) -> None:
    answer = latchkey("show", "joan", "--json")
    assert (answer.status, answer.error["code"], answer.error["field"]) == (1, "invalid", "customer")


@pytest.mark.parametrize("more", [(), ("--json",)])
def test_R37_A11_a_hostile_name_comes_out_harmless(
    more: tuple[str, ...], latchkey: Latchkey, base: Database
) -> None:
    joan = add_customer(base, given_name=HOSTILE)
    for words in (("find", "anderson"), ("show", str(joan)), ("audit", "list")):
        answer = latchkey(*words, *more)
        assert answer.status == 0
        assert harmless(answer.out)
    shown = latchkey("show", joan, *more)
    assert "[/x][@click=app.quit]x" in shown.out
    if more:
        assert shown.json["given_name"] == HOSTILE


def test_interactions_are_started_listed_and_closed(latchkey: Latchkey, base: Database) -> None:
    joan = plant(base)
    number = latchkey("interaction", "start", "--channel", "phone", "--customer", joan, "--json").json[
        "interaction"
    ]
    answer = change_email(latchkey, joan, "joan.new@example.org", "--interaction", str(number))
    assert answer.status == 0
    assert [row["id"] for row in latchkey("interaction", "list", "--json").json["rows"]] == [number]
    assert latchkey("interaction", "close", number).status == 0
    assert latchkey("interaction", "list", "--json").json["rows"] == []
    assert latchkey("interaction", "list", "--all", "--json").json["rows"][0]["closed_at"]


def test_audit_list_pages(latchkey: Latchkey, base: Database) -> None:
    joan = plant(base)
    for _ in range(3):
        latchkey("show", joan)
    first = latchkey("audit", "list", "--customer", joan, "--limit", 2, "--json").json
    assert first["more"] is True
    rest = latchkey(
        "audit", "list", "--customer", joan, "--operation", "open-customer",
        "--before", first["rows"][-1]["seq"], "--json",
    ).json  # fmt: skip
    assert len(rest["rows"]) == 1


def test_audit_verify_is_content_with_what_is_in_order(latchkey: Latchkey, base: Database) -> None:
    latchkey("find", "joan")
    answer = latchkey("audit", "verify", "--json")
    assert answer.status == 0
    assert answer.json == {"ok": True, "events": 1, "redacted": []}


def test_R7_audit_verify_ends_with_4_and_names_event_and_kind(latchkey: Latchkey, base: Database) -> None:
    plant(base)
    for _ in range(3):
        latchkey("find", "joan")
    with base.writer.connect() as connection:
        raw = connection.connection.driver_connection
        assert raw is not None
        for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            raw.execute(f"DROP TRIGGER {name}")
        raw.execute("UPDATE audit_event SET body = replace(body, 'search', 'sEarch') WHERE seq = 2")
    answer = latchkey("audit", "verify", "--json")
    assert (answer.status, answer.error["code"]) == (4, "integrity")
    assert (answer.error["seq"], answer.error["kind"]) == (2, "changed")
    assert "event 2 (changed)" in latchkey("audit", "verify").err


def test_settings_list_says_what_was_edited(latchkey: Latchkey, base: Database) -> None:
    latchkey("do", "change-dedup-mode", "--mode", "by-phone", "--reason", "policy")
    rows = {row["key"]: row for row in latchkey("settings", "list", "--json").json["rows"]}
    assert (rows["dedup_mode"]["value"], rows["dedup_mode"]["edited"]) == ("by-phone", True)
    assert rows["reset_minutes"]["edited"] is False


def test_P4_dedup_try_counts_and_changes_nothing(latchkey: Latchkey, base: Database) -> None:
    for _ in range(2):
        add_customer(base, emails=["joan@example.org"])
    before = ordered_dump(base)
    answer = latchkey("dedup", "try", "by-email", "--json").json
    assert (answer["customers"], answer["groups"]) == (2, 1)
    assert ordered_dump(base) == before


def test_outbox_list_shows_what_waits(latchkey: Latchkey, base: Database) -> None:
    change_email(latchkey, plant(base), "joan.new@example.org")
    rows = latchkey("outbox", "list", "--state", "queued", "--json").json["rows"]
    assert {row["recipient"] for row in rows} == {"joan@example.org", "joan.new@example.org"}


def test_outbox_run_needs_a_mail_server(latchkey: Latchkey, base: Database) -> None:
    answer = latchkey("outbox", "run", "--once", "--json")
    assert (answer.status, answer.error["field"]) == (1, "smtp_url")


def test_outbox_retry_of_an_unknown_reference_ends_with_1(latchkey: Latchkey, base: Database) -> None:
    answer = latchkey("outbox", "retry", "LK-7F3K-2M9Q", "--reason", "asked", "--json")
    assert (answer.status, answer.error["code"]) == (1, "unknown")


def test_db_upgrade_makes_a_private_database(latchkey: Latchkey, home: Path) -> None:
    assert latchkey("db", "upgrade", "--json").json["upgraded"] is True
    assert latchkey("db", "upgrade", "--json").json["upgraded"] is False
    file = home / "data" / "latchkey" / "latchkey.db"
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700
    assert latchkey("db", "check").status == 0


def test_R54_doctor_names_a_file_that_others_may_read(latchkey: Latchkey, base: Database) -> None:
    assert latchkey("doctor").status == 0
    Path(str(base.url.database)).chmod(0o644)
    answer = latchkey("doctor", "--json")
    assert answer.status == 1
    assert [row["check"] for row in answer.json["rows"] if not row["ok"]] == ["file mode"]


def test_A43_doctor_names_the_wrong_hash_library(
    latchkey: Latchkey, base: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "site" / "passlib-1.7.4.dist-info"
    package.mkdir(parents=True)
    (package / "METADATA").write_text("Metadata-Version: 2.1\nName: passlib\nVersion: 1.7.4\n")
    monkeypatch.syspath_prepend(str(package.parent))
    answer = latchkey("doctor", "--json")
    assert answer.status == 1
    assert "passlib" in next(row["sentence"] for row in answer.json["rows"] if not row["ok"])


def test_doctor_without_a_database_ends_with_3(latchkey: Latchkey) -> None:
    doctor = latchkey("doctor")
    assert doctor.status == 3
    assert doctor.out.count("There is no database") == 1
