"""What one person likes, colours and mouse: a small file of their own, never the database.

A file that cannot be read or written is no reason to stop work: the shipped look is used, and the next
switch tries to write again.
"""

from pathlib import Path
from typing import Final

import msgspec
import platformdirs

APP: Final = "latchkey"
FILE_NAME: Final = "console.json"


class Preferences(msgspec.Struct, frozen=True):
    """`theme` is a name of `tui.theme`; an unknown one counts as the shipped one."""

    theme: str | None = None
    mouse: bool = True


def preference_file() -> Path:
    """Where the file stands: beside the configuration."""
    return platformdirs.user_config_path(APP) / FILE_NAME


def read(file: Path) -> Preferences:
    """Return what is preferred; what cannot be read is as if it were not there."""
    try:
        return msgspec.json.decode(file.read_bytes(), type=Preferences)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return Preferences()


def write(file: Path, preferences: Preferences) -> bool:
    """Keep what is preferred; return whether that was possible."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(msgspec.json.format(msgspec.json.encode(preferences), indent=2) + b"\n")
    except OSError:
        return False
    return True
