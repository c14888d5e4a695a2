"""Runs any operation of the registry; its options come from the operation's own parameters."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Final
from uuid import uuid4

import click

from db.applied import Applied
from db.errors import Invalid, Stale
from db.ledger import Change
from db.operation import Danger, Operation
from db.operations import REGISTRY
from db.operations.forms import FieldInfo, describe
from db.rules.roles import Right
from tui import labels, output
from tui.commands.setup import Setup
from tui.commands.values import NUMBER
from tui.commands.work import Wish, perform

GROUPS: Final = (
    "base",
    "customer",
    "address",
    "email",
    "phone",
    "contact",
    "sign-in",
    "pass",
    "contract",
    "duplicates",
    "interaction",
    "messages",
    "settings",
    "operators",
)
"""The order of the groups in the help; others follow by name."""
CHANGE_COLUMNS: Final = ("Field", "Before", "After")


def offered() -> dict[str, Operation]:
    """Return the operations that a person can run: all but those of the product's own workers."""
    return {name: found for name, found in sorted(REGISTRY.items()) if found.right is not Right.SERVICE}


class Operations(click.Group):
    """Offers every operation as a command, and builds only the one that is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(offered())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        operation = offered().get(cmd_name)
        return None if operation is None else as_command(operation)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        groups: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for name, operation in offered().items():
            groups[operation.group].append((name, operation.label))
        places = {group: place for place, group in enumerate(GROUPS)}
        for group in sorted(groups, key=lambda group: (places.get(group, len(GROUPS)), group)):
            with formatter.section(group.replace("-", " ").capitalize()):
                formatter.write_dl(groups[group])


@click.group("do", cls=Operations, subcommand_metavar="OPERATION [OPTIONS]…")
def command() -> None:
    """Run an operation; OPERATION --help says what it needs.

    Every operation takes --dry-run, --reason, --version, --request-id, --interaction and --json.
    """


@dataclass(frozen=True)
class _Run:
    """The callback of one operation's command."""

    operation: Operation

    def __call__(self, **given: Any) -> None:
        setup = click.get_current_context().find_object(Setup)
        assert setup is not None  # the root command made it
        try:
            applied = perform(setup, self.operation, self._wish(given))
        except Stale as error:
            if not given["as_json"]:
                print_changed_meanwhile(error)
            raise
        print_applied(applied, as_json=given["as_json"])

    def _wish(self, given: dict[str, Any]) -> Wish:
        fields = describe(self.operation)
        is_about_one = any(field.name == "interaction" for field in fields)
        must_confirm = self.operation.danger is Danger.IRREVERSIBLE and not given["dry_run"]
        return Wish(
            values={field.name: given[field.name] for field in fields},
            reason=given["reason"],
            version=given["version"],
            request_id=given["request_id"] or uuid4().hex,
            interaction=None if is_about_one else given["interaction"],
            dry_run=given["dry_run"],
            check=partial(require_confirmation, given["confirm"], self.operation.name)
            if must_confirm
            else None,
        )


def as_command(operation: Operation) -> click.Command:
    """Build the click command of an operation."""
    options: list[click.Parameter] = [_option(field) for field in describe(operation)]
    taken = {option.name for option in options}
    if operation.danger is Danger.IRREVERSIBLE:
        options.append(click.Option(["--confirm"], metavar="OPERATION", help="Repeat the operation's name."))
    warning = {
        Danger.SAFE: "",
        Danger.DESTRUCTIVE: " Look at it with --dry-run first.",
        Danger.IRREVERSIBLE: " It cannot be undone: look at it with --dry-run first.",
    }
    return click.Command(
        name=operation.name,
        callback=_Run(operation),
        params=[*options, *(option for option in _own_options() if option.name not in taken)],
        help=operation.help + warning[operation.danger],
        short_help=operation.label,
    )


