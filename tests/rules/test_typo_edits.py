"""The edited typo table: lines added and taken out, rules switched, and no right address corrected (P3)."""

import pytest

from db.rules import Malformed
from db.rules.typo import SHIPPED, permits, propose
from db.rules.typo_edits import Part, TypoEdits, add, edited, remove, switch

NONE = TypoEdits()


def corrections(address: str, edits: TypoEdits) -> list[str]:
    return [found.after for found in propose(address, edited(edits))]


def test_without_edits_the_table_is_the_shipped_one() -> None:
    assert edited(NONE) == SHIPPED


def test_an_added_line_corrects() -> None:
    edits = add(NONE, Part.MISSPELT_DOMAIN, "Exmaple.org", "example.org")
    assert corrections("joan@exmaple.org", edits) == ["joan@example.org"]
    assert corrections("joan@exmaple.org", NONE) == []


def test_a_removed_line_corrects_no_more_and_can_come_back() -> None:
    gone = remove(NONE, Part.MISSPELT_DOMAIN, "gmial.com")
    assert corrections("joan@gmial.com", gone) == []
    assert add(gone, Part.MISSPELT_DOMAIN, "gmial.com", "gmail.com").removed == {}


def test_what_was_added_leaves_no_trace_when_it_is_taken_out() -> None:
    edits = add(NONE, Part.SWAPPED_ENDING, "example.co", "example.com")
    assert remove(edits, Part.SWAPPED_ENDING, "example.co") == NONE


def test_a_rule_is_switched_off_and_on() -> None:
    off = switch(NONE, "misspelt-domain", on=False)
    assert permits("joan@gmial.com", "joan@gmail.com", edited(off)) is None
    assert switch(off, "misspelt-domain", on=True) == NONE


def test_a_missing_ending_is_a_word_and_its_domain() -> None:
    edits = add(NONE, Part.MISSING_ENDING, "example", "example.org")
    assert corrections("joan@example", edits) == ["joan@example.org"]


@pytest.mark.parametrize(
    ("part", "wrong", "right", "field"),
    [
        (Part.MISSPELT_DOMAIN, "gmail.com", "evil.example", "wrong"),
        (Part.MISSPELT_ENDING, "com", "net", "wrong"),
        (Part.MISSPELT_DOMAIN, "gm ail.com", "gmail.com", "wrong"),
        (Part.MISSPELT_DOMAIN, "", "gmail.com", "wrong"),
        (Part.MISSPELT_DOMAIN, "gmall.com", "", "right"),
        (Part.MISSPELT_DOMAIN, "gmall.com", "gmall.com", "right"),
        (Part.MISSPELT_DOMAIN, "gmall.com", "gmial.com", "right"),
        (Part.MISSPELT_DOMAIN, "gmall.com", "[/x]", "right"),
        (Part.MISSPELT_ENDING, "c.m", "com", "wrong"),
    ],
)
def test_an_edit_that_could_harm_a_right_address_is_refused(part, wrong, right, field) -> None:
    with pytest.raises(Malformed) as caught:
        add(NONE, part, wrong, right)
    assert caught.value.field == field


def test_what_the_table_does_not_have_cannot_be_taken_out() -> None:
    with pytest.raises(Malformed):
        remove(NONE, Part.MISSPELT_DOMAIN, "nowhere.example")


def test_there_is_no_rule_of_another_name() -> None:
    with pytest.raises(Malformed):
        switch(NONE, "anything-goes", on=True)
