"""Writes the table of keys in the README from the registry of actions. Run with: python -m docs.key_table."""

from pathlib import Path

from tui.action import EVERYWHERE, LETTERS, WHOLE
from tui.actions import ACTIONS, PLACE_NAMES, Action, Place

README = Path(__file__).parent.parent / "README.md"
BEGIN = "<!-- keys: made by python -m docs.key_table -->"
END = "<!-- end of keys -->"


_NAMED = {EVERYWHERE: "everywhere", LETTERS: "wherever letters act", WHOLE: "every whole screen"}


def table() -> str:
    """Return the table, one row an action; keys without a line on the command line move in the console."""
    lines = ["| key | does | where | on the command line |", "|---|---|---|---|"]
    for action in ACTIONS:
        command = f"`{action.command}`" if action.command else "–"
        lines.append(f"| {_keys(action)} | {action.help} | {_where(action)} | {command} |")
    return "\n".join(lines)


def block_of(text: str) -> str:
    """Return what stands between the marks of a README."""
    return text.partition(BEGIN)[2].partition(END)[0].strip()


def _keys(action: Action) -> str:
    return f"`{action.all_keys}`"


def _where(action: Action) -> str:
    if action.places in _NAMED:
        return _NAMED[action.places]
    missing = [place for place in Place if place not in action.places]
    if len(missing) < 5:
        return f"everywhere but {', '.join(PLACE_NAMES[place] for place in missing)}"
    return ", ".join(PLACE_NAMES[place] for place in Place if place in action.places)


def main() -> None:
    """Put the table between its marks."""
    text = README.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    after = rest.partition(END)[2]
    README.write_text(f"{before}{BEGIN}\n{table()}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
