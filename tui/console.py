"""Starts the console on a database, with the outbox beside it where nothing else delivers.

The screen comes first: the database is opened, and everything that speaks to it loaded, in a thread.
"""

import gc
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from db.errors import LatchkeyError
from tui import terminal
from tui.app import SANDBOX, Console
from tui.bridge import Bridge
from tui.config import incident_folder
from tui.incident import install_hooks
from tui.preferences import preference_file
from tui.replies import swallow_replies

if TYPE_CHECKING:  # loaded behind the screen
    from db.actor import Actor
    from db.delivery.transports import Transport
    from db.engine import Database

DELIVERY_ENDS_SECONDS: Final = 0.5
"""How long leaving waits for the delivery thread; what it was doing is taken up again by its lease."""


def run_console(
    *,
    opener: "Callable[[], Database]",
    actor: "Callable[[Database], Actor]",
    environment: Literal["PRODUCTION", "SANDBOX"],
    mailbox: Path | None,
    smtp_url: str | None,
    sms_url: str | None = None,
    link_host: str | None = None,
    code_key: "Callable[[], bytes] | None" = None,
    mouse: bool = True,
    read_only: bool = False,
) -> int:
    """Run one operator's session on this terminal and return the exit status.

    `opener` and `actor` are called in a thread, once the first screen is up. A read-only session changes
    nothing, so it delivers nothing either. Without `mouse`, or where the person prefers so, the terminal
    keeps the mouse. `code_key` reads the key of one-time codes, which wait for another worker where there
    is none. Raises `NoTerminal`, and what `opener` and `actor` raise, when the screen is gone.
    """
    folder = incident_folder()
    install_hooks(folder=folder)
    bridge = Bridge(
        opener,
        actor,
        mailbox=mailbox if environment == SANDBOX else None,
        link_host=link_host,
        code_key=code_key if environment == SANDBOX else None,
    )

    def settled(database: "Database") -> None:
        gc.collect()  # what loading left behind, a tenth of the memory
        gc.freeze()  # what was loaded stays: no collection need look through it
        gc.enable()
        delivery.begin(database)

    delivery = _Delivery(lambda: _transport(environment, mailbox, smtp_url, sms_url), link_host, code_key)
    console = Console(
        bridge,
        environment=environment,
        incident_folder=folder,
        preferences=preference_file(),
        read_only=read_only,
        when_open=settled,
    )
    goodbye = _Goodbye(bridge)
    swallow_replies()
    try:
        is_wanted = mouse and console.preferences.mouse
        status = terminal.run_console(console, last_words=goodbye, mouse=is_wanted)
    finally:
        delivery.end()
        goodbye()
        bridge.close()
    if console.refusal is not None:
        raise console.refusal
    return status


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


def _transport(
    environment: str, mailbox: Path | None, smtp_url: str | None, sms_url: str | None
) -> "Transport | None":
    """In the sandbox mails go into a folder, and never anywhere else."""
    if environment == SANDBOX:
        from db.delivery.folder import FolderTransport

        return None if mailbox is None else FolderTransport(mailbox)
    if smtp_url is None:
        return None
    from db.delivery.ways_out import transport_to

    return transport_to(smtp_url=smtp_url, sms_url=sms_url)


class _Delivery:
    """Delivers in a thread while the console runs; on PostgreSQL a service of its own does that."""

    def __init__(
        self,
        transport: "Callable[[], Transport | None]",
        link_host: str | None,
        code_key: "Callable[[], bytes] | None",
    ) -> None:
        self._transport = transport
        self._link_host = link_host
        self._code_key = code_key
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
        transport = self._transport()
        if transport is None:
            return
        from db.delivery.worker import Outbox

        code_key = None if self._code_key is None else self._code_key()
        Outbox(database, transport, link_host=self._link_host, code_key=code_key).run(self._stop)

    def end(self) -> None:
        """Stop, and wait a moment for what is being done."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(DELIVERY_ENDS_SECONDS)
