"""The table of actions: the same key means the same everywhere, and each place says what its keys do."""

import pytest
from textual.binding import Binding

from db.operations import REGISTRY
from tui.actions import ACTIONS, Place, at, bindings, key_line
from tui.screens.customer import CustomerScreen
from tui.screens.help import HelpScreen
from tui.screens.home import HomeScreen
from tui.screens.menu import MenuScreen
from tui.widgets.footer import fit

SCREENS = {
    Place.BOX: HomeScreen,
    Place.RESULTS: HomeScreen,
    Place.CUSTOMER: CustomerScreen,
    Place.MENU: MenuScreen,
    Place.HELP: HelpScreen,
}


@pytest.mark.parametrize("place", Place)
def test_a_key_does_one_thing_in_a_place(place: Place):
    keys = [key for action in at(place) for key in action.keys]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("place", Place)
def test_every_place_leads_back_and_out(place: Place):
    ids = {action.id for action in at(place)}
    assert ids & {"back", "clear"}
    assert "quit" in ids


@pytest.mark.parametrize("place", SCREENS)
def test_every_key_of_a_place_is_bound_and_its_screen_answers(place: Place):
    for action in at(place):
        if action.id in ("quit", "open"):
            continue  # the app's, and the list's own enter
        assert hasattr(SCREENS[place], f"action_{action.method}"), action.id
    bound = {binding.key for binding in bindings(place) if isinstance(binding, Binding)}
    assert bound == {key for action in at(place) if action.id != "quit" for key in action.keys}


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.id)
def test_every_action_says_what_it_does_and_names_a_real_permission(action):
    assert action.help.endswith(".")
    assert action.permission is None or action.permission in REGISTRY


@pytest.mark.parametrize("place", Place)
def test_the_key_line_fits_in_80_columns_and_keeps_the_way_back(place: Place):
    kept = fit(key_line(place, is_sandbox=True), 78)
    assert {action.id for action in kept} & {"back", "clear"}
    assert "help" in {action.id for action in kept} or place is Place.HELP


def test_the_mailbox_is_offered_only_in_the_sandbox():
    assert "mailbox" in {action.id for action in at(Place.CUSTOMER, is_sandbox=True)}
    assert "mailbox" not in {action.id for action in at(Place.CUSTOMER, is_sandbox=False)}
