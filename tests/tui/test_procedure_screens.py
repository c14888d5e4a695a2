"""The two screens on which admins edit procedures: playbooks and the typo table."""

from typing import Any

import pytest
from sqlalchemy import select

from db.models import Playbook, Setting
from tests.tui.calls import OWN, console_of, do, until
from tests.tui.conftest import Practice
from tests.tui.practice import screen_text
from tests.tui.test_interactions import form, sentence
from tests.tui.waiting import wait_for
from tui.screens.playbooks import PlaybooksScreen
from tui.screens.settings import SettingsScreen
from tui.screens.typos import TyposScreen


async def shown(pilot, action: str):
    pilot.app.carry_out(action)
    await wait_for(pilot, lambda: getattr(pilot.app.screen, "is_settled", False) and pilot.app.screen.items)
    return pilot.app.screen


async def filled(pilot) -> Any:
    """The fields of the form that opens."""
    return (await form(pilot))._form


def typo_edits(practice: Practice) -> str | None:
    with practice.database.reading() as connection:
        found = connection.execute(select(Setting.value).where(Setting.key == "typo_table"))
        return found.scalar_one_or_none()


async def edit(practice: Practice, pilot, *keys: str) -> None:
    """Press keys that open the form, give a reason, and save."""
    before = typo_edits(practice)
    await pilot.press(*keys)
    fields = await filled(pilot)
    fields.go_to("reason")
    await pilot.press(*"asked", "ctrl+s")
    await wait_for(pilot, lambda: typo_edits(practice) != before, "the edit")
    await wait_for(pilot, lambda: isinstance(pilot.app.screen, TyposScreen) and pilot.app.screen.is_settled)


# ---- playbooks


async def test_the_playbooks_are_listed_with_their_sources(practice: Practice):
    do(practice, "save-playbook", "admin", source=OWN)
    async with console_of(practice, "auditor", size=(120, 40)) as pilot:
        screen = await shown(pilot, "playbook-list")
        assert isinstance(screen, PlaybooksScreen)
        text = screen_text(pilot.app)
        assert "6 playbooks, 1 of your own" in text
        assert 'id = "p1-told-to-call"' in text


async def test_an_admin_changes_one_in_a_form_that_begins_with_its_source(practice: Practice):
    do(practice, "save-playbook", "admin", source=OWN)
    async with console_of(practice, "admin") as pilot:
        screen = await shown(pilot, "playbook-list")
        names = [item.playbook.id for item in screen.items]
        await pilot.press(*["down"] * names.index("a-short-one"), "e")
        found = await form(pilot)
        fields: Any = found._form
        assert found._values == {"source": OWN.strip(), "retired": False}
        fields.find("source").control.text = OWN.replace("A short one", "Another title")
        fields.go_to("reason")
        await pilot.press(*"asked", "ctrl+s")
        await until(pilot, "Another title")
    with practice.database.reading() as connection:
        assert connection.execute(select(Playbook.version)).scalar_one() == 2


async def test_a_new_one_begins_with_an_example_that_is_sound(practice: Practice):
    async with console_of(practice, "admin") as pilot:
        await shown(pilot, "playbook-list")
        await pilot.press("a")
        fields = await filled(pilot)
        fields.go_to("reason")
        await pilot.press(*"asked", "ctrl+s")
        await until(pilot, "What it is for")


async def test_what_is_wrong_with_a_source_is_said_with_its_place(practice: Practice):
    async with console_of(practice, "admin") as pilot:
        await shown(pilot, "playbook-list")
        await pilot.press("a")
        fields = await filled(pilot)
        fields.find("source").control.text = OWN.replace('"say"', '"sing"')
        fields.go_to("reason")
        await pilot.press(*"asked", "ctrl+s")
        await until(pilot, "step hello")


@pytest.mark.parametrize("role", ["support", "lead", "auditor"])
async def test_only_an_admin_changes_a_playbook_or_the_typo_table(practice: Practice, role: str):
    async with console_of(practice, role) as pilot:
        for action, keys in (("playbook-list", "ea"), ("typos", "ea")):
            screen = await shown(pilot, action)
            for key in (*keys, *(["space"] if action == "typos" else [])):
                await pilot.press(key)
                await wait_for(pilot, lambda: "Ask an admin" in sentence(pilot), "who may")
                screen.status.clear()
            await pilot.press("escape")


# ---- typo table


async def test_the_rules_stand_in_order_with_an_example_each(practice: Practice):
    async with console_of(practice, "support") as pilot:
        screen = await shown(pilot, "typos")
        assert [item.id for item in screen.items] == [
            "stray-characters",
            "dots",
            "missing-ending",
            "misspelt-domain",
            "swapped-ending",
        ]
        for number in range(5):
            await wait_for(pilot, lambda: "→" in screen_text(pilot.app))
            assert screen.items[number].example[1] in screen_text(pilot.app)
            await pilot.press("down")


async def test_enter_shows_the_lines_of_a_rule(practice: Practice):
    async with console_of(practice, "support") as pilot:
        screen = await shown(pilot, "typos")
        assert "gmial.com" not in screen_text(pilot.app).replace("joan@gmial.com", "")
        await pilot.press("down", "down", "down", "enter", "down")
        assert "gmial.com" in screen_text(pilot.app)
        await pilot.press("up", "enter")
        assert len(screen.items) == 5


async def test_R30_a_typed_address_is_tried_at_once(practice: Practice):
    async with console_of(practice, "support") as pilot:
        await shown(pilot, "typos")
        await pilot.press("tab", *"joan@gmial.com")
        await until(pilot, "→ joan@gmail.com (misspelt-domain)")
        await pilot.press(*"x")
        await until(pilot, "corrects nothing here")
        await pilot.press("escape")
        assert isinstance(pilot.app.screen, TyposScreen)


async def test_a_line_is_added_removed_and_put_back(practice: Practice):
    async with console_of(practice, "admin") as pilot:
        screen = await shown(pilot, "typos")
        await pilot.press("down", "down", "down", "a")
        found = await form(pilot)
        assert (found._values["edit"], found._values["part"]) == ("add", "misspelt-domain")
        await pilot.press("escape")
        await wait_for(pilot, lambda: pilot.app.screen is screen)
        await pilot.press("enter", "down")
        assert screen.item.wrong == "gmial.com"
        await edit(practice, pilot, "e")
        assert screen.item.state == "removed"
        assert "✎ removed" in screen_text(pilot.app)
        await pilot.press("tab", *"joan@gmial.com")
        await until(pilot, "corrects nothing here")
        await pilot.press("escape")
        await edit(practice, pilot, "e")
        assert "✎ removed" not in screen_text(pilot.app)


async def test_space_switches_a_rule_off_and_on(practice: Practice):
    async with console_of(practice, "admin") as pilot:
        await shown(pilot, "typos")
        await edit(practice, pilot, "down", "space")
        assert "× off" in screen_text(pilot.app)
        assert "rules off: 1" in screen_text(pilot.app)
        await edit(practice, pilot, "space")
        assert "× off" not in screen_text(pilot.app)


async def test_the_setting_leads_to_the_table(practice: Practice):
    async with console_of(practice, "admin") as pilot:
        screen = await shown(pilot, "settings")
        assert isinstance(screen, SettingsScreen)
        keys = [item.key for item in screen.items]
        await pilot.press(*["down"] * keys.index("typo_table"), "enter")
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, TyposScreen), "the table")
