from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy.dialects import sqlite

from schemas.columns import KEY_MAX_BYTES, UtcDateTime, bound_key, clean_json, clean_text

DIALECT = sqlite.dialect()


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("plain text", "plain text"),
        ("合作 🤝 é", "合作 🤝 é"),
        ("nul\x00inside", "nul�inside"),
        ("lone \ud800 surrogate", "lone � surrogate"),
        ("pair \ud83e\udd1d apart", "pair 🤝 apart"),
    ],
)
def test_text_is_freed_of_what_a_database_refuses(raw: str, clean: str) -> None:
    assert clean_text(raw) == clean


def test_keys_are_bounded_and_stay_different() -> None:
    long, other = "界" * 5000, "界" * 4999 + "面"

    assert bound_key("guid-1") == "guid-1"
    assert bound_key(long) == bound_key(long)
    assert bound_key(long) != bound_key(other)
    assert len(bound_key(long).encode()) <= KEY_MAX_BYTES
    assert bound_key(bound_key(long)) == bound_key(long)


@pytest.mark.parametrize(
    ("raw", "plain"),
    [
        ({"a": (1, 2.5, None, True)}, {"a": [1, 2.5, None, True]}),
        ({"nan": float("nan"), "inf": float("-inf")}, {"nan": "nan", "inf": "-inf"}),
        ({1: "nul\x00"}, {"1": "nul�"}),
        ([datetime(2025, 7, 1, tzinfo=UTC), date(2025, 7, 1)], ["2025-07-01T00:00:00+00:00", "2025-07-01"]),
        (ValueError("no JSON"), "no JSON"),
        (b"bytes", "b'bytes'"),
        (frozenset({"two", "one", "three"}), ["one", "three", "two"]),
    ],
)
def test_json_is_plain(raw: Any, plain: object) -> None:
    assert clean_json(raw) == plain


def test_times_are_stored_in_utc_and_naive_ones_refused() -> None:
    kind = UtcDateTime()
    noon_in_tokyo = datetime(2025, 7, 1, 12, tzinfo=timezone(timedelta(hours=9)))

    assert kind.process_bind_param(noon_in_tokyo, DIALECT) == datetime(2025, 7, 1, 3, tzinfo=UTC)
    assert kind.process_result_value(datetime(2025, 7, 1, 3), DIALECT) == noon_in_tokyo  # noqa: DTZ001 - as SQLite gives it
    with pytest.raises(ValueError, match="naive"):
        kind.process_bind_param(datetime(2025, 7, 1), DIALECT)  # noqa: DTZ001 - what is refused


def test_the_first_hours_there_are_do_not_overflow() -> None:
    early = datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14)))

    assert UtcDateTime().process_bind_param(early, DIALECT) == datetime(1, 1, 1, tzinfo=UTC)
