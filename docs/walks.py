"""The ways to each screen of the documentation, as a person would go them."""

from collections.abc import Awaitable, Callable
from functools import partial
from uuid import uuid4

from textual.pilot import Pilot
from textual.widgets import TextArea

from tests.tui.test_trouble import Lost
from tests.tui.waiting import wait_for
from tui.app import Console

Steps = Callable[[Pilot[int]], Awaitable[None]]


def text_of(pilot: Pilot[int]) -> str:
    """Return what is on the screen."""
    return "\n".join(strip.text for strip in pilot.app.screen._compositor.render_strips())


async def seen(pilot: Pilot[int], text: str) -> None:
    await wait_for(pilot, lambda: text in text_of(pilot), text)


def console(pilot: Pilot[int]) -> Console:
    assert isinstance(pilot.app, Console)
    return pilot.app


def pressed(*keys: str, until: str) -> Steps:
    """Walk by keys alone."""

    async def steps(pilot: Pilot[int]) -> None:
        await pilot.press(*keys)
        await seen(pilot, until)

    return steps


def opened(number: int, *keys: str, until: str) -> Steps:
    """Open a customer, then press keys."""

    async def steps(pilot: Pilot[int]) -> None:
        console(pilot).open_customer(number)
        await seen(pilot, "birth date")
        await pilot.press(*keys)
        await seen(pilot, until)

    return steps


async def nothing(_pilot: Pilot[int]) -> None:
    """Home as it opens."""


async def search(pilot: Pilot[int]) -> None:
    await pilot.press(*"anders 0142")
    await seen(pilot, "C-1043")
    await pilot.press("down", "down")
    await seen(pilot, "▸ C-1043")


async def change(pilot: Pilot[int]) -> None:
    app = console(pilot)
    prefilled: dict[str, object] = {"email": "maria.delgado@example.com", "reason": "caller spelled it out"}
    app.start("change-email", await app.bridge.customer(1026), prefilled)
    await seen(pilot, "a confirmation link goes")


async def clash(pilot: Pilot[int]) -> None:
    app = console(pilot)
    prefilled: dict[str, object] = {"email": "m.delgado@example.com", "reason": "caller spelled it out"}
    app.start("change-email", await app.bridge.customer(1026), prefilled)
    await seen(pilot, "in use")
    await pilot.press("ctrl+s")
    await seen(pilot, "open C-")


def merge(one: int, other: int, *keys: str) -> Steps:
    """Open the merge of two customers, tried."""

    async def steps(pilot: Pilot[int]) -> None:
        console(pilot).open_merge((one, other))
        await wait_for(pilot, lambda: getattr(pilot.app.screen, "is_settled", False), "the trial")
        await pilot.press(*keys)

    return steps


def merged(survivor: int, other: int) -> Steps:
    """Merge two customers, and open the one who is no more."""

    async def steps(pilot: Pilot[int]) -> None:
        values: dict[str, object] = {"customer": survivor, "absorbed": f"C-{other}", "end_links": True}
        bridge = console(pilot).bridge
        if (await bridge.customer(other)).merged_into is None:
            await bridge.run("merge-customers", values, reason="the same person", request_id=uuid4().hex)
        console(pilot).open_customer(other)
        await seen(pilot, "takes the merge back")

    return steps


async def message(pilot: Pilot[int]) -> None:
    app = console(pilot)
    view = await app.bridge.customer(1042)
    app.open_message(view, view.messages[0].id)
    await seen(pilot, "Delivery")


async def folded(pilot: Pilot[int]) -> None:
    console(pilot).folded.update({"person", "passes", "contracts", "authorised", "notes"})
    console(pilot).open_customer(1042)
    await seen(pilot, "space")
    await pilot.press("9")


def is_newest(app: Console, number: int) -> bool:
    return bool(app.trail.recent) and app.trail.recent[0].customer_id == number


async def recent(pilot: Pilot[int]) -> None:
    app = console(pilot)
    for number in (1042, 1043, 1026):
        app.open_customer(number)
        await wait_for(
            pilot,
            partial(is_newest, app, number),
            "the customer",
        )
    await pilot.press("ctrl+r")
    await seen(pilot, "Recent customers")


async def interaction(pilot: Pilot[int]) -> None:
    """A call about a customer, taken up."""
    app = console(pilot)
    rows = await app.procedures.own_open()
    if not rows:
        values = {"channel": "phone", "customer": 1042, "ticket": "T-2107"}
        await app.bridge.run("start-interaction", values, reason="customer contact", request_id=uuid4().hex)
        rows = await app.procedures.own_open()
    app.take_up(rows[0])
    await opened(1042, "i", until="Close call")(pilot)


