"""Captures through store, index and archive: what was fetched once is answered again without the network."""

import gzip
import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer
from typer.testing import CliRunner
from werkzeug import Response

from coopwatch.captures import (
    ArchiveFetcher,
    CaptureError,
    CaptureStore,
    Recorder,
    RecordingFetcher,
    StoreFetcher,
    expire,
    export_warc,
    keep_captures,
    sweep_orphans,
)
from coopwatch.captures.keeping import Owner
from coopwatch.collect import fetch_entries, poll_sources
from coopwatch.errors import FetchError
from coopwatch.fetch import Fetcher, HttpFetcher
from coopwatch.settings import Settings
from coopwatch.warehouse import Warehouse
from flows.cli.captures import app
from schemas.records import Capture, PendingEntry, PollResult, Source
from tests.integration.warehouse_samples import RUN, make_source

NOW = datetime.now(UTC)
DAY = timedelta(days=1)
SETTINGS = Settings(allow_private_hosts=frozenset({"127.0.0.1", "localhost"}), fetch_threads=4)
PAGES = 6
FEED = '<?xml version="1.0"?><rss version="2.0"><channel><title>Academy</title>{items}</channel></rss>'
ITEM = "<item><title>Accord {number}</title><link>{url}</link></item>"


@pytest.fixture
def store(tmp_path: Path) -> CaptureStore:
    return CaptureStore(str(tmp_path / "warehouse.captures"))


@pytest.fixture
def opened(warehouse: Warehouse) -> Warehouse:
    """A warehouse in which a run has begun."""
    warehouse.start_run(RUN, NOW)
    return warehouse


@pytest.fixture
def site() -> Iterator[HTTPServer]:
    """A feed of six pages: plain, gzipped, moved for good and for now, and two that are gone or empty."""
    with HTTPServer(host="127.0.0.1", port=0) as server:
        links = [server.url_for(f"/news/{number}") for number in range(PAGES)]
        items = "".join(ITEM.format(number=number, url=link) for number, link in enumerate(links))
        feed = Response(FEED.format(items=items), content_type="application/rss+xml", headers={"ETag": '"1"'})
        server.expect_request("/robots.txt").respond_with_data("User-agent: *\nAllow: /")
        server.expect_request("/feed").respond_with_response(feed)
        for number in range(PAGES):
            body = f"<html><p>Accord {number} was signed, dès aujourd'hui.</p></html>".encode() * 200
            headers = {"Content-Type": "text/html; charset=utf-8"}
            page = Response(body, headers=headers)
            match number:
                case 1:
                    page = Response(gzip.compress(body), headers=headers | {"Content-Encoding": "gzip"})
                case 2 | 3:
                    server.expect_request(f"/moved/{number}").respond_with_response(page)
                    page = Response(
                        status=301 if number == 2 else 302, headers={"Location": f"/moved/{number}"}
                    )
                case 4:
                    page = Response("gone", status=410)
                case 5:
                    page = Response(b"", headers=headers)
            server.expect_request(f"/news/{number}").respond_with_response(page)
        yield server


def poll(sources: list[Source], fetcher: Fetcher) -> list[PollResult]:
    return list(poll_sources(sources, {}, fetcher, SETTINGS, NOW))


def make_pending(polls: list[PollResult]) -> list[PendingEntry]:
    entries = [entry for result in polls for entry in result.entries]
    return [
        PendingEntry.model_validate(entry.model_dump() | {"entry_id": number, "first_seen_at": NOW})
        for number, entry in enumerate(entries, 1)
    ]


def fetch(entries: list[PendingEntry], fetcher: Fetcher) -> dict[str, Capture | str]:
    """Return what each address came to: its capture, or the kind of failure."""
    return {
        entry.url: answer if isinstance(answer, Capture) else answer.kind
        for entry, answer in fetch_entries(entries, fetcher, SETTINGS)
    }


def make_capture(url: str, body: bytes, fetched_at: datetime = NOW) -> Capture:
    return Capture(url=url, final_url=url, status=200, body=body, fetched_at=fetched_at)


def keep_pages(
    store: CaptureStore, warehouse: Warehouse, *captures: Capture, run_id: str = RUN, now: datetime = NOW
) -> int:
    return keep_captures(
        store, warehouse, run_id, ((capture, "page", None, None) for capture in captures), now
    )


def count_blobs(folder: Path) -> int:
    return sum(1 for _ in folder.rglob("*.zst"))


