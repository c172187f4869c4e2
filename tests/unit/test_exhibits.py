"""What an analyst is shown of an article."""

from collections.abc import Mapping
from typing import Any, NoReturn

import pytest

from coopwatch.errors import FetchError
from coopwatch.exhibits import make_exhibit
from coopwatch.jobs import ExtractJob
from coopwatch.warehouse.labels import Case
from schemas.records import Article, Capture, Failure, PendingEntry, Source
from tests.builders import NOW, make_article

URL = "https://courier.example/science/1"
SOURCE = Source(
    id="courier", name="The Courier", kind="feed", url="https://courier.example/feed", publisher="C"
)
ENTRY = PendingEntry(
    source_id="courier", key="1", url=URL, compare_url=URL, title="As in the feed", summary="In two lines",
    published_at=NOW, entry_id=1, first_seen_at=NOW,
)  # fmt: skip


class Kept:
    """What is kept: one page, or none."""

    def __init__(self, *urls: str) -> None:
        self._urls = urls

    def get(self, url: str, *, headers: Mapping[str, str] = {}) -> Capture:
        if url not in self._urls:
            raise FetchError(url, "not_in_archive", "not in var/captures")
        return Capture(url=url, final_url=url, status=200, body=b"page", fetched_at=NOW)


def make_case(**changes: Any) -> Case:
    return Case.model_validate({"entry": ENTRY, "source": SOURCE} | changes)


def extract(job: ExtractJob) -> Article:
    assert (job.entry, job.source, job.capture.body) == (ENTRY, SOURCE, b"page")
    return make_article(title="As on the page", text="The whole of it", language="fr")


def refuse(*_: object) -> NoReturn:
    pytest.fail("nobody needs this")


def test_a_stored_article_is_shown_as_it_is() -> None:
    exhibit = make_exhibit(make_case(title="T", text="Stored", language="de"), refuse, refuse)
    assert (exhibit.title, exhibit.text, exhibit.language) == ("T", "Stored", "de")
    assert exhibit.lacks == ""
    assert exhibit.published_at == NOW


def test_of_others_the_kept_page_is_extracted() -> None:
    exhibit = make_exhibit(make_case(), lambda: Kept(URL), extract)
    assert (exhibit.title, exhibit.text, exhibit.language) == ("As on the page", "The whole of it", "fr")
    assert exhibit.lacks == ""


def test_without_a_page_there_is_the_feed() -> None:
    exhibit = make_exhibit(make_case(), Kept, refuse)
    assert (exhibit.title, exhibit.text, exhibit.language) == ("As in the feed", "In two lines", None)
    assert exhibit.lacks == "the page was not kept, or not any more (not in var/captures)"


def test_a_page_that_yields_nothing_leaves_the_feed_too() -> None:
    failure = Failure(stage="extract", kind="too_slow", detail="given up after 20 s")
    exhibit = make_exhibit(make_case(), lambda: Kept(URL), lambda _: failure)
    assert exhibit.text == "In two lines"
    assert exhibit.lacks == "the page could not be read again (too_slow: given up after 20 s)"
