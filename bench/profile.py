"""Shows where the time of a search and of a change goes: `make profile`."""

import cProfile
import pstats
from collections.abc import Callable
from functools import partial

from bench import change, search
from bench.databases import large_sqlite, sqlite_database
from bench.queries import query_set

CUSTOMERS = 100_000
CHANGES = 200
TOP = 25


def _show(title: str, work: Callable[[], object]) -> None:
    print(f"\n{title}")
    profile = cProfile.Profile()
    profile.runcall(work)
    pstats.Stats(profile).strip_dirs().sort_stats("tottime").print_stats(TOP)


def main() -> None:
    """Profile every class of query on a large base, then changes through the runner, both on SQLite."""
    with large_sqlite(CUSTOMERS) as loaded:
        with loaded.database.reading() as connection:
            queries = query_set(connection, CUSTOMERS)
        _show(
            f"{len(queries)} searches",
            lambda: [search.find_first(loaded, query) for query in queries],
        )
    with sqlite_database() as database:
        customers = change.some_customers(database, CHANGES)
        _show(
            f"{len(customers)} changes",
            partial(change.change_all, database, customers),
        )


if __name__ == "__main__":
    main()
