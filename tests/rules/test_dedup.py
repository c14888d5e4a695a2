"""Which contact values duplicate detection keeps unique, and who holds them."""

import pytest

from db.rules.dedup import DedupMode, holds


@pytest.mark.parametrize(
    ("setting", "email", "phone"),
    [("off", False, False), ("by-phone", False, True), ("by-email", True, False), ("by-both", True, True)],
)
def test_P4_the_mode_requires_and_blocks_the_field_it_uses(setting, email, phone):
    mode = DedupMode(setting)

    assert (mode.requires_email, mode.requires_phone) == (email, phone)
    assert (mode.blocks("email"), mode.blocks("phone")) == (email, phone)


@pytest.mark.parametrize(
    ("status", "pass_states"),
    [
        ("inactive", []),
        ("active", []),
        ("active", ["active"]),
        ("active", ["suspended", "active"]),
        ("active", ["expired"]),
        ("active", ["suspended", "expired"]),
    ],
)
def test_P4_live_customers_hold_their_contacts(status, pass_states):
    assert holds(status, pass_states)


@pytest.mark.parametrize(
    ("status", "pass_states"),
    [
        ("suspended", []),
        ("suspended", ["active"]),
        ("merged", []),
        ("erased", ["active"]),
        ("active", ["suspended"]),
        ("active", ["suspended", "suspended"]),
    ],
)
def test_P4_suspended_merged_and_erased_customers_hold_nothing(status, pass_states):
    assert not holds(status, pass_states)


def test_P4_a_status_not_known_holds():
    assert holds("something new", ())
