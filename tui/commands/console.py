"""Starts the full-screen console; the only place of the command line that loads textual's app."""

from tui.commands.setup import Setup
from tui.terminal import NoTerminal, prepare_environment, require_tty

CONSOLE_ROLE = "support"
"""The practice operator of the console, where no role is named."""


def open_console(setup: Setup) -> int:
    """Open the console and return its exit status; raise a sentence where it cannot be opened."""
    from db.errors import Invalid

    try:
        require_tty()
    except NoTerminal as reason:
        raise Invalid(str(reason), code="no-terminal") from None
    if setup.in_sandbox and setup.role is None:
        setup.role = CONSOLE_ROLE
    with setup.database() as database:  # what is wrong is said before the screen is taken over
        actor = setup.actor(database)
    prepare_environment()
    from tui.console import run_console

    return run_console(
        address=setup.address,
        actor=actor,
        environment="SANDBOX" if setup.in_sandbox else "PRODUCTION",
        mailbox=setup.mailbox,
        smtp_url=None if setup.in_sandbox else setup.config.smtp_url,
        link_host=None if setup.in_sandbox else setup.config.link_host,
        read_only=setup.read_only,
        mouse=setup.mouse,
    )
