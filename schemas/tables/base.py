"""What all tables share: their metadata, and the kinds of column."""

from typing import Any, get_args

from sqlalchemy import CheckConstraint, Column, ForeignKey, MetaData, text

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

views = MetaData()


def key(name: str, kind: Any, comment: str, *references: ForeignKey) -> Column[Any]:
    """Return a column of the primary key."""
    return Column(name, kind, *references, primary_key=True, comment=comment)


def must(
    name: str, kind: Any, comment: str, *references: ForeignKey, default: str | None = None
) -> Column[Any]:
    """Return a column that is never empty; with a default if it came to a table that had rows."""
    server_default = text(default) if default else None
    return Column(name, kind, *references, nullable=False, comment=comment, server_default=server_default)


def may(name: str, kind: Any, comment: str, *references: ForeignKey) -> Column[Any]:
    """Return a column that may be empty."""
    return Column(name, kind, *references, nullable=True, comment=comment)


def values(literal: Any) -> str:
    """Return the allowed values, for a comment."""
    return ", ".join(get_args(literal))


def only(column: str, literal: Any) -> CheckConstraint:
    """Return the constraint that a column has one of the allowed values."""
    allowed = ", ".join(f"'{value}'" for value in get_args(literal))
    return CheckConstraint(f"{column} IN ({allowed})", name=column)
