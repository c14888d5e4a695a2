"""The command line: finds the command, loads only that one, and turns every ending into an exit status.

0 done · 1 refused or invalid · 2 usage · 3 database unusable · 4 integrity failed · 130 interrupted.
"""

import errno
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, Final, NamedTuple

import click

from db.errors import LatchkeyError
from tui import streams
from tui.commands.setup import ROLES, Setup

PROGRAM: Final = "latchkey"
USAGE, INTERRUPTED = 2, 130
_OUTPUT_FAILED: Final = (
    "The answer could not be written whole. The command itself may have done its work: look before you repeat"
    " it, and check where its output goes."
)


class Lazy(NamedTuple):
    """A command that is loaded when it is used: its module in `tui.commands`, and its line in the help."""

    module: str
    help: str


COMMANDS: Final[dict[str, dict[str, Lazy]]] = {
    "Console": {
        "sandbox": Lazy("sandbox", "Open the console on the practice database."),
    },
    "Customers": {
        "find": Lazy("find", "Find customers by name, email, phone, username, pass, contract or number."),
        "show": Lazy("show", "Show everything about one customer."),
        "diagnose": Lazy("diagnose", "Say why a customer cannot sign in, and what to do."),
        "do": Lazy("do", "Run an operation; `do --help` lists them."),
        "inspect": Lazy("inspect", "Inspect a mail that a customer forwarded: ours or not, and its link."),
        "interaction": Lazy("interaction", "Start, close and list interactions."),
        "playbook": Lazy("playbook", "List, check and walk the procedures."),
    },
    "Oversight": {
        "audit": Lazy("audit", "List, export and verify the audit log."),
        "dedup": Lazy("dedup", "Try a duplicate detection mode before it is in force."),
        "duplicates": Lazy("duplicates", "Find customers who may be one person, list and judge pairs."),
        "operator": Lazy("operator", "Add, disable and list operators, change their role."),
        "outbox": Lazy("outbox", "Deliver, list and retry messages, and take in those that came back."),
        "settings": Lazy("settings", "List the settings in force."),
        "typos": Lazy("typos", "List the typo table, and try an address on it."),
    },
    "Installation": {
        "completion": Lazy("completion", "Print the shell's completion script."),
        "db": Lazy("database", "Create, migrate and check the database."),
        "doctor": Lazy("doctor", "Check that this installation is sound."),
        "paths": Lazy("paths", "Print which files and addresses are used."),
        "version": Lazy("version", "Print the versions of program, Python and schema."),
    },
}
_BY_NAME: Final = {name: lazy for section in COMMANDS.values() for name, lazy in section.items()}


class Program(click.Group):
    """The root command: commands come from `COMMANDS`, and no ending shows a traceback (R39)."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(_BY_NAME)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        lazy = _BY_NAME.get(cmd_name)
        if lazy is None:
            return None
        command: click.Command = import_module(f"tui.commands.{lazy.module}").command
        command.short_help = lazy.help
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for section, commands in COMMANDS.items():
            with formatter.section(section):
                formatter.write_dl([(name, lazy.help) for name, lazy in commands.items()])

    def main(self, args: Sequence[str] | None = None, *rest: Any, **extra: Any) -> Any:
        """Run the program and leave with its exit status."""
        words = list(sys.argv[1:] if args is None else args)
        extra.update(standalone_mode=False, prog_name=PROGRAM)
        streams.prepare()
        try:
            status = super().main(words, *rest, **extra)
            sys.stdout.flush()
        except Exception as error:  # noqa: BLE001  # the last line of defence: everything becomes an exit status
            status = ended_by(error, as_json=wants_json(words))
        except KeyboardInterrupt:
            status = INTERRUPTED
        sys.exit(status if isinstance(status, int) else 0)


def wants_json(words: list[str]) -> bool:
    """Whether errors are to be JSON, even where the command line itself could not be understood."""
    before_values = words[: words.index("--")] if "--" in words else words
    return "--json" in before_values


def ended_by(error: Exception, *, as_json: bool = False) -> int:
    """Say how the program ended, and return its exit status."""
    from db.rules import Malformed

    if isinstance(error, click.Abort):
        return INTERRUPTED
    if isinstance(error, OSError) and error.errno == errno.EPIPE:
        streams.let_go(sys.stdout)  # nobody reads any more, so nothing is said
        return 1
    if isinstance(error, OSError) and streams.was_printing(error):
        streams.let_go(sys.stdout)
        return _report(LatchkeyError(_OUTPUT_FAILED, code="output"), 1, as_json=False)
    if isinstance(error, LatchkeyError):
        return _report(error, error.exit_status, as_json=as_json)
    if isinstance(error, Malformed):
        wrong = LatchkeyError(error.sentence, field=error.field, code="invalid")
        return _report(wrong, wrong.exit_status, as_json=as_json)
    if isinstance(error, click.ClickException):
        return _report(LatchkeyError(_usage(error), code="usage"), USAGE, as_json=as_json)
    from tui.config import incident_folder
    from tui.incident import record_incident, sentence

    incident = record_incident(error, folder=incident_folder())
    return _report(LatchkeyError(sentence(incident), code="incident"), 1, as_json=as_json)


def _usage(error: click.ClickException) -> str:
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else PROGRAM
    return f"{error.format_message()} See: {path} --help"


def _report(error: LatchkeyError, status: int, *, as_json: bool) -> int:
    from tui.output import print_error
    from tui.text import safe

    try:
        if as_json:
            print_error(error)
        else:
            click.echo(safe(error), err=True)
    except OSError:
        streams.let_go(sys.stdout if as_json else sys.stderr)
        if as_json:
            return _report(error, status, as_json=False)
    return status


@click.group(
    cls=Program,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option(
    "--config",
    "config_file",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Read this configuration file instead of your own and the environment.",
)
@click.option("--sandbox", "in_sandbox", is_flag=True, help="Run the command on the practice database.")
@click.option(
    "--role", type=click.Choice(ROLES), help="On the practice database: work as this role's operator."
)
@click.option("--no-mouse", is_flag=True, help="Leave the mouse to your terminal, this time.")
@click.option("--read-only", is_flag=True, help="Look, and change nothing; what is seen is recorded.")
@click.pass_context
def cli(
    ctx: click.Context,
    config_file: Path | None,
    in_sandbox: bool,
    role: str | None,
    no_mouse: bool,
    read_only: bool,
) -> None:
    """Get locked-out customers back into their accounts.

    Without a command this opens the console on the configured database. Every command that answers with
    data takes --json.
    """
    if role is not None and not in_sandbox and ctx.invoked_subcommand != "sandbox":
        raise click.UsageError("--role is for the practice database only: add --sandbox.", ctx)
    setup = Setup(
        config_file=config_file, in_sandbox=in_sandbox, role=role, mouse=not no_mouse, read_only=read_only
    )
    ctx.obj = setup
    ctx.call_on_close(setup.close)
    if ctx.invoked_subcommand is not None:
        return
    from tui.commands.console import open_console

    ctx.exit(open_console(setup))


def main() -> None:
    """Start the program with its commands."""
    cli.main()
