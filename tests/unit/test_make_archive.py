import json
import subprocess
import sys
import tarfile
from collections import Counter
from gzip import compress
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml
from warcio.archiveiterator import ArchiveIterator

from benchmarks.make_archive import PAGES, ROOT, make_archive
from coopwatch.sources import load_sources
from coopwatch.urls import absolute_url, compare_url

PAGE = """<html><head><meta charset="iso-8859-1"><title>{title} - Site</title>{extra}</head>
<body><h1>{title}</h1></body></html>"""


def read_responses(warc: Path) -> dict[str, tuple[str, bytes]]:
    """Return content type and body by URL; fails where a URL is there twice."""
    responses: dict[str, tuple[str, bytes]] = {}
    with warc.open("rb") as file:
        for record in ArchiveIterator(file):
            url = record.rec_headers.get_header("WARC-Target-URI")
            assert url not in responses
            body = record.content_stream().read()
            assert int(record.http_headers.get_header("Content-Length")) == len(body)
            responses[url] = (record.http_headers.get_header("Content-Type"), body)
    return responses


def read_links(feed: bytes) -> list[tuple[str | None, str | None]]:
    """Return headline and address of each item of an RSS feed."""
    return [
        (item.findtext("title"), item.findtext("link")) for item in ElementTree.fromstring(feed).iter("item")
    ]


@pytest.fixture
def collection(tmp_path: Path) -> Path:
    def page(title: str, extra: str = "") -> bytes:
        return compress(PAGE.format(title=title, extra=extra).encode(), mtime=0)

    captures = {
        "DailyTide_2024_01_02.html.gz": {
            "url": "https://tide.example/a?id=1&x=2#top",
            "crawl_date": "2024-01-02 10:00:00.5",
        },
        "DailyTide_2025_01_02.html.gz": {
            "url": "https://tide.example/a?id=1&x=2",
            "crawl_date": "2025-01-02 10:00:00.5",
        },
        "Gone_2025_01_02.html.gz": {"url": "https://gone.example/", "crawl_date": "2025-01-02 10:00:00.5"},
    }
    files = {
        "test_data/uk/meta.info": json.dumps(captures).encode(),
        "test_data/uk/DailyTide.json": b"{}",
        "test_data/uk/DailyTide_2024_01_02.html.gz": page("Tides & “moons”"),
        "test_data/uk/DailyTide_2025_01_02.html.gz": page(
            "New\x0btides", '<meta property="og:title" content="Tides &lt;again&gt;">'
        ),
    }
    path = tmp_path / "pages.tar.gz"
    with tarfile.open(path, "w:gz") as tar:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, BytesIO(content))
    return path


def test_each_page_and_each_feed_is_one_response(collection: Path, tmp_path: Path) -> None:
    archive = make_archive(collection, tmp_path / "made" / "here")
    assert archive.pages == 2
    responses = read_responses(archive.warc)
    first, second = "https://tide.example/a?id=1&x=2", "https://tide.example/a?id=1&x=2&capture=20250102"
    feed_url = "https://tide.example/feeds/uk-dailytide.xml"
    assert list(responses) == [first, second, feed_url]
    assert responses[first][0] == "text/html; charset=utf-8"
    assert "Tides & “moons”" in responses[first][1].decode()
    assert responses[feed_url][0].startswith("application/rss+xml")
    assert read_links(responses[feed_url][1]) == [
        ("Tides & “moons” - Site", first),
        ("Tides <again>", second),
    ]


def test_the_registry_lists_the_feeds(collection: Path, tmp_path: Path) -> None:
    archive = make_archive(collection, tmp_path)
    assert yaml.safe_load(archive.sources.read_text("utf-8")) == {
        "sources": [
            {
                "id": "uk-dailytide",
                "name": "DailyTide",
                "kind": "feed",
                "url": "https://tide.example/feeds/uk-dailytide.xml",
                "publisher": "DailyTide",
                "country": "GB",
                "poll": {"min": "0s"},
            }
        ]
    }


def test_the_same_pages_give_the_same_bytes(collection: Path, tmp_path: Path) -> None:
    one, two = make_archive(collection, tmp_path / "1"), make_archive(collection, tmp_path / "2")
    assert one.warc.read_bytes() == two.warc.read_bytes()
    assert one.sources.read_bytes() == two.sources.read_bytes()


def test_the_command_says_what_is_missing(tmp_path: Path) -> None:
    command = [
        sys.executable,
        str(ROOT / "benchmarks" / "make_archive.py"),
        "--pages",
        str(tmp_path / "none.tar.gz"),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].endswith(f"error: no such file: {tmp_path / 'none.tar.gz'}")


@pytest.mark.shared
@pytest.mark.skipif(not PAGES.is_file(), reason=f"the page collection is not at {PAGES}")
def test_the_whole_collection_is_in_the_archive(tmp_path: Path) -> None:
    archive = make_archive(PAGES, tmp_path)
    responses = read_responses(archive.warc)
    kinds = Counter(content_type.partition(";")[0] for content_type, _ in responses.values())
    assert kinds == {"text/html": 258, "application/rss+xml": 181}
    assert archive.pages == 258

    sources = load_sources(archive.sources)
    assert len(sources) == 181
    assert len({source.country for source in sources}) == 41
    entries = [entry for source in sources for entry in read_links(responses[source.url][1])]
    assert len({compare_url(str(url)) for _, url in entries}) == len(entries) == 258
    for headline, url in entries:
        assert headline
        assert responses[absolute_url(str(url))][0].startswith("text/html")
