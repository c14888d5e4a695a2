"""R44: an export is neutralised, private, and an event with its row count; the role table says who may."""

import csv
import json
import stat
import threading
from pathlib import Path

import pytest

from db.engine import Database
from db.errors import Invalid, Refused
from db.queries.audit import Filter, page, read_event
from db.queries.viewer import Viewer
from tests.factories import actor, add_customer, add_operators
from tests.tui.practice import screen_text, showing
from tests.tui.test_operation import bench, do
from tests.tui.waiting import wait_for
from tui.exporting import neutral
from tui.long_work import Cancelled, LongWork, Report
from tui.output import plain
from tui.oversight import WRITING, export_events
from tui.screens.audit import AuditScreen
from tui.widgets.ask_file import AskFile
from tui.widgets.status import StatusLine
from tui.widgets.work_line import WorkLine

QUIET = LongWork("").report
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
    assert export_events(logged, actor("auditor"), Filter(), how="csv", path=path, report=QUIET) == 2
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
    export_events(logged, actor("auditor"), Filter(customer_id=1), how="json", path=path, report=QUIET)
    raw = path.read_bytes()
    assert all(32 <= byte < 127 or byte == 10 for byte in raw)
    events = [json.loads(line) for line in raw.decode().splitlines()]
    assert [event["row"]["operation"] for event in events] == ["change-name", "add-note"]
    assert any(change["after"] == FORMULA for change in events[1]["changes"])


def test_R44_an_export_is_an_event_with_its_row_count(logged: Database, tmp_path: Path) -> None:
    export_events(logged, actor("auditor"), Filter(), how="csv", path=tmp_path / "log.csv", report=QUIET)
    with logged.reading() as connection:
        event = read_event(connection, page(connection).rows[0].seq, Viewer("noor"))
    assert event.row.operation == "export-audit"
    assert dict(event.notes)["rows"] == "2"


def test_R2_who_may_not_export_alone_is_refused_and_that_is_recorded(
    logged: Database, tmp_path: Path
) -> None:
    with pytest.raises(Refused):
        export_events(logged, actor("lead"), Filter(), how="csv", path=tmp_path / "log.csv", report=QUIET)
    with logged.reading() as connection:
        newest = page(connection).rows[0]
    assert (newest.operation, newest.outcome) == ("export-audit", "refused")
    assert not list(tmp_path.glob("*.csv"))


