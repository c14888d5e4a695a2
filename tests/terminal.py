"""A real terminal for tests: a program on a pseudo-terminal, and a screen that understands what it draws."""

import os
import re
import select
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import pexpect
import pyte

ROOT: Final = Path(__file__).resolve().parents[1]

KEYS: Final[dict[str, str]] = {
    "up": "\x1b[A", "down": "\x1b[B", "right": "\x1b[C", "left": "\x1b[D",
    "home": "\x1b[H", "end": "\x1b[F", "pageup": "\x1b[5~", "pagedown": "\x1b[6~",
    "insert": "\x1b[2~", "delete": "\x1b[3~", "backspace": "\x7f",
    "enter": "\r", "tab": "\t", "shift+tab": "\x1b[Z", "escape": "\x1b", "space": " ",
    "f1": "\x1bOP", "f2": "\x1bOQ", "f3": "\x1bOR", "f4": "\x1bOS", "f5": "\x1b[15~",
}  # fmt: skip
# Sequences that pyte would print or misread: kitty keyboard, mode queries, pointer shape.
_UNKNOWN_TO_PYTE: Final = re.compile(rb"\x1b\[[<>=][0-9;]*[a-zA-Z]|\x1b\[\?[0-9;]*\$p|\x1b\]22;[^\x07]*\x07")
_UNFINISHED: Final = re.compile(rb"\x1b(\[[<>=?0-9;$]*|\][^\x07\x1b]*)?\Z")
_CLIENT_SETTING: Final = re.compile("TEXTUAL|SSH_|(TMUX|NO_COLOR|ESCDELAY|COLUMNS|LINES)$")
_SCREEN_SWITCH: Final = re.compile(rb"(\x1b\[\?1049[hl])")


