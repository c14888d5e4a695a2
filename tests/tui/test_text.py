"""Hostile text is made visible, parsed by nobody, and costs next to nothing to look for."""

import string
import time
from typing import Any

import pytest
from rich.cells import cell_len
from rich.console import Console
from rich.control import Control
from rich.segment import Segment
from rich.style import Style
from textual.app import App, ComposeResult
from textual.color import Color
from textual.strip import Strip
from textual.widgets import DataTable, Label, Static

from tui.drawn_text import SafeLineFilter, cell, content
from tui.text import HOSTILE, safe

BLACK = Color.parse("black")
HOSTILE_NAMES = [
    "\x1b]52;c;cm0gLXJmIC8=\x07",
    "\x1b]0;owned\x07",
    "\x1b[2J\x1b[H",
    "\x9b31m",
    "Anna\u202egpj.exe",
    "an\u200bna\u200d\ufeff",
    "\ud800",
    "\x7f\x00",
    "tag\U000e0041",
    "\u3164",
    "left\tright",
    "\u2066isolate\u2069",
]


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_R37_nothing_hostile_is_left(name: str) -> None:
    assert not HOSTILE.search(safe(name))
    assert safe(name).encode()


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_R37_what_was_hidden_takes_room_on_the_screen(name: str) -> None:
    assert cell_len(safe(name)) >= len(name)


def test_every_control_and_direction_mark_counts_as_hostile() -> None:
    controls = [*range(0x20), *range(0x7F, 0xA0)]
    directions = [0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
    assert [code for code in controls + directions if not HOSTILE.search(chr(code))] == []


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("\x1b[31m", "␛[31m"),
        ("a\u202eb", "a‹U+202E›b"),
        ("a\u200db", "a‹U+200D›b"),
        ("a\x85b", "a↵b"),
        ("a\r\nb\nc", "a↵b↵c"),
        ("a\x7fb", "a␡b"),
        ("Åsa O’Brien-Zhang 张 é", "Åsa O’Brien-Zhang 张 é"),
        (None, ""),
        (42, "42"),
    ],
)
def test_safe_names_what_it_found(value: object, shown: str) -> None:
    assert safe(value) == shown


def test_safe_is_idempotent() -> None:
    assert all(safe(safe(name)) == safe(name) for name in HOSTILE_NAMES)


def test_lines_stay_lines_in_multiline_text_and_a_lone_return_is_shown() -> None:
    assert safe("a\r\nb\tc\rd\x1b", multiline=True) == "a\nb    c␍d␛"


def test_A13_a_ten_megabyte_name_is_cut_and_the_rest_counted() -> None:
    assert safe("x" * 10_000_000, limit=10) == "xxxxxxxxxx… (+9999990)"


@pytest.mark.parametrize("name", ["[/nope]", "[bold", "[@click=app.quit]x", "[red]a[/red]"])
def test_A12_markup_stays_text(name: str) -> None:
    assert content(name).plain == name
    assert content(name).spans == []
    assert cell(name).plain == name
    assert cell(name).spans == []


def filtered(*segments: Segment) -> list[Segment]:
    return SafeLineFilter().apply(list(segments), BLACK)


def test_a_clean_line_is_returned_as_it_is() -> None:
    line = [Segment("│ Åsa "), Segment("─" * 10, Style(bold=True))]
    assert SafeLineFilter().apply(line, BLACK) is line


def test_control_segments_stay() -> None:
    move = Control.move_to(3, 4).segment
    assert filtered(move, Segment("\x1b"))[0] == move


@pytest.mark.parametrize("name", HOSTILE_NAMES)
@pytest.mark.parametrize("padding", ["", " ", "   ", " " * 40])
def test_R37_a_filtered_line_is_harmless_and_as_wide_as_before(name: str, padding: str) -> None:
    before = [Segment("│"), Segment(f"id {name} x"), Segment(padding), Segment("│")]
    after = filtered(*before)
    assert not HOSTILE.search("".join(segment.text for segment in after))
    assert Segment.get_line_length(after) == Segment.get_line_length(before)
    assert after[0].text == after[-1].text == "│"


def test_a_filtered_line_keeps_its_text_where_there_is_room() -> None:
    after = filtered(Segment("Anna\u202e Smith"), Segment(" " * 10), Segment("│"))
    assert [segment.text for segment in after] == ["Anna� Smith", " " * 9, "│"]


def test_styles_survive_the_filter() -> None:
    assert filtered(Segment("\x1b  ", Style(bold=True)))[0].style == Style(bold=True)


class Hostile(App[None]):
    """Shows every hostile name in the plainest widgets, without `safe`."""

    def __init__(self) -> None:
        super().__init__()
        self.safe_filter = SafeLineFilter()

    def get_line_filters(self) -> list[Any]:
        return [self.safe_filter, *super().get_line_filters()]

    def compose(self) -> ComposeResult:
        for name in HOSTILE_NAMES:
            yield Label(name, markup=False)
        yield Static("x", id="titled")
        yield DataTable[Any](id="table")

    def on_mount(self) -> None:
        titled = self.query_one("#titled")
        titled.styles.border = ("round", "white")
        titled.border_title = content("\x1b]0;owned\x07").plain
        table = self.query_one(DataTable)
        table.add_column(cell("\x1b[2J"), width=20)
        for name in HOSTILE_NAMES:
            table.add_row(cell(name))
        self.notify("\u202e\x9b31m", title="\x1b]0;t\x07", markup=False)


def lines(app: App[Any]) -> list[Strip]:
    return app.screen._compositor.render_strips()


async def test_A11_no_widget_toast_or_title_lets_a_hostile_character_out() -> None:
    async with Hostile().run_test(size=(120, 50), notifications=True) as pilot:
        await pilot.pause()
        assert [strip.text for strip in lines(pilot.app) if HOSTILE.search(strip.text)] == []


class Rows(App[None]):
    """A full screen of ordinary rows, some of them with letters outside ASCII."""

    def compose(self) -> ComposeResult:
        for row in range(40):
            yield Label(f"C-{row:04} ─ Åsa Anders-Holm  {string.ascii_letters}  active · Reno NV")


async def test_the_filter_costs_less_than_a_twentieth_of_a_full_screen() -> None:
    async with Rows().run_test(size=(120, 40)) as pilot:
        console = Console(force_terminal=True, color_system="truecolor", width=120, height=40)
        safe_filter = SafeLineFilter()

        def draw() -> None:
            for widget in pilot.app.query(Label):
                widget._styles_cache.clear()
                widget._render_content()
            "".join(strip.render(console) for strip in lines(pilot.app))

        def look() -> None:
            for strip in shown:
                safe_filter.apply(strip._segments, BLACK)

        draw()
        shown = lines(pilot.app)
        assert fastest(look) < 0.05 * fastest(draw)


def fastest(work: Any) -> float:
    """The shortest of 15 runs, which other load on the machine disturbs least."""
    times = []
    for _ in range(15):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)
