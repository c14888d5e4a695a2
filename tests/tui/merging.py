"""Opens merges in tests, and says what stands on the screen."""

from textual.pilot import Pilot
from textual.widgets import Input

from db.models import Customer
from tests.factories import add_customer
from tests.merging.people import row_of
from tests.tui.conftest import Practice
from tests.tui.practice import console_of, screen_text
from tests.tui.waiting import wait_for
from tui.screens.customer import CustomerScreen
from tui.screens.merge import MergeScreen
from tui.widgets.ask_reason import AskReason
from tui.widgets.dialog import Dialog
from tui.widgets.section import Section
from tui.widgets.status import StatusLine


def twin(practice: Practice) -> int:
    """Joan once more, under a short name, with an email and a card of her own."""
    return add_customer(
        practice.database,
        given_name="Jo",
        emails=["joanderson@example.org"],
        phones=["775-555-0142"],
        passes=["P-9001"],
        address=("2210 Sierra Vista Ln", "Reno", "NV", "89509"),
    )


async def merge_of(pilot: Pilot[int], *ids: int, survivor: int | None = None) -> MergeScreen:
    """Open a merge and wait until it was tried."""
    console_of(pilot).open_merge(ids, survivor)
    return await on_merge(pilot)


async def on_merge(pilot: Pilot[int]) -> MergeScreen:
    """Wait until a merge is shown that was tried."""
    await wait_for(pilot, lambda: isinstance(pilot.app.screen, MergeScreen), "the merge")
    await tried(pilot)
    screen = pilot.app.screen
    assert isinstance(screen, MergeScreen)
    return screen


async def tried(pilot: Pilot[int]) -> None:
    """Wait until the choices on the screen were tried."""
    await wait_for(pilot, lambda: getattr(pilot.app.screen, "is_settled", False), "the trial")


async def heard(pilot: Pilot[int]) -> None:
    """Wait until a dialog takes keys."""
    await wait_for(pilot, lambda: not getattr(pilot.app.screen, "is_deaf", False), "open ears")


async def select(pilot: Pilot[int], key: str) -> None:
    """Select the row of choices whose key begins so, or the line above them of that kind."""
    screen = pilot.app.screen
    assert isinstance(screen, MergeScreen)
    for place in range(screen.choices.option_count):
        if (screen.choices.get_option_at_index(place).id or "").lstrip("!").startswith(key):
            screen.choices.highlighted = place
    await pilot.pause()


async def save(pilot: Pilot[int], reason: str = "twice") -> None:
    """Merge: give the reason, and confirm."""
    await confirming(pilot, reason)
    await pilot.press("tab", "enter")


async def confirming(pilot: Pilot[int], reason: str = "twice") -> None:
    """Give the reason, and wait for the confirmation."""
    await pilot.press("ctrl+s")
    await wait_for(pilot, lambda: isinstance(pilot.app.screen, AskReason), "the question why")
    await heard(pilot)
    await pilot.press(*reason, "enter")
    await wait_for(pilot, lambda: isinstance(pilot.app.screen, Dialog), "the confirmation")
    await heard(pilot)


async def landed(pilot: Pilot[int], number: int) -> None:
    """Wait until a customer is shown."""
    await wait_for(
        pilot,
        lambda: isinstance(pilot.app.screen, CustomerScreen) and pilot.app.screen.customer_id == number,
        "the survivor",
    )
    await wait_for(pilot, lambda: pilot.app.screen.query(Section), "the sections")


def told(pilot: Pilot[int]) -> str:
    """Return what the status line says."""
    return pilot.app.screen.query_one(StatusLine).sentence


def text(pilot: Pilot[int]) -> str:
    """Return the screen as text."""
    return screen_text(console_of(pilot))


def merged_into(practice: Practice, number: int) -> int | None:
    """Return to whom a customer leads."""
    found: int | None = row_of(practice.database, Customer, number).merged_into_id
    return found


async def type_into(pilot: Pilot[int], words: str) -> None:
    """Type into the box of the screen on top."""
    await wait_for(pilot, lambda: isinstance(pilot.app.focused, Input), "the box")
    await heard(pilot)
    await pilot.press(*("space" if letter == " " else letter for letter in words))