def test_a_run_can_be_repeated_without_the_network(
    opened: Warehouse, store: CaptureStore, site: HTTPServer, tmp_path: Path
) -> None:
    sources = [make_source("academy", url=site.url_for("/feed"))]
    opened.register_sources(sources, NOW)
    with HttpFetcher(SETTINGS) as network:
        owners = {source.url: Owner(source.id) for source in sources}
        feeds = Recorder(store, "feed", owners=owners)
        polls = poll(sources, RecordingFetcher(network, feeds.keep))
        opened.record_captures(RUN, feeds.take_rows(), NOW)
        opened.write_polls(RUN, polls, NOW)
        entries = list(opened.take_pending(RUN, 100, NOW, DAY))
        pages = Recorder(
            store, "page", owners={entry.url: Owner(entry.source_id, entry.entry_id) for entry in entries}
        )
        fetched = fetch(entries, RecordingFetcher(network, pages.keep))
        opened.record_captures(RUN, pages.take_rows(), NOW)
    site.stop()
    assert [result.outcome for result in polls] == ["polled"]
    assert len(fetched) == PAGES

    rows = list(opened.read_captures())
    assert {(row.purpose, row.source_id) for row in rows} == {("feed", "academy"), ("page", "academy")}
    assert {row.url: row.entry_id for row in rows if row.purpose == "page"} == {
        entry.url: entry.entry_id for entry in entries if isinstance(fetched[entry.url], Capture)
    }
    export_warc(rows, store, tmp_path / "out.warc.gz")
    for offline in (StoreFetcher(store, opened), ArchiveFetcher([tmp_path / "out.warc.gz"])):
        repeated = poll(sources, offline)
        assert [result.entries for result in repeated] == [result.entries for result in polls]
        answers = fetch(entries, offline)
        gone = site.url_for("/news/4")
        assert fetched[gone] == "http_status"  # it had no body to keep
        assert answers.pop(gone) == "not_in_archive"
        assert answers == {url: answer for url, answer in fetched.items() if url != gone}


def test_the_latest_capture_answers(opened: Warehouse, store: CaptureStore) -> None:
    url = "https://academy.example/"
    earlier = make_capture(url, b"earlier", NOW - DAY)
    assert keep_pages(store, opened, make_capture(url, b"now"), earlier) == 2
    fetcher = StoreFetcher(store, opened)
    assert fetcher.get("HTTPS://Academy.example").body == b"now"
    for missing, kind in (("https://academy.example/other", "not_in_archive"), ("mailto:a@b", "bad_url")):
        with pytest.raises(FetchError) as caught:
            fetcher.get(missing)
        assert caught.value.kind == kind


def test_a_capture_without_its_body_is_a_miss(opened: Warehouse, store: CaptureStore, tmp_path: Path) -> None:
    keep_pages(
        store, opened, make_capture("https://a.example/", b"a"), make_capture("https://b.example/", b"b")
    )
    rows = {row.url: row for row in opened.read_captures()}
    store.delete([rows["https://a.example/"].sha256])
    next(tmp_path.rglob(f"{rows['https://b.example/'].sha256}.zst")).write_bytes(b"damaged")
    for url, said in (("https://a.example/", "has no body"), ("https://b.example/", "damaged")):
        with pytest.raises(FetchError, match=said) as caught:
            StoreFetcher(store, opened).get(url)
        assert caught.value.kind == "not_in_archive"


def test_more_captures_than_are_recorded_at_once(opened: Warehouse, store: CaptureStore) -> None:
    captures = (make_capture(f"https://a.example/{number}", b"%d" % number) for number in range(1001))
    assert keep_pages(store, opened, *captures) == 1001
    assert sum(1 for _ in opened.read_captures()) == 1001


def test_a_killed_run_leaves_at_most_bodies_that_are_swept(
    opened: Warehouse, store: CaptureStore, tmp_path: Path
) -> None:
    def die() -> Iterator[Capture]:
        yield make_capture("https://a.example/1", b"1")
        raise KeyboardInterrupt

    keep_pages(store, opened, make_capture("https://a.example/0", b"0"))
    with pytest.raises(KeyboardInterrupt):
        keep_captures(store, opened, RUN, ((capture, "page", None, None) for capture in die()), NOW)
    assert [row.url for row in opened.read_captures()] == ["https://a.example/0"]
    assert count_blobs(tmp_path) == 2
    assert sweep_orphans(store, opened, NOW) == 0  # a run that lives may be about to record it
    assert sweep_orphans(store, opened, NOW + timedelta(hours=2)) == 1
    assert StoreFetcher(store, opened).get("https://a.example/0").body == b"0"


def test_retention_deletes_what_only_old_captures_need(
    opened: Warehouse, store: CaptureStore, tmp_path: Path
) -> None:
    for capture in (
        make_capture("https://a.example/old", b"old", NOW - 40 * DAY),
        make_capture("https://a.example/shared", b"shared", NOW - 40 * DAY),
        make_capture("https://b.example/shared", b"shared", NOW - 20 * DAY),
        make_capture("https://a.example/new", b"new"),
    ):
        keep_pages(store, opened, capture, now=capture.fetched_at)
    later = NOW + timedelta(hours=2)
    assert expire(store, opened, later, keep_days=90) == 0
    assert expire(store, opened, later, keep_days=30) == 1
    assert [row.url for row in opened.read_captures()] == [
        "https://b.example/shared",
        "https://a.example/new",
    ]
    assert StoreFetcher(store, opened).get("https://b.example/shared").body == b"shared"
    assert expire(store, opened, later, keep_days=0) == 2
    assert count_blobs(tmp_path) == 0


