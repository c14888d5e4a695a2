"""The keys of the screens that find out: why somebody cannot sign in, and whose a forwarded mail is."""

from typing import Final

from tui.action import LETTERS, WHOLE, Action, Place, places

INSIGHT: Final[tuple[Action, ...]] = (
    Action(
        id="save",
        keys=("ctrl+s",),
        label="answer",
        help="Answers the question; it changes nothing.",
        places=places(Place.ASKING),
        rank=1,
    ),
    Action(
        id="choose",
        keys=("enter",),
        label="do it",
        help="Does the selected fix: opens its form, filled in, or the customer; then it is judged again.",
        places=places(Place.DIAGNOSIS),
        rank=1,
        meaning="open",
        command="latchkey do --help",
    ),
    Action(
        id="open",
        keys=("enter",),
        label="open customer",
        help="Opens the customer to whom the mail was sent.",
        places=places(Place.INSPECTION),
        rank=1,
        meaning="open",
        command="latchkey show CUSTOMER",
    ),
    Action(
        id="fix",
        keys=tuple("123456789"),
        label="fix",
        help="Does the fix of that number.",
        places=places(Place.DIAGNOSIS),
        rank=3,
        meaning="the one of that number",
        takes_key=True,
        shown="1–9",
    ),
    Action(
        id="ask-diagnosis",
        keys=(),
        label="diagnose a sign-in",
        help="Asks what a customer typed, or gave to claim an account, and says why they cannot get in.",
        places=WHOLE,
        is_in_key_line=False,
        is_in_palette=True,
        command="latchkey diagnose --claim --name NAME --birth-date DATE",
    ),
    Action(
        id="inspect",
        keys=(),
        label="inspect a forwarded mail",
        help="Says whether a pasted mail is ours, and what became of it and of its link.",
        places=LETTERS,
        is_in_key_line=False,
        is_in_palette=True,
        command="latchkey inspect MAIL",
    ),
)
