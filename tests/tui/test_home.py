"""Home: customers appear while one types, and letters act in the results."""

import asyncio

from textual.events import Paste

from db.search import Hit
from tests.factories import add_customer
from tests.tui.conftest import NOW, Practice, search
from tests.tui.practice import console_of, screen_text
from tests.tui.waiting import wait_for
from tui.actions import Place
from tui.app import Console
from tui.screens.customer import CustomerScreen
from tui.screens.home import HomeScreen
from tui.screens.too_small import TooSmallScreen
from tui.widgets.footer import KeyLine
from tui.widgets.preview import Preview
from tui.widgets.results import Results, hit_lines
from tui.widgets.search_box import MAX_QUERY, SearchBox
from tui.widgets.status import StatusLine
from tui.widgets.trouble import Trouble


def shown(pilot) -> str:
    return screen_text(pilot.app)


async def test_typing_shows_customers_at_once_and_says_why(practice: Practice):
    async with practice.opened() as pilot:
        results = await search(pilot, "anders 0142", hits=1)
        assert results.hit is not None
        assert results.hit.customer_id == practice.joan
        assert "0142" in shown(pilot)
        assert "1–1 of 1" in shown(pilot)


async def test_a_row_names_status_place_and_last_sign_in_in_words(practice: Practice):
    async with practice.opened() as pilot:
        await search(pilot, "daniel", hits=1)
        assert "○ inactive" in shown(pilot)
        assert "Reno NV" in shown(pilot)
        assert "never signed in" in shown(pilot)


async def test_an_empty_box_gives_examples(practice: Practice):
    async with practice.opened() as pilot:
        assert "joan anderson" in shown(pilot)


async def test_the_examples_name_every_prefix(practice: Practice):
    async with practice.opened() as pilot:
        for prefix in ("email:", "phone:", "pass:", "user:", "name:", "id:", "city:", "status:"):
            assert prefix in shown(pilot)


async def test_what_takes_longer_to_find_is_appended_below_and_the_selected_row_stays(practice: Practice):
    for number in range(30):
        inside = f"mr{number:02}janderson@example.net"
        add_customer(practice.database, given_name="Zoe", family_name="Quill", emails=[inside])
    async with practice.opened() as pilot:
        results = pilot.app.screen.query_one(Results)
        asked, go_on = [], asyncio.Event()
        find_more = console_of(pilot).bridge.find_more

        async def later(query, *, shown):
            asked.append(shown)
            await go_on.wait()
            return await find_more(query, shown=shown)

        console_of(pilot).bridge.find_more = later  # type: ignore[method-assign]  # the same, but later
        await pilot.press(*"janderson")
        await wait_for(pilot, lambda: asked, "the second step")
        assert "looking further" in shown(pilot)
        first = results.hits
        await pilot.press("down", "down")
        await wait_for(pilot, lambda: results.highlighted == 1)
        kept, place = results.hit, results.scroll_offset
        go_on.set()
        await wait_for(pilot, lambda: len(results.hits) > len(first), "further rows")
        assert results.hits[: len(first)] == first
        assert (results.hit, results.scroll_offset) == (kept, place)
        assert results.hits[-1].name.startswith("Quill")


async def test_slash_selects_what_stands_in_the_box_and_esc_goes_on_behind_it(practice: Practice):
    async with practice.opened() as pilot:
        box = pilot.app.screen.query_one(SearchBox)
        await search(pilot, "anderson", hits=2)
        await pilot.press("down")
        await wait_for(pilot, lambda: isinstance(pilot.app.focused, Results))
        await pilot.press("slash")
        assert box.selected_text == "anderson"
        await pilot.press(*"zz")
        assert box.value == "zz"
        await pilot.press("tab", "escape", *"@")
        assert box.value == "zz@"


async def test_nobody_found_says_so_and_what_to_do(practice: Practice):
    async with practice.opened() as pilot:
        await pilot.press(*"qqqq")
        await wait_for(pilot, lambda: "Nobody matches “qqqq”" in shown(pilot))
        assert "to add a customer" in " ".join(shown(pilot).split())


async def test_down_leads_to_the_results_where_letters_act(practice: Practice):
    async with practice.opened() as pilot:
        await search(pilot, "anderson", hits=2)
        await pilot.press("down")
        await wait_for(pilot, lambda: isinstance(pilot.app.focused, Results))
        assert pilot.app.screen.query_one(KeyLine).place is Place.RESULTS
        await pilot.press("slash")
        assert isinstance(pilot.app.focused, SearchBox)
        assert pilot.app.screen.query_one(SearchBox).value == "anderson"


async def test_tab_leads_to_the_results_too(practice: Practice):
    async with practice.opened() as pilot:
        await search(pilot, "anderson", hits=2)
        await pilot.press("tab")
        await wait_for(pilot, lambda: isinstance(pilot.app.focused, Results))


async def test_every_printable_key_types_in_the_box(practice: Practice):
    async with practice.opened() as pilot:
        await pilot.press("n", "colon", "slash", "question_mark", "b")
        assert pilot.app.screen.query_one(SearchBox).value == "n:/?b"
        assert isinstance(pilot.app.screen, HomeScreen)


