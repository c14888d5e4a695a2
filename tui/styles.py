"""Reads the styles in two steps, what the first screen needs and later the rest, and no file twice."""

from pathlib import Path
from typing import Final

from textual.css.stylesheet import Stylesheet

HERE: Final = Path(__file__).parent
_OF_FIRST_SCREEN: Final = frozenset(
    {"app", "footer", "guarded_input", "header", "home", "preview", "results", "search_box", "status"}
    | {"start", "too_small", "trouble"}
)
_ALL: Final = [
    HERE / "app.tcss",
    *sorted(HERE.glob("widgets/*.tcss")),
    *sorted(HERE.glob("screens/*.tcss")),
]
FIRST: Final = [path for path in _ALL if path.stem in _OF_FIRST_SCREEN]
"""Of home, and of the screen that a resize can put over it."""
LATER: Final = [path for path in _ALL if path.stem not in _OF_FIRST_SCREEN]


class Styles(Stylesheet):
    """A stylesheet that keeps what it has read for as long as the colours stay the same.

    Textual reads everything again when the theme is announced at the start, which half of the time to the
    first screen would go into.
    """

    _has_new_colours = False

    def set_variables(self, variables: dict[str, str]) -> None:
        """Take over the colours of a theme."""
        if variables != self._variables:
            self._has_new_colours = True
            super().set_variables(variables)

    def reparse(self) -> None:
        """Read again, where something changed."""
        if self._has_new_colours:
            super().reparse()
            self._has_new_colours = False
        else:
            self.parse()

    def complete(self) -> None:
        """Read what the first screen did without."""
        self.read_all(LATER)
        self.parse()
