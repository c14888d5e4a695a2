"""Hostile text in every text parameter: kept exactly where text is free, refused with its field elsewhere."""

from contextlib import suppress

import pytest

from db.engine import Database
from db.errors import Invalid, Unknown
from db.operations import REGISTRY
from tests.contract.examples import NAMES
from tests.contract.harness import Planted, TextField, plant, text_fields

HOSTILE = {
    "markup": "[/x] [bold [@click=app.quit]x",
    "quotes": 'O\'Brien "Bob" `a` \\ %s {0}',
    "sql": "x'); DROP TABLE customer; --",
    "emoji": "😀 👩‍👩‍👧 é e\u0301",
    "right-to-left": "שלום مرحبا",
}
ALL_AT_ONCE = "[/x]'\";--😀שלום%s"
UNSEEN = {"bell": "a\x07b", "null": "a\x00b", "escape": "a\x1b]52;c;x\x07", "bidi": "a\u202eb"}
FIELDS = [(name, field) for name in NAMES for field in text_fields(REGISTRY[name])]


def field_id(value: object) -> str:
    return value.name if isinstance(value, TextField) else str(value)


def assert_kept_or_refused(planted: Planted, field: TextField, text: str) -> None:
    cut = text[: field.max_length].strip()
    try:
        applied = planted.run(params=planted.with_params(**{field.name: cut}))
    except (Invalid, Unknown) as error:
        refusal = error
    else:
        assert cut in [change.after for change in applied.changes]
        kept = [value for rows in planted.dump().values() for row in rows for value in row]
        assert kept.count(cut) >= 2, "once in its table, once in the log"
        return
    assert field.name not in planted.example.free, refusal.sentence
    assert refusal.field == field.name or field.name in planted.example.names


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
@pytest.mark.parametrize(("name", "field"), FIELDS, ids=field_id)
def test_hostile_text_comes_back_unchanged(
    sqlite_database: Database, name: str, field: TextField, text: str
) -> None:
    assert_kept_or_refused(plant(sqlite_database, name), field, text)


@pytest.mark.parametrize("name", sorted({name for name, _ in FIELDS}))
def test_the_longest_hostile_text_fits_on_postgresql(postgres_database: Database, name: str) -> None:
    planted = plant(postgres_database, name)
    for field in text_fields(REGISTRY[name]):
        longest = (ALL_AT_ONCE * 5_000)[: field.max_length]
        if field.name in planted.example.free:
            applied = planted.preview(params=planted.with_params(**{field.name: longest}))
            assert longest in [change.after for change in applied.changes]
        else:
            with suppress(Invalid, Unknown):
                planted.preview(params=planted.with_params(**{field.name: longest}))


@pytest.mark.parametrize(("name", "field"), FIELDS, ids=field_id)
def test_A13_what_no_field_may_hold_is_refused_with_its_field_and_nothing_written(
    sqlite_database: Database, name: str, field: TextField
) -> None:
    planted = plant(sqlite_database, name)
    before = planted.dump()
    for text in (*UNSEEN.values(), "x" * 65_536):
        with pytest.raises(Invalid) as caught:
            planted.run(params=planted.with_params(**{field.name: text}))
        assert caught.value.field == field.name
    assert planted.dump() == before


@pytest.mark.parametrize("name", NAMES)
def test_an_unknown_customer_or_an_empty_reason_writes_nothing(sqlite_database: Database, name: str) -> None:
    planted = plant(sqlite_database, name)
    before = planted.dump()
    for reason in ("", "  \n ", "x" * 65_536):
        with pytest.raises(Invalid) as invalid:
            planted.run(reason=reason)
        assert invalid.value.field == "reason"
    if hasattr(planted.example.params, "customer"):
        with pytest.raises(Unknown) as unknown:
            planted.run(params=planted.with_params(customer=999_999))
        assert unknown.value.field == "customer"
    assert planted.dump() == before


@pytest.mark.parametrize("name", NAMES)
def test_a_hostile_reason_is_kept_exactly(sqlite_database: Database, name: str) -> None:
    planted = plant(sqlite_database, name)
    reason = " · ".join(HOSTILE.values())
    applied = planted.run(reason=reason)
    details = planted.dump()["audit_detail"]
    (kept,) = [row[5] for row in details if (row[0], row[2]) == (applied.event, "reason")]
    assert kept.startswith(reason)  # an operation may add a remark of its own
