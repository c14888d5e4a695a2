"""The database is away or was migrated: a banner says so, nothing typed is lost, and F5 goes on."""

from dataclasses import replace
from pathlib import Path

from textual.widgets import Input

from db import guard
from db.engine import Database, connect
from tests.tui.conftest import Practice, search
from tests.tui.practice import console_of, screen_text
from tests.tui.waiting import wait_for
from tui.app import Console
from tui.widgets.trouble import Trouble


class Lost:
    """The file of a database is moved away, and something else lies in its place."""

    def __init__(self, database: Database) -> None:
        database.close()
        self._file = Path(str(database.url.database))
        self._away = self._file.with_suffix(".away")
        self._file.rename(self._away)
        self._file.mkdir()

    def found(self) -> None:
        """Put it back."""
        self._file.rmdir()
        self._away.rename(self._file)


def banner(pilot) -> str:
    return str(pilot.app.screen.query_one(Trouble).sentence)


async def test_a_database_that_went_away_and_came_back(practice: Practice, tmp_path: Path) -> None:
    async with practice.opened("support") as pilot:
        lost = Lost(practice.database)
        await pilot.press(*"joan")
        await wait_for(pilot, lambda: banner(pilot), "the banner")
        assert pilot.app.screen.query_one(Input).value == "joan"
        assert "F5 tries again" in " ".join(screen_text(console_of(pilot)).split()).replace(" ▌", "")
        lost.found()
        await pilot.press("f5")
        await wait_for(pilot, lambda: not banner(pilot), "the end of it")
        await search(pilot, "", hits=1)


async def test_a_database_that_was_migrated_underneath_is_left_alone(practice: Practice) -> None:
    async with practice.opened("support") as pilot:
        with (
            practice.database.writer.connect() as connection,
            guard.writing(connection, "migration"),
            connection.begin(),
        ):
            connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
        console_of(pilot).bridge._checked_at = -99.0
        await pilot.press(*"joan")
        await wait_for(pilot, lambda: "newer Latchkey" in banner(pilot), "the banner")


async def test_a_read_only_console_says_so_and_offers_no_change(practice: Practice, tmp_path: Path) -> None:
    looking: Database = connect(practice.database.url, read_only=True)
    bridge = practice.bridge("lead")
    bridge._opener = lambda: replace(looking)
    console = Console(bridge, environment="PRODUCTION", incident_folder=tmp_path / "i", read_only=True)
    async with console.run_test(size=(80, 24)) as pilot:
        await wait_for(pilot, lambda: console.operations, "the sign-in")
        assert "READ-ONLY" in screen_text(console)
        assert {info.why_not for info in console.operations} == {"read-only"}
        console.open_customer(practice.joan)
        await wait_for(pilot, lambda: "janderson@example.com" in screen_text(console), "the customer")
        await wait_for(pilot, lambda: practice.events("open-customer"), "the event")
        await pilot.press("n")
        await wait_for(pilot, lambda: "read-only" in screen_text(console), "the reason")
    bridge.close()
    looking.close()