async def walk(pilot: Pilot[int]) -> None:
    """The first steps of a playbook."""
    app = console(pilot)
    await interaction(pilot)
    number = app.bridge.interaction or 0
    begun = await app.procedures.walks_in(number)
    name = "p1-told-to-call"
    known = [found.id for found in begun] or [await app.procedures.begin(name, number, 1042)]
    app.pop_screen()
    app.open_walk(known[0], 1042)
    await seen(pilot, "they typed")
    if not begun:
        await app.procedures.record(known[0], "identifier", "j.anderson@example.com")
        await pilot.press("escape", "f5")
    await seen(pilot, "done")
    await wait_for(pilot, lambda: getattr(pilot.app.screen, "is_settled", False), "the walk")


async def typos(pilot: Pilot[int]) -> None:
    """The lines of a rule, and an address that is tried."""
    await went("typos", "Misspelt", "down", "down", "down", "enter", "tab", *"joan@gmial.com")(pilot)
    await seen(pilot, "→ joan@gmail.com")


async def palette(pilot: Pilot[int]) -> None:
    await opened(1042, "ctrl+p", until="what do you want")(pilot)
    await wait_for(pilot, lambda: not getattr(pilot.app.screen, "is_deaf", True), "the palette")
    await pilot.press(*"phone")
    await seen(pilot, "Add phone")


def went(action: str, until: str, *keys: str, then: str = "") -> Steps:
    """Open a screen by its command of the palette, then press keys."""

    async def steps(pilot: Pilot[int]) -> None:
        console(pilot).carry_out(action)
        await seen(pilot, until)
        await pilot.press(*keys)
        await seen(pilot, then)

    return steps


async def event(pilot: Pilot[int]) -> None:
    """The newest mail that somebody asked for."""
    app = console(pilot)
    page = await app.bridge.audit_page(operation="send-sign-in-link")
    app.open_event(page.rows[0].seq)
    await seen(pilot, "locked out")


async def diagnosis(pilot: Pilot[int]) -> None:
    await pilot.press(*"janderson@gmail.com", "ctrl+d")
    await seen(pilot, "They are different people")


async def claim(pilot: Pilot[int]) -> None:
    console(pilot).ask_diagnosis()
    await seen(pilot, "Given name")
    given = ("", "walter", "okonkwo", "1966-02-09")
    await pilot.press(*(key for text in given for key in (*text, "enter")))


async def inspection(pilot: Pilot[int]) -> None:
    app = console(pilot)
    mail = (await app.bridge.mails())[0]
    app.ask_for_mail()
    await seen(pilot, "Paste the mail")
    app.screen.query_one(TextArea).text = mail.path.read_text(encoding="utf-8")
    await pilot.press("ctrl+s")
    await seen(pilot, "customer")


def portal(*keys: str, until: str) -> Steps:
    """Open the customer's own pages, then press keys, each once the page before has settled."""

    async def steps(pilot: Pilot[int]) -> None:
        console(pilot).open_portal()
        await seen(pilot, "pass id")
        for key in keys:
            await wait_for(pilot, lambda: getattr(pilot.app.screen, "is_settled", False), "the page")
            await pilot.press(key)
        await seen(pilot, until)

    return steps


async def dedup(pilot: Pilot[int]) -> None:
    console(pilot).open_dedup("by-both")
    await seen(pilot, "would collide.")


async def _scanned(pilot: Pilot[int]) -> None:
    """Open the queue, and scan where nobody has; the reason that is proposed will do."""
    console(pilot).open_duplicates()
    await wait_for(pilot, lambda: getattr(pilot.app.screen, "is_settled", False), "the queue")
    if "No scan yet" in text_of(pilot):
        await pilot.press("n")
        await wait_for(pilot, lambda: not getattr(pilot.app.screen, "is_deaf", True), "the reason")
        await pilot.press("enter")
    await seen(pilot, "surname")


async def duplicates(pilot: Pilot[int]) -> None:
    await _scanned(pilot)
    await pilot.press("down")
    await seen(pilot, "surname")


async def bulk(pilot: Pilot[int]) -> None:
    await _scanned(pilot)
    await pilot.press("a")
    await seen(pilot, "would be merged")


async def lookalikes(pilot: Pilot[int]) -> None:
    values = {"given_name": "Joan", "family_name": "Anderson", "email": "joan.anderson@example.com"}
    console(pilot).start("add-customer", None, values)
    await seen(pilot, "Somewhat alike")
    await wait_for(pilot, lambda: getattr(pilot.app.screen, "is_settled", False), "the form")


async def locked(pilot: Pilot[int]) -> None:
    await search(pilot)
    console(pilot).lock()
    await seen(pilot, "continue as")


async def away(pilot: Pilot[int]) -> None:
    await search(pilot)
    lost = Lost(console(pilot).bridge.open())
    await pilot.press("f5")
    await seen(pilot, "nothing that was typed")
    lost.found()


async def crash(pilot: Pilot[int]) -> None:
    console(pilot)._handle_exception(RuntimeError())
