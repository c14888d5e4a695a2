"""The generic screen of a change, driven as an operator drives it."""

from pathlib import Path
from typing import Any

import pytest
from textual import events
from textual.pilot import Pilot

from db import runner
from db.engine import Database
from db.models import Setting
from db.operations import REGISTRY
from db.params import build
from tests.factories import actor, add_customer, add_operators, building
from tests.tui.practice import Bench, console_of, customer_view, screen_text, showing
from tests.tui.waiting import wait_for
from tui.screens.operation import OperationScreen
from tui.widgets.banner import Banner
from tui.widgets.dialog import Dialog
from tui.widgets.guarded_input import GuardedInput
from tui.widgets.header import Header


@pytest.fixture
def practice(sqlite_database: Database) -> Database:
    """Joan and Daniel, and an operator of each role."""
    add_operators(sqlite_database)
    add_customer(sqlite_database, emails=["joan@example.com"])
    add_customer(sqlite_database, given_name="Daniel", emails=[("dan@gmial.com", "unverified")])
    return sqlite_database


DANIEL = 2


async def form_for(database: Database, operation: str, **prefilled: object) -> OperationScreen:
    return OperationScreen(operation, await customer_view(database, DANIEL), prefilled)


def do(database: Database, operation: str, role: str = "admin", **values: object) -> Any:
    """Somebody else changes something meanwhile."""
    found = REGISTRY[operation]
    params = build(found.params, values)
    return runner.run(
        database, runner.Request(actor=actor(role), operation=found, params=params, reason="test")
    )


def bench(pilot: Pilot[int]) -> Bench:
    assert isinstance(pilot.app, Bench)
    return pilot.app


def answered(screen: OperationScreen) -> bool:
    banner = screen.query_one(Banner)
    return banner.display and not banner.is_deaf and not banner.sentence.startswith("Saving")


async def settled(pilot: Pilot[int], screen: OperationScreen) -> str:
    await wait_for(pilot, lambda: screen.is_settled, "the preview")
    return screen_text(bench(pilot))


async def test_the_form_says_what_is_still_missing(practice, tmp_path: Path) -> None:
    screen = await form_for(practice, "add-email")
    async with showing(practice, tmp_path, screen) as pilot:
        assert "Still to fill in: Email" in await settled(pilot, screen)


async def test_while_one_types_the_difference_is_shown_in_words(practice, tmp_path: Path) -> None:
    screen = await form_for(practice, "change-email")
    async with showing(practice, tmp_path, screen) as pilot:
        await settled(pilot, screen)
        await pilot.press(*"dan@gmail.com")
        shown = await settled(pilot, screen)
        assert "dan@gmial.com  →  dan@gmail.com" in shown
        assert "a confirmation link goes to the new address" in shown


async def test_a_preview_writes_nothing_and_saving_writes_once(practice, tmp_path: Path) -> None:
    screen = await form_for(practice, "change-email", email="dan@gmail.com", reason="caller spelt it")
    async with showing(practice, tmp_path, screen) as pilot:
        await settled(pilot, screen)
        assert (await customer_view(practice, DANIEL)).version == 1
        await pilot.press("ctrl+s")
        await wait_for(pilot, lambda: bench(pilot).results, "the result")
        applied = bench(pilot).results[0]
        assert (applied.outcome, applied.operation) == ("applied", "change-email")
        assert (await customer_view(practice, DANIEL)).emails[0].address.text == "dan@gmail.com"


async def test_a_reason_is_asked_for_before_anything_is_saved(practice, tmp_path: Path) -> None:
    screen = await form_for(practice, "change-email", email="dan@gmail.com")
    async with showing(practice, tmp_path, screen) as pilot:
        await settled(pilot, screen)
        await pilot.press("ctrl+s")
        await wait_for(pilot, lambda: "✗ Reason is required." in screen_text(bench(pilot)))
        await pilot.press(*"why")
        assert screen._form is not None
        assert screen._form.reason == "why"


async def test_what_is_wrong_stands_below_its_field(practice, tmp_path: Path) -> None:
    screen = await form_for(practice, "add-email")
    async with showing(practice, tmp_path, screen) as pilot:
        await settled(pilot, screen)
        await pilot.press(*"nonsense")
        lines = (await settled(pilot, screen)).splitlines()
        at = next(number for number, line in enumerate(lines) if "nonsense" in line)
        assert "✗" in lines[at + 1]


async def in_clash(pilot: Pilot[int], screen: OperationScreen) -> None:
    await settled(pilot, screen)
    await pilot.press("ctrl+s")
    await wait_for(pilot, lambda: answered(screen), "the clash")


@pytest.fixture
def strict(practice: Database) -> Database:
    """Duplicate detection by email."""
    do(practice, "change-dedup-mode", mode="by-email")
    return practice


