"""Every command is documented, and asking for help costs next to nothing."""

import subprocess
import sys
from collections.abc import Iterator

import click
import pytest

from tests.cli.conftest import Latchkey
from tui.cli import cli
from tui.commands.do import offered

HEAVY = ("textual", "sqlalchemy", "alembic", "rich", "msgspec")


def walk(
    command: click.Command, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            assert found is not None
            yield from walk(found, (*path, name))


TREE = dict(walk(cli))


@pytest.mark.parametrize("path", TREE, ids=" ".join)
def test_every_command_is_documented(path: tuple[str, ...], latchkey: Latchkey) -> None:
    answer = latchkey(*path, "--help")
    assert answer.status == 0
    assert (TREE[path].help or "").strip().endswith((".", ":", "latchkey"))


@pytest.mark.parametrize("path", TREE, ids=" ".join)
def test_every_option_says_what_it_is_for(path: tuple[str, ...]) -> None:
    silent = [
        option.name for option in TREE[path].params if isinstance(option, click.Option) and not option.help
    ]
    assert silent == []


def test_every_answer_of_data_can_be_json() -> None:
    without = {"sandbox", "completion", "do", ""}
    for path, command in TREE.items():
        if not isinstance(command, click.Group) and " ".join(path) not in without:
            assert "as_json" in {option.name for option in command.params}, path


def test_do_lists_every_operation_with_its_label(latchkey: Latchkey) -> None:
    text = latchkey("do", "--help").out
    for name, operation in offered().items():
        assert f"{name} " in text
        assert operation.label in text


def test_do_offers_nothing_that_only_the_product_itself_may_run(latchkey: Latchkey) -> None:
    answer = latchkey("do", "add-first-admin", "--help")
    assert answer.status == 2


def test_help_loads_neither_console_nor_database() -> None:
    code = (
        "import sys\nfrom tui.cli import cli\ntry:\n    cli.main(['--help'])\nexcept SystemExit:\n    pass\n"
    )
    code += f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"
    assert "Usage: latchkey" in done.stdout


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_a_script(shell: str, latchkey: Latchkey) -> None:
    answer = latchkey("completion", shell)
    assert answer.status == 0
    assert "_LATCHKEY_COMPLETE" in answer.out
