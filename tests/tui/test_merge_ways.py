"""The ways to a merge: marks on home, a customer's own key, a clash, a diagnosis; what stands there."""

from textual.widgets import Static

from db.merging.people import MOST_ABSORBED
from tests.factories import actor, add_customer
from tests.merging.people import merge
from tests.operations.acting import do
from tests.tui.conftest import Practice, search
from tests.tui.diagnosing import SHARED, ask, on_form, opened
from tests.tui.diagnosing import sentence as said
from tests.tui.merging import landed, merged_into, on_merge, save, text, told, twin, type_into
from tests.tui.practice import console_of
from tests.tui.waiting import wait_for
from tui.screens.diagnosis import DiagnosisScreen
from tui.screens.merge_with import MergeWithScreen
from tui.screens.operation import OperationScreen
from tui.widgets.banner import Banner
from tui.widgets.options import Options


async def test_marked_customers_are_counted_and_M_merges_them(practice: Practice) -> None:
    other = twin(practice)
    async with practice.opened() as pilot:
        await search(pilot, "anderson", hits=3)
        await pilot.press("tab")
        await pilot.press("m")
        assert "✚ 1 marked" in text(pilot)
        await pilot.press("M")
        assert "m marks another one" in told(pilot)
        await pilot.press("down", "m")
        await wait_for(pilot, lambda: "✚ 2 marked · M merges them" in text(pilot), "the count")
        marked = console_of(pilot).marked
        await pilot.press("M")
        screen = await on_merge(pilot)
        assert set(screen.ids) == set(marked)
        assert other in (practice.joan, practice.daniel, other)


async def test_a_mark_stays_while_one_searches_on_and_m_takes_it_off(practice: Practice) -> None:
    async with practice.opened() as pilot:
        await search(pilot, "dan@example.org", hits=1)
        await pilot.press("tab", "m", "slash")
        await search(pilot, "user:joan.a", hits=1)
        await wait_for(pilot, lambda: "Joan" in text(pilot), "the other hit")
        assert "✚ 1 marked" in text(pilot)
        await pilot.press("tab", "slash")
        await search(pilot, "dan@example.org", hits=1)
        await wait_for(pilot, lambda: "Daniel" in text(pilot), "the hit")
        await pilot.press("tab", "m")
        assert "marked" not in str(pilot.app.screen.query_one("#count", Static).render())
        assert console_of(pilot).marked == ()


async def test_no_more_than_eight_are_marked(practice: Practice) -> None:
    async with practice.opened() as pilot:
        for number in range(100, 102 + MOST_ABSORBED):
            console_of(pilot).mark(number)
        assert len(console_of(pilot).marked) == 1 + MOST_ABSORBED
        assert "no more than that" in told(pilot)


async def test_m_on_a_customer_proposes_whoever_looks_like_the_same_person(practice: Practice) -> None:
    other = twin(practice)
    async with practice.opened() as pilot:
        await opened(pilot, practice.joan)
        await pilot.press("m")
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, MergeWithScreen), "whom to merge with")
        await wait_for(pilot, lambda: f"C-{other}" in text(pilot), "the candidate")
        await wait_for(pilot, lambda: not getattr(pilot.app.screen, "is_deaf", False), "open ears")
        await pilot.press("enter")
        screen = await on_merge(pilot)
        assert set(screen.ids) == {practice.joan, other}
        await save(pilot)
        await landed(pilot, practice.joan)
        assert merged_into(practice, other) == practice.joan


async def test_anybody_is_found_by_number_or_name(practice: Practice) -> None:
    async with practice.opened() as pilot:
        await opened(pilot, practice.joan)
        await pilot.press("m")
        await type_into(pilot, f"C-{practice.hostile}")
        options = pilot.app.screen.query_one(Options)
        await wait_for(pilot, lambda: options.option_count == 1, "the hit")
        await pilot.press("enter")
        screen = await on_merge(pilot)
        assert set(screen.ids) == {practice.joan, practice.hostile}


async def test_a_clash_offers_to_merge_the_two(practice: Practice) -> None:
    do(practice.database, "change-dedup-mode", actor("admin"), mode="by-email")
    ann = add_customer(practice.database, given_name="Ann", emails=["ann@example.org"])
    async with practice.opened() as pilot:
        view = await console_of(pilot).bridge.customer(ann)
        values: dict[str, object] = {"profile": view.emails[0].id, "email": "zz@example.net"}
        values["reason"] = "asked"
        console_of(pilot).start("change-email", view, values)
        await on_form(pilot, until="Email")
        await pilot.press("ctrl+s")
        banner = pilot.app.screen.query_one(Banner)
        await wait_for(pilot, lambda: banner.display and not banner.is_deaf, "the clash")
        assert "m merge the two" in text(pilot)
        await pilot.press("m")
        screen = await on_merge(pilot)
        assert set(screen.ids) == {ann, practice.hostile}
        await pilot.press("escape")
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, OperationScreen), "the form, as it was")


async def test_P1_a_shared_email_is_answered_by_a_merge_and_the_verdict_turns(practice: Practice) -> None:
    async with practice.opened() as pilot:
        await ask(pilot, SHARED)
        await pilot.press("1")
        screen = await on_merge(pilot)
        assert set(screen.ids) == {practice.joan, practice.daniel}
        await save(pilot)
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, DiagnosisScreen), "the diagnosis")
        await wait_for(pilot, lambda: "Was shared-email" in said(pilot), "the turn")
    assert merged_into(practice, practice.daniel) == practice.joan


async def test_a_merged_customer_says_when_and_by_whom_and_o_opens_the_survivor(practice: Practice) -> None:
    other = twin(practice)
    merge(practice.database, practice.joan, other)
    async with practice.opened() as pilot:
        await opened(pilot, other)
        shown = " ".join(text(pilot).split())
        assert f"→ merged into C-{practice.joan}" in shown
        assert "by rosa" in shown
        assert "u takes the merge back" in shown
        await pilot.press("o")
        await landed(pilot, practice.joan)
        assert f"⇐ C-{other} merged in" in " ".join(text(pilot).split())
        assert f"C-{other} lead here" in text(pilot)
