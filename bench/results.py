"""What was measured, kept between runs so that a report can show several sizes."""

from statistics import quantiles

import msgspec

from bench.databases import cache_folder
from bench.figures import Figure


def quantile(values: list[float], percent: int) -> float:
    """Return a percentile, between the two nearest values."""
    return quantiles(values, n=100, method="inclusive")[percent - 1]


class ClassResult(msgspec.Struct, frozen=True, kw_only=True):
    """One class of queries; milliseconds, and shares of right answers among the first 20 rows."""

    name: str
    group: str
    queries: int
    p50: float
    p95: float
    floor_p50: float
    floor_p95: float
    peer_p50: float
    person: float | None
    namesake: float | None


class GroupResult(msgspec.Struct, frozen=True, kw_only=True):
    """Classes that have one bound, all their queries together; milliseconds.

    What has `cpu` in its name counts only while this process had a processor: what is left of p95 on a
    machine at rest.
    """

    name: str
    p50: float
    p95: float
    floor_p50: float
    floor_p95: float
    cpu_p95: float
    floor_cpu_p95: float = 0.0

    @classmethod
    def of(
        cls,
        name: str,
        times: list[float],
        busy: list[float],
        floors: list[float] | None = None,
        floors_busy: list[float] | None = None,
    ) -> "GroupResult":
        """Sum up single times, by the clock and on the processor; a group without a floor has zeros there."""
        return cls(
            name=name,
            p50=quantile(times, 50),
            p95=quantile(times, 95),
            floor_p50=quantile(floors, 50) if floors else 0.0,
            floor_p95=quantile(floors, 95) if floors else 0.0,
            cpu_p95=quantile(busy, 95),
            floor_cpu_p95=quantile(floors_busy, 95) if floors_busy else 0.0,
        )


class Sizes(msgspec.Struct, frozen=True, kw_only=True):
    """Bytes: customers with their profiles, their own table of these, the typed columns' own indexes, terms,
    and vocabulary.
    """

    customers: int
    table: int = 0
    columns: int
    terms: int
    vocabulary: int


class Upkeep(msgspec.Struct, frozen=True, kw_only=True):
    """Milliseconds that changing a family name takes in the index, and in the customer's own row."""

    index: float
    row: float


class SearchResult(msgspec.Struct, frozen=True, kw_only=True):
    """Search on one database of one size."""

    database: str
    count: int
    when: str
    machine: str
    classes: list[ClassResult]
    groups: list[GroupResult]
    peer_p50: float
    all_p50: float
    sizes: Sizes
    upkeep: Upkeep
    load_rate: float
    load_rate_cpu: float
    diagnose: GroupResult | None = None


class Section(msgspec.Struct, frozen=True, kw_only=True):
    """The figures of one part, and when and on what they were measured."""

    when: str
    machine: str
    figures: list[Figure]


class Results(msgspec.Struct):
    """Everything known: the latest of each part, and of each database and size."""

    parts: dict[str, Section] = {}
    searches: dict[str, SearchResult] = {}

    def add_search(self, found: SearchResult) -> None:
        """Take the place of an earlier measurement of the same."""
        self.searches[f"{found.database} {found.count}"] = found


def load_results() -> Results:
    """Return what earlier runs left."""
    path = cache_folder() / "results.json"
    return msgspec.json.decode(path.read_bytes(), type=Results) if path.exists() else Results()


def save_results(results: Results) -> None:
    """Keep for later runs."""
    (cache_folder() / "results.json").write_bytes(msgspec.json.encode(results))
