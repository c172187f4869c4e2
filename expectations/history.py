"""The gate against drift of extraction: the last week of each source against its own two months before.

A site that changes its markup gives articles that are well-formed and wrong: shorter, undated, unsigned.
No row shows that; the source's own history does.
"""

# ruff: noqa: S608  # queries are put together of our own constants and of instants, never of data

from collections.abc import Callable
from datetime import datetime, timedelta

from great_expectations.expectations.expectation import Expectation

from expectations.rules import no_rows, warn

RECENT = timedelta(days=7)
BEFORE = timedelta(days=60)  # before those
RECENT_MIN_ARTICLES = 10
BEFORE_MIN_ARTICLES = 30
LENGTH_FACTOR = 2.0  # between the two medians
SHARE_DIFFERENCE = 0.2  # less is no drift that anybody would act on, however many articles show it
# two-proportion z-test with a pooled share, squared so that SQL needs no root; 3.29 is p = 0.001, two-sided
SQUARED_Z = 3.29**2

SHARES = {"dated": "published_at IS NOT NULL", "bylined": "author IS NOT NULL"}


def expect_steady_sources(now: datetime, instant: Callable[[datetime], str]) -> list[Expectation]:
    """Return the rules on the history of sources, all of level warn; their rows name the source.

    Args:
        now: the time of the check.
        instant: writes an instant for the database.
    """
    recent = instant(now - RECENT)
    before = instant(now - RECENT - BEFORE)
    until = instant(now)
    return warn(
        no_rows(
            "text_length_is_steady",
            _compare_medians(before, recent, until),
            f"the median length of a source's texts changes by less than a factor of {LENGTH_FACTOR:g}",
        ),
        *(
            no_rows(
                f"{name}_share_is_steady",
                _compare_shares(name, condition, before, recent, until),
                f"the share of a source's articles that are {name} is what it was",
            )
            for name, condition in SHARES.items()
        ),
    )


def _select_window(columns: str, before: str, recent: str, until: str) -> str:
    return (
        f"SELECT source_id, {columns}, CASE WHEN fetched_at >= {recent} THEN 1 ELSE 0 END AS is_recent "
        f"FROM {{batch}} WHERE fetched_at >= {before} AND fetched_at <= {until}"
    )


def _compare_medians(before: str, recent: str, until: str) -> str:
    window = _select_window("words", before, recent, until)
    return (
        "SELECT n.source_id, n.articles, ROUND(n.median) AS median_words, o.articles AS before_articles, "
        "ROUND(o.median) AS before_median_words "
        f"FROM ({_take_medians(window)}) AS n JOIN ({_take_medians(window)}) AS o "
        "ON o.source_id = n.source_id AND n.is_recent = 1 AND o.is_recent = 0 "
        f"WHERE n.articles >= {RECENT_MIN_ARTICLES} AND o.articles >= {BEFORE_MIN_ARTICLES} "
        f"AND (n.median * {LENGTH_FACTOR} <= o.median OR n.median >= o.median * {LENGTH_FACTOR})"
    )


def _take_medians(window: str) -> str:
    """Return the median of either stretch: the middle row, or the mean of the two middle ones."""
    return (
        "SELECT source_id, is_recent, MIN(articles) AS articles, AVG(words) AS median FROM ("
        "SELECT source_id, is_recent, words, "
        "ROW_NUMBER() OVER (PARTITION BY source_id, is_recent ORDER BY words) AS place, "
        "COUNT(*) OVER (PARTITION BY source_id, is_recent) AS articles "
        f"FROM ({window}) AS w) AS ranked "
        "WHERE place * 2 BETWEEN articles AND articles + 2 GROUP BY source_id, is_recent"
    )


def _compare_shares(name: str, condition: str, before: str, recent: str, until: str) -> str:
    window = _select_window(f"CASE WHEN {condition} THEN 1.0 ELSE 0.0 END AS has_it", before, recent, until)
    counted = (
        "SELECT source_id, SUM(is_recent) AS articles, SUM(1 - is_recent) AS before_articles, "
        "SUM(has_it * is_recent) AS with_it, SUM(has_it * (1 - is_recent)) AS before_with_it, "
        f"AVG(has_it) AS pooled FROM ({window}) AS w GROUP BY source_id"
    )
    shares = (
        "SELECT source_id, articles, before_articles, pooled, with_it / articles AS share, "
        f"before_with_it / before_articles AS before_share FROM ({counted}) AS counted "
        f"WHERE articles >= {RECENT_MIN_ARTICLES} AND before_articles >= {BEFORE_MIN_ARTICLES}"
    )
    return (
        f"SELECT source_id, articles, ROUND(100 * share) AS {name}_percent, before_articles, "
        f"ROUND(100 * before_share) AS before_{name}_percent FROM ({shares}) AS shares "
        f"WHERE ABS(share - before_share) >= {SHARE_DIFFERENCE} "
        "AND (share - before_share) * (share - before_share) > "
        f"{SQUARED_Z:.4f} * pooled * (1 - pooled) * (1.0 / articles + 1.0 / before_articles)"
    )
