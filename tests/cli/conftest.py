"""A command line of one's own: files in a temporary folder, a migrated database, an operator."""

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from db.engine import Database, connect
from db.models import Operator
from db.rules.roles import Role
from tests.factories import BORN, add_operators, building
from tui.cli import cli
from tui.commands.setup import os_user
from tui.config import ENVIRONMENT

OWN_VARIABLES = (*ENVIRONMENT.values(), "LATCHKEY_SANDBOX_DIR")

HEARS_CTRL_C = "signal.signal(signal.SIGINT, signal.default_int_handler)"
"""A program that is started in the background, as this suite may be, inherits that Ctrl+C is ignored."""


@dataclass(frozen=True)
class Answer:
    """What a command printed, and how it ended."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What it printed, read as JSON."""
        return json.loads(self.out)

    @property
    def error(self) -> Any:
        """The error it printed as JSON."""
        return self.json["error"]


Latchkey = Callable[..., Answer]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder where nothing is configured."""
    for name in ("DATA", "CONFIG", "STATE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    for name in OWN_VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LATCHKEY_SANDBOX_DIR", str(tmp_path / "sandbox"))
    return tmp_path


@pytest.fixture
def latchkey(home: Path) -> Latchkey:
    """Run the program with these words."""

    def run(*words: str | int | Path) -> Answer:
        result = CliRunner().invoke(cli, [str(word) for word in words])
        return Answer(result.exit_code, result.stdout, result.stderr)

    return run


@pytest.fixture
def empty(home: Path, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """The configured database, migrated and empty: no operator yet."""
    folder = home / "base"
    folder.mkdir(mode=0o700)
    path = folder / "latchkey.db"
    shutil.copy(sqlite_template, path)
    path.chmod(0o600)
    monkeypatch.setenv("LATCHKEY_DATABASE_URL", f"sqlite:///{path}")
    database = connect(f"sqlite:///{path}")
    yield database
    database.close()


def bind(database: Database, role: Role, *, is_active: bool = True) -> None:
    """Make the user of these tests an operator."""
    with building(database) as session:
        session.add(
            Operator(
                id="tester",
                display_name="Tester",
                role=role,
                os_user=os_user(),
                is_active=is_active,
                created_at=BORN,
            )
        )


@pytest.fixture
def base(empty: Database) -> Database:
    """The configured database with an operator for each role; whoever runs the tests is an admin."""
    add_operators(empty)
    bind(empty, Role.ADMIN)
    return empty


@pytest.fixture(scope="session")
def built_sandbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A practice database, built once."""
    from tui.commands.sandbox import held

    with held(tmp_path_factory.mktemp("sandbox") / "built") as folder:
        return folder


@pytest.fixture
def sandbox(home: Path, built_sandbox: Path) -> Path:
    """A copy of the practice database for one test."""
    return Path(shutil.copytree(built_sandbox, home / "sandbox"))
