"""Takes the pictures of the documentation from the real console, and writes the page that shows them.

Run with: python -m docs.take_pictures [SCENE…]. Each picture is the screen itself on a fresh practice
database; only named scenes are taken again.
"""

import asyncio
import os
import sys
import tempfile
from contextlib import nullcontext, suppress
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from rich.console import Console as Terminal

from db.actor import Actor
from db.delivery.folder import FolderTransport
from db.delivery.worker import deliver_due
from db.schema import open_database
from docs.scenes import SCENES, Scene
from seeds.builder import build, practice_operator
from seeds.folder import DATABASE_FILE, MAILBOX_FOLDER
from tests.tui.waiting import wait_for
from tui.app import Console
from tui.bridge import Bridge
from tui.theme import DEFAULT, THEMES

DOCS = Path(__file__).parent


def file_name(scene: Scene, size: tuple[int, int], theme: str = DEFAULT) -> str:
    """Return the name of a picture's file."""
    look = "" if theme == DEFAULT else f"-{theme.removeprefix('latchkey-')}"
    return f"{scene.name}-{size[0]}x{size[1]}{look}.svg"


def console(folder: Path, role: str = "lead", *, read_only: bool = False) -> Console:
    """Return a console on the practice database in a folder."""
    database = open_database(f"sqlite:///{folder / DATABASE_FILE}", read_only=read_only)
    actor = Actor(practice_operator(role), session="pictures")
    bridge = Bridge(lambda: database, actor, mailbox=None if read_only else folder / MAILBOX_FOLDER)
    return Console(
        bridge,
        environment="PRODUCTION" if read_only else "SANDBOX",
        incident_folder=folder,
        now=lambda: datetime.now(UTC),
        read_only=read_only,
    )


async def send_mails(folder: Path) -> None:
    """Let two customers have a mail, so that there is something to see."""
    app = console(folder)
    for number in (1042, 1043):
        values = {"customer": number}
        await app.bridge.run("send-sign-in-link", values, reason="locked out", request_id=uuid4().hex)
    deliver_due(app.bridge.open(), FolderTransport(folder / MAILBOX_FOLDER), worker="pictures")
    app.bridge.close()


async def take(folder: Path, scene: Scene, size: tuple[int, int], theme: str, *, to: Path) -> None:
    """Walk to a scene and save what is seen."""
    app = console(folder, scene.role, read_only=scene.is_read_only)
    app.theme = theme
    name = file_name(scene, size, theme)
    with suppress(RuntimeError) if scene.is_crash else nullcontext():
        async with app.run_test(size=size) as pilot:
            await wait_for(pilot, lambda: bool(app.operations), "the sign-in")
            await scene.steps(pilot)
            if not scene.is_crash:
                app.save_screenshot(name, path=str(to))
    if scene.is_crash:
        save_terminal(app, size, to / name)
    app.bridge.close()


def save_terminal(app: Console, size: tuple[int, int], to: Path) -> None:
    """Save what a console that has ended leaves on the terminal."""
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        terminal = Terminal(record=True, file=nowhere, width=size[0], height=size[1])
        for shown in app._exit_renderables:
            terminal.print(shown)
        terminal.save_svg(str(to), title=app.TITLE or "", unique_id=to.stem)


def page() -> str:
    """Return the page with all pictures."""
    lines = [
        "# Screens",
        "",
        "Made by `python -m docs.take_pictures` from the console itself, on the practice database. Every",
        "screen is whole at 80×24; at 120×40 the next level stands beside. Colours are the person's own",
        "choice, and no meaning is carried by them alone.",
    ]
    for scene in SCENES:
        pictures = [f"![{scene.title}, {w}×{h}](pictures/{file_name(scene, (w, h))})" for w, h in scene.sizes]
        if scene.in_each_theme:
            pictures += [
                f"![{scene.title}, {theme.name}](pictures/{file_name(scene, scene.sizes[0], theme.name)})"
                for theme in THEMES
                if theme.name != DEFAULT
            ]
        lines += ["", f"## {scene.title}", "", scene.text, "", *pictures]
    return "\n".join(lines) + "\n"


def main(wanted: list[str]) -> None:
    """Build a practice database, walk to each scene at each size, and save what is seen."""
    pictures = DOCS / "pictures"
    pictures.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as kept:
        folder = Path(kept) / "sandbox"
        build(folder)
        asyncio.run(send_mails(folder))
        for scene in SCENES:
            if wanted and scene.name not in wanted:
                continue
            for size in scene.sizes:
                asyncio.run(take(folder, scene, size, DEFAULT, to=pictures))
            if scene.in_each_theme:
                for theme in THEMES[1:]:
                    asyncio.run(take(folder, scene, scene.sizes[0], theme.name, to=pictures))
    (DOCS / "screens.md").write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
