"""Starts the full-screen console; the only place of the command line that loads textual's app."""

import gc
from typing import TYPE_CHECKING

from tui.commands.setup import Setup
from tui.terminal import NoTerminal, prepare_environment, require_tty

if TYPE_CHECKING:
    from db.actor import Actor
    from db.engine import Database
    from tui.console import Session

CONSOLE_ROLE = "support"
"""The practice operator of the console, where no role is named."""


def open_console(setup: Setup) -> int:
    """Open the console and return its exit status; raise a sentence where it cannot be opened.

    What is wrong with the configuration is said before the screen is taken over, what is wrong with the
    database when the screen was given back: it is looked at behind the first screen.
    """
    from db.errors import Invalid

    gc.disable()  # until the console is open: loading makes much and drops little
    try:
        require_tty()
    except NoTerminal as reason:
        raise Invalid(str(reason), code="no-terminal") from None
    if setup.in_sandbox and setup.role is None:
        setup.role = CONSOLE_ROLE
    address = setup.address
    prepare_environment()
    from tui.console import run_console

    return run_console(_session(setup, address))


def _session(setup: Setup, address: str) -> "Session":
    from tui.console import Session

    def opener() -> "Database":
        from db.schema import open_database

        with setup.remedied():
            return open_database(address, read_only=setup.read_only)

    def actor(database: "Database") -> "Actor":
        with setup.remedied():
            return setup.actor(database)

    return Session(
        opener=opener,
        actor=actor,
        environment="SANDBOX" if setup.in_sandbox else "PRODUCTION",
        mailbox=setup.mailbox,
        smtp_url=None if setup.in_sandbox else setup.config.smtp_url,
        sms_url=None if setup.in_sandbox else setup.config.sms_url,
        code_key=setup.code_key,
        link_host=None if setup.in_sandbox else setup.config.link_host,
        read_only=setup.read_only,
        mouse=setup.mouse,
    )
