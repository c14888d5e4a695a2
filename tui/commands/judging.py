"""Judges all groups that agree in everything, on the command line."""

from dataclasses import dataclass

from db.engine import Database
from db.errors import Invalid
from db.judging import Bulk, GroupJudged, Judging, judge_groups
from db.queries.exact_groups import exact_groups
from db.rules.identifiers import format_customer_number
from db.rules.wording import counted
from tui import output
from tui.commands.setup import Setup

_SAID = {Bulk.MERGE: "merged", Bulk.DISMISS: "judged to be two people", Bulk.LATER: "put off"}


@dataclass(frozen=True, kw_only=True)
class BulkWish:
    """What is done to the groups, to how many at most, and why."""

    how: Bulk
    limit: int | None
    reason: str
    dry_run: bool


def judge_exact(setup: Setup, wish: BulkWish, *, as_json: bool) -> None:
    """Judge group by group; Ctrl+C stops it after the one that is under way."""
    if not wish.reason.strip() and not wish.dry_run:
        raise Invalid("Give a reason, with --reason.", field="reason")
    done: list[GroupJudged] = []
    with setup.database() as database, output.progress("judging groups") as report:
        groups = _groups(database, wish.limit)
        wanted = Judging(how=wish.how, actor=setup.actor(database), reason=wish.reason, dry_run=wish.dry_run)
        for at, each in enumerate(judge_groups(database, groups, wanted), start=1):
            done.append(each)
            report("judging groups", at, len(groups))
    if as_json:
        output.print_json(_as_json(done, wish))
        return
    for each in done:
        output.line(_line(each))
    _sum_up(done, wish)


def _groups(database: Database, limit: int | None) -> list[tuple[int, ...]]:
    with database.reading() as connection:
        return [group.ids for group in exact_groups(connection, limit=limit)]


def _as_json(done: list[GroupJudged], wish: BulkWish) -> dict[str, object]:
    return {
        "operation": f"duplicates-{wish.how.value}",
        "outcome": "dry-run" if wish.dry_run else "applied",
        "groups": done,
        "done": sum(each.is_done for each in done),
        "left": sum(not each.is_done for each in done),
    }


def _line(each: GroupJudged) -> str:
    numbers = ", ".join(map(format_customer_number, each.customers))
    if each.problem:
        return f"left   {numbers}: {each.problem}"
    return f"done   {numbers}" + (f" → {format_customer_number(each.survivor)}" if each.survivor else "")


def _sum_up(done: list[GroupJudged], wish: BulkWish) -> None:
    if not done:
        output.line("No group agrees in everything. See the others: latchkey duplicates list")
        return
    fine = sum(each.is_done for each in done)
    verb = f"would be {_SAID[wish.how]}" if wish.dry_run else _SAID[wish.how]
    left = f"; {counted(len(done) - fine, 'group')} left in the queue" if fine < len(done) else ""
    output.line(f"{counted(fine, 'group')} {verb}{left}.")
