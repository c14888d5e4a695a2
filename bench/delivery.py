"""How fast a long outbox empties: four workers on PostgreSQL, one of them killed on the way.

LATCHKEY_BENCH_MESSAGES says how many mails; the mail server is on this machine and takes them at once.
"""

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.databases import SERVER
from bench.figures import Figure
from db import schema
from db.engine import Database, connect
from tests.delivery import fleet
from tests.postgres import drop_database, fresh_database, running_server

MESSAGES = 1000
WORKERS = 4
PATIENCE_SECONDS = 3600.0


@contextmanager
def _database() -> Iterator[Database]:
    with running_server(SERVER) as server:
        url = fresh_database(server)
        database = connect(url)
        schema.upgrade(database)
        yield database
        database.close()
        drop_database(url)


def figures() -> list[Figure]:
    """Measure mails a second, and count what was lost or came twice."""
    count = int(os.environ.get("LATCHKEY_BENCH_MESSAGES", MESSAGES))
    with _database() as database, tempfile.TemporaryDirectory() as folder:
        fleet.fill(database, count)
        start = time.monotonic()
        done = fleet.deliver_with(
            database, Path(folder), workers=WORKERS, kill_at=count // 3, patience=PATIENCE_SECONDS
        )
        whole = time.monotonic() - start
    name = f"{count:,} mails, {WORKERS} workers, PostgreSQL, one worker killed"
    return [
        Figure(
            f"{name}: a second", "mails/s", count / done.seconds, None, "reported", f"{whole:.0f} s in all"
        ),
        Figure(f"{name}: accepted twice", "mails", done.twice, None, "0"),
        Figure(f"{name}: lost", "mails", count - len(done.accepted), None, "0"),
    ]
