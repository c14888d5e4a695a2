"""Starts the program: the console at once where nothing is asked of it, otherwise the command line.

The parser of the command line takes as long to load as a tenth of a Textual app, so a console that was
started without a word does without it.
"""

import sys


def main() -> None:
    """Start the program; the console script of the package."""
    if len(sys.argv) > 1:
        from tui.cli import main as commands

        commands()
    else:
        sys.exit(_console())


def _console() -> int:
    """Open the console on the configured database; every ending is an exit status, as with a command."""
    from tui import streams
    from tui.commands.console import open_console
    from tui.commands.setup import Setup

    streams.prepare()
    setup = Setup()
    try:
        return open_console(setup)
    except Exception as error:  # noqa: BLE001  # the last line of defence: everything becomes an exit status
        from tui.cli import ended_by

        return ended_by(error)
    except KeyboardInterrupt:
        from tui.cli import INTERRUPTED

        return INTERRUPTED
    finally:
        setup.close()
