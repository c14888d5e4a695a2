"""The shipped themes can be read: contrast ratios by WCAG 2.2, success criteria 1.4.3 and 1.4.6."""

import pytest
from textual.app import App
from textual.color import Color
from textual.theme import Theme

from tui.theme import CONTRAST, DARK, DEFAULT, LIGHT, SIXTEEN, THEMES

TEXT_ROLES = ("text", "quiet", "accent", "warning", "error", "success", "foreground", "text-muted",
              "text-error", "text-warning", "text-success", "text-accent", "footer-key-foreground",
              "footer-description-foreground")  # fmt: skip
GROUNDS = ("background", "surface", "panel")


def colours_of(theme: Theme) -> dict[str, str]:
    """The variables that style sheets see: what textual derives, and what the theme adds."""
    return theme.to_color_system().generate() | theme.variables


def luminance(color: Color) -> float:
    """Relative luminance as WCAG defines it, 0 to 1."""
    red, green, blue = (x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in color.normalized)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(Color.parse(one)), luminance(Color.parse(other))), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_computed_as_wcag_does() -> None:
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("role", TEXT_ROLES)
@pytest.mark.parametrize(
    ("theme", "least"), [(DARK, 4.5), (LIGHT, 4.5), (CONTRAST, 7)], ids=["dark", "light", "contrast"]
)
def test_text_can_be_read_on_every_ground(theme: Theme, least: float, role: str, ground: str) -> None:
    colours = colours_of(theme)
    assert contrast(colours[role], colours[ground]) >= least


@pytest.mark.parametrize("theme", [DARK, LIGHT, CONTRAST], ids=lambda theme: theme.name)
@pytest.mark.parametrize(
    ("front", "back"),
    [("block-cursor-foreground", "block-cursor-background"),
     ("block-cursor-blurred-foreground", "block-cursor-blurred-background"),
     ("on-selected", "selected"),
     ("input-cursor-foreground", "input-cursor-background"),
     ("input-selection-foreground", "input-selection-background")],
)  # fmt: skip
def test_the_selected_row_can_be_read(theme: Theme, front: str, back: str) -> None:
    colours = colours_of(theme)
    assert contrast(colours[front], colours[back]) >= 4.5


@pytest.mark.parametrize("theme", [DARK, LIGHT, CONTRAST], ids=lambda theme: theme.name)
def test_lines_are_quieter_than_text(theme: Theme) -> None:
    colours = colours_of(theme)
    line, quiet, text = (contrast(colours[role], colours["background"]) for role in ("line", "quiet", "text"))
    assert line < quiet < text


def test_warning_danger_and_accent_are_three_colours() -> None:
    assert all(len({theme.accent, theme.warning, theme.error}) == 3 for theme in THEMES)


def test_the_sixteen_colour_theme_uses_only_the_palette_of_the_terminal() -> None:
    assert SIXTEEN.ansi
    tones = (SIXTEEN.accent, SIXTEEN.warning, SIXTEEN.error, SIXTEEN.success, SIXTEEN.background)
    assert all(Color.parse(tone or "").ansi is not None for tone in tones)


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
async def test_textual_takes_the_theme(theme: Theme) -> None:
    async with App[None]().run_test() as pilot:
        pilot.app.register_theme(theme)
        pilot.app.theme = theme.name
        await pilot.pause()
        assert pilot.app.current_theme is theme


def test_the_default_is_one_of_them() -> None:
    assert DEFAULT in {theme.name for theme in THEMES}
