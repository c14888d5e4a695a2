"""Takes the pictures of the documentation from the real console on a fresh practice database.

Run with: python -m docs.take_pictures. Times are fixed, so that the same program gives the same pictures.
"""

import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

from textual.pilot import Pilot

from db.actor import Actor
from db.schema import open_database
from seeds.builder import DATABASE_FILE, MAILBOX_FOLDER, build, practice_operator
from tests.tui.waiting import wait_for
from tui.app import Console
from tui.bridge import Bridge

FOLDER = Path(__file__).parent / "pictures"
SIZES = ((80, 24), (120, 40))
Steps = Callable[[Pilot[int]], Awaitable[None]]


async def _search(pilot: Pilot[int]) -> None:
    await pilot.press(*"anders 0142")
    await wait_for(pilot, lambda: "C-1043" in _text(pilot), "the hits")


async def _customer(pilot: Pilot[int]) -> None:
    await pilot.press(*"C-1042")
    await wait_for(pilot, lambda: "C-1042" in _text(pilot), "the hit")
    await pilot.press("enter")
    await wait_for(pilot, lambda: "birth date" in _text(pilot), "the customer")


async def _change(pilot: Pilot[int]) -> None:
    await pilot.press(*"C-1026")
    await wait_for(pilot, lambda: "Delgado" in _text(pilot), "the hit")
    await pilot.press("enter")
    await wait_for(pilot, lambda: "birth date" in _text(pilot), "the customer")
    app = pilot.app
    assert isinstance(app, Console)
    prefilled = {"email": "maria.delgado@example.com", "reason": "caller spelled it out"}
    app.start("change-email", await app.bridge.customer(1026), prefilled)
    await wait_for(pilot, lambda: "confirmation link" in _text(pilot), "the difference")


SCENES: dict[str, Steps] = {"search": _search, "customer": _customer, "change-email": _change}


def _text(pilot: Pilot[int]) -> str:
    return "\n".join(strip.text for strip in pilot.app.screen._compositor.render_strips())


async def _take(folder: Path, name: str, size: tuple[int, int], steps: Steps) -> None:
    database = open_database(f"sqlite:///{folder / DATABASE_FILE}")
    actor = Actor(practice_operator("lead"), session="pictures")
    bridge = Bridge(lambda: database, actor, mailbox=folder / MAILBOX_FOLDER)
    app = Console(bridge, environment="SANDBOX", incident_folder=folder, now=lambda: datetime.now(UTC))
    async with app.run_test(size=size) as pilot:
        await wait_for(pilot, lambda: bool(app.operations), "the sign-in")
        await steps(pilot)
        app.save_screenshot(f"{name}-{size[0]}x{size[1]}.svg", path=str(FOLDER))
    bridge.close()
    database.close()


def main() -> None:
    """Build a practice database, walk to each scene at each size, and save what is seen."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as kept:
        folder = Path(kept) / "sandbox"
        build(folder)
        for name, steps in SCENES.items():
            for size in SIZES:
                asyncio.run(_take(folder, name, size, steps))


if __name__ == "__main__":
    main()
