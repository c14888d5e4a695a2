"""Measures keys over a real terminal: how long until the result is painted, and how many bytes that sends."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

from bench.console_program import MAIN, compiled, cpu_seconds, large_base
from bench.figures import Figure
from db.engine import connect
from db.queries.viewer import Viewer
from db.search import SearchPage, find
from tests.terminal import Console

NAMES = ("maria garcia", "anderson", "j smith", "nguyen", "williams", "sofia lopez", "robert", "te", "ohara")
PAUSE_SECONDS = 0.12
"""Between keys: a quick typist."""
REST_SECONDS = 0.4
LIMIT_SECONDS = 10.0
FIRST_ROW = 4
"""Of the results: below the header and the box, with a blank line after each."""
MARK = " ▸ "
MOVES = 12
"""So many that the list scrolls in the end."""


@dataclass(frozen=True)
class Key:
    """One key: milliseconds to the painted result, by the clock and of the console's own processor time.

    `sent` are the bytes until all was at rest, `rows` the lines of the screen that changed.
    """

    wait: float
    busy: float
    sent: int
    rows: int


def figures() -> list[Figure]:
    """Type names letter by letter into the console on the largest database that is there."""
    with compiled() as env, large_base() as (address, count):
        answers = _answers(address)
        with Console(MAIN, env=env | {"LATCHKEY_DATABASE_URL": address}) as console:
            console.wait_for("team lead", timeout=60)
            console.wait_quiet(1.0, timeout=60)
            keys = [key for name in NAMES for key in _typed(console, name, answers)]
            moves, scrolls = _moves(console)
            opened = _sent(console, lambda: console.send("\r"), "birth date")
    return [*_of_search(keys, count), *_of_moves(moves, scrolls, opened)]


def _of_search(keys: list[Key], count: int) -> list[Figure]:
    waits, busy = sorted(key.wait for key in keys), sorted(key.busy for key in keys)
    slow = int(len(keys) * 0.95)
    most = max(keys, key=lambda key: (key.rows, key.sent))
    size = f"{len(keys)} keys among {count:,} customers"
    return [
        Figure("key to painted result, p95", "ms", waits[slow], None, "≤ 60", size),
        Figure("key to painted result, p95, on the processor", "ms", busy[slow], None, "≤ 60", size),
        Figure("key to painted result, median", "ms", median(waits), None, "reported", size),
        Figure("a key in search, the most of all", "kB", max(key.sent for key in keys) / 1000, None, "≤ 8"),
        Figure("a key that changes most rows", "kB", most.sent / 1000, None, "≤ 8",
               f"{most.rows} rows of 24"),
        Figure("a key in search, median", "kB", median(key.sent for key in keys) / 1000, None, "reported",
               f"{median(key.rows for key in keys):.0f} rows of 24"),
    ]  # fmt: skip


def _of_moves(moves: list[int], scrolls: list[int], opened: int) -> list[Figure]:
    return [
        Figure("a cursor move in the results, the most", "kB", max(moves) / 1000, None, "≤ 1"),
        Figure("a cursor move that scrolls every row, the most", "kB", max(scrolls) / 1000, None, "reported"),
        Figure("opening a customer", "kB", opened / 1000, None, "≤ 20"),
    ]


def _answers(address: str) -> dict[str, SearchPage]:
    """What each start of each name finds, by the product's own search."""
    database = connect(address)
    with database.reading() as connection:
        found = {
            name[:end]: find(connection, name[:end], viewer=Viewer(operator_id="bench"), limit=50)
            for name in NAMES
            for end in range(1, len(name) + 1)
        }
    database.close()
    return found


def _typed(console: Console, name: str, answers: dict[str, SearchPage]) -> list[Key]:
    """Type a name; a key whose answer looks like the one before tells nothing, and is left out."""
    console.press("ctrl+u")
    console.wait_quiet(REST_SECONDS)
    keys = []
    for end in range(1, len(name) + 1):
        page = answers[name[:end]]
        is_there = _shows(page)
        before = console.screen_text()
        size = console.bytes_written
        start, busy = time.perf_counter(), cpu_seconds(console.pid)
        console.send(name[end - 1])
        if is_there(before):
            console.wait_quiet(PAUSE_SECONDS)
            continue
        console.wait_for(is_there, timeout=LIMIT_SECONDS)
        wait, busy = console.read_at - start, cpu_seconds(console.pid) - busy
        console.wait_quiet(PAUSE_SECONDS)
        keys.append(
            Key(
                wait * 1000,
                busy * 1000,
                console.bytes_written - size,
                _changed(before, console.screen_text()),
            )
        )
    return keys


def _shows(page: SearchPage) -> Callable[[str], bool]:
    """Whether a screen shows an answer: its count, and its first customer."""
    if not page.hits:
        return lambda text: "0 found" in text
    number = page.hits[0].number
    return lambda text: page.counted in text and number in text.splitlines()[FIRST_ROW]


def _changed(before: str, after: str) -> int:
    return sum(old != new for old, new in zip(before.splitlines(), after.splitlines(), strict=True))


def _moves(console: Console) -> tuple[list[int], list[int]]:
    """Bytes of each step down the results: of those that scroll nothing, and of those that do."""
    console.press("down")
    console.wait_quiet(REST_SECONDS)
    moves: list[int] = []
    scrolls: list[int] = []
    for _ in range(MOVES):
        before = console.screen_text().splitlines()[FIRST_ROW][len(MARK) :]
        sent = _sent(console, lambda: console.send("\x1b[B"))
        is_same = console.screen_text().splitlines()[FIRST_ROW][len(MARK) :] == before
        (moves if is_same else scrolls).append(sent)
    return moves, scrolls


def _sent(console: Console, act: Callable[[], None], until: str = "") -> int:
    size = console.bytes_written
    act()
    if until:
        console.wait_for(until, timeout=LIMIT_SECONDS)
    console.wait_quiet(REST_SECONDS)
    return console.bytes_written - size
