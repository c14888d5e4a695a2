"""Where the answer to a clash stands: in sight, whatever the length of the form."""

from pathlib import Path

import pytest

from tests.tui.practice import SIZES, screen_text, showing
from tests.tui.test_operation import bench, in_clash, practice, strict
from tui.screens.operation import OperationScreen

__all__ = ["practice", "strict"]


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_P4_a_clash_in_the_longest_form_stands_above_it(
    strict, tmp_path: Path, size: tuple[int, int]
) -> None:
    given = {"given_name": "Jo", "family_name": "An", "email": "joan@example.com", "reason": "asked"}
    screen = OperationScreen("add-customer", None, given)
    async with showing(strict, tmp_path, screen, size=size) as pilot:
        await in_clash(pilot, screen)
        lines = screen_text(bench(pilot)).splitlines()
        place = {text: next(at for at, line in enumerate(lines) if text in line)
                 for text in ("already in use", "open C-1", "joan@example.com")}  # fmt: skip
        assert place["already in use"] < place["open C-1"] < place["joan@example.com"]
