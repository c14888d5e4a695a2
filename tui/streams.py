"""Keeps the standard streams usable: opens those that came closed, and lets go of those that take no more."""

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

_PRINTERS: Final = frozenset({"click", "rich"})


def prepare() -> None:
    """Open what came closed, and let narrow encodings escape what they cannot say.

    A closed standard stream would leave its number to the next file that is opened, such as a database.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode))  # noqa: SIM115  # until the program ends
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


def was_printing(error: OSError) -> bool:
    """Whether what failed was the printing: the innermost caller is one that prints and does no more."""
    innermost = error.__traceback__
    while innermost is not None and innermost.tb_next is not None:
        innermost = innermost.tb_next
    module = "" if innermost is None else str(innermost.tb_frame.f_globals.get("__name__"))
    return module.split(".")[0] in _PRINTERS or module == "tui.cli"


def let_go(stream: Any) -> None:
    """Lead a stream into nothing, so that the interpreter does not complain of it at its exit."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    with suppress(OSError):  # a stream that is no file has no number
        os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
