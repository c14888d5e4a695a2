"""Lists, prints, checks and walks playbooks."""

from pathlib import Path

import click

from db.errors import Invalid
from db.operations import REGISTRY
from db.playbooks.checks import CHECK_ANSWERS
from db.playbooks.library import playbook, playbooks
from db.queries.walks import StepView, WalkView, walk, walks_of_interaction
from db.rules.playbooks import MAX_SOURCE, Standing, Unusable, read
from tui import output
from tui.commands.setup import Setup, pass_setup
from tui.commands.values import NUMBER, customer_number
from tui.commands.work import Wish, operation, perform

_MARKS = {Standing.DONE: "✓", Standing.NEXT: "●", Standing.LATER: "·", Standing.SKIPPED: "–"}
_SOURCE = click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True, readable=True))


@click.group("playbook")
def command() -> None:
    """List, print, check and walk the procedures that the console leads through."""


@command.command("list")
@click.option("--all", "with_retired", is_flag=True, help="Retired ones too.")
@output.json_option
@pass_setup
def list_playbooks(setup: Setup, with_retired: bool, as_json: bool) -> None:
    """List the playbooks that may be walked."""
    with setup.database() as database:
        setup.actor(database)
        with database.reading() as connection:
            found = playbooks(connection, with_retired=with_retired)
    rows = [
        {
            "id": kept.playbook.id,
            "procedure": kept.playbook.procedure,
            "title": kept.playbook.title,
            "steps": len(kept.playbook.steps),
            "origin": "your own" if kept.is_own else "shipped",
            "retired": not kept.is_active,
        }
        for kept in found
    ]
    if as_json:
        output.print_list(rows)
        return
    output.table(
        ("Playbook", "For", "Title", "Steps", "Origin", "Retired"), [tuple(row.values()) for row in rows]
    )


@command.command("show")
@click.argument("name")
@output.json_option
@pass_setup
def show(setup: Setup, name: str, as_json: bool) -> None:
    """Print the source of playbook NAME, to read or to start a new one from."""
    with setup.database() as database:
        setup.actor(database)
        with database.reading() as connection:
            kept = playbook(connection, name)
    if as_json:
        output.print_json({"id": name, "source": kept.source, "version": kept.version})
        return
    for line in kept.source.splitlines():
        output.line(line)


@command.command("check")
@_SOURCE
@output.json_option
def check(file: Path, as_json: bool) -> None:
    """Say what is wrong with FILE: which step, and what. Nothing is saved."""
    try:
        found = read(_text_of(file), file.name, operations=REGISTRY, checks=CHECK_ANSWERS)
    except Unusable as error:
        raise Invalid("\n".join(str(mistake) for mistake in error.mistakes), code="playbook") from None
    if as_json:
        output.print_json({"id": found.id, "title": found.title, "steps": len(found.steps)})
        return
    output.line(f"{file.name} is sound: {found.title}, {len(found.steps)} steps.")


@command.command("add")
@_SOURCE
@click.option("--retired", is_flag=True, help="Keep it, and offer it no more.")
@click.option("--reason", metavar="TEXT", required=True, help="Why.")
@output.json_option
@pass_setup
def add(setup: Setup, file: Path, retired: bool, reason: str, as_json: bool) -> None:
    """Keep the playbook in FILE for everybody; it goes before a shipped one of the same id."""
    wish = Wish(values={"source": _text_of(file), "retired": retired}, reason=reason)
    applied = perform(setup, operation("save-playbook"), wish)
    if as_json:
        output.print_json({"event": applied.event})
        return
    output.line(f"{file.name} is saved.")


@command.command("start")
@click.argument("name")
@click.option("--interaction", type=NUMBER, required=True, help="In which of your interactions.")
@click.option("--customer", metavar="CUSTOMER", help="Whom it is about, if that is known.")
@output.json_option
@pass_setup
def start(setup: Setup, name: str, interaction: int, customer: str | None, as_json: bool) -> None:
    """Start to walk playbook NAME."""
    values = {
        "playbook": name,
        "interaction": interaction,
        "customer": None if customer is None else customer_number(customer),
    }
    perform(setup, operation("start-walk"), Wish(values=values, reason=f"playbook {name}"))
    with setup.database() as database, database.reading() as connection:
        begun = next(
            found for found in walks_of_interaction(connection, interaction) if found.playbook_id == name
        )
    _print(begun, as_json=as_json)


@command.command("step")
@click.argument("number", type=NUMBER)
@click.argument("step")
@click.argument("answer", required=False)
@output.json_option
@pass_setup
def record(setup: Setup, number: int, step: str, answer: str | None, as_json: bool) -> None:
    """Record STEP of walk NUMBER, with its ANSWER; a check answers itself."""
    wish = Wish(values={"walk": number, "step": step, "answer": answer}, reason=f"playbook step {step}")
    perform(setup, operation("record-step"), wish)
    with setup.database() as database, database.reading() as connection:
        _print(walk(connection, number), as_json=as_json)


@command.command("walk")
@click.argument("number", type=NUMBER)
@output.json_option
@pass_setup
def show_walk(setup: Setup, number: int, as_json: bool) -> None:
    """Show how far walk NUMBER has come, whoever walks it."""
    with setup.database() as database:
        setup.actor(database)
        with database.reading() as connection:
            found = walk(connection, number)
    _print(found, as_json=as_json)


def _print(found: WalkView, *, as_json: bool) -> None:
    if as_json:
        output.print_json(found)
        return
    ending = f" · ended: {found.outcome}" if found.outcome else ""
    output.line(f"Walk {found.id} · {found.title} · {found.operator_id}{ending}")
    for step in found.steps:
        if step.standing is not Standing.SKIPPED:
            output.line(f"{_MARKS[step.standing]} {step.id}: {_told(step)}")


def _told(step: StepView) -> str:
    if step.standing is not Standing.DONE:
        choices = "".join(f"\n    {answer.value}: {answer.label}" for answer in step.answers)
        return f"{step.text}{choices if step.standing is Standing.NEXT else ''}"
    return " · ".join(part for part in (step.text, step.answer, step.finding) if part)


def _text_of(file: Path) -> str:
    try:
        if file.stat().st_size > MAX_SOURCE:
            raise Invalid(f"{file.name} is longer than {MAX_SOURCE} characters. Split it in two.")
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise Invalid(f"{file.name} cannot be read as text. Save it as UTF-8, readable by you.") from None
