"""Draws lines over logarithmic axes as an SVG, readable on light and on dark pages."""

from collections.abc import Mapping, Sequence
from html import escape
from math import floor, log10

WIDTH, HEIGHT = 640, 360
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 150, 40, 48
_COLOURS = ("#2f6fbf", "#c2571a", "#2e8b57", "#8e44ad")
_GREY = "#808080"

Line = Sequence[tuple[float, float]]


def line_plot(lines: Mapping[str, Line], *, title: str, x_title: str, y_title: str) -> str:
    """Return the picture; every value has to be above zero."""
    xs = sorted({x for line in lines.values() for x, _ in line})
    ys = [y for line in lines.values() for _, y in line]
    low, high = floor(log10(min(ys))), floor(log10(max(ys))) + 1

    def place(x: float, y: float) -> tuple[float, float]:
        across = log10(x / xs[0]) / max(log10(xs[-1] / xs[0]), 1e-9)
        up = (log10(y) - low) / (high - low)
        return (
            _LEFT + across * (WIDTH - _LEFT - _RIGHT),
            HEIGHT - _BOTTOM - up * (HEIGHT - _TOP - _BOTTOM),
        )

    parts = [_text(_LEFT, 22, title, size=15), _text(14, _TOP - 6, y_title)]
    for power in range(low, high + 1):
        _, y = place(xs[0], 10.0**power)
        parts.append(_rule(_LEFT, y, WIDTH - _RIGHT, y))
        parts.append(_text(_LEFT - 8, y + 4, f"{10.0**power:g}", anchor="end"))
    for value in xs:
        x, _ = place(value, 10.0**low)
        parts.append(_rule(x, _TOP, x, HEIGHT - _BOTTOM))
        parts.append(_text(x, HEIGHT - _BOTTOM + 18, f"{value:,.0f}", anchor="middle"))
    parts.append(_text(WIDTH - _RIGHT, HEIGHT - 8, x_title, anchor="end"))
    for colour, line in zip(_COLOURS, lines.values(), strict=False):
        parts += _line(colour, [place(x, y) for x, y in line])
    parts += _legend(lines)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"'
        f' aria-label="{escape(title)}" font-family="sans-serif">\n' + "\n".join(parts) + "\n</svg>\n"
    )


def _line(colour: str, points: list[tuple[float, float]]) -> list[str]:
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    dots = [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"/>' for x, y in points]
    return [f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>', *dots]


def _legend(lines: Mapping[str, Line]) -> list[str]:
    found = []
    for at, (colour, (name, line)) in enumerate(zip(_COLOURS, lines.items(), strict=False)):
        y = _TOP + 14 + at * 22
        found.append(f'<circle cx="{WIDTH - _RIGHT + 18}" cy="{y - 4}" r="5" fill="{colour}"/>')
        found.append(_text(WIDTH - _RIGHT + 30, y, f"{name} {line[-1][1]:.1f}"))
    return found


def _rule(x1: float, y1: float, x2: float, y2: float) -> str:
    ends = f'x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"'
    return f'<line {ends} stroke="{_GREY}" stroke-opacity="0.3"/>'


def _text(x: float, y: float, text: str, *, size: int = 12, anchor: str = "start") -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}"'
    return f'<text {place} fill="{_GREY}">{escape(text)}</text>'
