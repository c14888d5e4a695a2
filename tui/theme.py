"""The colours of the console: one accent, quiet lines, one warning tone, one danger tone, in four themes.

Dark and light keep WCAG 2.2 AA (4.5:1) for text, quiet text included; contrast keeps AAA (7:1). The
16-colour theme uses the terminal's own palette, so its owner decides. `NO_COLOR` is textual's: it drops the
colours of each of them, which is why no meaning is carried by colour alone.
"""

from typing import Final

from textual.theme import Theme


def _variables(
    *, text: str, quiet: str, line: str, accent: str, on_accent: str, selected: str, on_selected: str
) -> dict[str, str]:
    """The textual variables that would otherwise be blended, or be chosen by opacity, below AA."""
    return {
        "text": text,
        "text-muted": quiet,
        "text-disabled": quiet,
        "foreground-muted": quiet,
        "foreground-disabled": quiet,
        "border": accent,
        "border-blurred": line,
        "block-cursor-background": accent,
        "block-cursor-foreground": on_accent,
        "block-cursor-blurred-background": selected,
        "block-cursor-blurred-foreground": on_selected,
        "input-cursor-background": accent,
        "input-cursor-foreground": on_accent,
        "input-selection-background": selected,
        "input-selection-foreground": on_selected,
        "screen-selection-background": selected,
        "screen-selection-foreground": on_selected,
        "scrollbar": line,
        "scrollbar-hover": quiet,
        "scrollbar-active": accent,
        "button-color-foreground": on_accent,
        "footer-key-foreground": accent,
        "footer-foreground": quiet,
        "footer-description-foreground": quiet,
        "line": line,
        "quiet": quiet,
        "selected": selected,
        "on-selected": on_selected,
    }


DARK: Final = Theme(
    name="latchkey-dark",
    dark=True,
    primary="#6cb6ff",
    secondary="#6cb6ff",
    accent="#6cb6ff",
    warning="#e3b341",
    error="#ff8078",
    success="#7ccf8a",
    foreground="#dce1e6",
    background="#14171b",
    surface="#191d22",
    panel="#1f242a",
    variables=_variables(
        text="#dce1e6",
        quiet="#98a2ad",
        line="#3a424c",
        accent="#6cb6ff",
        on_accent="#0b1016",
        selected="#263748",
        on_selected="#dce1e6",
    ),
)

LIGHT: Final = Theme(
    name="latchkey-light",
    dark=False,
    primary="#0a57a8",
    secondary="#0a57a8",
    accent="#0a57a8",
    warning="#7d4e00",
    error="#b3261e",
    success="#1d6b34",
    foreground="#1c2126",
    background="#fbfbf9",
    surface="#f4f4f1",
    panel="#ecece8",
    variables=_variables(
        text="#1c2126",
        quiet="#57606a",
        line="#c6cad0",
        accent="#0a57a8",
        on_accent="#ffffff",
        selected="#d3e4f6",
        on_selected="#1c2126",
    ),
)

CONTRAST: Final = Theme(
    name="latchkey-contrast",
    dark=True,
    primary="#7fd4ff",
    secondary="#7fd4ff",
    accent="#7fd4ff",
    warning="#ffd84d",
    error="#ffa8a0",
    success="#8ff0a4",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#0a0a0a",
    variables=_variables(
        text="#ffffff",
        quiet="#d0d0d0",
        line="#9a9a9a",
        accent="#7fd4ff",
        on_accent="#000000",
        selected="#003a5c",
        on_selected="#ffffff",
    ),
)

SIXTEEN: Final = Theme(
    name="latchkey-16",
    ansi=True,
    dark=True,
    primary="ansi_cyan",
    secondary="ansi_cyan",
    accent="ansi_cyan",
    warning="ansi_yellow",
    error="ansi_red",
    success="ansi_green",
    foreground="ansi_default",
    background="ansi_default",
    surface="ansi_default",
    panel="ansi_default",
    boost="ansi_default",
    # No grey: "bright black" is invisible on several palettes, so quiet text is the default colour, and a
    # selection is black on cyan, which every palette can show.
    variables=_variables(
        text="ansi_default",
        quiet="ansi_default",
        line="ansi_default",
        accent="ansi_cyan",
        on_accent="ansi_black",
        selected="ansi_cyan",
        on_selected="ansi_black",
    )
    | {
        "ansi-background": "ansi_black",
        "ansi-foreground": "ansi_white",
    },
)

THEMES: Final[tuple[Theme, ...]] = (DARK, LIGHT, CONTRAST, SIXTEEN)
DEFAULT: Final = DARK.name
LABELS: Final = {
    DARK.name: ("Dark", "One accent on near black; text at WCAG AA."),
    LIGHT.name: ("Light", "For bright rooms and light terminals; text at WCAG AA."),
    CONTRAST.name: ("High contrast", "White on black; text at WCAG AAA."),
    SIXTEEN.name: ("16 colours", "The palette of your own terminal, whatever it is."),
}
"""What the menu calls each, and what it is for."""
