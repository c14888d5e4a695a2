"""The screens for admins and auditors: what they show, and that changing leads through the one door."""

import re
from pathlib import Path

import pytest

from db.engine import Database
from db.models import MessageKind
from tests.tui.office import furnish
from tests.tui.practice import screen_text, showing
from tests.tui.test_operation import bench, do
from tests.tui.waiting import wait_for
from tui.actions_office import SCREENS
from tui.screens.dedup import DedupScreen
from tui.screens.listing import ListScreen
from tui.screens.menu import MenuScreen
from tui.screens.message import MessageScreen
from tui.screens.operation import OperationScreen
from tui.screens.operators import OperatorsScreen
from tui.screens.outbox import OutboxScreen
from tui.screens.roles import RolesScreen
from tui.screens.settings import SettingsScreen
from tui.screens.templates import TemplatesScreen
from tui.setting_words import spoken
from tui.widgets.banner import Banner
from tui.widgets.status import StatusLine


@pytest.fixture
def office(sqlite_database: Database) -> Database:
    furnish(sqlite_database)
    return sqlite_database


async def settled(pilot, screen: ListScreen) -> None:
    await wait_for(pilot, lambda: screen.is_settled, "the rows")


async def form_over(pilot):
    await wait_for(
        pilot,
        lambda: isinstance(pilot.app.screen, OperationScreen) and pilot.app.screen.is_settled,
        "the form",
    )
    return pilot.app.screen


async def test_a_setting_is_changed_in_a_form_that_starts_with_its_value(office, tmp_path: Path) -> None:
    screen = SettingsScreen()
    async with showing(office, tmp_path, screen, role="admin") as pilot:
        await settled(pilot, screen)
        await pilot.press(*["down"] * 5, "enter")
        form = await form_over(pilot)
        assert form._values == {"key": "reset_minutes", "value": "60"}
        assert "Reset link lives" in screen_text(bench(pilot))


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("idle_lock_minutes", "5", "5 min"),
        ("reset_minutes", "60", "1 hour"),
        ("reset_minutes", "90", "1 hour 30 min"),
        ("activation_minutes", "1440", "1 day"),
        ("takeover_cool_down_hours", "72", "3 days"),
        ("delivery_backoff_seconds", "30", "30 s"),
        ("sends_per_hour", "5", "5"),
        ("one_card_each", "no", "no"),
    ],
)
def test_a_time_is_said_with_its_unit(key: str, value: str, said: str) -> None:
    assert spoken(key, value) == said


async def test_the_settings_say_units_and_the_form_asks_for_them(office, tmp_path: Path) -> None:
    screen = SettingsScreen()
    async with showing(office, tmp_path, screen, role="admin") as pilot:
        await settled(pilot, screen)
        await pilot.press(*["down"] * 5)
        assert "5 min to 1 day; typed in minutes, 5 to 1440" in screen_text(bench(pilot))
        await pilot.press("enter")
        await form_over(pilot)
        assert "Value in minutes" in screen_text(bench(pilot))


async def test_the_typo_table_is_said_by_what_it_holds(office, tmp_path: Path) -> None:
    screen = SettingsScreen()
    async with showing(office, tmp_path, screen, role="admin") as pilot:
        await settled(pilot, screen)
        await pilot.press("end")
        await wait_for(pilot, lambda: "typo_table" in screen_text(bench(pilot)), "the last row")
        shown = screen_text(bench(pilot))
        assert re.search(r"Typo table +[0-9]+ corrections · ⏎ opens", shown)
        assert "{" not in shown


async def test_R55_two_admins_on_one_setting_never_overwrite(office, tmp_path: Path) -> None:
    screen = SettingsScreen()
    async with showing(office, tmp_path, screen, role="admin") as pilot:
        await settled(pilot, screen)
        await pilot.press(*["down"] * 5, "enter")
        await form_over(pilot)
        do(office, "change-setting", role="admin", key="reset_minutes", value="45")
        await pilot.press("9", "0")
        banner = pilot.app.screen.query_one(Banner)
        await wait_for(pilot, lambda: "changed this meanwhile" in banner.sentence, "the warning")
        assert "60  →  45" in screen_text(bench(pilot))


