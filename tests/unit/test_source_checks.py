"""What a check of sources makes of their polls and of what their sites say."""

from datetime import timedelta
from typing import Any

import pytest

from coopwatch.errors import FetchError
from coopwatch.fairness import claim_at_once
from coopwatch.source_checks import (
    LOOKED_FOR_AT_MOST,
    SourceFinding,
    ask_robots,
    look_for_feeds,
    make_report,
    review_health,
    word_report,
)
from coopwatch.warehouse import SourceHealth
from schemas.records import Capture, ListingSelectors, Source
from tests.builders import NOW

DAY = timedelta(days=1)
FEED = (
    '<?xml version="1.0"?><rss version="2.0"><channel><title>Courier</title>'
    "<item><title>One</title><link>https://courier.example/1</link></item></channel></rss>"
)


def make_source(source_id: str = "courier", **changes: Any) -> Source:
    good: dict[str, Any] = {
        "id": source_id,
        "name": "Courier",
        "kind": "feed",
        "url": f"https://{source_id}.example/rss",
        "publisher": "Courier",
    }
    return Source.model_validate(good | changes)


def make_health(**changes: Any) -> SourceHealth:
    good: dict[str, Any] = {
        "source_id": "courier",
        "name": "Courier",
        "kind": "feed",
        "url": "https://courier.example/rss",
        "current_url": None,
        "is_registered": True,
        "silent_after_seconds": DAY.total_seconds(),
        "first_polled_at": NOW - 90 * DAY,
        "last_polled_at": NOW,
        "last_success_at": NOW,
        "last_new_entry_at": NOW,
        "next_poll_at": NOW,
        "interval_seconds": 900.0,
        "failure_weight": 0.0,
        "last_error": None,
        "is_conditional": True,
        "polls_7d": 10,
        "failed_7d": 0,
        "new_entries_7d": 1,
        "unreadable_7d": 0,
        "open_gaps": 0,
        "as_of": NOW,
    }
    return SourceHealth.model_validate(good | changes)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"last_error": "timeout", "is_registered": False}, []),
        ({"last_error": "timeout", "last_success_at": NOW - DAY}, [("failing", "for 24 h: timeout")]),
        ({"last_error": "gone", "last_success_at": NOW - 4 * DAY}, [("died", "for 4 days: gone")]),
        ({"last_error": "gone", "last_success_at": None}, [("died", "for 90 days: gone")]),
        ({"last_new_entry_at": NOW - 2 * DAY}, [("silent", "nothing new for 2 days")]),
        (
            {"current_url": "https://new.example/rss", "open_gaps": 2},
            [
                ("moved", "it is polled where its permanent redirects lead"),
                ("gaps", "2 gaps in its history; backfill fills them"),
            ],
        ),
    ],
)
def test_what_the_polls_have_shown(changes: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    found = list(review_health([make_health(**changes)]))
    assert [(one.trouble, one.note) for one in found] == expected
    assert [one.suggestion for one in found if one.trouble == "moved"] == (
        ["https://new.example/rss"] if "current_url" in changes else []
    )


class Web:
    """Answers requests from a table, and counts them."""

    def __init__(self, pages: dict[str, str | FetchError]) -> None:
        self.pages = pages
        self.requests: list[str] = []

    def get(self, url: str) -> Capture:
        self.requests.append(url)
        page = self.pages.get(url) or FetchError(url, "http_status", "HTTP 404", http_status=404)
        if isinstance(page, FetchError):
            raise page
        return Capture(url=url, final_url=url, status=200, headers=(), body=page.encode(), fetched_at=NOW)


def test_sites_that_shut_us_out_are_found_with_one_request_each() -> None:
    listing = ListingSelectors(item="div", link="a")
    sources = [
        make_source("open"),
        make_source("closed"),
        make_source("closed-too", url="https://closed.example/other"),
        make_source("listing", url="https://half.example/news", kind="listing", listing=listing),
        make_source("feed", url="https://half.example/rss"),
        make_source("down"),
    ]
    web = Web(
        {
            "https://open.example/robots.txt": "User-agent: *\nAllow: /",
            "https://closed.example/robots.txt": "User-agent: *\nDisallow: /",
            "https://half.example/robots.txt": "User-agent: coopwatch\nDisallow: /news",
            "https://down.example/robots.txt": FetchError("https://down.example/", "timeout", "no answer"),
        }
    )
    found = ask_robots(sources, web.get, claim_at_once)
    assert {(one.source_id, one.note) for one in found} == {
        ("closed", "robots.txt forbids it to coopwatch"),
        ("closed-too", "robots.txt forbids it to coopwatch"),
        ("listing", "robots.txt forbids it to coopwatch"),
        ("down", "robots.txt cannot be read: no answer"),
    }
    assert len(web.requests) == 4


def test_the_new_address_of_a_feed_that_died_is_suggested() -> None:
    web = Web(
        {
            "https://courier.example/": '<link rel="alternate" type="application/rss+xml" href="/new.xml">',
            "https://courier.example/new.xml": FEED,
        }
    )
    died = SourceFinding(source_id="courier", trouble="died", note="for 4 days: gone")
    lost = SourceFinding(source_id="lost", trouble="died", note="for 4 days: gone")
    silent = SourceFinding(source_id="courier", trouble="silent", note="nothing new")
    sources = {source.id: source for source in (make_source("courier"), make_source("lost"))}
    found = look_for_feeds([died, lost, silent], sources, web.get, NOW)
    assert found[0].suggestion == "https://courier.example/new.xml"
    assert found[1].suggestion is None
    assert found[1].note == "for 4 days: gone; HTTP 404"
    assert found[2] == silent


def test_no_more_is_asked_than_is_polite() -> None:
    web = Web({})
    sources = {f"s{number}": make_source(f"s{number}") for number in range(LOOKED_FOR_AT_MOST + 10)}
    died = [SourceFinding(source_id=one, trouble="died", note="gone") for one in sources]
    assert len(look_for_feeds(died, sources, web.get, NOW)) == len(died)
    assert len(web.requests) == LOOKED_FOR_AT_MOST


def test_the_gravest_comes_first_and_the_counts_say_so() -> None:
    found = [
        SourceFinding(source_id=one, trouble=trouble, note="")
        for one, trouble in (("b", "gaps"), ("c", "died"), ("a", "died"))
    ]
    report = make_report(12, [SourceFinding.model_validate(one) for one in found])
    assert [(one.source_id, one.trouble) for one in report.findings] == [
        ("a", "died"),
        ("c", "died"),
        ("b", "gaps"),
    ]
    assert word_report(report) == "12 sources checked: 2 died, 1 gaps"
    assert word_report(make_report(12, [])) == "12 sources checked: all in order"
