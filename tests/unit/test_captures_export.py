"""Captures as WARC: what is in the file, what comes out of it again, and when there is none."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator

from coopwatch.captures import ArchiveFetcher, CaptureError, CaptureStore, export_warc
from coopwatch.captures.export import Exported
from coopwatch.captures.keeping import Owner, make_row
from coopwatch.fetch.answers import REDIRECT_HEADER
from coopwatch.warehouse.captures import CaptureRow
from schemas.records import Capture

AT = datetime(2025, 3, 4, 5, 6, 7, 890123, tzinfo=UTC)
PAGE = "https://academy.example/news/1"


@pytest.fixture
def store(tmp_path: Path) -> CaptureStore:
    return CaptureStore(str(tmp_path / "captures"))


def make_capture(url: str = PAGE, body: bytes = b"<p>A page.</p>", **changes: Any) -> Capture:
    good: dict[str, Any] = {
        "url": url,
        "final_url": url,
        "status": 200,
        "headers": (("Content-Type", "text/html; charset=utf-8"), ("ETag", '"1"')),
        "body": body,
        "fetched_at": AT,
    }
    return Capture.model_validate(good | changes)


def keep(store: CaptureStore, *captures: Capture) -> list[CaptureRow]:
    return [make_row(capture, store.write(capture.body), "page", Owner()) for capture in captures]


def redirected(how: str, url: str, final_url: str) -> Capture:
    headers = (("Content-Type", "text/html"), (REDIRECT_HEADER, how))
    return make_capture(url, b"moved", final_url=final_url, headers=headers)


@pytest.mark.parametrize("name", ["out.warc.gz", "out.warc"])
def test_what_is_exported_is_replayed_as_it_was(store: CaptureStore, tmp_path: Path, name: str) -> None:
    captures = [
        make_capture(),
        make_capture("https://academy.example/empty", b""),
        make_capture("https://academy.example/bytes", bytes(range(256)) * 5000, status=203),
        redirected("permanent", "http://old.example/?a=1&b=%20", "https://academy.example/new"),
        redirected("temporary", "http://short.example/x", "https://academy.example/long"),
    ]
    path = tmp_path / name
    done = export_warc(keep(store, *captures), store, path)
    assert done == Exported(captures=5, body_bytes=sum(len(capture.body) for capture in captures))
    fetcher = ArchiveFetcher([path])
    for capture in captures:
        replayed = fetcher.get(capture.url)
        assert replayed == capture.model_copy(update={"headers": replayed.headers})
        assert replayed.headers == capture.headers
        assert fetcher.get(capture.final_url).body == capture.body
    assert [file.name for file in tmp_path.iterdir() if file.is_file()] == [name]


def test_the_file_is_standard(store: CaptureStore, tmp_path: Path) -> None:
    path = tmp_path / "out.warc.gz"
    moved = redirected("permanent", "http://old.example/", "https://academy.example/new")
    export_warc(keep(store, make_capture(), moved), store, path)
    with path.open("rb") as file:
        records = [
            (record.rec_type, record.rec_headers, record.http_headers, record.content_stream().read())
            for record in ArchiveIterator(file, check_digests="raise")
        ]
    assert [kind for kind, *_ in records] == ["warcinfo", "response", "response", "response"]
    assert {headers.protocol for _, headers, *_ in records} == {"WARC/1.1"}
    assert re.search(rb"software: coopwatch/\d", records[0][3])
    assert records[0][1]["WARC-Filename"] == "out.warc.gz"
    for _, headers, http, body in records[1:]:
        assert headers["WARC-Date"] == "2025-03-04T05:06:07.890123Z"
        assert headers["Content-Type"] == "application/http; msgtype=response"
        assert headers["WARC-Payload-Digest"].startswith("sha1:")
        assert http["Content-Length"] == str(len(body))
    assert [headers["WARC-Target-URI"] for _, headers, *_ in records[1:]] == [
        PAGE,
        "https://academy.example/new",
        "http://old.example/",
    ]
    assert [http.statusline for *_, http, _ in records[1:]] == ["200 OK", "200 OK", "301 Moved Permanently"]
    assert records[3][2]["Location"] == "https://academy.example/new"
    assert REDIRECT_HEADER not in records[2][2]


def test_headers_are_made_safe_and_kept_otherwise(store: CaptureStore, tmp_path: Path) -> None:
    given = (
        ("Content-Encoding", "gzip"),
        ("Transfer-Encoding", "chunked"),
        ("Content-Length", "99999"),
        ("X-Injected", "a\r\nX-Evil: yes\r\n\r\n<p>not the body</p>"),
        ("Bad Name", "dropped"),
        ("X:Y", "dropped"),
        ("", "dropped"),
        ("X-Latin", 'inline; filename="Universit\xe9; \xfc.pdf"'),
        ("X-Chinese", "科技合作"),
        ("X-Empty", ""),
        ("Set-Cookie", "a=1"),
        ("Set-Cookie", "b=2"),
    )
    path = tmp_path / "out.warc.gz"
    export_warc(keep(store, make_capture(headers=given)), store, path)
    replayed = ArchiveFetcher([path]).get(PAGE)
    assert replayed.body == b"<p>A page.</p>"
    assert replayed.headers == (
        ("X-Injected", "a X-Evil: yes <p>not the body</p>"),
        ("X-Latin", 'inline; filename="Universit\xe9; \xfc.pdf"'),
        ("X-Chinese", "科技合作"),
        ("X-Empty", ""),
        ("Set-Cookie", "a=1"),
        ("Set-Cookie", "b=2"),
    )


def test_the_latest_answer_is_replayed(store: CaptureStore, tmp_path: Path) -> None:
    later = make_capture(body=b"later", fetched_at=AT + timedelta(days=1))
    export_warc(keep(store, make_capture(body=b"first"), later), store, tmp_path / "out.warc.gz")
    replayed = ArchiveFetcher([tmp_path / "out.warc.gz"]).get(PAGE)
    assert (replayed.body, replayed.fetched_at) == (b"later", AT + timedelta(days=1))


def test_a_body_that_cannot_be_read_is_left_out_and_told(store: CaptureStore, tmp_path: Path) -> None:
    captures = [make_capture(f"{PAGE}{number}", str(number).encode()) for number in range(4)]
    rows = keep(store, *captures)
    store.delete([rows[1].sha256])
    blob = next((tmp_path / "captures").rglob(f"{rows[2].sha256}.zst"))
    blob.write_bytes(b"damaged")
    told: list[tuple[str, str]] = []
    done = export_warc(
        rows,
        store,
        tmp_path / "out.warc.gz",
        progress=lambda row, error: told.append((row.url, type(error).__name__)),
    )
    assert (done.captures, done.left_out) == (2, 2)
    assert told == [
        (f"{PAGE}0", "NoneType"),
        (f"{PAGE}1", "CaptureMissingError"),
        (f"{PAGE}2", "CaptureDamagedError"),
        (f"{PAGE}3", "NoneType"),
    ]
    assert ArchiveFetcher([tmp_path / "out.warc.gz"]).get(f"{PAGE}3").body == b"3"


def test_a_file_appears_only_when_it_is_complete(store: CaptureStore, tmp_path: Path) -> None:
    path = tmp_path / "out.warc.gz"
    path.write_bytes(b"the export before")
    rows = keep(store, make_capture(), make_capture(f"{PAGE}2", b"2"))

    def stop(row: CaptureRow, error: CaptureError | None) -> None:
        assert path.read_bytes() == b"the export before"
        if row.url != PAGE:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export_warc(rows, store, path, progress=stop)
    assert path.read_bytes() == b"the export before"
    assert [file.name for file in tmp_path.iterdir() if file.is_file()] == ["out.warc.gz"]
    export_warc(rows, store, path)
    assert ArchiveFetcher([path]).get(PAGE).body == b"<p>A page.</p>"


def test_nothing_to_export_is_an_error_and_leaves_no_file(store: CaptureStore, tmp_path: Path) -> None:
    with pytest.raises(CaptureError, match=r"no such capture$"):
        export_warc([], store, tmp_path / "out.warc.gz")
    rows = keep(store, make_capture())
    store.delete([rows[0].sha256])
    with pytest.raises(CaptureError, match=r"no such capture \(1 without their bodies\)"):
        export_warc(rows, store, tmp_path / "out.warc.gz")
    assert [file for file in tmp_path.iterdir() if file.is_file()] == []


@pytest.mark.parametrize("out", ["missing/out.warc.gz", "file/out.warc.gz"])
def test_a_file_that_cannot_be_written_is_named(store: CaptureStore, tmp_path: Path, out: str) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(CaptureError) as caught:
        export_warc(keep(store, make_capture()), store, tmp_path / out)
    assert str(caught.value).startswith(f"{tmp_path / out}: cannot be written: ")
