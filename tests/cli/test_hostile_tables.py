"""R37, A11: what commands print of a database of hostile texts, as tables, as JSON, and on a terminal."""

import shlex
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from db.engine import Database
from db.models import Interaction
from db.rules.roles import Role
from tests.cli.conftest import Latchkey, bind
from tests.factories import BORN, building
from tests.terminal import Console
from tests.tui.hostile import NASTY, SEEN, fill, foreign
from tui.cli import cli
from tui.text import HOSTILE

SHOWING = (
    "audit list",
    "audit list --customer 2",
    "dedup try by-both",
    "do add-customer --given-name Ann --family-name Lee --email zz@example.net --reason asked",
    "do change-name --customer 1 --given-name Ann --family-name Lee --reason asked --dry-run",
    "find zz@",
    "interaction list",
    "operator list",
    "outbox list",
    "settings list",
    "show 1",
    "show 2",
)
"""Commands that print what is in the database."""
OTHERS = {
    "audit export", "audit verify", "completion", "db check", "db current", "db reindex", "db upgrade", "do",
    "doctor", "interaction close", "interaction start", "operator add", "operator disable", "operator role",
    "outbox retry", "outbox run", "paths", "sandbox", "version",
}  # fmt: skip
"""Commands that print nothing of a customer, or what is tested with exports and changes."""


@pytest.fixture
def poisoned(empty: Database) -> Database:
    """The configured database, with hostile texts; whoever runs the tests is an admin."""
    fill(empty, Path(str(empty.url.database)).parent / "mailbox")
    bind(empty, Role.ADMIN)
    with building(empty) as session:
        call = Interaction(
            operator_id="tester", channel="phone", direction="inbound", ticket=NASTY, opened_at=BORN
        )
        session.add(call)
    return empty


def commands(group: click.Group, above: str = "") -> Iterator[str]:
    """Every command with its words; the operations count as one."""
    for name in group.commands:
        found = group.commands[name]
        if isinstance(found, click.Group) and name != "do":
            yield from commands(found, f"{above}{name} ")
        else:
            yield f"{above}{name}"


def test_every_command_is_here_or_named_as_one_that_shows_nothing() -> None:
    shown = {name for name in commands(cli) for words in SHOWING if words.startswith(name)}
    assert set(commands(cli)) - shown - OTHERS == set()


@pytest.mark.parametrize("words", SHOWING)
def test_R37_A11_a_command_prints_hostile_texts_harmlessly(
    words: str, latchkey: Latchkey, poisoned: Database
) -> None:
    for form in ((), ("--json",)):
        answer = latchkey(*shlex.split(words), *form)
        assert foreign(answer.out + answer.err) == []
    assert answer.json


def test_R37_A11_hostile_texts_are_there_to_be_seen(latchkey: Latchkey, poisoned: Database) -> None:
    for words in ("show 1", "find zz@", "outbox list", "operator list", "settings list", "interaction list"):
        assert SEEN in latchkey(*words.split()).out


def test_R37_json_says_the_same_with_everything_hostile_escaped(
    latchkey: Latchkey, poisoned: Database
) -> None:
    answer = latchkey("show", 1, "--json")
    assert not HOSTILE.search(answer.out.replace("\n", ""))
    assert "\x1b]52;c;" in answer.json["given_name"]
    assert "\u202e" in answer.json["notes"][0]["text"]


def test_R37_A11_on_a_terminal_a_table_is_as_harmless(poisoned: Database) -> None:
    program = f"{shlex.quote(sys.executable)} -c 'from tui.cli import main; main()'"
    script = "; ".join(f"{program} {words}" for words in ("show 1", "find zz@", "outbox list", "audit list"))
    with Console(["/bin/sh", "-c", f"{script}; echo that was all"]) as console:
        console.wait_for("that was all", timeout=30)
        assert foreign(console.raw.decode("utf-8").replace("\r\n", "\n")) == []
        assert SEEN.encode() in console.raw
        assert console.screen.title == ""
