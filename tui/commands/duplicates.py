"""Finds duplicates in the whole base, lists them and judges them."""

import click

from db.judging import Bulk
from db.models import PairState
from db.operations.judge_duplicate import OPERATION, Judgement
from db.queries import duplicates
from db.queries.duplicate_filter import Collision, Wanted
from db.queries.duplicates import PairRow
from db.queries.viewer import Viewer
from db.rules.identifiers import format_customer_number
from tui import output
from tui.commands.judging import BulkWish, judge_exact
from tui.commands.setup import Setup, pass_setup
from tui.commands.values import customer_number, limit_option
from tui.commands.work import Wish, perform


@click.group("duplicates")
def command() -> None:
    """Find customers who may be one person, and judge pairs; merge with: latchkey do merge-customers."""


@command.command("scan")
@click.option(
    "--reason", default="latchkey duplicates scan", show_default=True, help="Why, for the audit log."
)
@output.json_option
@pass_setup
def scan_all(setup: Setup, reason: str, as_json: bool) -> None:
    """Compare the whole base; Ctrl+C stops it, and it goes on there when run again."""
    from db.duplicates.scan import scan  # loads numpy

    with setup.database() as database:
        actor = setup.actor(database)
        with output.progress("looking for duplicates") as report:
            done = scan(database, actor=actor, reason=reason, report=report)
    if as_json:
        output.print_json(done)
        return
    output.line(
        f"{done.customers:,} customers, {done.compared:,} pairs compared: {done.likely:,} pairs in"
        f" {done.groups:,} groups are likely one person (from {done.threshold:g} bits on)."
    )
    if done.removed or done.lapsed:
        output.line(
            f"{done.removed:,} pairs are no longer found; {done.lapsed:,} dismissed ones are open again."
        )
    output.line("See them: latchkey duplicates list")


@command.command("list")
@click.option(
    "--state",
    type=click.Choice([state.value for state in PairState]),
    default=PairState.OPEN.value,
    show_default=True,
    help="Only pairs that were judged so.",
)
@click.option("--least", type=float, metavar="BITS", help="From this score on, instead of the threshold.")
@click.option("--most", type=float, metavar="BITS", help="Up to this score.")
@click.option("--collision", type=click.Choice(("email", "phone")), help="Only pairs that share one.")
@click.option("--group", "group_of", metavar="CUSTOMER", help="Only whom pairs connect with this customer.")
@click.option(
    "--text", default="", help="Only pairs with this number, or these beginnings of names or cities."
)
@click.option("--exact", is_flag=True, help="Only pairs that agree in everything.")
@limit_option()
@output.json_option
@pass_setup
def list_pairs(
    setup: Setup,
    state: str,
    least: float | None,
    most: float | None,
    collision: Collision | None,
    group_of: str | None,
    text: str,
    exact: bool,
    limit: int,
    as_json: bool,
) -> None:
    """List pairs that may be one person, the surest first."""
    wanted = Wanted(
        state=PairState(state), least=least, most=most, collision=collision, text=text, is_exact=exact
    )
    number = None if group_of is None else customer_number(group_of)
    with setup.database() as database:
        viewer = Viewer(setup.actor(database).operator_id)
        with database.reading() as connection:
            if number is not None:
                pairs = duplicates.group(connection, number, viewer=viewer).pairs
                more, threshold = False, None
            else:
                page = duplicates.queue(connection, wanted, viewer=viewer, limit=limit)
                pairs, more, threshold = page.rows, page.more, page.threshold
    if as_json:
        output.print_list([_as_row(pair) for pair in pairs], more=more, threshold=threshold)
        return
    _print(pairs, more=more)


def _as_row(pair: PairRow) -> dict[str, object]:
    return {
        "customers": [pair.a, pair.b],
        "weight": pair.score.weight,
        "likely": pair.is_likely,
        "explanation": pair.score.line,
        "parts": pair.score.parts,
        "deciding": pair.deciding,
        "collision": pair.collision,
        "state": pair.state,
        "reason": pair.reason,
        "judged_by": pair.judged_by,
        "judged_at": pair.judged_at,
        "version": pair.version,
    }


def _print(pairs: tuple[PairRow, ...], *, more: bool) -> None:
    if not pairs:
        output.line("No pair fits. Look for duplicates first: latchkey duplicates scan")
        return
    output.table(
        ("Score", "Customer", "Name", "Customer", "Name", "Decides", "Why"),
        [
            (
                f"{pair.score.weight:.1f}",
                format_customer_number(pair.a.customer_id),
                pair.a.name,
                format_customer_number(pair.b.customer_id),
                pair.b.name,
                f"{pair.deciding.label} {pair.deciding.what}" if pair.deciding else "nothing differs",
                pair.score.line,
            )
            for pair in pairs
        ],
    )
    if more:
        output.line("There are more. Ask for more with --limit, or for a lower score with --most.")


@command.command("judge")
@click.argument("customer", required=False)
@click.argument("other", required=False)
@click.argument("judgement", type=click.Choice([judgement.value for judgement in Judgement]), required=False)
@click.option(
    "--exact",
    "bulk",
    type=click.Choice([how.value for how in Bulk]),
    help="Instead of one pair: every group of open pairs of which each two agree in everything.",
)
@click.option("--limit", type=click.IntRange(min=1), help="With --exact: at most so many groups.")
@click.option("--reason", default="", help="Why; kept with the pair, or with each merge.")
@click.option("--dry-run", is_flag=True, help="Say what would happen, and change nothing.")
@output.json_option
@pass_setup
def judge(
    setup: Setup,
    customer: str | None,
    other: str | None,
    judgement: str | None,
    bulk: str | None,
    limit: int | None,
    reason: str,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Say that CUSTOMER and OTHER are two people (dismiss), put them off (later), or reopen the pair.

    With --exact all groups that agree in everything are merged, dismissed or put off; each by operations of
    its own, and one that cannot be merged stays in the queue with its reason.
    """
    if bulk is not None:
        if customer is not None:
            raise click.UsageError("With --exact no customers are named.")
        wish = BulkWish(how=Bulk(bulk), limit=limit, reason=reason, dry_run=dry_run)
        judge_exact(setup, wish, as_json=as_json)
        return
    if customer is None or other is None or judgement is None:
        raise click.UsageError("Name two customers and a judgement, or use --exact.")
    values = {"customer": customer, "other": other, "judgement": judgement}
    applied = perform(setup, OPERATION, Wish(values=values, reason=reason, dry_run=dry_run))
    if as_json:
        output.print_json(
            {
                "operation": applied.operation,
                "outcome": applied.outcome,
                "event": applied.event,
                "changes": [
                    {"field": change.key, "before": change.before, "after": change.after}
                    for change in applied.changes
                ],
            }
        )
        return
    output.line(f"{'Would be' if dry_run else 'Done'}: {judgement}.")
    for sentence in applied.outcomes:
        output.line(sentence)
