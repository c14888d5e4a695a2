"""What the screen of a customer says of signing in: the verdict, and corrections of addresses (P1, R30)."""

from textual.pilot import Pilot

from tests.factories import add_customer
from tests.tui.conftest import Practice
from tests.tui.diagnosing import opened, text
from tui.widgets.section import Section


def head(pilot: Pilot[int]) -> str:
    return "\n".join(text(pilot).splitlines()[1:5])


async def test_the_head_of_a_customer_says_whether_they_can_sign_in(practice: Practice) -> None:
    well = add_customer(practice.database, emails=["w@example.org"], sign_ins=["well"])
    async with practice.opened() as pilot:
        await opened(pilot, well)
        assert "✓ can sign in" in head(pilot)
        await opened(pilot, practice.daniel)
        assert "✗ CANNOT SIGN IN shared-email · d why" in head(pilot)


async def test_the_head_of_a_customer_says_what_they_lack_and_not_that_nobody_matches(
    practice: Practice,
) -> None:
    async with practice.opened() as pilot:
        await opened(pilot, practice.hostile)
        assert "✗ CANNOT SIGN IN no-sign-in · d why" in head(pilot)


async def test_R30_a_correction_that_somebody_holds_names_them_and_fills_nothing_in(
    practice: Practice,
) -> None:
    ida = add_customer(practice.database, emails=[("ida@gmial.com", "unverified")], sign_ins=["ida"])
    dan = add_customer(practice.database, given_name="Dan", emails=["ida@gmail.com"])
    async with practice.opened("support") as pilot:
        await opened(pilot, ida)
        assert f"held by C-{dan} Dan" in text(pilot)
        await pilot.press("down")
        section = pilot.app.focused
        assert isinstance(section, Section)
        assert section.row is not None
        assert "email" not in section.row.values


async def test_P3_a_typing_error_stands_below_its_address_and_e_starts_with_the_correction(
    practice: Practice,
) -> None:
    ida = add_customer(practice.database, emails=[("ida@gmial.com", "unverified")], sign_ins=["ida"])
    async with practice.opened("support") as pilot:
        await opened(pilot, ida)
        before, after = (at for at, line in enumerate(text(pilot).splitlines()) if "ida@gm" in line)
        assert after == before + 1
        assert "misspelt-domain" in text(pilot).splitlines()[after]
        await pilot.press("down")
        section = pilot.app.focused
        assert isinstance(section, Section)
        assert section.row is not None
        assert section.row.values["email"] == "ida@gmail.com"