async def test_P4_a_clash_names_the_holder_and_keeps_the_form(strict, tmp_path: Path) -> None:
    screen = await form_for(strict, "change-email", email="Joan@Example.com", reason="his words")
    async with showing(strict, tmp_path, screen) as pilot:
        await in_clash(pilot, screen)
        shown = " ".join(screen_text(bench(pilot)).split())
        assert "This email is already in use by C-1" in shown
        assert "Nothing was saved." in shown
        assert "Joan@Example.com" in shown
        assert "his words" in shown


async def test_P4_o_opens_the_holder_and_coming_back_finds_the_form(strict, tmp_path: Path) -> None:
    screen = await form_for(strict, "change-email", email="joan@example.com", reason="his words")
    async with showing(strict, tmp_path, screen) as pilot:
        await in_clash(pilot, screen)
        await pilot.press("o")
        await wait_for(pilot, lambda: bench(pilot).opened == [1], "the holder")
        pilot.app.pop_screen()
        await wait_for(pilot, lambda: pilot.app.screen is screen)
        assert "joan@example.com" in screen_text(bench(pilot))


@pytest.mark.parametrize("key", ["e", "enter"])
async def test_P4_another_value_is_given_in_the_field_that_clashed(strict, tmp_path: Path, key: str) -> None:
    screen = await form_for(strict, "change-email", email="joan@example.com", reason="his words")
    async with showing(strict, tmp_path, screen) as pilot:
        await in_clash(pilot, screen)
        await pilot.press(key)
        await wait_for(pilot, lambda: not screen.query_one(Banner).display)
        assert isinstance(pilot.app.focused, GuardedInput)
        assert pilot.app.focused.value == "joan@example.com"


async def test_P4_another_value_is_asked_for_and_the_preview_follows(strict, tmp_path: Path) -> None:
    screen = await form_for(strict, "change-email", email="joan@example.com", reason="his words")
    async with showing(strict, tmp_path, screen) as pilot:
        await in_clash(pilot, screen)
        await pilot.press("e")
        await wait_for(pilot, lambda: not screen.query_one(Banner).display)
        shown = await settled(pilot, screen)
        assert "clash is answered" not in shown
        assert "Nothing can change until this is put right: Email." in " ".join(shown.split())
        await pilot.press("end", "ctrl+u", *"dan@gmail.com")
        assert "dan@gmial.com  →  dan@gmail.com" in await settled(pilot, screen)


async def test_P4_while_the_holder_is_looked_at_the_trail_says_what_waits(strict, tmp_path: Path) -> None:
    screen = await form_for(strict, "change-email", email="joan@example.com", reason="his words")
    async with showing(strict, tmp_path, screen) as pilot:
        await in_clash(pilot, screen)
        await pilot.press("o")
        await wait_for(pilot, lambda: bench(pilot).opened == [1], "the holder")
        assert screen.query_one(Header).crumbs[-1] == "Change email ✎ not saved"
        pilot.app.pop_screen()
        await wait_for(pilot, lambda: screen.query_one(Header).crumbs[-1] == "Change email")


async def test_P4_the_form_says_that_the_mode_requires_an_email(strict, tmp_path: Path) -> None:
    screen = OperationScreen("add-customer")
    async with showing(strict, tmp_path, screen) as pilot:
        assert "required: duplicate detection is by email" in await settled(pilot, screen)
        assert "Still to fill in: Given name, Family name, Email." in await settled(pilot, screen)


async def test_R55_a_stale_form_shows_what_changed_and_keeps_what_was_typed(practice, tmp_path: Path) -> None:
    screen = await form_for(practice, "change-email", email="dan@gmail.com", reason="caller")
    do(practice, "change-name", role="lead", customer=DANIEL, given_name="Dan", family_name="Anderson")
    async with showing(practice, tmp_path, screen) as pilot:
        await wait_for(pilot, lambda: answered(screen), "the banner")
        shown = screen_text(bench(pilot))
        assert "Daniel  →  Dan" in shown
        await pilot.press("enter")
        await wait_for(pilot, lambda: not screen.query_one(Banner).display)
        assert "dan@gmial.com  →  dan@gmail.com" in await settled(pilot, screen)


async def test_R55_who_stays_in_a_stale_form_reads_what_is_next(practice, tmp_path: Path) -> None:
    screen = await form_for(practice, "change-email", email="dan@gmail.com", reason="caller")
    do(practice, "change-name", role="lead", customer=DANIEL, given_name="Dan", family_name="Anderson")
    async with showing(practice, tmp_path, screen) as pilot:
        await wait_for(pilot, lambda: answered(screen), "the banner")
        await pilot.press("escape")
        await wait_for(pilot, lambda: not screen.query_one(Banner).display)
        assert "Nothing, until you go on from the newest" in " ".join(screen_text(bench(pilot)).split())
        await pilot.press("ctrl+s")
        await wait_for(pilot, lambda: answered(screen), "the banner again")


