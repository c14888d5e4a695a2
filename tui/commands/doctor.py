"""Checks that this installation is sound: libraries, configuration, files, schema, operator."""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import click

from db import canonical_forms
from db.engine import parse_url
from db.errors import LatchkeyError, Unavailable
from db.search.check import SAMPLE, first_difference
from tui import output
from tui.commands.setup import Setup, pass_setup
from tui.database_file import looks


@dataclass(frozen=True)
class Finding:
    """What one check found; `sentence` says what to do where it is not ok."""

    check: str
    ok: bool
    sentence: str


@click.command("doctor")
@click.option("--full", is_flag=True, help="Compare all data with what is made of them, not a sample.")
@output.json_option
@pass_setup
def command(setup: Setup, full: bool, as_json: bool) -> int:
    """Check that this installation is sound; exit status 1 where something is wrong, 3 without a database."""
    findings, status = [], 0
    derived = (comparison_full, search_index_full) if full else (comparison_sample, search_index_sample)
    for check in (hash_library, configuration, file_modes, schema_fits, operator_known, *derived):
        try:
            found = list(check(setup))
        except LatchkeyError as error:
            found = [
                Finding(
                    check.__name__.replace("_", " ").removesuffix(" sample").removesuffix(" full"),
                    False,
                    str(error),
                )
            ]
            status = max(status, error.exit_status)
        findings += found
        if status == Unavailable.exit_status:  # the others would only say so again
            break
    status = status or int(not all(finding.ok for finding in findings))
    if as_json:
        output.print_list(findings)
    else:
        output.table(
            ("Check", "Result", ""),
            [(finding.check, "✓ ok" if finding.ok else "✗ wrong", finding.sentence) for finding in findings],
        )
    return status


def hash_library(_setup: Setup) -> Iterator[Finding]:
    """A43: the abandoned passlib shadows libpass, which is imported by the same name."""
    if not _is_installed("libpass"):
        sentence = "libpass is missing. Run: pip install libpass"
    elif _is_installed("passlib"):
        sentence = "passlib is installed beside libpass and shadows it. Run: pip uninstall passlib, then"
        sentence += " pip install --force-reinstall libpass"
    else:
        yield Finding("hash library", True, "libpass, alone")
        return
    yield Finding("hash library", False, sentence)


def _is_installed(name: str) -> bool:
    try:
        distribution(name)
    except PackageNotFoundError:
        return False
    return True


def configuration(setup: Setup) -> Iterator[Finding]:
    """The configuration can be read."""
    yield Finding("configuration", True, f"database address from: {setup.config.origins['database_url']}")


def file_modes(setup: Setup) -> Iterator[Finding]:
    """R54: the file is for its owner alone, and so is its folder."""
    url = parse_url(setup.address)
    if url.get_backend_name() == "sqlite":
        for look in looks(Path(str(url.database)).absolute()):
            yield Finding(look.what, look.ok, look.sentence)


def schema_fits(setup: Setup) -> Iterator[Finding]:
    """The database answers and has this program's schema."""
    with setup.database():
        yield Finding("schema", True, "the database has the version that this program needs")


def operator_known(setup: Setup) -> Iterator[Finding]:
    """Whoever runs this is an operator."""
    with setup.database() as database:
        yield Finding("operator", True, f"you are {setup.actor(database).operator_id}")


def comparison_sample(setup: Setup) -> Iterator[Finding]:
    """Emails and usernames are compared as the settings say, as far as a sample tells."""
    yield _comparison(setup, sample=SAMPLE)


def comparison_full(setup: Setup) -> Iterator[Finding]:
    """Emails and usernames are compared as the settings say."""
    yield _comparison(setup, sample=None)


def _comparison(setup: Setup, *, sample: int | None) -> Finding:
    with setup.database() as database, database.reading() as connection:
        stale = canonical_forms.first_stale(connection, sample=sample)
    return Finding(
        "comparison", stale is None, stale or "emails and usernames are told apart as the settings say"
    )


def search_index_sample(setup: Setup) -> Iterator[Finding]:
    """The search index says what the data say, as far as a sample tells."""
    yield _search_index(setup, sample=SAMPLE)


def search_index_full(setup: Setup) -> Iterator[Finding]:
    """The search index says what the data say."""
    yield _search_index(setup, sample=None)


def _search_index(setup: Setup, *, sample: int | None) -> Finding:
    with setup.database() as database, database.reading() as connection:
        difference = first_difference(connection, sample=sample)
    if difference is not None:
        return Finding("search index", False, difference)
    said = (
        "every row fits the data" if sample is None else "a sample fits the data; --full compares all of it"
    )
    return Finding("search index", True, said)