async def test_P4_a_mode_is_tried_on_before_it_is_in_force(office, tmp_path: Path) -> None:
    screen = DedupScreen("off")
    async with showing(office, tmp_path, screen, role="admin") as pilot:
        await settled(pilot, screen)
        await pilot.press("right", "right")
        await wait_for(pilot, lambda: screen.is_settled and screen.items, "the groups")
        shown = screen_text(bench(pilot))
        assert "by email: 2 customers in 1 group would collide" in shown
        assert "janderson@example.com" in shown
        await pilot.press("ctrl+s")
        form = await form_over(pilot)
        assert form._values == {"mode": "by-email"}


async def test_an_operator_is_disabled_from_the_list(office, tmp_path: Path) -> None:
    screen = OperatorsScreen()
    async with showing(office, tmp_path, screen, role="admin") as pilot:
        await settled(pilot, screen)
        await pilot.press("down", "enter")
        await wait_for(
            pilot, lambda: isinstance(pilot.app.screen, MenuScreen) and not pilot.app.screen.is_deaf
        )
        assert "kim" in screen_text(bench(pilot))
        await pilot.press("down", "enter")
        form = await form_over(pilot)
        assert form._values == {"operator": "kim"}


async def test_an_auditor_reads_the_role_table_and_cannot_edit_it(office, tmp_path: Path) -> None:
    screen = RolesScreen()
    async with showing(office, tmp_path, screen, role="auditor") as pilot:
        await settled(pilot, screen)
        assert "read the audit log" in screen_text(bench(pilot))
        await pilot.press("enter")
        assert "Ask an admin" in screen.query_one(StatusLine).sentence


async def test_the_outbox_tells_the_servers_words_and_offers_another_try(office, tmp_path: Path) -> None:
    screen = OutboxScreen()
    async with showing(office, tmp_path, screen, role="lead") as pilot:
        await settled(pilot, screen)
        shown = screen_text(bench(pilot))
        assert "1 queued" in shown
        assert "550 5.1.1 <janderson@example.com>: no such" in shown
        await pilot.press("down", "enter")
        await wait_for(
            pilot, lambda: isinstance(pilot.app.screen, MenuScreen) and not pilot.app.screen.is_deaf
        )
        await pilot.press("enter")
        form = await form_over(pilot)
        assert form._values["message"] == 2


async def test_enter_on_a_message_that_did_not_fail_opens_it(office, tmp_path: Path) -> None:
    screen = OutboxScreen()
    async with showing(office, tmp_path, screen, role="lead") as pilot:
        await settled(pilot, screen)
        assert screen.item is not None
        assert screen.item.state != "failed"
        await pilot.press("enter")
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, MessageScreen), "the message")
        await wait_for(pilot, lambda: "Delivery" in screen_text(bench(pilot)), "its history")
        assert screen.item.reference in screen_text(bench(pilot))


async def test_a_setting_s_text_is_shown_without_the_quotes_that_it_is_kept_in(
    office, tmp_path: Path
) -> None:
    screen = SettingsScreen()
    async with showing(office, tmp_path, screen, role="admin") as pilot:
        await settled(pilot, screen)
        while screen.item is None or screen.item.key != "phone_region":
            await pilot.press("down")
        await pilot.press("enter")
        await form_over(pilot)
        await pilot.press("ctrl+u", *"CA")
        await wait_for(pilot, lambda: "US  →  CA" in screen_text(bench(pilot)), "the difference")
        assert '"' not in screen_text(bench(pilot))


async def test_every_template_is_shown_with_made_up_values(office, tmp_path: Path) -> None:
    screen = TemplatesScreen()
    async with showing(office, tmp_path, screen, role="auditor") as pilot:
        await settled(pilot, screen)
        assert not any(item.problem for item in screen.items)
        assert {item.kind for item in screen.items} >= {kind.value for kind in MessageKind}
        assert "Hello Joan" in screen_text(bench(pilot))


async def test_g_lists_the_screens(office, tmp_path: Path) -> None:
    screen = OperatorsScreen()
    async with showing(office, tmp_path, screen, role="admin") as pilot:
        await settled(pilot, screen)
        await pilot.press("g")
        await wait_for(
            pilot, lambda: isinstance(pilot.app.screen, MenuScreen) and not pilot.app.screen.is_deaf
        )
        await pilot.press(*["down"] * SCREENS.index("outbox"), "enter")
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, OutboxScreen), "the outbox")
