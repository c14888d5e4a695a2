"""Covers a window in which nothing could be read; what was typed waits underneath."""

from textual.app import ComposeResult
from textual.screen import Screen
from textual.widgets import Static

from tui import catalogue


class TooSmallScreen(Screen[None]):
    """One sentence; it goes away by itself when the window has grown."""

    def compose(self) -> ComposeResult:
        """Say how large the window has to be."""
        yield Static(catalogue.TOO_SMALL, markup=False)
