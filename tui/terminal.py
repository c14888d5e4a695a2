"""Prepares the terminal before the console starts, and ends the session cleanly when its client goes away.

Imports no textual: `prepare_environment` has to run before textual is imported, because textual reads
`ESCDELAY` and its other settings once, at import.
"""

import asyncio
import os
import select
import signal
import sys
import termios
import threading
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from contextlib import contextmanager, suppress
from typing import Any, Final, Protocol

ESCAPE_DELAY_MS: Final = 300
EXIT_DEADLINE: Final = 1.2
"""Seconds a clean exit may take after a signal or a hang-up; R40 allows 2 s in all."""
LAST_WORDS_SECONDS: Final = 0.4
SIGNALS: Final = (signal.SIGHUP, signal.SIGTERM, signal.SIGINT)
_CLIENT_GONE: Final = 0
_RESTORE: Final = (
    b"\x1b[?2004l\x1b[?1000l\x1b[?1003l\x1b[?1006l\x1b[?1004l\x1b[<u\x1b[?7h\x1b[?1049l\x1b[?25h"
)
"""Undoes paste brackets, mouse, focus reports, kitty keyboard, no-wrap, alternate screen, hidden cursor."""


class NoTerminal(Exception):
    """There is no terminal that could show the console; the message is a sentence for the operator."""


def prepare_environment(environ: MutableMapping[str, str] | None = None) -> None:
    """Set what textual reads at import, and drop what a client could smuggle in.

    A slow link splits an arrow key into esc, `[`, `B` unless textual waits 300 ms. `TEXTUAL*` variables can
    load another driver, press keys or write a log with local variables, so none of them survives (A20).
    """
    env = os.environ if environ is None else environ
    for name in [name for name in env if name.startswith("TEXTUAL")]:
        del env[name]
    env.setdefault("ESCDELAY", str(ESCAPE_DELAY_MS))


def is_ssh(environ: Mapping[str, str] | None = None) -> bool:
    """Tell whether this console is reached over SSH."""
    env = os.environ if environ is None else environ
    return bool(env.get("SSH_CONNECTION") or env.get("SSH_TTY"))


def require_tty(environ: Mapping[str, str] | None = None) -> None:
    """Raise `NoTerminal` unless input and output are a terminal that can show the console (R40).

    Standard error counts as output: it is what textual draws on.
    """
    env = os.environ if environ is None else environ
    streams = (sys.__stdin__, sys.__stdout__, sys.__stderr__)
    if not all(stream is not None and stream.isatty() for stream in streams):
        raise NoTerminal(
            "The console needs a terminal for input and output. Connect with ssh -t, "
            "or use a command: latchkey --help lists them."
        )
    term = env.get("TERM", "")
    if term in ("", "dumb", "unknown"):
        raise NoTerminal(
            f"The console cannot draw on TERM={term or '(not set)'}. Use a full terminal, "
            "or a command: latchkey --help lists them."
        )


def hold_cursor_still(widget: object) -> None:
    """Stop the cursor of a focused input from blinking, so that an idle console sends nothing (R41).

    Call it from the app's `on_descendant_focus`: this reaches inputs of textual's own screens as well.
    """
    if getattr(widget, "cursor_blink", False):
        widget.cursor_blink = False  # type: ignore[attr-defined]  # Input and TextArea share no base for it


