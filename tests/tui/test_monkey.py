"""Twenty seconds of random keys on every role: no crash, no stuck screen, no unaudited change."""

from pathlib import Path

import pytest

from db.engine import Database
from tests.tui.monkey import let_loose, seeded, unaudited


@pytest.mark.parametrize("role", ["support", "lead", "admin", "auditor"])
async def test_random_keys_do_no_harm(sqlite_database: Database, tmp_path: Path, role: str) -> None:
    database = seeded(sqlite_database)
    assert await let_loose(database, tmp_path, role=role, seed=7, seconds=20) > 20
    assert unaudited(database) == []
    assert not list((tmp_path / "incidents").glob("*"))
