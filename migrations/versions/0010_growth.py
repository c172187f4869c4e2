"""Terms that know their day, and indexes, so that neither runs nor questions slow down as years pass.

The last bits of a term become the last day that is known of its event. What they were is not restored on
the way down: events that were linked by then are found by series and text until they change.
"""

from alembic import op

revision = "0010"
down_revision = "0009"

# table, columns
INDEXES = [
    ("article", ["published_at", "publisher", "article_id"]),
    ("claim", ["article_id", "event_id", "article_version"]),
    ("text_group", ["origin_article_id"]),
]
# which begin like one of these
REPLACED = [("article", ["published_at"]), ("claim", ["article_id"])]
_KINDS = "what it did: monitor, reprocess, curate, digest, check"
_KINDS_SINCE = f"{_KINDS}, check_sources, maintenance, backfill"
_DAYS_SINCE_1970 = {
    "sqlite": "CAST(strftime('%s', {}) AS INTEGER) / 86400",
    "postgresql": "CAST(floor(extract(epoch FROM {}) / 86400) AS bigint)",
}


def upgrade() -> None:
    for table, columns in INDEXES:
        op.create_index(_name(table, columns), table, columns)
    for table, columns in REPLACED:
        op.drop_index(_name(table, columns), table)
    dialect = op.get_bind().dialect.name
    count_days = _DAYS_SINCE_1970[dialect].format
    op.execute(
        f"""
        CREATE TEMPORARY TABLE dated AS
        SELECT DISTINCT
            (event_term.term & -65536)
                | CASE WHEN day < 0 THEN 0 WHEN day > 65535 THEN 65535 ELSE day END AS term,
            event_term.event_id
        FROM event_term
        JOIN (
            SELECT event.event_id,
                coalesce(
                    max({count_days("coverage.published_at")}), min({count_days("event.first_seen_at")})
                ) AS day
            FROM event
            LEFT JOIN coverage ON coverage.event_id = event.event_id
            GROUP BY event.event_id
        ) AS known ON known.event_id = event_term.event_id
        """  # noqa: S608 - of our own words only
    )
    op.execute("DELETE FROM event_term")
    op.execute("INSERT INTO event_term (term, event_id) SELECT term, event_id FROM dated")
    op.execute("DROP TABLE dated")
    _comment(_KINDS_SINCE)


def downgrade() -> None:
    _comment(_KINDS)
    for table, columns in REPLACED:
        op.create_index(_name(table, columns), table, columns)
    for table, columns in reversed(INDEXES):
        op.drop_index(_name(table, columns), table)


def _comment(kinds: str) -> None:
    if op.get_bind().dialect.name == "postgresql":  # SQLite keeps none
        op.execute(f"COMMENT ON COLUMN run.kind IS '{kinds}'")


def _name(table: str, columns: list[str]) -> str:
    return "_".join(("ix", table, *columns))