class Console:
    """A program on a pseudo-terminal of `cols` × `rows`, with the keyboard and the eyes of an operator.

    Output is read only inside the methods that wait or send: between them the client is frozen as far as
    the program can tell. `raw` is every byte received, `read_at` when the last of them came
    (`time.perf_counter`): to understand what was drawn takes this terminal longer than a real one.
    """

    def __init__(
        self,
        argv: Sequence[str],
        *,
        env: Mapping[str, str] | None = None,
        cols: int = 80,
        rows: int = 24,
        cwd: Path | None = None,
    ) -> None:
        clean = {name: value for name, value in os.environ.items() if not _CLIENT_SETTING.match(name)}
        paths = os.pathsep.join(filter(None, (str(ROOT), clean.get("PYTHONPATH"))))
        clean |= {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8", "PYTHONPATH": paths}
        self.child = pexpect.spawn(
            argv[0], list(argv[1:]), env=clean | dict(env or {}), dimensions=(rows, cols),
            cwd=str(cwd or ROOT), echo=True, timeout=10,
        )  # fmt: skip
        assert self.child.pid is not None
        self._pid = self.child.pid
        self.raw = bytearray()
        self.read_at = 0.0
        self._rows, self._cols = rows, cols
        self._normal = pyte.Screen(cols, rows)
        self._alternate: pyte.Screen | None = None
        self._stream = pyte.ByteStream(self._normal)
        self._pending = b""
        self._closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def pid(self) -> int:
        """Process id of the program."""
        return self._pid

    @property
    def bytes_written(self) -> int:
        """How many bytes the program has sent so far."""
        return len(self.raw)

    @property
    def screen(self) -> pyte.Screen:
        """The screen that is shown now: the alternate one while the console is up."""
        return self._alternate or self._normal

    @property
    def in_full_screen(self) -> bool:
        """Whether the program has the alternate screen."""
        return self._alternate is not None

    def screen_text(self) -> str:
        """The screen as lines without trailing spaces."""
        return "\n".join(line.rstrip() for line in self.screen.display)

    def pump(self, timeout: float = 0.05) -> bool:
        """Take in what arrives within `timeout` seconds; False when the program has closed its side."""
        if self._closed or not select.select([self.child.child_fd], [], [], timeout)[0]:
            return not self._closed
        try:
            data = os.read(self.child.child_fd, 65536)
        except OSError:
            data = b""
        self.read_at = time.perf_counter()
        self.raw += data
        self._feed(data)
        return bool(data)

    def wait_for(self, wanted: str | Callable[[str], bool], timeout: float = 10) -> str:
        """Read until the screen holds a text, or a predicate of the screen's text holds; return the text."""
        found = (lambda text: wanted in text) if isinstance(wanted, str) else wanted
        deadline = time.monotonic() + timeout
        while not found(text := self.screen_text()):
            if time.monotonic() > deadline:
                raise AssertionError(f"not seen within {timeout} s: {wanted!r}\n--- screen\n{text}")
            if not self.pump() and not found(self.screen_text()):
                raise AssertionError(f"ended before it showed {wanted!r}\n--- screen\n{self.screen_text()}")
        return text

    def wait_quiet(self, seconds: float = 0.5, timeout: float = 10) -> None:
        """Read until nothing has arrived for `seconds`."""
        deadline = time.monotonic() + timeout
        last, size = time.monotonic(), self.bytes_written
        while time.monotonic() - last < seconds:
            if not self.pump():
                return
            if self.bytes_written != size:
                last, size = time.monotonic(), self.bytes_written
            if time.monotonic() > deadline:
                raise AssertionError(f"still writing after {timeout} s")

    def wait_end(self, timeout: float = 10) -> int:
        """Read until the program has ended; its exit status, or minus the signal that killed it."""
        deadline = time.monotonic() + timeout
        while self.child.isalive():
            if time.monotonic() > deadline:
                raise AssertionError(f"still running after {timeout} s\n{self.screen_text()}")
            if not self.pump(0.02):
                select.select([], [], [], 0.02)  # output is over; only the end of the process is awaited
        while not self._closed and select.select([self.child.child_fd], [], [], 0)[0] and self.pump(0):
            pass
        if self.child.signalstatus is not None:
            return -int(self.child.signalstatus)
        return int(self.child.exitstatus or 0)

    def press(self, *keys: str) -> None:
        """Press keys by name, at the pace of a person: "down", "ctrl+p", "escape", "x".

        Textual runs a key binding later than it inserts a letter, so "home", "X" sent in one breath can
        arrive as "X", "home". Each key therefore waits, for a second at most, until the screen is at rest.
        """
        for key in keys:
            self.send(_sequence(key))
            deadline, size = time.monotonic() + 1, -1
            while size != self.bytes_written and time.monotonic() < deadline:
                size = self.bytes_written
                self.pump(0.08)

    def type(self, text: str) -> None:
        """Type a text."""
        self.send(text)

    def paste(self, text: str) -> None:
        """Paste as a terminal does it, in brackets. What the text itself holds is not cleaned."""
        self.send(f"\x1b[200~{text}\x1b[201~")

    def send(self, text: str) -> None:
        """Send characters as they are."""
        self.send_bytes(text.encode("utf-8", "surrogatepass"))

    def send_bytes(self, data: bytes) -> None:
        """Send what may be no text at all."""
        while data:
            self.pump(0)
            if select.select([], [self.child.child_fd], [], 1)[1]:
                data = data[os.write(self.child.child_fd, data[:512]) :]

    def resize(self, cols: int, rows: int) -> None:
        """Give the window another size."""
        self._cols, self._rows = cols, rows
        for screen in filter(None, (self._normal, self._alternate)):
            screen.resize(rows, cols)
        self.child.setwinsize(rows, cols)

    def kill_client(self) -> None:
        """Close the terminal under the program, as a killed client or a lost connection does."""
        if self._closed:
            return
        self._closed = True
        process = self.child.ptyproc  # type: ignore[attr-defined]  # the stubs of pexpect leave it out
        process.fileobj.close()
        # Otherwise pexpect closes the number again, when it may belong to another file.
        self.child.closed = process.closed = True

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the program."""
        os.kill(self.pid, number)

    def close(self) -> None:
        """End the program, if it is still there, and free the terminal."""
        if self.child.isalive():
            os.kill(self.pid, signal.SIGKILL)
            self.child.wait()
        self.kill_client()

    def _feed(self, data: bytes) -> None:
        data = self._pending + data
        self._pending = b""
        if cut := _UNFINISHED.search(data):
            data, self._pending = data[: cut.start()], data[cut.start() :]
        for part in _SCREEN_SWITCH.split(_UNKNOWN_TO_PYTE.sub(b"", data)):
            if part == b"\x1b[?1049h":
                self._alternate = pyte.Screen(self._cols, self._rows)
                self._stream = pyte.ByteStream(self._alternate)
            elif part == b"\x1b[?1049l":
                self._alternate = None
                self._stream = pyte.ByteStream(self._normal)
            elif part:
                self._stream.feed(part)


def _sequence(key: str) -> str:
    if key in KEYS:
        return KEYS[key]
    name, _, letter = key.partition("+")
    if name == "ctrl" and len(letter) == 1:
        return chr(ord(letter) & 0x1F)
    if name == "alt" and len(letter) == 1:
        return f"\x1b{letter}"
    if len(key) == 1:
        return key
    raise ValueError(f"no key is called {key!r}")
