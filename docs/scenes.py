"""The walks to each screen of the documentation, and what is said beside its picture."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from textual.pilot import Pilot

from tests.tui.waiting import wait_for
from tui.app import Console

Steps = Callable[[Pilot[int]], Awaitable[None]]


@dataclass(frozen=True, kw_only=True)
class Scene:
    """One screen: its file name, its heading, what to look at, who looks, and the way there."""

    name: str
    title: str
    text: str
    steps: Steps
    role: str = "lead"
    in_each_theme: bool = False


def text_of(pilot: Pilot[int]) -> str:
    """Return what is on the screen."""
    return "\n".join(strip.text for strip in pilot.app.screen._compositor.render_strips())


async def _seen(pilot: Pilot[int], text: str) -> None:
    await wait_for(pilot, lambda: text in text_of(pilot), text)


def _console(pilot: Pilot[int]) -> Console:
    assert isinstance(pilot.app, Console)
    return pilot.app


def pressed(*keys: str, until: str) -> Steps:
    """Walk by keys alone."""

    async def steps(pilot: Pilot[int]) -> None:
        await pilot.press(*keys)
        await _seen(pilot, until)

    return steps


def opened(number: int, *keys: str, until: str) -> Steps:
    """Open a customer, then press keys."""

    async def steps(pilot: Pilot[int]) -> None:
        _console(pilot).open_customer(number)
        await _seen(pilot, "birth date")
        await pilot.press(*keys)
        await _seen(pilot, until)

    return steps


async def _nothing(_pilot: Pilot[int]) -> None:
    """Home as it opens."""


async def _search(pilot: Pilot[int]) -> None:
    await pilot.press(*"anders 0142")
    await _seen(pilot, "C-1043")
    await pilot.press("down", "down")
    await _seen(pilot, "▸ C-1043")


async def _change(pilot: Pilot[int]) -> None:
    app = _console(pilot)
    prefilled = {"email": "maria.delgado@example.com", "reason": "caller spelled it out"}
    app.start("change-email", await app.bridge.customer(1026), prefilled)
    await _seen(pilot, "confirmation link")


async def _clash(pilot: Pilot[int]) -> None:
    app = _console(pilot)
    prefilled = {"email": "m.delgado@example.com", "reason": "caller spelled it out"}
    app.start("change-email", await app.bridge.customer(1026), prefilled)
    await _seen(pilot, "in use")
    await pilot.press("ctrl+s")
    await _seen(pilot, "open C-")


async def _message(pilot: Pilot[int]) -> None:
    app = _console(pilot)
    view = await app.bridge.customer(1042)
    app.open_message(view, view.messages[0].id)
    await _seen(pilot, "Delivery")


async def _folded(pilot: Pilot[int]) -> None:
    _console(pilot).folded.update({"person", "passes", "contracts", "authorised", "notes"})
    _console(pilot).open_customer(1042)
    await _seen(pilot, "space")
    await pilot.press("9")


async def _recent(pilot: Pilot[int]) -> None:
    app = _console(pilot)
    for number in (1042, 1043, 1026):
        app.open_customer(number)
        await wait_for(
            pilot,
            lambda number=number: app.trail.recent[:1] and app.trail.recent[0].customer_id == number,
            "the customer",
        )
    await pilot.press("ctrl+r")
    await _seen(pilot, "Recent customers")


def went(action: str, until: str) -> Steps:
    """Open a screen by its command of the palette."""

    async def steps(pilot: Pilot[int]) -> None:
        _console(pilot).carry_out(action)
        await _seen(pilot, until)

    return steps


SCENES: tuple[Scene, ...] = (
    Scene(name="home", title="Home", text="The search box, with what can be typed into it.", steps=_nothing),
    Scene(
        name="search",
        title="Search",
        text="Customers appear while one types. Each row says why it is there; a wide window shows the"
        " selected one beside the list. At the end of the list ↓ reads on.",
        steps=_search,
    ),
    Scene(
        name="nobody",
        title="Nobody found",
        text="An empty list says why it is empty, and what to do next.",
        steps=pressed(*"qqqqzz", until="to add a customer"),
    ),
    Scene(
        name="customer",
        title="Customer",
        text="Everything on one customer. 1–0 go to a section, space folds it, the arrows walk through"
        " all rows.",
        steps=opened(1042, until="Email"),
        in_each_theme=True,
    ),
    Scene(
        name="folded",
        title="Customer, folded",
        text="What is folded stays so for the next customers.",
        steps=_folded,
    ),
    Scene(
        name="edit",
        title="What can be done to a row",
        text="`e` offers what fits the selected row, with its form on the command line; what the role forbids"
        " says who may.",
        steps=opened(1042, "e", until="latchkey do"),
        role="support",
    ),
    Scene(
        name="change-email",
        title="A change",
        text="The form, and exactly what it will change, while one types.",
        steps=_change,
        in_each_theme=True,
    ),
    Scene(
        name="clash",
        title="A clash",
        text="Nothing was saved, the form keeps what was typed, one key opens the holder.",
        steps=_clash,
    ),
    Scene(
        name="message",
        title="A message",
        text="Enter on a message: where it went, what its link is worth, and each try with the server's own"
        " words.",
        steps=_message,
    ),
    Scene(
        name="palette",
        title="Commands",
        text="`:` or ctrl+p finds any operation or command by its name.",
        steps=opened(1042, "ctrl+p", *"phone", until="Add phone"),
    ),
    Scene(
        name="recent",
        title="Recent customers",
        text="ctrl+r lists who was open in this session; alt+← and alt+→ go back and forward.",
        steps=_recent,
    ),
    Scene(
        name="audit",
        title="Audit log",
        text="Newest first, with filters; the selected event stands below, or beside in a wide window.",
        steps=went("history", until="sign-in"),
    ),
    Scene(
        name="help",
        title="Help",
        text="`?` or F1: the keys of the place one is in, the words, the procedures; typing searches.",
        steps=opened(1042, "question_mark", until="Keys here"),
    ),
    Scene(
        name="theme",
        title="Themes",
        text="Dark, light, high contrast, or the 16 colours of the terminal; kept for the person, not the"
        " database.",
        steps=went("theme", until="High contrast"),
    ),
    Scene(
        name="mailbox",
        title="Practice mailbox",
        text="The mails that the sandbox has sent; none of them left this machine.",
        steps=went("mailbox", until="subject"),
    ),
    Scene(
        name="operators",
        title="Operators",
        text="Who works here, and as what.",
        steps=went("operators", until="Operators"),
        role="admin",
    ),
    Scene(
        name="settings",
        title="Settings and limits",
        text="Every setting with its bounds.",
        steps=went("settings", until="Settings"),
        role="admin",
    ),
    Scene(
        name="outbox",
        title="Outbox",
        text="What waits, what failed, and why.",
        steps=went("outbox", until="Outbox"),
        role="admin",
    ),
)
