"""The keys of the customer's own sign-in, which only the sandbox has."""

from typing import Final

from tui.action import Action, Place, places

PRACTICE: Final[tuple[Action, ...]] = (
    Action(
        id="portal",
        keys=("c",),
        label="customer's sign-in",
        help="Opens the sign-in as the customer sees it, on the real sign-in module, for practice.",
        places=places(Place.RESULTS, Place.CUSTOMER, Place.DIAGNOSIS),
        rank=17,
        is_sandbox_only=True,
        is_in_palette=True,
    ),
    Action(
        id="continue",
        keys=("enter",),
        label="continue",
        help="Goes to the next box, and from the last one to the next page; on a choice, presses it.",
        places=places(Place.PORTAL),
        rank=1,
        is_sandbox_only=True,
        meaning="open",
    ),
    Action(
        id="next-choice",
        keys=("down", "tab"),
        label="choices",
        help="Moves from the boxes down to the choices, where ⏎ presses; ↑ moves up again.",
        places=places(Place.PORTAL),
        rank=2,
        is_sandbox_only=True,
        meaning="what is below",
    ),
    Action(
        id="mailbox",
        keys=("ctrl+o",),
        label="mailbox",
        help="Shows the practice mailbox, for the code or the link; esc comes back to all that was typed.",
        places=places(Place.PORTAL),
        rank=3,
        is_sandbox_only=True,
    ),
    Action(
        id="open-link",
        keys=("o",),
        label="open link",
        help="Opens the link of the selected mail as its customer would; so does ⏎.",
        places=places(Place.MAILBOX),
        rank=2,
        is_sandbox_only=True,
        meaning="open-customer",  # elsewhere to the customer, here to the customer's own page
    ),
)
