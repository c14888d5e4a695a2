"""One registry of actions: one meaning a key, real commands beside them, and the same table in the README."""

from collections import defaultdict
from typing import Any

import click
import pytest

from docs.key_table import README, block_of, table
from tui.action import TYPING
from tui.actions import ACTIONS, Action, at
from tui.cli import cli

WITH_COMMAND = [action for action in ACTIONS if action.command]


def test_the_same_key_means_the_same_everywhere():
    meanings = defaultdict(set)
    for action in ACTIONS:
        for key in action.keys:
            meanings[key].add(action.meaning or action.id)
    assert {key: found for key, found in meanings.items() if len(found) > 1} == {}


def test_the_readme_has_the_table_of_keys():
    assert block_of(README.read_text(encoding="utf-8")) == table()


@pytest.mark.parametrize("action", WITH_COMMAND, ids=lambda action: action.id)
def test_the_form_on_the_command_line_is_one(action: Action):
    words = action.command.split()
    assert words[0] == "latchkey"
    context = click.Context(cli)
    command: Any = cli
    for word in (word for word in words[1:] if word not in ("--sandbox", "--no-mouse", "--help")):
        if not isinstance(command, click.Group) or word.startswith("-") or word.isupper():
            break
        command = command.get_command(context, word)
        assert command is not None, word
    options = {option for parameter in command.params for option in parameter.opts} | {"--help"}
    if not isinstance(command, click.Group):
        assert {word for word in words if word.startswith("--")} - {"--sandbox"} <= options


def test_what_the_palette_offers_has_a_name_and_says_what_it_does():
    offered = [action for action in ACTIONS if action.is_in_palette]
    assert {"theme", "recent", "history", "help", "quit"} <= {action.id for action in offered}


def test_every_place_that_takes_letters_can_copy():
    for place in {place for action in ACTIONS for place in action.places}:
        ids = {action.id for action in at(place)}
        assert "copy" in ids or place in TYPING
