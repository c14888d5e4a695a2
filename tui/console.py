"""Starts the console on a database, with the outbox beside it where nothing else delivers."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final, Literal

from db.actor import Actor
from db.delivery.folder import FolderTransport
from db.delivery.smtp import SmtpTransport
from db.delivery.transports import Transport
from db.delivery.worker import Outbox
from db.engine import Database
from db.errors import LatchkeyError
from db.schema import open_database
from tui import terminal
from tui.app import SANDBOX, Console
from tui.bridge import Bridge
from tui.config import incident_folder
from tui.incident import install_hooks
from tui.preferences import preference_file

DELIVERY_ENDS_SECONDS: Final = 0.5
"""How long leaving waits for the delivery thread; what it was doing is taken up again by its lease."""


def run_console(
    *,
    address: str,
    actor: Actor,
    environment: Literal["PRODUCTION", "SANDBOX"],
    mailbox: Path | None,
    smtp_url: str | None,
    link_host: str | None = None,
    mouse: bool = True,
    read_only: bool = False,
) -> int:
    """Run one operator's session on this terminal and return the exit status.

    A read-only one changes nothing, so it delivers nothing either.
    Without `mouse`, or where the person prefers so, the terminal keeps the mouse.
    Raises `NoTerminal`, and `Unavailable` where the database cannot be opened.
    """
    folder = incident_folder()
    install_hooks(folder=folder)
    database = open_database(address, read_only=read_only)
    bridge = Bridge(lambda: database, actor, mailbox=mailbox if environment == SANDBOX else None)
    console = Console(
        bridge,
        environment=environment,
        incident_folder=folder,
        preferences=preference_file(),
        read_only=read_only,
    )
    goodbye = _Goodbye(bridge)
    try:
        with _delivering(database, _transport(environment, mailbox, smtp_url), link_host):
            is_wanted = mouse and console.preferences.mouse
            return terminal.run_console(console, last_words=goodbye, mouse=is_wanted)
    finally:
        goodbye()
        bridge.close()
        database.close()


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
        with suppress(LatchkeyError):  # nobody is left to read the sentence
            self._bridge.say_goodbye()


def _transport(environment: str, mailbox: Path | None, smtp_url: str | None) -> Transport | None:
    """In the sandbox mails go into a folder, and never anywhere else."""
    if environment == SANDBOX:
        return None if mailbox is None else FolderTransport(mailbox)
    return None if smtp_url is None else SmtpTransport(smtp_url)


@contextmanager
def _delivering(database: Database, transport: Transport | None, link_host: str | None) -> Iterator[None]:
    """Deliver in a thread while the console runs; on PostgreSQL a service of its own does that."""
    if transport is None or not database.is_sqlite or database.read_only:
        yield
        return
    stop = threading.Event()
    outbox = Outbox(database, transport, link_host=link_host)
    thread = threading.Thread(target=outbox.run, args=(stop,), name="latchkey-outbox", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(DELIVERY_ENDS_SECONDS)
