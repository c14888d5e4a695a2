"""Keys that arrive in one breath, as after a hiccup of the line; and what they mean, as a list of letters."""

from random import Random
from typing import Any

from textual.events import Key
from textual.keys import _character_to_key

LETTERS = "abcdefghijklmnopqrstuvwxyz"
EDITING = ("backspace", "delete", "left", "right", "home", "end", "ctrl+u", "ctrl+k")


def at_once(app: Any, *keys: str) -> None:
    """Press keys by name without waiting for any of them; `Called` is six keys."""
    for name in keys:
        if name in EDITING or "+" in name or name in ("enter", "tab", "escape", "down", "up"):
            app.post_message(Key(name, "\r" if name == "enter" else None))
        else:
            for letter in name:
                app.post_message(Key(_character_to_key(letter), letter))


def some(seed: int, *, count: int, with_lines: bool = False) -> list[str]:
    """Return letters and editing keys in a random order."""
    random = Random(seed)
    others = (*EDITING[:-1], "enter") if with_lines else EDITING  # in lines ctrl+k joins, too
    return [random.choice(LETTERS if random.random() < 0.6 else others) for _ in range(count)]


def edited(text: str, keys: list[str]) -> str:
    """Return what the keys make of a text, the cursor at its end."""
    letters, at = list(text), len(text)
    for key in keys:
        begin, end = _line(letters, at)
        if key == "backspace" and at:
            at -= 1
            del letters[at]
        elif key == "delete":
            del letters[at : at + 1]
        elif key == "left":
            at = max(at - 1, 0)
        elif key == "right":
            at = min(at + 1, len(letters))
        elif key in ("home", "end"):
            at = begin if key == "home" else end
        elif key == "ctrl+u":
            begin = begin if begin < at else max(at - 1, 0)
            del letters[begin:at]
            at = begin
        elif key == "ctrl+k":
            del letters[at : max(end, at + 1)]
        elif key != "backspace":
            letters.insert(at, "\n" if key == "enter" else key)
            at += 1
    return "".join(letters)


def _line(letters: list[str], at: int) -> tuple[int, int]:
    """Return where the line of the cursor begins and ends."""
    begin = next((place + 1 for place in range(at - 1, -1, -1) if letters[place] == "\n"), 0)
    end = next((place for place in range(at, len(letters)) if letters[place] == "\n"), len(letters))
    return begin, end