async def test_enter_opens_the_customer_and_esc_comes_back_to_the_same_row(practice: Practice):
    async with practice.opened() as pilot:
        results = await search(pilot, "anderson", hits=2)
        await pilot.press("down", "down")
        await wait_for(pilot, lambda: results.highlighted == 1)
        chosen = results.hits[1].customer_id
        await pilot.press("enter")
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, CustomerScreen))
        assert isinstance(pilot.app.screen, CustomerScreen)
        assert pilot.app.screen.customer_id == chosen
        await pilot.press("escape")
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, HomeScreen))
        assert results.hit is not None
        assert results.hit.customer_id == chosen


async def test_esc_empties_the_box(practice: Practice):
    async with practice.opened() as pilot:
        await search(pilot, "anderson", hits=2)
        await pilot.press("escape")
        assert pilot.app.screen.query_one(SearchBox).value == ""
        await wait_for(pilot, lambda: "joan anderson" in shown(pilot))


async def test_R2_a_settled_search_is_one_event_when_a_customer_is_opened(practice: Practice):
    async with practice.opened() as pilot:
        await search(pilot, "joan", hits=1)
        assert practice.events("search") == []
        await pilot.press("enter")
        await wait_for(pilot, lambda: practice.events("open-customer"))
        await wait_for(pilot, lambda: practice.events("search"))
        assert practice.events("search") == [(None, "rosa")]
        assert practice.events("open-customer") == [(practice.joan, "rosa")]


async def test_R2_a_sign_in_is_an_event(practice: Practice):
    async with practice.opened() as pilot:
        await wait_for(pilot, lambda: practice.events("sign-in") == [(None, "rosa")])


async def test_R43_a_paste_is_cut_to_the_maximum_and_never_submits(practice: Practice):
    async with practice.opened() as pilot:
        box = pilot.app.screen.query_one(SearchBox)
        box.post_message(Paste("joan\n" + "x" * 65_536))
        await wait_for(pilot, lambda: box.value)
        assert len(box.value) <= MAX_QUERY
        assert isinstance(pilot.app.screen, HomeScreen)


async def test_R37_R38_A11_hostile_names_are_shown_and_do_nothing(practice: Practice):
    async with practice.opened() as pilot:
        await search(pilot, "zz@example.net", hits=1)
        assert "Zz␛]52;c;aGk=␇‹U+202E›evil, [@c" in shown(pilot)
        assert "\x1b" not in shown(pilot)
        assert "\u202e" not in shown(pilot)


async def test_A15_a_tiny_window_says_so_and_keeps_what_was_typed(practice: Practice):
    async with practice.opened() as pilot:
        await search(pilot, "joan", hits=1)
        await pilot.resize_terminal(20, 5)
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, TooSmallScreen))
        await pilot.resize_terminal(1, 1)
        await pilot.resize_terminal(80, 24)
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, HomeScreen))
        assert pilot.app.screen.query_one(SearchBox).value == "joan"


async def test_a_wide_window_shows_the_selected_customer_beside_the_list(practice: Practice):
    async with practice.opened(size=(120, 40)) as pilot:
        await search(pilot, "joan", hits=1)
        assert pilot.app.screen.query_one(Preview).region.width > 0
        assert "lives in" in shown(pilot)
        assert "janderson@example.com" not in shown(pilot)


async def test_an_auditor_is_told_who_may_add_a_customer(practice: Practice):
    async with practice.opened("auditor") as pilot:
        await search(pilot, "joan", hits=1)
        await pilot.press("down")
        await wait_for(pilot, lambda: isinstance(pilot.app.focused, Results))
        await pilot.press("n")
        assert "Ask support, a team lead or an admin" in pilot.app.screen.query_one(StatusLine).sentence


async def test_A40_a_lost_database_keeps_what_was_typed_and_f5_asks_again(practice: Practice):
    path = practice.folder / "latchkey.db"
    async with practice.opened() as pilot:
        practice.database.close()
        for file in practice.folder.glob("latchkey.db-*"):
            file.unlink()
        hidden = path.rename(practice.folder / "away.db")
        path.mkdir()
        await pilot.press(*"joan")
        await wait_for(pilot, lambda: pilot.app.screen.query_one(Trouble).sentence)
        assert pilot.app.screen.query_one(SearchBox).value == "joan"
        path.rmdir()
        hidden.rename(path)
        await pilot.press("f5")
        results = pilot.app.screen.query_one(Results)
        await wait_for(pilot, lambda: len(results.hits) == 1)
        assert isinstance(pilot.app, Console)


def test_nothing_of_why_a_row_is_there_is_cut_at_80_columns():
    why = ("name anderson", "phone …0142", "email janderson@example.com")
    shared = "shares email with C-1042, C-1043, C-1044…"
    hit = Hit(
        customer_id=1041, number="C-1041", name="Anderson, Joan", status="active", city="Reno", state="NV",
        last_sign_in_at=None, merged_into=None, why=why, state_words=(shared,),
    )  # fmt: skip
    shown = hit_lines(hit, NOW, 76, number_width=8, is_marked=False).plain
    assert all(word in shown for word in (*why, shared))
    assert all(len(line) <= 76 for line in shown.split("\n"))
