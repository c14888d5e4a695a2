"""What a change does, in words."""

from db.ledger import Change
from tui.widgets.diff import change_lines

REMOVED = (
    Change("email_profile.address", "2", "joan@example.org", None),
    Change("link.email_profile_id", "5", "2", None),
    Change("one_time_code.email_profile_id", "7", "2", None),
)


def test_a_preview_leaves_out_which_mails_went_to_a_contact_that_is_removed() -> None:
    assert [line.label for line in change_lines(REMOVED, with_messages=False)] == ["email"]


def test_R1_an_event_shows_them() -> None:
    labels = [line.label for line in change_lines(REMOVED)]
    assert labels == ["email", "link sent to email", "code sent to email"]
