"""P1 in a real terminal, from "prompted to call us" to a customer who is in: the real program on both sides.

Each test is one call. First the customer fails on their own pages, then the operator diagnoses and fixes what
the verdict names, then the customer opens the mail, sets a password and signs in with a code.
"""

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.terminal import ROOT, Console
from tests.tui.test_pty_main_path import PROGRAM, press_until

NEW = "eleven paper lanterns"
GUESS = "whatever it was before"
IN_A_FIELD = "▌"
CUSTOMERS_VIEW = "You are the customer here"
TO_CALL_US = "Check what you typed, or call us."


@pytest.fixture(scope="module")
def env(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """One practice database for all calls: each is about other people."""
    folder = tmp_path_factory.mktemp("practice") / "sandbox"
    env = {"LATCHKEY_SANDBOX_DIR": str(folder), "PYTHONPATH": str(ROOT)}
    latchkey(env, "sandbox", "--no-console")
    return env


@pytest.fixture
def console(env: dict[str, str]) -> Iterator[Console]:
    with Console([*PROGRAM, "sandbox", "--role", "lead"], env=env, cols=120, rows=40) as console:
        console.wait_for("Find a customer", timeout=90)
        yield console


def latchkey(env: dict[str, str], *words: str) -> None:
    """Run a command, as an operator does in a shell beside the console."""
    subprocess.run(
        [*PROGRAM, *words], env={**os.environ, **env}, cwd=Path(ROOT), check=True, capture_output=True
    )


# ---- the customer


def become_the_customer(console: Console) -> None:
    console.press("tab")
    console.wait_for("n new customer")
    press_until(console, "c", CUSTOMERS_VIEW)


def is_told_to_call(console: Console, identifier: str) -> None:
    """The customer tries, in vain, and goes to the telephone."""
    become_the_customer(console)
    types_both(console, identifier, GUESS)
    console.wait_for(TO_CALL_US)
    console.press("escape")
    console.wait_for("Find a customer")


def types_both(console: Console, identifier: str, password: str) -> None:
    console.wait_for("email, username or pass id")
    console.type(identifier)
    console.press("enter")
    console.wait_for("Your password")
    console.type(password)
    console.press("enter")


def opens_mail(console: Console, wanted: str) -> str:
    """Open the mailbox, and look at the newest mails until one shows what is wanted."""
    console.press("ctrl+o")
    console.wait_for("Practice mailbox")
    for step in ("up", "up", "up", "down", "down") * 12:
        found = re.search(wanted, console.screen_text())
        if found:
            return found[1]
        console.press(step)
        console.wait_quiet(0.2)
    raise AssertionError(f"no such mail: {wanted}\n{console.screen_text()}")


def enters(console: Console, *values: str) -> None:
    """Fill boxes, at the pace of a person: what is typed too early would go into the box before."""
    for value in values:
        console.type(value)
        console.press("enter")
        console.wait_quiet(0.2)


def sets_password_and_signs_in(console: Console, identifier: str, *, path: str, to: str, code: str) -> None:
    """Open the link that was sent, set a password, and sign in with the code."""
    opens_mail(console, rf"to +({re.escape(to)})(?s:.*)/{path}/")
    console.press("o")
    console.wait_for("The same again")
    enters(console, NEW, NEW)
    console.wait_for("Your new password is set")
    console.press("enter")
    types_both(console, identifier, NEW)
    console.wait_for("A code is on its way")
    digits = opens_mail(console, code)
    console.press("escape")
    console.wait_for("The code we sent you")
    enters(console, digits)
    console.wait_for("You are signed in")


def claims(console: Console) -> None:
    console.wait_for("email, username or pass id")
    console.press("down", "down", "enter")
    console.wait_for("Family name")
    enters(console, "Walter", "Okonkwo", "1966-02-09", "", "", "")
    console.wait_for("If none comes, call us.")


def code_by_text(number: str) -> str:
    return rf"to +\{number}(?s:.*)│ (\d{{6}}) is your sign-in code"


def code_by_mail(address: str) -> str:
    return rf"to +{re.escape(address)}(?s:.*)Your sign-in code is:.*\n.*\n.*│ (\d{{6}})"


# ---- the operator


def diagnoses(console: Console, identifier: str, case: str) -> None:
    console.press("/")
    console.type(identifier)
    console.press("ctrl+d")
    console.wait_for(f"✗ {case}")


def fixes(console: Console, label: str, *values: str) -> None:
    """Press the number of a fix, fill in what its form asks for and a reason, and save."""
    shown = console.wait_for(label)
    number = re.search(rf"(\d) +{re.escape(label)}", shown)
    assert number is not None, shown
    press_until(console, number[1], IN_A_FIELD)
    for value in values:
        console.type(value)
        console.press("tab")
    saves(console, "as the caller asked")


def saves(console: Console, reason: str) -> None:
    console.wait_for("▌Reason")
    console.type(reason)
    console.wait_for(reason)
    console.press("ctrl+s")
    console.wait_for("saved.")


def test_P1_1_joan_signs_in_once_her_husbands_email_is_corrected(console: Console) -> None:
    address = "janderson@gmail.com"
    is_told_to_call(console, address)
    diagnoses(console, address, "shared-email")
    fixes(console, "They are different people", "danderson@gmail.com")
    console.wait_for("✓ can-sign-in")
    fixes(console, "Send a reset link to C-1042")
    press_until(console, "c", CUSTOMERS_VIEW)
    code = code_by_text("+17755550142")
    sets_password_and_signs_in(console, address, path="reset", to=address, code=code)
    console.wait_for("C-1042")


def test_P1_2_a_username_without_email_signs_in_once_an_email_is_added(console: Console) -> None:
    address = "harold.pemberley@example.com"
    is_told_to_call(console, "hpemberley")
    diagnoses(console, "hpemberley", "username-without-email")
    fixes(console, "Add an email to C-1002", address)
    console.wait_for("✓ can-sign-in")
    fixes(console, "Send a reset link to C-1002")
    press_until(console, "c", CUSTOMERS_VIEW)
    code = code_by_text("+17755550141")
    sets_password_and_signs_in(console, "hpemberley", path="reset", to=address, code=code)
    console.wait_for("C-1002")


def test_P1_4_a_claimed_account_without_contact_can_be_claimed_once_it_has_an_email(
    console: Console,
) -> None:
    """The second claim makes the sign-in and sends the link, so that an email is all it takes."""
    address = "walter.okonkwo@example.com"
    become_the_customer(console)
    claims(console)
    console.press("escape")
    console.wait_for("Find a customer")

    console.press("/", "ctrl+d")
    console.wait_for("Birth date")
    enters(console, "", "Walter", "Okonkwo", "1966-02-09")
    console.press("ctrl+s")
    console.wait_for("✗ claim-without-contact")
    fixes(console, "Add an email to C-1004", address)
    console.wait_for("✓ can-claim")

    press_until(console, "c", CUSTOMERS_VIEW)
    claims(console)
    code = code_by_mail(address)
    sets_password_and_signs_in(console, address, path="reset", to=address, code=code)
    console.wait_for("C-1004")


def test_P1_5_an_account_that_was_never_activated_signs_in_after_activation(console: Console) -> None:
    address = "naomi.fairweather@example.org"
    is_told_to_call(console, address)
    diagnoses(console, address, "inactive")
    fixes(console, "Send an activation link to C-1006")
    press_until(console, "c", CUSTOMERS_VIEW)
    code = code_by_mail(address)
    sets_password_and_signs_in(console, address, path="activation", to=address, code=code)
    console.wait_for("C-1006")


def test_P1_9_codes_arrive_again_once_a_test_mail_proved_the_address(console: Console) -> None:
    """Her address bounces, and a landline takes no texts; by now her mailbox has room again (P3.3)."""
    address = "priya.raman@example.net"
    is_told_to_call(console, "priyar")
    diagnoses(console, "priyar", "code-not-arriving")
    fixes(console, "Send a test mail")
    console.press("o")
    console.wait_for("birth date")
    console.press(":")
    console.wait_for("what do you want to do?")
    console.wait_quiet(0.4)
    console.type("mark email verified")
    console.press("enter")
    saves(console, "the test mail arrived")
    console.press("escape")
    console.wait_for("✓ can-sign-in")
    fixes(console, "Send a reset link to C-1018")
    press_until(console, "c", CUSTOMERS_VIEW)
    code = code_by_mail(address)
    sets_password_and_signs_in(console, "priyar", path="reset", to=address, code=code)
    console.wait_for("C-1018")