def require_confirmation(typed: str | None, wanted: str) -> None:
    """Raise `Invalid` unless what cannot be undone was confirmed by repeating a name."""
    if typed != wanted:
        raise Invalid(
            f"This cannot be undone. Confirm it with: --confirm {wanted}", field="confirm", code="confirm"
        )


def _option(field: FieldInfo) -> click.Option:
    flag = f"--{field.name.replace('_', '-')}"
    notes = [field.help or field.title]
    if len(field.options) > 5:
        notes.append(f"One of: {', '.join(field.options)}.")
    if field.required:
        notes.append("[required]")
    help_text = " ".join(notes)
    if field.type == "flag":
        return click.Option([f"{flag}/--no-{flag[2:]}", field.name], default=None, help=help_text)
    return click.Option(
        [flag, field.name],
        metavar=_metavar(field),
        help=help_text,
        shell_complete=_completer(field.options),
    )


def _metavar(field: FieldInfo) -> str:
    if field.kind == "customer":
        return "CUSTOMER"
    if field.options and len(field.options) <= 5:
        return "|".join(field.options)
    return {"int": "N", "date": "DATE"}.get(field.type, "TEXT")


def _completer(options: tuple[str, ...]) -> Callable[..., list[str]] | None:
    if not options:
        return None
    return lambda _context, _parameter, typed: [option for option in options if option.startswith(typed)]


def _own_options() -> tuple[click.Option, ...]:
    return (
        click.Option(["--dry-run"], is_flag=True, help="Say what would change, and change nothing."),
        click.Option(["--reason"], default="", metavar="TEXT", help="Why; kept in the audit log. [required]"),
        click.Option(
            ["--version"], type=NUMBER, metavar="N", help="Refuse if the record is newer than this."
        ),
        click.Option(["--request-id"], metavar="ID", help="The same id twice makes the change once."),
        click.Option(
            ["--interaction"], type=NUMBER, metavar="N", help="The interaction that this belongs to."
        ),
        click.Option(["--json", "as_json"], is_flag=True, help="Answer as JSON."),
    )


def print_applied(applied: Applied, *, as_json: bool) -> None:
    """Print what an operation did or would do."""
    if as_json:
        output.print_json(
            {
                "operation": applied.operation,
                "outcome": applied.outcome,
                "event": applied.event,
                "customer": applied.customer_id,
                "version": applied.version,
                "repeated": applied.repeated,
                "changes": applied.changes,
                "outcomes": applied.outcomes,
                "warnings": applied.warnings,
            }
        )
        return
    output.table(CHANGE_COLUMNS, _change_rows(applied.changes))
    for sentence in applied.outcomes:
        output.line(f"Also: {sentence}.")
    for sentence in applied.warnings:
        output.line(f"Warning: {sentence}")
    output.line(_ending(applied))


def print_changed_meanwhile(error: Stale) -> None:
    """Say field by field what somebody else changed, above the error's own sentence (R55)."""
    output.line(f"What changed meanwhile; the newest is version {error.version}:", err=True)
    output.table(CHANGE_COLUMNS, _change_rows(error.changes), err=True)


def _change_rows(changes: tuple[Change, ...]) -> list[tuple[str, str, str]]:
    return [
        (
            labels.label(change.field),
            _read(change.before, field=change.field),
            _read(change.after, field=change.field),
        )
        for change in told(changes)
    ]


def told(changes: tuple[Change, ...]) -> tuple[Change, ...]:
    """Return the changes that a person reads: mails and links are told by a sentence, where there is more."""
    own = tuple(change for change in changes if change.field.partition(".")[0] not in ("message", "link"))
    return own or changes


def _read(value: str | None, *, field: str) -> str:
    return "–" if value is None else labels.value(value, field=field)


def _ending(applied: Applied) -> str:
    if applied.event is None:
        return "Nothing was changed: this was a dry run."
    about = "" if applied.customer_id is None else f" for C-{applied.customer_id}"
    if applied.repeated:
        return f"This was done before{about}, as event {applied.event}. Nothing was changed now."
    return f"Done{about}: event {applied.event}."
