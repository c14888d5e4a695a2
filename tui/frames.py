"""Sends to the terminal only those cells of a frame that look different from what it shows already.

Textual repaints whole widgets: a moved cursor resends the list, and an answer that arrives in two steps
resends it twice. Over a slow line that is what one waits for.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from rich.cells import cell_len
from rich.color import Color, ColorSystem
from rich.console import Console
from rich.style import Style
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.strip import Strip

NEAR: Final = 6
"""Unchanged cells between two changed ones that cost less to send than another move of the cursor."""


class Ink(NamedTuple):
    """How a cell is drawn, in the numbers of the terminal's own language."""

    attributes: str
    colour: str
    background: str


PLAIN: Final = Ink("", "39", "49")
Cell = tuple[str, Ink]


class Frames:
    """What the terminal shows, as far as it was told; `forget` after anything else has drawn on it."""

    def __init__(self) -> None:
        self._lines: dict[int, list[Cell | None]] = {}

    def forget(self) -> None:
        """Send the next frame whole."""
        self._lines.clear()

    def difference(self, update: LayoutUpdate | ChopsUpdate, console: Console) -> str:
        """Return what turns the screen into the updated one, and take note that it did."""
        pen = _Pen()
        colours = console._color_system or ColorSystem.TRUECOLOR
        for y, x, strip in _pieces(update):
            self._replace(pen, y, x, strip, colours)
        return pen.finished()

    def _replace(self, pen: "_Pen", y: int, x: int, strip: Strip, colours: ColorSystem) -> None:
        cells = _cells(strip, colours)
        line = self._lines.setdefault(y, [])
        end = x + strip.cell_length
        line.extend([None] * (end - len(line)))
        if cells is None:
            line[x:end] = [None] * (end - x)
            pen.move(x, y)
            pen.copy("".join(_raw(strip, colours)))
            return
        old = line[x:end]
        if old == cells:
            return
        line[x:end] = cells
        changed = [at for at, (before, after) in enumerate(zip(old, cells, strict=True)) if before != after]
        for first, last in _runs(changed):
            pen.move(x + first, y)
            pen.write(cells[first : last + 1])


class Difference(CompositorUpdate):
    """A frame that is compared with the screen when it is sent, and not before: it may never be sent."""

    def __init__(self, frames: Frames, update: LayoutUpdate | ChopsUpdate) -> None:
        self._frames = frames
        self._update = update

    def render_segments(self, console: Console) -> str:
        """Return what is to be written."""
        return self._frames.difference(self._update, console)


class _Pen:
    """Writes cells, changing its ink only where theirs is another."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._ink = PLAIN

    def move(self, x: int, y: int) -> None:
        self._parts.append(f"\x1b[{y + 1};{x + 1}H")

    def write(self, cells: list[Cell]) -> None:
        for char, ink in cells:
            if ink is not self._ink and ink != self._ink:
                self._parts.append(_change(self._ink, ink))
                self._ink = ink
            self._parts.append(char)

    def copy(self, text: str) -> None:
        """Write what brings its own ink along, and leaves none."""
        self._parts += ("\x1b[0m", text)
        self._ink = PLAIN

    def finished(self) -> str:
        if self._ink != PLAIN:
            self._parts.append("\x1b[0m")
        return "".join(self._parts)


def _pieces(update: LayoutUpdate | ChopsUpdate) -> Iterator[tuple[int, int, Strip]]:
    """Yield line, column and content of what a frame draws, as textual itself would draw it."""
    if isinstance(update, LayoutUpdate):
        for y, strips in enumerate(update.strips, update.region.y):
            yield y, update.region.x, Strip.join(strips)
        return
    for y, left, right in update.spans:
        for end, (x, strip) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
            if strip is None or x > right or end <= left:
                continue
            yield y, x, strip if left <= x < right and end <= right else strip.crop(0, min(end, right) - x)


def _cells(strip: Strip, colours: ColorSystem) -> list[Cell] | None:
    """Return one entry for each column; None where something is not exactly one column wide, or a link."""
    found: list[Cell] = []
    for text, style, _control in strip:
        if not _is_single(text) or (style is not None and style._link):
            return None
        ink = PLAIN if style is None else _ink(style, colours)
        found += [(char, ink) for char in text]
    return found


@lru_cache(maxsize=4096)
def _is_single(text: str) -> bool:
    return text.isascii() or all(cell_len(char) == 1 for char in text)


def _raw(strip: Strip, colours: ColorSystem) -> Iterator[str]:
    for text, style, _control in strip:
        yield text if style is None else Strip.render_style(style, text, colours)


@lru_cache(maxsize=4096)
def _ink(style: Style, colours: ColorSystem) -> Ink:
    both = Style(color=style.color, bgcolor=style.bgcolor)
    attributes = Strip.render_ansi(style, colours).removesuffix(Strip.render_ansi(both, colours))
    return Ink(
        attributes.strip(";"),
        _numbers(style.color, colours, foreground=True),
        _numbers(style.bgcolor, colours, foreground=False),
    )


def _numbers(colour: Color | None, colours: ColorSystem, *, foreground: bool) -> str:
    if colour is None:
        return PLAIN.colour if foreground else PLAIN.background
    return ";".join(colour.downgrade(colours).get_ansi_codes(foreground))


@lru_cache(maxsize=4096)
def _change(old: Ink, new: Ink) -> str:
    """Return the shortest sequence that gives the terminal another ink."""
    if new == PLAIN:
        return "\x1b[0m"
    if old.attributes != new.attributes:
        old = PLAIN
        wanted = ["0", new.attributes] if new.attributes else ["0"]
    else:
        wanted = []
    wanted += [
        number
        for before, number in ((old.colour, new.colour), (old.background, new.background))
        if before != number
    ]
    return f"\x1b[{';'.join(wanted)}m"


def _runs(columns: list[int]) -> Iterator[tuple[int, int]]:
    """Yield the first and last of neighbouring columns; a short gap is bridged."""
    first = last = columns[0]
    for column in columns[1:]:
        if column - last > NEAR:
            yield first, last
            first = column
        last = column
    yield first, last
