"""Starts the console on a database, with the outbox beside it where nothing else delivers.

The screen comes first: the database is opened, and everything that speaks to it loaded, in a thread.
"""

import gc
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from db.errors import LatchkeyError
from tui import terminal
from tui.app import SANDBOX, Console
from tui.bridge import Bridge
from tui.config import incident_folder
from tui.incident import install_hooks
from tui.incoming import read_any_bytes
from tui.preferences import preference_file
from tui.replies import swallow_replies

if TYPE_CHECKING:  # loaded behind the screen
    from db.actor import Actor
    from db.delivery.transports import Transport
    from db.engine import Database

DELIVERY_ENDS_SECONDS: Final = 0.5
"""How long leaving waits for the delivery thread; what it was doing is taken up again by its lease."""


@dataclass(frozen=True, kw_only=True)
class Session:
    """What one operator's session is made of.

    `opener` and `actor` are called in a thread, once the first screen is up. A read-only session changes
    nothing, so it delivers nothing either. Without `mouse`, or where the person prefers so, the terminal
    keeps the mouse. `code_key` reads the key of one-time codes, which wait for another worker where there
    is none.
    """

    opener: "Callable[[], Database]"
    actor: "Callable[[Database], Actor]"
    environment: Literal["PRODUCTION", "SANDBOX"]
    mailbox: Path | None
    smtp_url: str | None
    sms_url: str | None = None
    link_host: str | None = None
    code_key: "Callable[[], bytes] | None" = None
    mouse: bool = True
    read_only: bool = False

    @property
    def is_practice(self) -> bool:
        """Whether this is the sandbox."""
        return self.environment == SANDBOX


def run_console(session: Session) -> int:
    """Run a session on this terminal and return the exit status.

    Raises `NoTerminal`, and what `opener` and `actor` raise, when the screen is gone.
    """
    folder = incident_folder()
    install_hooks(folder=folder)
    bridge = Bridge(
        session.opener,
        session.actor,
        mailbox=session.mailbox if session.is_practice else None,
        link_host=session.link_host,
        code_key=session.code_key if session.is_practice else None,
    )
    delivery = _Delivery(session)
    console = Console(
        bridge,
        environment=session.environment,
        incident_folder=folder,
        preferences=preference_file(),
        read_only=session.read_only,
        when_open=lambda database: _settled(database, delivery),
    )
    goodbye = _Goodbye(bridge)
    swallow_replies()
    read_any_bytes()
    try:
        is_wanted = session.mouse and console.preferences.mouse
        status = terminal.run_console(console, last_words=goodbye, mouse=is_wanted)
    finally:
        delivery.end()
        goodbye()
        bridge.close()
    if console.refusal is not None:
        raise console.refusal
    return status


def _settled(database: "Database", delivery: "_Delivery") -> None:
    gc.collect()  # what loading left behind, a tenth of the memory
    gc.freeze()  # what was loaded stays: no collection need look through it
    gc.enable()
    delivery.begin(database)


class _Goodbye:
    """Writes the end of the session, at most once, whichever way it comes."""

    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge
        self._lock = threading.Lock()
        self._is_said = False

    def __call__(self) -> None:
        with self._lock:
            if self._is_said:
                return
            self._is_said = True
        if not self._bridge.is_open:  # nobody came in
            return
        with suppress(LatchkeyError):  # nobody is left to read the sentence
            self._bridge.say_goodbye()


def _transport(session: Session) -> "Transport | None":
    """In the sandbox mails go into a folder, and never anywhere else."""
    if session.is_practice:
        from db.delivery.folder import FolderTransport

        return None if session.mailbox is None else FolderTransport(session.mailbox)
    if session.smtp_url is None:
        return None
    from db.delivery.ways_out import transport_to

    return transport_to(smtp_url=session.smtp_url, sms_url=session.sms_url)


class _Delivery:
    """Delivers in a thread while the console runs; on PostgreSQL a service of its own does that."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def begin(self, database: "Database") -> None:
        """Start, where there is something to deliver by."""
        if database.is_sqlite and not database.read_only:
            self._thread = threading.Thread(
                target=self._run, args=(database,), name="latchkey-outbox", daemon=True
            )
            self._thread.start()

    def _run(self, database: "Database") -> None:
        session = self._session
        transport = _transport(session)
        if transport is None:
            return
        from db.delivery.worker import Outbox

        code_key = None if session.code_key is None else session.code_key()
        Outbox(database, transport, link_host=session.link_host, code_key=code_key).run(self._stop)

    def end(self) -> None:
        """Stop, and wait a moment for what is being done."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(DELIVERY_ENDS_SECONDS)