def test_retention_spares_a_body_that_a_run_is_about_to_record_again(
    opened: Warehouse, store: CaptureStore, tmp_path: Path
) -> None:
    url = "https://a.example/"
    keep_pages(store, opened, make_capture(url, b"same", NOW - 40 * DAY), now=NOW - 40 * DAY)
    blob = next(tmp_path.rglob("*.zst"))
    os.utime(blob, (time.time() - 40 * 86_400,) * 2)
    store.write(b"same")  # the run has fetched it again and has not come to its row yet
    assert expire(store, opened, NOW, keep_days=30) == 0
    keep_pages(store, opened, make_capture(url, b"same"))
    assert StoreFetcher(store, opened).get(url).body == b"same"


# --- the command


@pytest.fixture
def kept(sqlite_url: str, tmp_path: Path) -> str:
    """The URL of a warehouse with three captures, their bodies beside it."""
    captures = [
        make_capture("https://a.example/1", b"January", datetime(2025, 1, 31, 23, 59, tzinfo=UTC)),
        make_capture("https://a.example/2", b"February", datetime(2025, 2, 1, tzinfo=UTC)),
        make_capture("https://a.example/1", b"March", datetime(2025, 3, 1, tzinfo=UTC)),
    ]
    with Warehouse.open(sqlite_url) as warehouse:
        warehouse.start_run(RUN, NOW)
        store = CaptureStore(str(tmp_path / "warehouse.captures"))
        for capture in captures:
            keep_pages(store, warehouse, capture, now=capture.fetched_at)
    return sqlite_url


def run_command(*arguments: str | Path) -> tuple[int, str, str]:
    """Return the exit status, standard output and standard error of `coopwatch captures`."""
    done = CliRunner().invoke(app, [str(argument) for argument in arguments], catch_exceptions=False)
    return done.exit_code, done.stdout, done.stderr


@pytest.mark.parametrize(
    ("options", "bodies"),
    [
        ([], {"1": b"March", "2": b"February"}),
        (["--until", "2025-02-01"], {"1": b"January"}),
        (["--since", "2025-02-01", "--until", "2025-02-01T00:00:01"], {"2": b"February"}),
        (["--url", "HTTPS://A.example/1#top"], {"1": b"March"}),
    ],
)
def test_exporting(kept: str, tmp_path: Path, options: list[str], bodies: dict[str, bytes]) -> None:
    out = tmp_path / "out.warc.gz"
    status, said, told = run_command("export", "--out", out, "--warehouse", kept, *options)
    assert (status, said) == (0, "")
    assert told.startswith(f"{out}: ")
    assert told.count("\n") == 1
    fetcher = ArchiveFetcher([out])
    assert {path: fetcher.get(f"https://a.example/{path}").body for path in bodies} == bodies
    assert fetcher.get("https://a.example/1").body if "1" in bodies else "1" not in bodies


def test_exporting_in_part(kept: str, tmp_path: Path) -> None:
    with Warehouse.open(kept) as warehouse:
        CaptureStore(str(tmp_path / "warehouse.captures")).delete([next(warehouse.read_captures()).sha256])
    status, _, told = run_command("export", "--out", tmp_path / "out.warc", "--warehouse", kept)
    assert status == 1
    assert told.startswith("left out https://a.example/1 of 2025-01-31 23:59: ")
    assert told.endswith("out.warc: 2 captures, 13 bytes of bodies, 1 left out\n")


def test_exporting_nothing(kept: str, tmp_path: Path) -> None:
    with pytest.raises(CaptureError, match="no such capture"):
        run_command("export", "--out", tmp_path / "out.warc.gz", "--warehouse", kept, "--since", "2030-01-01")


def test_listing(kept: str) -> None:
    status, said, _ = run_command("list", "--warehouse", kept)
    assert status == 0
    assert [line.split() for line in said.splitlines()] == [
        ["purpose", "month", "captures", "bytes"],
        ["page", "2025-01", "1", "7"],
        ["page", "2025-02", "1", "8"],
        ["page", "2025-03", "1", "5"],
        ["all", "3", "20"],
    ]
    assert '"month": "2025-02"' in run_command("list", "--warehouse", kept, "--json")[1]


def test_listing_nothing(sqlite_url: str) -> None:
    assert run_command("list", "--warehouse", sqlite_url)[1].startswith("no captures yet")


def test_expiring(kept: str, tmp_path: Path) -> None:
    orphan = CaptureStore(str(tmp_path / "warehouse.captures")).write(b"orphan")
    for blob in tmp_path.rglob("*.zst"):
        os.utime(blob, (time.time() - 7200,) * 2)
    days = (datetime.now(UTC) - datetime(2025, 2, 15, tzinfo=UTC)).days
    status, said, _ = run_command("expire", "--warehouse", kept, "--keep-days", str(days))
    assert (status, said) == (0, f"2 bodies deleted, of captures older than {days} days\n")
    assert (
        "1 bodies deleted that"
        in run_command("expire", "--warehouse", kept, "--keep-days", str(days), "--sweep")[1]
    )
    assert CaptureStore(str(tmp_path / "warehouse.captures")).written_at(orphan) is None
    assert run_command("list", "--warehouse", kept)[1].count("2025-03") == 1
