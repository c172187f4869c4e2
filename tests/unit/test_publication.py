from datetime import UTC, datetime, timedelta

import pytest
from lxml import html

from coopwatch.linked_data import LinkedArticle
from coopwatch.publication import choose_publication, parse_moment, published_at, read_publications

NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("raw", "moment"),
    [
        ("2024-03-05T10:15:00+01:00", "2024-03-05T10:15:00+01:00"),
        ("2024-03-05T09:15:00.123Z", "2024-03-05T09:15:00.123+00:00"),
        ("2024-03-05", "2024-03-05T00:00:00"),
        (" 2024-03-05 10:15 ", "2024-03-05T10:15:00"),
        ("Tue, 05 Mar 2024 10:15:00 +0100", "2024-03-05T10:15:00+01:00"),
        ("2024/3/5 10:15", "2024-03-05T10:15:00"),
        ("2024年3月5日 10:15", "2024-03-05T10:15:00"),
        ("05.03.2024 - 10:15", "2024-03-05T10:15:00"),
        ("2024-13-45", None),
        ("5/3/2024", None),  # the fifth of March or the third of May
        ("yesterday", None),
        ("", None),
    ],
)
def test_moments(raw: str, moment: str | None) -> None:
    assert parse_moment(raw) == (datetime.fromisoformat(moment) if moment else None)


@pytest.mark.parametrize(
    ("stated", "stored", "precision"),
    [
        ("2024-03-05T10:15:00+01:00", "2024-03-05T09:15:00+00:00", "second"),
        ("2024-03-05T10:15:00", "2024-03-05T10:15:00+00:00", "day"),
        ("2024-03-05T00:00:00+00:00", "2024-03-05T00:00:00+00:00", "day"),
    ],
)
def test_precision(stated: str, stored: str, precision: str) -> None:
    found = published_at(datetime.fromisoformat(stated), "meta")
    assert (found.moment, found.precision) == (datetime.fromisoformat(stored), precision)


def test_the_first_possible_date_is_chosen() -> None:
    future, ancient, first, second = (
        published_at(moment, "meta")
        for moment in (
            NOW + timedelta(days=1, seconds=1),
            datetime(1970, 1, 1, tzinfo=UTC),
            NOW + timedelta(hours=23),
            NOW,
        )
    )
    assert choose_publication([future, ancient, first, second], NOW) == first
    assert choose_publication([future, ancient], NOW) is None


@pytest.mark.parametrize(
    ("path", "day"),
    [
        ("/2024/03/05/story", "2024-03-05"),
        ("/news/2024-03-05-story", "2024-03-05"),
        ("/c/2024-03/05/content_1.htm", "2024-03-05"),
        ("/20240305/story", "2024-03-05"),
        ("/story-1202403059", None),
        ("/2024/02/31/story", None),
        ("/2024/03/story", None),
    ],
)
def test_dates_in_urls(path: str, day: str | None) -> None:
    tree = html.document_fromstring("<html><body><p>.</p></body></html>")
    found = list(read_publications(tree, {}, LinkedArticle(), "https://c.example" + path))
    assert [item.moment.date().isoformat() for item in found] == ([day] if day else [])


def test_a_marked_time_element_goes_before_others() -> None:
    tree = html.document_fromstring(
        "<html><body><time datetime='2024-05-01'>1</time>"
        "<time pubdate datetime='2024-05-02'>2</time></body></html>"
    )
    found = list(read_publications(tree, {}, LinkedArticle(), "https://c.example/x"))
    assert [item.moment.day for item in found] == [2, 1]


def test_the_ends_of_the_calendar_are_survived() -> None:
    tree = html.document_fromstring("<html><body><p>.</p></body></html>")
    linked = LinkedArticle(published="0001-01-01T00:00:00+14:00")
    assert list(read_publications(tree, {}, linked, "https://c.example/x")) == []