class Ending:
    """Watches for SIGHUP, SIGTERM, SIGINT and a closed terminal, and makes the process end in time.

    One thread sleeps in poll(2) without a timeout, so it costs nothing while idle. On the first trouble it
    asks the app to exit; if the process still lives after the deadline (a frozen client blocks textual's
    writer, and with it the event loop) it runs `last_words`, restores the terminal and leaves with
    `os._exit`: open transactions are rolled back by the database when the connection drops.
    """

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        app_exit: Callable[[int], object],
        *,
        last_words: Callable[[], object] | None,
        deadline: float,
    ) -> None:
        self._loop = loop
        self._app_exit = app_exit
        self._last_words = last_words
        self._deadline = deadline
        self._ended_cleanly = False
        self._stopped = False
        self._wake_read, self._wake_write = os.pipe()
        os.set_blocking(self._wake_write, False)
        self._stdin = sys.__stdin__.fileno() if sys.__stdin__ is not None else 0
        try:
            self._attributes: list[Any] | None = termios.tcgetattr(self._stdin)
        except termios.error:
            self._attributes = None
        self._previous = {number: signal.signal(number, self._on_signal) for number in SIGNALS}
        self._thread = threading.Thread(target=self._watch, name="latchkey-ending", daemon=True)
        self._thread.start()

    def finished(self) -> None:
        """Say that the app ended and wrote its session-end; `last_words` is not needed any more."""
        self._ended_cleanly = True

    def stop(self) -> None:
        """Stop watching and put the former handlers back. A deadline already running goes on running."""
        self._stopped = True
        for number, handler in self._previous.items():
            signal.signal(number, handler)
        self._wake(_CLIENT_GONE)

    def _on_signal(self, number: int, _frame: object) -> None:
        self._wake(number)

    def _wake(self, number: int) -> None:
        try:
            os.write(self._wake_write, bytes([number]))
        except BlockingIOError:
            return  # 64 KiB of signals are waiting already

    def _watch(self) -> None:
        poller = select.poll()
        poller.register(self._wake_read, select.POLLIN)
        poller.register(self._stdin, 0)  # no event asked for: only hang-up, error and closed are reported
        ready = dict(poller.poll())
        if self._stopped:
            return
        number = os.read(self._wake_read, 1)[0] if self._wake_read in ready else _CLIENT_GONE
        code = 128 + (number or signal.SIGHUP)
        # A closed loop raises: the app is on its way out already, and the deadline still holds.
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._app_exit, code)
        # Nobody ever sets this: when the process ends by itself, this daemon thread ends with it.
        threading.Event().wait(self._deadline)
        self._leave(code)

    def _leave(self, code: int) -> None:
        if self._last_words is not None and not self._ended_cleanly:
            speaker = threading.Thread(target=self._last_words, name="latchkey-last-words", daemon=True)
            speaker.start()
            speaker.join(LAST_WORDS_SECONDS)
        self._restore()
        os._exit(code)

    def _restore(self) -> None:
        """Give the terminal back as it was, without ever waiting for a client that does not read."""
        try:
            if self._attributes is not None:
                termios.tcsetattr(self._stdin, termios.TCSANOW, self._attributes)
            if select.select([], [2], [], 0)[1]:
                os.write(2, _RESTORE)
        except (termios.error, OSError):
            return


def install_signal_handlers(
    loop: asyncio.AbstractEventLoop,
    app_exit: Callable[[int], object],
    *,
    last_words: Callable[[], object] | None = None,
    deadline: float = EXIT_DEADLINE,
) -> Ending:
    """Make SIGHUP, SIGTERM, SIGINT and the end of the terminal call `app_exit(exit_status)` on `loop`.

    `last_words` writes the session-end event when the loop no longer answers; it gets 0.4 s, in a thread of
    its own. Call from the main thread, with the loop running.
    """
    return Ending(loop, app_exit, last_words=last_words, deadline=deadline)


class Runnable(Protocol):
    """What `run_console` needs of a textual App."""

    @property
    def return_code(self) -> int | None: ...

    async def run_async(self, *, mouse: bool = True) -> Any: ...

    def exit(self, result: Any = None, return_code: int = 0) -> None: ...


@contextmanager
def _a_terminal_that_may_go() -> Iterator[None]:
    """Throw away what a vanished terminal no longer takes, which Python would complain about at exit."""
    try:
        yield
    finally:
        for stream in (sys.__stdout__, sys.__stderr__):
            if stream is None:
                continue
            try:
                stream.flush()
            except OSError:
                nowhere = os.open(os.devnull, os.O_WRONLY)
                os.dup2(nowhere, stream.fileno())
                os.close(nowhere)


def run_console(app: Runnable, *, last_words: Callable[[], object] | None = None, mouse: bool = True) -> int:
    """Run `app` on this terminal until it ends, and return the exit status of the process.

    Raises `NoTerminal` where there is none.
    """
    require_tty()
    ending: Ending | None = None

    async def session() -> None:
        nonlocal ending

        def leave(code: int) -> None:
            app.exit(return_code=code)

        ending = install_signal_handlers(asyncio.get_running_loop(), leave, last_words=last_words)
        await app.run_async(mouse=mouse)
        ending.finished()

    with _a_terminal_that_may_go():
        try:
            asyncio.run(session())
        finally:
            if ending is not None:
                ending.stop()
    return app.return_code or 0
