"""Views for analysts, full-text search, and the indexes that their questions need."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR

from coopwatch.warehouse.search import index_all
from migrations.views import create_views, drop_views

revision = "0007"
down_revision = "0006"

# table, columns
INDEXES = [
    ("article", ["published_at"]),
    ("claim", ["field", "status"]),
    ("claim", ["recorded_at"]),
    ("coverage", ["recorded_at"]),
    ("event", ["kind", "start_date"]),
    ("event", ["merged_into"]),
    ("event", ["first_seen_at"]),
    ("event_change", ["changed_at"]),
]


def upgrade() -> None:
    connection = op.get_bind()
    for table, columns in INDEXES:
        op.create_index(_name(table, columns), table, columns)
    if connection.dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE article_search"
            " USING fts5 (title, text, tokenize = 'porter unicode61 remove_diacritics 2')"
        )
    else:
        op.create_table(
            "article_search",
            sa.Column("article_no", sa.BigInteger(), nullable=False, comment="article.article_no"),
            sa.Column("words", TSVECTOR(), nullable=False, comment="its words"),
            sa.PrimaryKeyConstraint("article_no", name="pk_article_search"),
            comment="Index from words to the articles that hold them",
        )
        op.create_index("ix_article_search_words", "article_search", ["words"], postgresql_using="gin")
    index_all(connection)
    create_views(connection)


def downgrade() -> None:
    drop_views(op.get_bind())
    op.drop_table("article_search")
    for table, columns in reversed(INDEXES):
        op.drop_index(_name(table, columns), table)


def _name(table: str, columns: list[str]) -> str:
    return "_".join(("ix", table, *columns))
