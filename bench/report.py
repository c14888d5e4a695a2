"""Writes `docs/benchmarks.md` and its plots from what was measured."""

from pathlib import Path

from bench.figures import Figure
from bench.plot import line_plot
from bench.results import ClassResult, GroupResult, Results, SearchResult, Section, Sizes

DOCS = Path(__file__).resolve().parent.parent / "docs"
PAGE = DOCS / "benchmarks.md"
_PLOT = Path("pictures") / "benchmarks-growth-{}.svg"
_BOUNDS = {"SQLite": (5, 15, 2.5), "PostgreSQL": (12, 35, 5.0)}
"""Milliseconds for what is typed right and for what is misspelt; the index as a multiple of the customers."""

_HEAD = """# Benchmarks

Written by `make bench`; do not edit. Ratios are within one run: *floor* is the bare driver doing the least
that could answer, *peer* is `LIKE '%…%'` (`ILIKE` on PostgreSQL) on each word over the same five columns,
one page and the count, as web admins generate it. Times are milliseconds through the product's own call, the
first 20 rows, connection taken from the pool included, the median of five runs of each query by turns with
its floor; neither database waits for the disk. *On the
processor*, here and in brackets behind a ratio, is the p95 of the processor's time alone, which other work
on the machine lengthens less.
"""
_CLASSES_NOTE = """
*person*: the customer who was meant is among the first 20 rows; *name*: that one, or somebody called exactly
the same, whom no query by name can tell apart. Floor of a misspelt name: the index range of the right one.
"""


def write(results: Results) -> None:
    """Write the page and the plots."""
    (DOCS / _PLOT.parent).mkdir(parents=True, exist_ok=True)
    parts = [_HEAD]
    searches = sorted(results.searches.values(), key=lambda found: (found.database != "SQLite", -found.count))
    for database in dict.fromkeys(found.database for found in searches):
        of_it = [found for found in searches if found.database == database]
        parts.append(_search(of_it[0]))
        parts.append(_growth(database, of_it))
    parts += [_section(name, section) for name, section in results.parts.items()]
    PAGE.write_text("\n".join(parts))


def _above_floor(group: GroupResult) -> str:
    clock = f"{group.p95 / group.floor_p95:.1f}"
    own = f" ({group.cpu_p95 / group.floor_cpu_p95:.1f})" if group.floor_cpu_p95 else ""
    return f"; ≤ 10 × floor: {clock}{own}"


def _search(found: SearchResult) -> str:
    exact, misspelt, index = _BOUNDS[found.database]
    lines = [
        f"## Search, {found.count:,} customers, {found.database}",
        "",
        f"{found.when} · {found.machine}",
        "",
    ]
    lines += ["| figure | measured | bound |", "|---|---|---|"]
    for group in found.groups:
        bound = misspelt if group.name == "misspelt" else exact
        ratio = "" if group.name == "misspelt" else _above_floor(group)
        lines.append(
            f"| {group.name}, p50 / p95 (on the processor) |"
            f" {group.p50:.2f} / {group.p95:.2f} ({group.cpu_p95:.2f}) ms | p95 ≤ {bound} ms{ratio} |"
        )
    if found.diagnose is not None:
        lines.append(
            f"| diagnose, p50 / p95 (on the processor) | {found.diagnose.p50:.2f} / {found.diagnose.p95:.2f}"
            f" ({found.diagnose.cpu_p95:.2f}) ms | p95 ≤ 30 ms |"
        )
    sizes, upkeep = found.sizes, found.upkeep
    lines += [
        f"| median against the peer | {found.peer_p50 / found.all_p50:,.0f} × faster | ≥ 200 × |",
        *_hits(found),
        *_index(sizes, index),
        f"| customers {_mb(sizes.customers)}, their table alone {_mb(sizes.table)};"
        f" terms, vocabulary, columns' indexes | {_mb(sizes.terms)}, {_mb(sizes.vocabulary)},"
        f" {_mb(sizes.columns)} | reported |",
        "| a changed family name: index / its own row |"
        f" {upkeep.index:.2f} / {upkeep.row:.2f} ms | reported |",
        "| bulk load, index included (by processor time) |"
        f" {found.load_rate:,.0f} ({found.load_rate_cpu:,.0f}) customers/s |"
        f" {'≥ 6,000' if found.database == 'SQLite' else 'reported'} |",
        "",
        "| query | ours p50 / p95 | floor p50 / p95 | p95 ratio | peer p50 | faster | person | name |",
        "|---|---|---|---|---|---|---|---|",
        *(_row(one) for one in found.classes),
    ]
    return "\n".join(lines) + "\n" + _CLASSES_NOTE


def _index(sizes: Sizes, bound: float) -> list[str]:
    """What is stored for search alone, terms with vocabulary, and that with the indexes of typed columns."""
    derived = sizes.terms + sizes.vocabulary
    whole = derived + sizes.columns
    alone = f"{derived / sizes.table:.2f} ({whole / sizes.table:.2f})" if sizes.table else "–"
    return [
        f"| terms and vocabulary (with columns' indexes) / customer table alone | {alone} | ≤ {bound} |",
        "| the same / customers with profiles |"
        f" {derived / sizes.customers:.2f} ({whole / sizes.customers:.2f}) | ≤ {bound} |",
    ]


def _hits(found: SearchResult) -> list[str]:
    bounds = {
        "full name, one typo": "≥ 95 %",
        "full name as it sounds": "≥ 97 %",
        "full name, two typos": "reported",
    }
    return [
        f"| {one.name}: right in the first 20 | {_share(one.namesake)} | {bounds[one.name]} |"
        for one in found.classes
        if one.name in bounds
    ]


def _row(one: ClassResult) -> str:
    return (
        f"| {one.name} | {one.p50:.2f} / {one.p95:.2f} | {one.floor_p50:.2f} / {one.floor_p95:.2f} |"
        f" {one.p95 / one.floor_p95:.1f} | {one.peer_p50:,.0f} | {one.peer_p50 / one.p50:,.0f} × |"
        f" {_share(one.person)} | {_share(one.namesake)} |"
    )


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value * 100:.0f} %"


def _mb(size: int) -> str:
    return f"{size / 1e6:,.0f} MB"


def _growth(database: str, found: list[SearchResult]) -> str:
    """Plot p95 over the number of customers; empty while only one size was measured."""
    if len(found) < 2:
        return ""
    ordered = sorted(found, key=lambda one: one.count)
    lines = {
        group.name: [(one.count, one.groups[at].p95) for one in ordered]
        for at, group in enumerate(ordered[0].groups)
    }
    path = Path(str(_PLOT).format(database.lower()))
    picture = line_plot(lines, title=f"p95 of search on {database}", x_title="customers", y_title="ms")
    (DOCS / path).write_text(picture)
    return f"![p95 of search on {database} by number of customers]({path.as_posix()})\n"


def _section(name: str, section: Section) -> str:
    return f"## {name.capitalize()}\n\n{section.when} · {section.machine}\n\n{as_table(section.figures)}\n"


def as_table(figures: list[Figure]) -> str:
    """Return figures as a Markdown table."""
    lines = ["| figure | ours | floor | ratio | bound | note |", "|---|---|---|---|---|---|"]
    for figure in figures:
        floor = "–" if figure.floor is None else f"{figure.floor:.3g} {figure.unit}"
        ratio = "–" if figure.ratio is None else f"{figure.ratio:.2f}"
        lines.append(
            f"| {figure.name} | {figure.ours:.3g} {figure.unit} | {floor} | {ratio} | {figure.bound} |"
            f" {figure.note} |"
        )
    return "\n".join(lines)
