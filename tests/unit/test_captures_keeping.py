"""Recording what is fetched: every answer with a body, from every thread, whatever becomes of the store."""

import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from coopwatch.captures import CaptureStore, Recorder, RecordingFetcher
from coopwatch.captures.keeping import Owner
from coopwatch.captures.store import hash_body
from coopwatch.errors import FetchError
from coopwatch.fetch.client import NO_HEADERS
from schemas.records import Capture

URL = "https://academy.example/feed"


class FakeFetcher:
    """Answers from a table: a status and a body for every path; what is not there fails."""

    def __init__(self, answers: Mapping[str, tuple[int, bytes]]) -> None:
        self.answers = answers
        self.asked: list[Mapping[str, str]] = []

    def get(self, url: str, *, headers: Mapping[str, str] = NO_HEADERS) -> Capture:
        self.asked.append(headers)
        if url not in self.answers:
            raise FetchError(url, "http_status", "HTTP 404 Not Found", http_status=404)
        status, body = self.answers[url]
        return make_capture(url, body, status=status)


def make_capture(url: str = URL, body: bytes = b"<rss/>", status: int = 200) -> Capture:
    return Capture(
        url=url,
        final_url=url,
        status=status,
        headers=(("Content-Type", "application/rss+xml"),),
        body=body,
        fetched_at=datetime.now(UTC),
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "captures"


@pytest.fixture
def store(folder: Path) -> CaptureStore:
    return CaptureStore(str(folder))


def test_every_answer_with_a_body_is_handed_over() -> None:
    inner = FakeFetcher({"https://a.example/": (200, b"a"), "https://b.example/": (304, b"")})
    kept: list[Capture] = []
    fetcher = RecordingFetcher(inner, kept.append)
    assert fetcher.get("https://a.example/") == kept[0]
    assert fetcher.get("https://b.example/", headers={"If-None-Match": '"1"'}).status == 304
    assert inner.asked == [{}, {"If-None-Match": '"1"'}]
    with pytest.raises(FetchError):
        fetcher.get("https://c.example/")
    assert [capture.body for capture in kept] == [b"a"]


def test_robots_txt_is_neither_a_feed_nor_a_page() -> None:
    paths = {"/robots.txt": 0, "/robots.txt?x=1": 0, "/a/robots.txt": 1, "/robots.txt/a": 1}
    inner = FakeFetcher({f"https://a.example{path}": (200, b"x") for path in paths})
    for path, times in paths.items():
        kept: list[Capture] = []
        RecordingFetcher(inner, kept.append).get(f"https://a.example{path}")
        assert len(kept) == times


def test_a_row_says_whose_answer_it_is(store: CaptureStore) -> None:
    recorder = Recorder(store, "page", owners={URL: Owner("academy", 7)})
    recorder.keep(make_capture())
    recorder.keep(make_capture("https://academy.example/child.xml", b"child"))
    own, other = recorder.take_rows()
    assert (own.source_id, own.entry_id, own.purpose) == ("academy", 7, "page")
    assert (own.content_type, own.size_bytes, own.status) == ("application/rss+xml", 6, 200)
    assert (other.source_id, other.entry_id) == (None, None)
    assert store.read(own.sha256) == b"<rss/>"
    assert recorder.take_rows() == ()


def test_many_threads_record_at_once(store: CaptureStore) -> None:
    urls = [f"https://host{number}.example/" for number in range(80)]
    inner = FakeFetcher({url: (200, url.encode() * 50) for url in urls})
    recorder = Recorder(
        store, "page", owners={url: Owner(entry_id=number) for number, url in enumerate(urls)}
    )
    fetcher = RecordingFetcher(inner, recorder.keep)
    threads = [
        threading.Thread(target=lambda part=part: [fetcher.get(url) for url in urls[part::8]])
        for part in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    rows = recorder.take_rows()
    assert sorted(row.url for row in rows) == sorted(urls)
    assert [row.fetched_at for row in rows] == sorted(row.fetched_at for row in rows)
    assert all(row.entry_id is not None and urls[row.entry_id] == row.url for row in rows)
    assert all(store.read(row.sha256) == row.url.encode() * 50 for row in rows)


def test_an_unchanged_body_is_recorded_once_a_day(store: CaptureStore, folder: Path) -> None:
    capture = make_capture()
    sha256 = hash_body(capture.body)
    recorder = Recorder(store, "feed", unchanged={sha256})
    recorder.keep(capture)  # remembered from before, but the store has not got it
    assert len(recorder.take_rows()) == 1
    recorder.keep(capture)
    assert recorder.take_rows() == ()
    blob = next(folder.rglob("*.zst"))
    os.utime(blob, (time.time() - 90_000,) * 2)
    recorder.keep(capture)
    assert len(recorder.take_rows()) == 1
    written_at = store.written_at(sha256)
    assert written_at is not None
    assert capture.fetched_at - written_at < timedelta(minutes=1)


def test_a_store_that_fails_costs_no_answer(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "file").write_text("x")
    recorder = Recorder(CaptureStore(str(tmp_path / "file" / "captures")), "feed")
    inner = FakeFetcher({f"https://a.example/{number}": (200, b"x") for number in range(3)})
    fetcher = RecordingFetcher(inner, recorder.keep)
    with caplog.at_level(logging.WARNING):
        assert [fetcher.get(url).body for url in inner.answers] == [b"x"] * 3
    assert (recorder.lost, recorder.take_rows()) == (3, ())
    assert [record.levelname for record in caplog.records] == ["WARNING"]


def test_importing_the_package_is_cheap() -> None:
    code = (
        "import sys, coopwatch.captures; "
        "print(sorted({'warcio', 'zstandard', 'fsspec', 'requests', 'sqlalchemy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_an_unknown_name_is_an_attribute_error() -> None:
    import coopwatch.captures

    assert not hasattr(coopwatch.captures, "NoSuchName")
