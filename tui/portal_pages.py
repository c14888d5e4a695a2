"""The pages of the customer's own sign-in as data: what each asks for, what it offers, and its words."""

from dataclasses import dataclass
from typing import Final

TITLE: Final = "Customer's own sign-in (practice)"
NOTICE: Final = "You are the customer here. What you read is all that the customer reads."
ONLY_SANDBOX: Final = "The customer's own sign-in belongs to the sandbox. Here customers use the real one."
TYPE_FIRST: Final = "Type something first."
NO_DATE: Final = "Write the birth date as year-month-day, such as 1980-05-17."
NOT_THE_SAME: Final = "The two entries are not the same. Type the new password twice."
OTHER_HOST: Final = "This link leads to another host than ours, so it was not opened."
WAITING: Final = "one moment…"
SIGNED_OUT: Final = "You are signed out."
SESSION_OVER: Final = "You are not signed in any more."
NO_LINK: Final = "This mail has no link that leads to the customer's pages."

LONGEST_PASSWORD: Final = 600
"""More than any rule allows, so that a long one is refused by the rule and never cut."""


@dataclass(frozen=True, kw_only=True)
class Box:
    """A field to type into; what is `secret` is never shown, copied or kept."""

    name: str
    label: str
    hint: str = ""
    maximum: int = 320
    is_secret: bool = False


@dataclass(frozen=True)
class Choice:
    """Something to press: the name of what it does, and its words."""

    name: str
    label: str


@dataclass(frozen=True, kw_only=True)
class Page:
    """What is asked for at one step; enter in the last box does the first choice."""

    name: str
    title: str
    path: str
    about: str = ""
    boxes: tuple[Box, ...] = ()
    choices: tuple[Choice, ...]


_START: Final = Choice("start", "Start again")
_TO_SIGN_IN: Final = Choice("home", "Go to sign-in")

IDENTIFIER: Final = Page(
    name="identifier",
    title="Sign in",
    path="/sign-in",
    boxes=(Box(name="identifier", label="Sign in with", hint="email, username or pass id"),),
    choices=(Choice("go", "Continue"), Choice("to-claim", "Claim an account")),
)
PASSWORD: Final = Page(
    name="password",
    title="Your password",
    path="/sign-in",
    boxes=(Box(name="password", label="Password", maximum=LONGEST_PASSWORD, is_secret=True),),
    choices=(Choice("go", "Continue"), _START),
)
CODE: Final = Page(
    name="code",
    title="The code we sent you",
    path="/sign-in",
    boxes=(Box(name="code", label="Code", hint="digits", maximum=40),),
    choices=(
        Choice("go", "Continue"),
        Choice("resend", "Send another code"),
        Choice("use-email", "Use email instead"),
        _START,
    ),
)
SIGNED_IN: Final = Page(
    name="signed-in",
    title="✓ You are signed in",
    path="/account",
    choices=(Choice("sign-out", "Sign out"),),
)
CLAIM: Final = Page(
    name="claim",
    title="Claim an account",
    path="/claim",
    about="Your name with birth date or postcode; or an email; or a phone.",
    boxes=(
        Box(name="given_name", label="Given name", maximum=200),
        Box(name="family_name", label="Family name", maximum=200),
        Box(name="birth_date", label="Birth date", hint="year-month-day", maximum=10),
        Box(name="postcode", label="Postcode", maximum=20),
        Box(name="email", label="Email"),
        Box(name="phone", label="Phone", maximum=40),
    ),
    choices=(Choice("go", "Claim it"), Choice("home", "Go to sign-in")),
)
NEW_PASSWORD: Final = Page(
    name="new-password",
    title="Choose a new password",
    path="/reset/…",
    about="At least 8 characters; several words are best.",
    boxes=(
        Box(name="password", label="New password", maximum=LONGEST_PASSWORD, is_secret=True),
        Box(name="repeated", label="The same again", maximum=LONGEST_PASSWORD, is_secret=True),
    ),
    choices=(Choice("go", "Set it"), _TO_SIGN_IN),
)
ACTIVATION: Final = Page(
    name="new-password",
    title="Activate your account",
    path="/activation/…",
    about=NEW_PASSWORD.about,
    boxes=NEW_PASSWORD.boxes,
    choices=(Choice("go", "Activate it"), _TO_SIGN_IN),
)
CONFIRM: Final = Page(
    name="confirm",
    title="Is this address yours?",
    path="/confirm/…",
    about="Confirm it only if you asked for it.",
    choices=(Choice("go", "Yes, it is mine"), _TO_SIGN_IN),
)
SAID: Final = Page(name="said", title="", path="", choices=(_TO_SIGN_IN,))
OPENING: Final = Page(name="opening", title="", path="", choices=())
