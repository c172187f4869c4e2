"""Replaying WARC files: what is found, what it amounts to, and what is wrong with a file."""

import gzip
import io
import re
import threading
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import brotli
import pytest
import zstandard
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from coopwatch.captures import ArchiveFetcher
from coopwatch.errors import FetchError, ReplayError

Headers = Sequence[tuple[str, str]]


class ArchiveBuilder:
    """Writes one WARC file, record by record."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = path.open("wb")
        self._writer = WARCWriter(self._file, gzip=path.suffix == ".gz")

    def add(
        self,
        url: str,
        body: bytes = b"",
        *,
        status: str = "200 OK",
        headers: Headers = (),
        kind: str = "response",
        date: str = "2024-05-06T07:08:09Z",
    ) -> "ArchiveBuilder":
        record = self._writer.create_warc_record(
            url,
            kind,
            payload=io.BytesIO(body),
            length=len(body),
            http_headers=StatusAndHeaders(status, list(headers), protocol="HTTP/1.1"),
            warc_headers_dict={"WARC-Date": date},
        )
        self._writer.write_record(record)
        return self

    def close(self) -> Path:
        self._file.close()
        return self.path


@pytest.fixture(params=["a.warc", "a.warc.gz"])
def builder(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ArchiveBuilder]:
    name: str = request.param
    opened = ArchiveBuilder(tmp_path / name)
    yield opened
    opened.close()


def fail_to_get(fetcher: ArchiveFetcher, url: str) -> FetchError:
    with pytest.raises(FetchError) as caught:
        fetcher.get(url)
    return caught.value


def test_every_response_is_found(builder: ArchiveBuilder) -> None:
    for number in range(20):
        body = f"page {number} ".encode() * number * 100
        builder.add(f"http://a.example/{number}", body, headers=[("Content-Type", "text/plain")])
    fetcher = ArchiveFetcher([builder.close()])
    for number in (7, 0, 19, 7):
        capture = fetcher.get(f"http://a.example/{number}")
        assert capture.body == f"page {number} ".encode() * number * 100
        assert (capture.url, capture.final_url) == (f"http://a.example/{number}",) * 2
        assert (capture.status, capture.header("content-type")) == (200, "text/plain")
        assert capture.fetched_at == datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("http://a.example/x", b"plain"),
        ("http://a.example/x#part", b"plain"),
        ("http://a.example/app#!/1", b"one"),
        ("http://a.example/app#!/2", b"app"),
    ],
)
def test_a_fragment_is_dropped_where_it_was_not_archived(
    builder: ArchiveBuilder, asked: str, found: bytes
) -> None:
    builder.add("http://a.example/x", b"plain")
    builder.add("http://a.example/app#!/1", b"one").add("http://a.example/app", b"app")
    assert ArchiveFetcher([builder.close()]).get(asked).body == found


def test_a_miss_names_the_archives(tmp_path: Path) -> None:
    paths = [
        ArchiveBuilder(tmp_path / f"{number}.warc.gz").add("http://a.example/", b"x").close()
        for number in range(5)
    ]
    error = fail_to_get(ArchiveFetcher(paths[:2]), "http://a.example/missing")
    assert (error.kind, error.detail) == ("not_in_archive", "not in 0.warc.gz, 1.warc.gz")
    error = fail_to_get(ArchiveFetcher(paths), "http://a.example/missing")
    assert error.detail == "not in 0.warc.gz, 1.warc.gz, 2.warc.gz and 2 more"


def test_the_last_response_counts(tmp_path: Path) -> None:
    first = ArchiveBuilder(tmp_path / "1.warc.gz")
    first.add("http://a.example/", b"old").add("http://a.example/", b"newer")
    second = ArchiveBuilder(tmp_path / "2.warc").add("http://a.example/", b"newest")
    paths = [first.close(), second.close()]
    assert ArchiveFetcher(paths[:1]).get("http://a.example/").body == b"newer"
    assert ArchiveFetcher(paths).get("http://a.example/").body == b"newest"


def test_what_only_repeats_a_response_is_passed_over(builder: ArchiveBuilder) -> None:
    builder.add("http://a.example/", b"real", headers=[("ETag", '"1"')])
    builder.add("http://a.example/", status="304 Not Modified")
    builder.add("http://a.example/", kind="revisit")
    builder.add("http://a.example/", status="GET / HTTP/1.1", kind="request")
    capture = ArchiveFetcher([builder.close()]).get("http://a.example/", headers={"If-None-Match": '"1"'})
    assert (capture.status, capture.body) == (200, b"real")


CODED = {
    "gzip": gzip.compress(b"text" * 1000),
    "br": brotli.compress(b"text" * 1000),
    "zstd": zstandard.compress(b"text" * 1000),
}


@pytest.mark.parametrize("coding", CODED)
@pytest.mark.parametrize("is_chunked", [False, True])
def test_encoded_bodies_are_decoded(builder: ArchiveBuilder, coding: str, is_chunked: bool) -> None:
    body = CODED[coding]
    headers = [("Content-Encoding", coding), ("Content-Length", str(len(body))), ("X-Kept", "yes")]
    if is_chunked:
        body = b"5\r\n" + body[:5] + b"\r\n" + f"{len(body) - 5:x}\r\n".encode() + body[5:] + b"\r\n0\r\n\r\n"
        headers[1] = ("Transfer-Encoding", "chunked")
    builder.add("http://a.example/", body, headers=headers)
    capture = ArchiveFetcher([builder.close()]).get("http://a.example/")
    assert capture.body == b"text" * 1000
    assert capture.headers == (("X-Kept", "yes"),)


def test_chunks_that_were_joined_when_archived(builder: ArchiveBuilder) -> None:
    builder.add("http://a.example/", b"<p>joined</p>", headers=[("Transfer-Encoding", "chunked")])
    assert ArchiveFetcher([builder.close()]).get("http://a.example/").body == b"<p>joined</p>"


@pytest.mark.parametrize(
    ("coding", "body"),
    [("gzip", gzip.compress(bytes(2_000_000))), ("br", brotli.compress(bytes(2_000_000))), ("", bytes(2000))],
)
def test_bodies_are_bounded(builder: ArchiveBuilder, coding: str, body: bytes) -> None:
    builder.add("http://a.example/", body, headers=[("Content-Encoding", coding)])
    fetcher = ArchiveFetcher([builder.close()], max_bytes=1_999)
    assert fail_to_get(fetcher, "http://a.example/").kind == "too_large"


def test_archived_redirects_are_followed(builder: ArchiveBuilder) -> None:
    builder.add("http://a.example/", status="301 Moved", headers=[("Location", "/new")])
    builder.add("http://a.example/new", status="302 Found", headers=[("Location", "//b.example/x")])
    builder.add("http://b.example/x", b"there")
    builder.add("http://a.example/out", status="302 Found", headers=[("Location", "/missing")])
    builder.add("http://a.example/loop", status="302 Found", headers=[("Location", "/loop")])
    fetcher = ArchiveFetcher([builder.close()])
    capture = fetcher.get("http://a.example/")
    assert (capture.url, capture.final_url) == ("http://a.example/", "http://b.example/x")
    assert capture.body == b"there"
    missing = fail_to_get(fetcher, "http://a.example/out")
    assert (missing.kind, missing.url) == ("not_in_archive", "http://a.example/out")
    assert "http://a.example/missing" in missing.detail
    assert fail_to_get(fetcher, "http://a.example/loop").kind == "redirects"


def test_archived_errors_are_those_of_a_live_server(builder: ArchiveBuilder) -> None:
    builder.add("http://a.example/gone", b"gone", status="410 Gone")
    builder.add("http://a.example/busy", status="429 Slow", headers=[("Retry-After", "60")])
    builder.add("http://a.example/x", b"not gzip", headers=[("Content-Encoding", "gzip")])
    fetcher = ArchiveFetcher([builder.close()])
    gone, busy = (fail_to_get(fetcher, f"http://a.example/{path}") for path in ("gone", "busy"))
    assert (gone.kind, gone.http_status) == ("http_status", 410)
    assert (busy.kind, busy.retry_after_seconds) == ("rate_limited", 60.0)
    assert fail_to_get(fetcher, "http://a.example/x").kind == "encoding"


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("2024-05-06T07:08:09.123456Z", datetime(2024, 5, 6, 7, 8, 9, 123456, tzinfo=UTC)),
        ("2024-05-06T09:08:09+02:00", datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)),
        ("2024-05-06T07:08:09", datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)),
    ],
)
def test_dates_of_capture(builder: ArchiveBuilder, date: str, expected: datetime) -> None:
    builder.add("http://a.example/", b"x", date=date)
    assert ArchiveFetcher([builder.close()]).get("http://a.example/").fetched_at == expected


def test_a_response_without_a_readable_date_counts_as_captured_now(builder: ArchiveBuilder) -> None:
    builder.add("http://a.example/", b"x", date="yesterday")
    before = datetime.now(UTC)
    assert ArchiveFetcher([builder.close()]).get("http://a.example/").fetched_at >= before


# --- files that are of no use


def spoil(path: Path, change: str) -> None:
    data = path.read_bytes()
    middle = len(data) // 2
    match change:
        case "missing":
            path.unlink()
        case "empty":
            path.write_bytes(b"")
        case "cut":
            path.write_bytes(data[: middle + 30])
        case "text":
            path.write_text("This is no archive.\n" * 50)
        case "one gzip member":
            plain = gzip.decompress(data) if path.suffix == ".gz" else data
            path.write_bytes(gzip.compress(plain))
        case "directory":
            path.unlink()
            path.mkdir()


@pytest.mark.parametrize("change", ["missing", "empty", "cut", "text", "one gzip member", "directory"])
def test_a_file_that_cannot_be_replayed_is_named(builder: ArchiveBuilder, change: str) -> None:
    for number in range(10):
        builder.add(f"http://a.example/{number}", bytes(range(256)) * (number + 1))
    path = builder.close()
    spoil(path, change)
    with pytest.raises(ReplayError) as caught:
        ArchiveFetcher([path])
    assert str(caught.value).startswith(f"{path}: ")
    assert "\n" not in str(caught.value)


def test_a_damaged_record_in_the_middle_is_noticed(tmp_path: Path) -> None:
    builder = ArchiveBuilder(tmp_path / "a.warc.gz")
    for number in range(10):
        builder.add(f"http://a.example/{number}", bytes(range(256)) * (number + 1))
    path = builder.close()
    data = path.read_bytes()
    middle = len(data) // 2
    path.write_bytes(data[:middle] + bytes(200) + data[middle + 200 :])
    with pytest.raises(ReplayError, match=re.escape(str(path))):
        ArchiveFetcher([path])


def test_a_file_without_responses_is_named(builder: ArchiveBuilder) -> None:
    builder.add("http://a.example/", status="GET / HTTP/1.1", kind="request")
    with pytest.raises(ReplayError, match="holds no HTTP responses"):
        ArchiveFetcher([builder.close()])


def test_a_file_that_changes_under_the_reader(builder: ArchiveBuilder) -> None:
    builder.add("http://a.example/1", b"x" * 999).add("http://a.example/2", b"y")
    path = builder.close()
    fetcher = ArchiveFetcher([path])
    path.write_bytes(b"")
    with pytest.raises(ReplayError, match=path.name):
        fetcher.get("http://a.example/2")


def test_many_threads_read_at_once(builder: ArchiveBuilder) -> None:
    for number in range(50):
        builder.add(f"http://a.example/{number}", str(number).encode() * 5000)
    fetcher = ArchiveFetcher([builder.close()])
    wrong: list[int] = []

    def read(start: int) -> None:
        wrong.extend(
            number
            for number in [*range(start, 50), *range(start)]
            if fetcher.get(f"http://a.example/{number}").body != str(number).encode() * 5000
        )

    threads = [threading.Thread(target=read, args=(start,)) for start in range(0, 50, 7)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
