"""Lists, exports and verifies the audit log."""

from pathlib import Path
from typing import Final

import click

from db import runner
from db.audit.verify import Verdict, verify
from db.errors import IntegrityFailed
from db.queries import audit
from db.rules.identifiers import format_customer_number
from db.rules.wording import counted
from tui import output
from tui.commands.setup import Setup, pass_setup
from tui.commands.values import NUMBER, as_text, customer_number, limit_option, moment
from tui.exporting import Format
from tui.oversight import export_events

STANDARD_OUTPUT: Final = "-"


@click.group("audit")
def command() -> None:
    """List, export and verify the audit log."""


@command.command("list")
@click.option("--customer", metavar="CUSTOMER", help="Only events about this customer.")
@click.option("--operator", callback=as_text, metavar="ID", help="Only events of this operator.")
@click.option("--operation", callback=as_text, metavar="NAME", help="Only events of this operation.")
@click.option("--outcome", type=click.Choice(("applied", "refused", "seen")), help="Only this outcome.")
@click.option("--since", metavar="DATE", help="From this moment on, UTC.")
@click.option("--until", metavar="DATE", help="Before this moment, UTC.")
@click.option("--before", type=NUMBER, metavar="SEQ", help="Older than this event: the next page.")
@limit_option()
@output.json_option
@pass_setup
def list_events(
    setup: Setup,
    customer: str | None,
    operator: str | None,
    operation: str | None,
    outcome: str | None,
    since: str | None,
    until: str | None,
    before: int | None,
    limit: int,
    as_json: bool,
) -> None:
    """List events, newest first. Reading the log is an event itself."""
    customer_id = None if customer is None else customer_number(customer)
    first, end = moment(since, field="since"), moment(until, field="until")
    with setup.database() as database:
        actor = setup.actor(database)
        with database.reading() as connection:
            page = audit.page(
                connection,
                customer_id=customer_id,
                operator_id=operator,
                operation=operation,
                outcome=outcome,
                since=first,
                until=end,
                before_seq=before,
                limit=limit,
            )
        runner.observe(database, actor, "read-audit", customer_id=customer_id)
    if as_json:
        output.print_list(page.rows, more=page.more)
        return
    _print(page)


def _print(page: audit.AuditPage) -> None:
    if not page.rows:
        output.line("No event fits. Leave out a condition.")
        return
    output.table(
        ("Event", "At", "Operator", "Role", "Operation", "Outcome", "About"),
        [
            (
                row.seq,
                row.at,
                row.operator_id,
                row.role,
                row.operation,
                row.outcome,
                format_customer_number(row.customer_id) if row.customer_id else row.target,
            )
            for row in page.rows
        ],
    )
    if page.more:
        output.line(f"There are older ones. Go on with: --before {page.rows[-1].seq}")


@command.command("export")
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--csv", "as_csv", is_flag=True, help="For a spreadsheet; otherwise one line of JSON an event.")
@click.option("--customer", metavar="CUSTOMER", help="Only events about this customer.")
@click.option("--operator", callback=as_text, metavar="ID", help="Only events of this operator.")
@click.option("--operation", callback=as_text, metavar="NAME", help="Only events of this operation.")
@click.option("--outcome", type=click.Choice(("applied", "refused", "seen")), help="Only this outcome.")
@click.option("--since", metavar="DATE", help="From this moment on, UTC.")
@click.option("--until", metavar="DATE", help="Before this moment, UTC.")
@output.json_option
@pass_setup
def export(setup: Setup, /, path: Path, *, as_csv: bool, as_json: bool, **asked: str | None) -> None:
    """Write events to a new FILE that only you can read, or to standard output (-).

    The export is an event itself. Ctrl+C cancels it, with exit status 130: no file is left, and that is an
    event too.
    """
    customer, file = asked["customer"], None if str(path) == STANDARD_OUTPUT else path
    wanted = audit.Filter(
        customer_id=None if customer is None else customer_number(customer),
        operator_id=asked["operator"],
        operation=asked["operation"],
        outcome=asked["outcome"],
        since=moment(asked["since"], field="since"),
        until=moment(asked["until"], field="until"),
    )
    with setup.database() as database:
        actor = setup.actor(database)
        with output.progress("writing events") as report:
            how: Format = "csv" if as_csv else "json"
            rows = export_events(database, actor, wanted, how=how, path=file, report=report)
    if file is None:
        output.line(f"{counted(rows, 'event')} written.", err=True)
    elif as_json:
        output.print_json({"rows": rows, "file": str(path)})
    else:
        output.line(f"{counted(rows, 'event')} written to {path}.")


@command.command("verify")
@output.json_option
@pass_setup
def verify_log(setup: Setup, as_json: bool) -> None:
    """Check the whole log; the exit status is 4 where it does not verify."""
    with setup.database() as database, output.progress("verifying events") as report:
        setup.actor(database)
        with database.reading() as connection:
            verdict = verify(connection, lambda done, total: report("", done, total))
    if verdict.problem is not None:
        raise AuditBroken(verdict)
    if as_json:
        output.print_json({"ok": True, "events": verdict.events, "redacted": verdict.redacted})
        return
    output.line(f"The audit log is in order: {counted(verdict.events, 'event')}.")
    if verdict.redacted:
        output.line(f"The values of {counted(len(verdict.redacted), 'event')} were erased by a later event.")


class AuditBroken(IntegrityFailed):
    """The log does not verify; names the first bad event and what is wrong with it."""

    def __init__(self, verdict: Verdict) -> None:
        problem = verdict.problem
        assert problem is not None
        super().__init__(
            f"The audit log does not verify at event {problem.seq} ({problem.kind}): {problem.sentence}"
            " Change nothing more, keep a copy of the database, and tell an admin."
        )
        self.extra = {"seq": problem.seq, "kind": problem.kind, "events": verdict.events}