async def test_a_refusal_says_who_may_and_keeps_the_form(practice, tmp_path: Path) -> None:
    screen = await form_for(practice, "change-email", email="other@example.net", reason="caller")
    async with showing(practice, tmp_path, screen, role="support") as pilot:
        await settled(pilot, screen)
        await pilot.press("ctrl+s")
        await wait_for(pilot, lambda: answered(screen), "the refusal")
        shown = " ".join(screen_text(bench(pilot)).split())
        assert "a team lead or an admin" in shown
        assert "other@example.net" in shown


async def test_esc_asks_before_typed_work_goes_and_keeps_it_by_default(practice, tmp_path: Path) -> None:
    screen = await form_for(practice, "change-email")
    async with showing(practice, tmp_path, screen) as pilot:
        await settled(pilot, screen)
        await pilot.press("d", "escape")
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, Dialog) and not pilot.app.screen.is_deaf)
        await pilot.press("enter")
        await wait_for(pilot, lambda: pilot.app.screen is screen)
        assert bench(pilot).results == []


async def test_esc_leaves_an_untouched_form_without_a_question(practice, tmp_path: Path) -> None:
    screen = await form_for(practice, "change-email")
    async with showing(practice, tmp_path, screen) as pilot:
        await settled(pilot, screen)
        await pilot.press("escape")
        await wait_for(pilot, lambda: bench(pilot).results == [None])


async def test_a_destructive_operation_is_asked_about_first(practice, tmp_path: Path) -> None:
    screen = await form_for(practice, "suspend-customer", reason="lost card")
    async with showing(practice, tmp_path, screen) as pilot:
        await settled(pilot, screen)
        await pilot.press("ctrl+s")
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, Dialog) and not pilot.app.screen.is_deaf)
        await pilot.press("enter")  # the focus is on Cancel
        await wait_for(pilot, lambda: pilot.app.screen is screen)
        assert (await customer_view(practice, DANIEL)).status == "active"


async def test_R43_a_paste_becomes_one_line_is_cut_and_never_submits(practice, tmp_path: Path) -> None:
    screen = await form_for(practice, "change-email")
    async with showing(practice, tmp_path, screen) as pilot:
        await settled(pilot, screen)
        box = pilot.app.focused
        assert isinstance(box, GuardedInput)
        box.post_message(events.Paste("a\r\nb" + "x" * 65_536))
        for key in ("enter", "escape", "ctrl+s"):  # what follows a paste that broke out
            box.deaf.begin()  # a slow machine must not outlast the span
            await pilot.press(key)
        await wait_for(pilot, lambda: "too long" in screen_text(bench(pilot)))
        assert box.value.startswith("a bxx")
        assert len(box.value) == box.limit
        assert pilot.app.screen is screen
        assert pilot.app.focused is box


@pytest.mark.parametrize("hostile", ["[/nope]", "[@click=app.quit]x[/]", "\x1b]52;c;eA==\x07", "‮abc"])
async def test_A12_hostile_text_is_shown_and_not_obeyed(practice, tmp_path: Path, hostile: str) -> None:
    victim = add_customer(practice, given_name=hostile, emails=["h@example.com"])
    screen = OperationScreen("change-name", await customer_view(practice, victim), {"given_name": hostile})
    async with showing(practice, tmp_path, screen) as pilot:
        shown = await settled(pilot, screen)
        assert "\x1b" not in shown
        assert "‮" not in shown


async def test_P4_reactivation_asks_for_the_colliding_field_alone(
    sqlite_database: Database, tmp_path: Path
) -> None:
    add_operators(sqlite_database)
    with building(sqlite_database) as session:
        session.add(Setting(key="dedup_mode", value='"by-both"', version=1))
    add_customer(sqlite_database, phones=["775-555-0142"], emails=["joan@example.org"])
    paul = add_customer(
        sqlite_database, status="suspended", phones=["775-555-0142"], emails=["paul@example.org"]
    )
    screen = OperationScreen("reactivate-customer", await customer_view(sqlite_database, paul))
    async with showing(sqlite_database, tmp_path, screen) as pilot:
        await wait_for(pilot, lambda: screen.is_settled, "the form")
        shown = screen_text(console_of(pilot))
        assert "Another phone" in shown
        assert "held by C-1" in shown
        assert "Another email" not in shown


@pytest.mark.parametrize(("prefilled", "is_asked"), [({}, False), ({"puts_back": True}, True)])
async def test_what_a_suspension_puts_back_is_only_asked_where_it_takes_a_reactivation_back(
    practice: Database, tmp_path: Path, prefilled: dict[str, object], is_asked: bool
) -> None:
    screen = await form_for(practice, "suspend-customer", **prefilled)
    async with showing(practice, tmp_path, screen) as pilot:
        await wait_for(pilot, lambda: screen.is_settled, "the form")
        assert screen._form is not None
        assert (screen._form.find("puts_back") is not None) == is_asked
