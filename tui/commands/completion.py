"""Prints the script that lets a shell complete commands and options."""

import click
from click.shell_completion import get_completion_class


@click.command("completion")
@click.argument("shell", type=click.Choice(("bash", "zsh", "fish")))
@click.pass_context
def command(ctx: click.Context, shell: str) -> None:
    """Print the completion script of SHELL, to be read by its start file.

    For bash: latchkey completion bash > ~/.local/share/bash-completion/completions/latchkey
    """
    found = get_completion_class(shell)
    assert found is not None  # the choices above are those that click knows
    click.echo(found(ctx.find_root().command, {}, "latchkey", "_LATCHKEY_COMPLETE").source())
