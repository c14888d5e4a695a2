"""Runs measurements and writes them down: `make bench`, `make bench N=1000000 ARGS="search-sqlite"`."""

from importlib import import_module

import click

from bench import databases, report, search
from bench.figures import machine, now
from bench.results import Section, load_results, save_results

FIGURES = ("change", "verify", "startup", "idle", "console", "delivery", "signing_in", "merging")
SIZED = ("duplicates",)
"""Parts that are measured with the wanted number of customers."""

SEARCHES = {"search-sqlite": databases.large_sqlite, "search-postgresql": databases.large_postgres}
FIRST_SIZE = 100_000
STEPS = (100_000, 300_000, 1_000_000, 3_000_000)
"""Sizes on the way to the wanted one, which the growth of times is read from."""


@click.command()
@click.option("--customers", default=FIRST_SIZE, show_default=True, help="Customers to search or compare.")
@click.option("--only", is_flag=True, help="Measure search at that size alone, not on the way to it.")
@click.argument("parts", nargs=-1, type=click.Choice([*SEARCHES, *FIGURES, *SIZED]))
def main(customers: int, only: bool, parts: tuple[str, ...]) -> None:
    """Measure PARTS (default: all), add them to what is known, and write docs/benchmarks.md."""
    wanted = parts or (*SEARCHES, *FIGURES, *SIZED)
    sizes = [customers] if only else [size for size in STEPS if size < customers] + [customers]
    for part in wanted:
        click.echo(f"{part}: {machine()}")
        if part in SEARCHES:
            for size in sizes:
                _measure_search(part, size)
        else:
            results = load_results()
            asked = {"customers": customers} if part in SIZED else {}
            figures = import_module(f"bench.{part}").figures(**asked)
            results.parts[part] = Section(when=now(), machine=machine(), figures=figures)
            save_results(results)
            click.echo(report.as_table(figures))
    report.write(load_results())


def _measure_search(part: str, size: int) -> None:
    with SEARCHES[part](size) as loaded:
        found = search.measure(loaded)
    results = load_results()
    results.add_search(found)
    save_results(results)
    for group in found.groups:
        click.echo(
            f"{found.database}, {size:,}: {group.name} p95 {group.p95:.2f} ms,"
            f" {group.cpu_p95:.2f} on the processor, floor {group.floor_p95:.2f}"
        )


main()
