"""Raw records of archives: where they begin, what is read of them, what is wrong with a file."""

import gzip
from pathlib import Path

import pytest

from coopwatch.backfill.archives import RawRecord, find_archives, read_records, to_capture, unchunk
from coopwatch.backfill.bounds import decide_bounds
from coopwatch.errors import ConfigError, FetchError, ReplayError
from tests.builders import NOW
from tests.unit.test_captures_archive import ArchiveBuilder

PAGE = b"<html><body><p>" + b"Ice cores from the far north. " * 40 + b"</p></body></html>"
HTML = (("Content-Type", "text/html; charset=utf-8"),)


@pytest.fixture(params=["a.warc", "a.warc.gz"])
def archive(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    builder = ArchiveBuilder(tmp_path / request.param)
    builder.add("https://a.example/1", PAGE, headers=HTML)
    builder.add("https://a.example/1", b"GET", kind="request")
    builder.add("https://a.example/2", gzip.compress(PAGE), headers=(*HTML, ("Content-Encoding", "gzip")))
    builder.add("https://a.example/3", b"gone", status="404 Not Found", headers=HTML)
    return builder.close()


def make_record(**changes: object) -> RawRecord:
    good = RawRecord(0, "https://a.example/1", 200, HTML, len(PAGE), NOW, PAGE)
    return good._replace(**changes)  # type: ignore[arg-type]


def test_responses_are_read_from_any_of_their_offsets_on(archive: Path) -> None:
    records = list(read_records(str(archive), 0, 10_000))
    assert [record.url[-1] for record in records] == ["1", "2", "3"]
    assert [record.status for record in records] == [200, 200, 404]
    assert records[0].fetched_at.isoformat() == "2024-05-06T07:08:09+00:00"
    assert to_capture(records[0], 10_000).body == to_capture(records[1], 10_000).body == PAGE
    for number, record in enumerate(records):
        assert list(read_records(str(archive), record.offset, 10_000)) == records[number:]


def test_a_body_that_is_too_large_is_not_read(archive: Path) -> None:
    records = list(read_records(str(archive), 0, 500))
    assert [bool(record.wire) for record in records] == [False, True, True]
    with pytest.raises(FetchError, match="more than 500 bytes"):
        to_capture(records[1], 500)


@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_file_that_is_cut_within_a_record_says_so_behind_what_is_whole(archive: Path, number: int) -> None:
    data = archive.read_bytes()
    whole = list(read_records(str(archive), 0, 10_000))
    ends = [*(record.offset for record in whole[1:]), len(data)]
    archive.write_bytes(data[: (whole[number].offset + ends[number]) // 2])
    found: list[RawRecord] = []
    with pytest.raises(ReplayError, match="cannot be read after byte"):
        found.extend(read_records(str(archive), 0, 10_000))
    assert found == whole[: len(found)]


@pytest.mark.parametrize("data", [b"no archive at all\n" * 50, b"\x1f\x8b\x00\x00" * 50])
def test_what_is_no_archive_says_so(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "no.warc"
    path.write_bytes(data)
    with pytest.raises(ReplayError, match=r"no\.warc"):
        list(read_records(str(path), 0, 10_000))


def test_a_missing_file_is_named() -> None:
    with pytest.raises(ReplayError, match="nowhere"):
        list(read_records("/nowhere.warc", 0, 10_000))


def test_archives_are_found_once_each(archive: Path) -> None:
    pattern = str(archive.parent / "a.*")
    assert find_archives([pattern, str(archive), "https://data.example/x.warc.gz"]) == (
        str(archive),
        "https://data.example/x.warc.gz",
    )
    with pytest.raises(ConfigError, match="no such file"):
        find_archives(["/nowhere/*.warc"])


@pytest.mark.parametrize(
    ("wire", "expected"),
    [
        (b"4\r\nWiki\r\n5\r\npedia\r\n0\r\n\r\n", b"Wikipedia"),
        (b"4;name=value\r\nWiki\r\n0\r\n\r\n", b"Wiki"),
        (b"4\r\nWiki\r\n", b"Wiki"),  # the last chunk is missing
        (b"<html>put together already", b"<html>put together already"),
        (b"", b""),
        (b"5\r\nabc", b"abc"),
        (b"FFFFFFFFFF\r\nabc", b"FFFFFFFFFF\r\nabc"),
    ],
)
def test_chunks_are_put_together(wire: bytes, expected: bytes) -> None:
    assert unchunk(wire) == expected


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (make_record(), None),
        (make_record(headers=(("content-type", "Application/XHTML+xml; q=1"),)), None),
        (make_record(status=404), "status"),
        (make_record(status=0), "status"),
        (make_record(headers=(("Content-Type", "application/pdf"),)), "content type"),
        (make_record(headers=()), "content type"),
        (make_record(size_bytes=10_001), "too large"),
        (make_record(size_bytes=20), "too small"),
    ],
)
def test_bounds_need_no_look_at_the_body(record: RawRecord, expected: str | None) -> None:
    assert decide_bounds(record, 10_000) == expected
