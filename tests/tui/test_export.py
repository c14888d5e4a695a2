"""R44: an export is neutralised, private, and an event with its row count; the role table says who may."""

import csv
import json
import stat
from pathlib import Path

import pytest

from db.engine import Database
from db.errors import Invalid, Refused
from db.queries.audit import Filter, page, read_event
from db.queries.viewer import Viewer
from tests.factories import actor, add_customer, add_operators
from tests.tui.practice import showing
from tests.tui.test_operation import do
from tests.tui.waiting import wait_for
from tui.exporting import neutral
from tui.oversight import export_events
from tui.screens.audit import AuditScreen
from tui.widgets.ask_file import AskFile
from tui.widgets.status import StatusLine

FORMULA = '=HYPERLINK("http://x.example","[/x]")'


@pytest.fixture
def logged(sqlite_database: Database) -> Database:
    add_operators(sqlite_database)
    number = add_customer(sqlite_database, given_name="Zz\x1b]52;c;aGk=\x07\x7f\u202e")
    do(sqlite_database, "add-note", role="support", customer=number, text=FORMULA)
    do(sqlite_database, "change-name", role="lead", customer=number, given_name="=1+1", family_name="Lee")
    return sqlite_database


def test_R44_a_csv_holds_every_event_and_nothing_in_it_acts(logged: Database, tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    assert export_events(logged, actor("auditor"), Filter(), how="csv", path=path) == 2
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["operation"] for row in rows] == ["change-name", "add-note"]
    assert not [cell for row in rows for cell in row.values() if cell.startswith(("=", "+", "-", "@"))]
    text = path.read_text(encoding="utf-8")
    assert not set(text) & {"\x1b", "\x07", "\u202e"}


@pytest.mark.parametrize("value", ["=1", "+1", "-1", "@x", " =1", "\t=1", "|x", "＝1"])
def test_R44_what_a_spreadsheet_would_run_gets_an_apostrophe(value: str) -> None:
    assert neutral(value).startswith("'")


def test_R44_json_lines_say_the_same_with_every_control_escaped(logged: Database, tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    export_events(logged, actor("auditor"), Filter(customer_id=1), how="json", path=path)
    raw = path.read_bytes()
    assert all(32 <= byte < 127 or byte == 10 for byte in raw)
    events = [json.loads(line) for line in raw.decode().splitlines()]
    assert [event["row"]["operation"] for event in events] == ["change-name", "add-note"]
    assert any(change["after"] == FORMULA for change in events[1]["changes"])


def test_R44_an_export_is_an_event_with_its_row_count(logged: Database, tmp_path: Path) -> None:
    export_events(logged, actor("auditor"), Filter(), how="csv", path=tmp_path / "log.csv")
    with logged.reading() as connection:
        event = read_event(connection, page(connection).rows[0].seq, Viewer("noor"))
    assert event.row.operation == "export-audit"
    assert dict(event.notes)["rows"] == "2"


def test_R2_who_may_not_export_alone_is_refused_and_that_is_recorded(
    logged: Database, tmp_path: Path
) -> None:
    with pytest.raises(Refused):
        export_events(logged, actor("lead"), Filter(), how="csv", path=tmp_path / "log.csv")
    with logged.reading() as connection:
        newest = page(connection).rows[0]
    assert (newest.operation, newest.outcome) == ("export-audit", "refused")
    assert not list(tmp_path.glob("*.csv"))


def test_a_file_that_is_there_is_never_overwritten(logged: Database, tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text("mine")
    with pytest.raises(Invalid, match="already"):
        export_events(logged, actor("auditor"), Filter(), how="csv", path=path)
    assert path.read_text() == "mine"


async def test_w_writes_what_fits_the_filters(logged: Database, tmp_path: Path) -> None:
    screen = AuditScreen()
    async with showing(logged, tmp_path, screen, role="auditor") as pilot:
        await wait_for(pilot, lambda: screen.is_settled, "the events")
        await pilot.press("w")
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, AskFile) and not pilot.app.screen.is_deaf)
        pilot.app.screen.dismiss(tmp_path / "mine.csv")
        line = screen.query_one(StatusLine)
        await wait_for(pilot, lambda: "events written to" in line.sentence, "the file")
    assert (tmp_path / "mine.csv").exists()