def test_a_file_that_is_there_is_never_overwritten(logged: Database, tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text("mine")
    with pytest.raises(Invalid, match="already"):
        export_events(logged, actor("auditor"), Filter(), how="csv", path=path, report=QUIET)
    assert path.read_text() == "mine"


def test_R44_a_cancelled_export_leaves_no_file_and_is_an_event(logged: Database, tmp_path: Path) -> None:
    work = LongWork("")

    def report(step: str, done: int, total: int) -> None:
        work.report(step, done, total)
        if step == WRITING:
            work.cancel()

    def wanted() -> None:
        export_events(logged, actor("auditor"), Filter(), how="csv", path=tmp_path / "a.csv", report=report)

    with pytest.raises(Cancelled, match=r"cancelled after 2 of 2 events\. No file was written"):
        wanted()
    assert not list(tmp_path.glob("*.csv")) + list(tmp_path.glob(".*.part"))
    with logged.reading() as connection:
        cancelled, export = (
            read_event(connection, row.seq, Viewer("noor")) for row in page(connection).rows[:2]
        )
    assert (cancelled.row.operation, export.row.operation) == ("cancel-export", "export-audit")
    assert dict(cancelled.notes) == {"rows": "2", "written": "2"}


def test_R44_a_file_has_its_name_only_once_it_is_whole(logged: Database, tmp_path: Path) -> None:
    seen = []
    path = tmp_path / "log.jsonl"

    def report(_step: str, _done: int, _total: int) -> None:
        seen.append(path.exists())

    export_events(logged, actor("auditor"), Filter(), how="json", path=path, report=report)
    assert not any(seen)
    assert path.exists()
    assert not list(tmp_path.glob(".*.part"))


def test_an_export_says_the_same_of_an_event_as_the_event_itself(database: Database, tmp_path: Path) -> None:
    add_operators(database)
    number = add_customer(database)
    for count in range(3):
        do(database, "add-note", role="support", customer=number, text=f"note {count}")
    path = tmp_path / "log.jsonl"
    rows = export_events(
        database, actor("auditor"), Filter(operation="add-note"), how="json", path=path, report=QUIET
    )
    events = [json.loads(line) for line in path.read_text().splitlines()]
    with database.reading() as connection:
        one_by_one = [read_event(connection, event["row"]["seq"], Viewer("noor")) for event in events]
    assert rows == len(events) == 3
    assert events == [plain(event) for event in one_by_one]


async def test_an_export_shows_how_far_it_is_and_esc_cancels_it(logged: Database, tmp_path: Path) -> None:
    screen, begun, go_on = AuditScreen(), threading.Event(), threading.Event()
    a_csv = tmp_path / "a.csv"
    async with showing(logged, tmp_path, screen, role="auditor") as pilot:
        await wait_for(pilot, lambda: screen.is_settled, "the events")

        def slow(report: Report) -> int:
            report(WRITING, 0, 2)
            begun.set()
            go_on.wait(20)
            return export_events(logged, actor("auditor"), Filter(), how="csv", path=a_csv, report=report)

        work = LongWork(WRITING)
        line = screen.query_one(WorkLine)
        answer = line.follow(work, bench(pilot).bridge.work(work, slow))
        screen.run_worker(screen.ask(answer), group="export")
        await wait_for(pilot, lambda: line.display and begun.is_set(), "the bar")
        await wait_for(pilot, lambda: "0 of 2 events" in screen_text(bench(pilot)), "the counts")
        assert "writing events" in screen_text(bench(pilot))
        await pilot.press("escape")
        assert "cancelling" in screen_text(bench(pilot))
        go_on.set()
        await wait_for(pilot, lambda: "ancelled" in screen.query_one(StatusLine).sentence, "the sentence")
        assert not line.display
        assert pilot.app.screen is screen
    assert not a_csv.exists()  # the console has ended


async def test_R40_leaving_the_console_stops_an_export(logged: Database, tmp_path: Path) -> None:
    screen, ended = AuditScreen(), threading.Event()
    async with showing(logged, tmp_path, screen, role="auditor") as pilot:
        await wait_for(pilot, lambda: screen.is_settled, "the events")

        def endless(report: Report) -> None:
            try:
                while True:
                    report(WRITING, 0, 0)
            except Cancelled:
                ended.set()
                raise

        work = LongWork(WRITING)
        answer = bench(pilot).bridge.work(work, endless)
        screen.run_worker(screen.query_one(WorkLine).follow(work, answer), group="export")
        await wait_for(pilot, lambda: screen.query_one(WorkLine).is_busy)
    assert ended.wait(20)


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


def test_R44_an_export_of_a_survivor_has_what_happened_to_whoever_was_merged_in(
    logged: Database, tmp_path: Path
) -> None:
    survivor = add_customer(logged)
    do(logged, "merge-customers", role="lead", customer=survivor, absorbed="C-1")
    path = tmp_path / "events.jsonl"
    wanted = Filter(customer_id=survivor)
    export_events(logged, actor("auditor"), wanted, how="json", path=path, report=QUIET)
    operations = [json.loads(line)["row"]["operation"] for line in path.read_text().splitlines()]
    assert operations == ["merge-customers", "change-name", "add-note"]
    with logged.reading() as connection:
        last = page(connection, operation="export-audit").rows[0]
        notes = dict(read_event(connection, last.seq, Viewer("rosa")).notes)
    assert notes["filter"] == f"customer id {survivor}, with merged C-1"
