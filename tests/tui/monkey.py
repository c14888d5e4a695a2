"""Random keys on the real console, and what must hold afterwards: alive, and nothing unaudited."""

import json
import random
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import String, cast, func, select

from db.audit.verify import verify
from db.bulk import load
from db.engine import Database
from db.models import AuditEvent, Customer, CustomerMerge
from seeds.population import population
from seeds.rows import rows_of
from tests.factories import actor
from tests.tui.waiting import wait_for
from tui.app import Console
from tui.bridge import Bridge

WORDS = ("anders", "C-1042", "maria", "0142", "[/x]", "joan@gmail.com", "caller asked", "1980-12-31")
KEYS = (
    *("down", "up", "left", "right", "tab", "shift+tab", "enter", "enter", "enter", "escape", "space"),
    *"earnhbydvmMxitusowg/:?.,[]123456789",
    *("ctrl+s", "ctrl+s", "ctrl+p", "ctrl+r", "ctrl+u", "f1", "f5", "home", "end", "pageup", "pagedown"),
)
SIZES = ((80, 24), (120, 40), (40, 10), (200, 60))


def seeded(database: Database) -> Database:
    """Fill a database with the planted customers and a few around them."""
    now = datetime(2026, 3, 2, tzinfo=UTC)
    rows = rows_of(population(count=80), now=now, password_hash="$argon2id$nobody")
    load(database, rows, worker="sandbox", reason="a monkey's playground")
    return database


async def let_loose(database: Database, folder: Path, *, role: str, seed: int, seconds: float) -> int:
    """Press random keys until the time is over, and say how many; raises what the console raised."""
    dice = random.Random(seed)
    bridge = Bridge(lambda: database, actor(role), mailbox=folder / "mailbox")
    app = Console(bridge, environment="SANDBOX", incident_folder=folder / "incidents")
    pressed = 0
    async with app.run_test(size=(80, 24)) as pilot:
        await wait_for(pilot, lambda: bool(app.operations), "the sign-in")
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if dice.random() < 0.02:
                await pilot.resize_terminal(*dice.choice(SIZES))
            if dice.random() < 0.15:
                await pilot.press(*dice.choice(WORDS))
            await pilot.press(dice.choice(KEYS))
            pressed += 1
        for _ in range(12):
            await pilot.press("escape")
        app.go_home()
        await wait_for(pilot, lambda: app.screen.id != "_default" and app.is_running, "home after it all")
    bridge.close()
    return pressed


def unaudited(database: Database) -> list[int]:
    """Return customers with a version that no audited event made; that of adding them is 1.

    An absorbed customer has no event of their own for the merge, nor for its undo: those are the survivor's.
    """
    made = (
        select(func.count(AuditEvent.target_version.distinct()))
        .where(
            AuditEvent.target == "customer:" + cast(Customer.id, String),
            AuditEvent.outcome == "applied",
            AuditEvent.target_version > 1,
        )
        .scalar_subquery()
    )
    with database.reading() as connection:
        verdict = verify(connection)
        assert verdict.problem is None, verdict.problem
        rows = connection.execute(select(Customer.id, Customer.version, made))
        merges = Counter[int]()
        for absorbed, undone_at in connection.execute(
            select(CustomerMerge.absorbed, CustomerMerge.undone_at)
        ):
            merges.update(dict.fromkeys(json.loads(absorbed), 1 if undone_at is None else 2))
        return [number for number, version, count in rows if version != 1 + count + merges[number]]
