"""The column types of the warehouse: what they refuse, clean and bound on the way in.

Both databases must take whatever was fetched: a value that one of them refuses would make its batch
fail for ever. So text is freed of NUL characters and lone surrogates, and keys from outside are bounded.
"""

import hashlib
import math
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, DateTime, Dialect, Integer, Text, TypeDecorator
from sqlalchemy.dialects.postgresql import JSONB

KEY_MAX_BYTES = 1000  # PostgreSQL refuses index rows over about 2,700 bytes

Id = BigInteger().with_variant(Integer, "sqlite")  # SQLite numbers only INTEGER keys by itself


def clean_text(value: str) -> str:
    """Replace what a database cannot hold: NUL characters and surrogates without their other half."""
    try:
        value.encode()
    except UnicodeEncodeError:
        value = value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return value.replace("\x00", "�")


def bound_key(value: str) -> str:
    """Shorten a key to what an index can hold; equal keys stay equal, different ones different."""
    value = clean_text(value)
    encoded = value.encode()
    if len(encoded) <= KEY_MAX_BYTES:
        return value
    digest = hashlib.sha256(encoded).hexdigest()
    return encoded[: KEY_MAX_BYTES - len(digest) - 1].decode(errors="ignore") + "#" + digest


def clean_json(value: object) -> object:
    """Return plain JSON data that both databases accept."""
    plain: object
    match value:
        case None | bool() | int():
            plain = value
        case str():
            plain = clean_text(value)
        case float():
            plain = value if math.isfinite(value) else str(value)
        case date():
            plain = value.isoformat()
        case Mapping():
            plain = {clean_text(str(key)): clean_json(item) for key, item in value.items()}
        case list() | tuple():
            plain = [clean_json(item) for item in value]
        case set() | frozenset():
            plain = [clean_json(item) for item in sorted(value, key=repr)]
        case _:
            plain = clean_text(str(value))
    return plain


class CleanText(TypeDecorator[str]):
    """Text without the characters that a database refuses."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, _dialect: Dialect) -> str | None:
        """Clean what is written or compared."""
        return None if value is None else clean_text(value)


class KeyText(TypeDecorator[str]):
    """Text from outside that is indexed."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, _dialect: Dialect) -> str | None:
        """Bound what is written or compared."""
        return None if value is None else bound_key(value)


class CleanJson(TypeDecorator[Any]):
    """JSON data; JSONB in PostgreSQL."""

    impl = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
    cache_ok = True

    def process_bind_param(self, value: object, _dialect: Dialect) -> object:
        """Clean what is written."""
        return clean_json(value)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime in UTC; a naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Bring what is written to UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} is naive: all datetimes are aware")
        try:
            return value.astimezone(UTC)
        except OverflowError:  # within hours of the first or the last year there is
            return value.replace(tzinfo=UTC)

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Return what is read in UTC, whatever the session's zone."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
