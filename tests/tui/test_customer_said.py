"""What a customer's screen says to this operator: keys to who may use them, to others whom to ask."""

from tests.factories import add_customer
from tests.tui.conftest import Practice
from tests.tui.practice import screen_text
from tests.tui.test_customer import customer, line_of
from tests.tui.waiting import wait_for
from tui.screens.operation import OperationScreen


async def test_without_a_sign_in_r_creates_one_and_the_key_line_says_so(practice: Practice):
    async with customer(practice, practice.hostile) as pilot:
        assert "r create sign-in" in screen_text(pilot.app).splitlines()[-1]
        await pilot.press("r")
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, OperationScreen))
        assert pilot.app.screen._operation == "create-sign-in"


async def test_with_a_sign_in_r_resets(practice: Practice):
    async with customer(practice, practice.joan) as pilot:
        assert "r reset/activate" in screen_text(pilot.app).splitlines()[-1]


async def test_who_may_not_create_a_sign_in_is_told_whom_to_ask(practice: Practice):
    async with customer(practice, practice.hostile, "support", size=(120, 50)) as pilot:
        assert "r create" not in screen_text(pilot.app)
        assert "reset/activate" not in screen_text(pilot.app)
        line = line_of(pilot, "No sign-in yet, so there is no way in.")
        assert "Ask a" in line
        assert "Ask a team lead" in line_of(pilot, "Nothing was sent yet;")
        assert "r sends" not in screen_text(pilot.app)


async def test_whom_an_email_is_shared_with_is_not_cut_in_a_small_window(practice: Practice):
    long = "margaret.thompson-williams@example.com"
    numbers = [add_customer(practice.database, given_name="Meg", emails=[long]) for _ in range(3)]
    async with customer(practice, numbers[0]) as pilot:
        line = line_of(pilot, "margaret.thompson")
        assert f"also C-{numbers[1]}, C-{numbers[2]}" in line
