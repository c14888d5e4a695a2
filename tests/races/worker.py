"""The other process of a race: waits for the start, makes one change, prints how it ended.

Arguments: database address, operation, parameters as JSON, and optionally `killed`, which makes the
process kill itself when everything is written and only the commit is left (A1).
"""

import json
import os
import signal
import sys
from typing import Any

from sqlalchemy import event

from db import runner
from db.engine import connect
from db.errors import LatchkeyError
from db.operations import REGISTRY
from db.params import build
from tests.factories import actor


def say(word: str) -> None:
    """Tell the test."""
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def main() -> None:
    """Run one operation, as the arguments say."""
    address, name, values, *rest = sys.argv[1:]
    base = connect(address)
    if rest == ["killed"]:

        @event.listens_for(base.writer, "commit")
        def die(_connection: Any) -> None:
            os.kill(os.getpid(), signal.SIGKILL)

    operation = REGISTRY[name]
    request = runner.Request(
        actor=actor(), operation=operation, params=build(operation.params, json.loads(values)), reason="race"
    )
    say("ready")
    sys.stdin.readline()
    try:
        say(runner.run(base, request).outcome)
    except LatchkeyError as error:
        say(error.code)
    base.close()


if __name__ == "__main__":
    main()
