"""Only what changed of a frame is sent, and the terminal then shows the whole frame."""

from random import Random

import pyte
import pytest
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.geometry import Region
from textual.strip import Strip

from tui.frames import Frames

WIDTH, HEIGHT = 40, 6
TERMINAL = Console(color_system="truecolor", force_terminal=True)
STYLES = [
    None,
    Style.parse("#98a2ad on #14171b"),
    Style.parse("bold #dce1e6 on #14171b"),
    Style.parse("bold reverse #dce1e6 on #14171b"),
    Style.parse("cyan"),
    Style.parse("underline"),
]
WORDS = ["Anderson", "● active", "  ", "Łukasz", "日本", "e\u0301t\u00e9", "C-1026", "▸"]


def line_of(rng: Random) -> Strip:
    """A line of random words in random styles, exactly as wide as the screen."""
    strip = Strip([Segment(rng.choice(WORDS), rng.choice(STYLES)) for _ in range(rng.randint(1, 9))])
    return strip.adjust_cell_length(WIDTH)


def whole(lines: list[Strip]) -> LayoutUpdate:
    return LayoutUpdate([[line] for line in lines], Region(0, 0, WIDTH, HEIGHT))


def cells(screen: pyte.Screen) -> list[list[tuple[object, ...]]]:
    return [[tuple(screen.buffer[y][x]) for x in range(WIDTH)] for y in range(HEIGHT)]


def fresh() -> tuple[pyte.Screen, pyte.Stream]:
    screen = pyte.Screen(WIDTH, HEIGHT)
    return screen, pyte.Stream(screen)


def painted(lines: list[Strip]) -> list[list[tuple[object, ...]]]:
    """What a terminal shows that is sent all the lines as textual itself would send them."""
    screen, stream = fresh()
    stream.feed(whole(lines).render_segments(TERMINAL).replace("\n", ""))
    return cells(screen)


@pytest.mark.parametrize("seed", range(40))
def test_the_terminal_shows_the_frame_whatever_was_there_before(seed: int) -> None:
    rng = Random(seed)
    frames = Frames()
    screen, stream = fresh()
    lines = [line_of(rng) for _ in range(HEIGHT)]
    for _ in range(8):
        stream.feed(frames.difference(whole(lines), TERMINAL))
        assert cells(screen) == painted(lines)
        for y in rng.sample(range(HEIGHT), 2):
            lines[y] = line_of(rng)


def test_a_part_of_the_screen_can_change_alone() -> None:
    frames = Frames()
    screen, stream = fresh()
    lines = [Strip([Segment("Anderson ".ljust(WIDTH), STYLES[1])]) for _ in range(HEIGHT)]
    stream.feed(frames.difference(whole(lines), TERMINAL))
    chops = [{0: None, 10: Strip([Segment("active    ", STYLES[2])]), 20: None} for _ in range(HEIGHT)]
    ends = [[10, 20, WIDTH] for _ in range(HEIGHT)]
    stream.feed(frames.difference(ChopsUpdate(chops, [(2, 10, 20)], ends), TERMINAL))
    assert screen.display[2] == "Anderson  active".ljust(WIDTH)
    assert screen.display[3] == "Anderson".ljust(WIDTH)


def test_the_same_frame_again_sends_nothing() -> None:
    frames = Frames()
    lines = [Strip([Segment("Anderson".ljust(WIDTH), STYLES[2])]) for _ in range(HEIGHT)]
    assert frames.difference(whole(lines), TERMINAL)
    assert frames.difference(whole(lines), TERMINAL) == ""


def test_after_forgetting_all_is_sent_again() -> None:
    frames = Frames()
    lines = [Strip([Segment("Anderson".ljust(WIDTH), STYLES[2])]) for _ in range(HEIGHT)]
    first = frames.difference(whole(lines), TERMINAL)
    frames.forget()
    assert frames.difference(whole(lines), TERMINAL) == first
