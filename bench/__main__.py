"""Runs the measurements and prints them as one table: `make bench`."""

from importlib import import_module

from bench.figures import as_table, machine

PARTS = ("change", "verify", "startup", "idle")


def main() -> None:
    """Measure every part, one after the other."""
    print(machine())
    figures = [figure for part in PARTS for figure in import_module(f"bench.{part}").figures()]
    print(as_table(figures))


main()
