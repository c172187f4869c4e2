"""Turn a collection of real news pages into an archive that the whole flow can be run over.

    python benchmarks/make_archive.py [--pages fundus.tar.gz] [--out var/fundus]
    coopwatch run --sources var/fundus/sources.yaml --replay var/fundus/pages.warc.gz

The collection is the test data of flairNLP/fundus (MIT): COUNTRY/PUBLISHER_YYYY_MM_DD.html.gz with the
address and the time of capture of each page in COUNTRY/meta.info. Every publisher becomes a source with
an RSS feed. A feed gives of each page what the page says of itself, address and headline, and no date:
the reviewed values beside the pages stay unseen, so that accuracy can be measured with the same archive.
"""

import argparse
import gzip
import json
import re
import sys
import tarfile
import uuid
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urldefrag, urlsplit
from xml.sax.saxutils import escape

import lxml.html
import yaml
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

ROOT = Path(__file__).resolve().parent.parent
PAGES = ROOT.parent / "shared" / "data" / "pages" / "fundus.tar.gz"
OUT = ROOT / "var" / "fundus"
COUNTRY_CODES = {"uk": "GB", "isl": "IS", "ind": "IN"}  # the other folders are ISO 3166 codes already
NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@dataclass(frozen=True)
class Archive:
    """What was made: the archive, the registry that lists its feeds, and how many pages are in it."""

    warc: Path
    sources: Path
    pages: int


@dataclass(frozen=True)
class Page:
    """One captured page; `body` is UTF-8 whatever the page declares."""

    country: str
    publisher: str
    url: str
    captured_at: datetime
    body: bytes

    @property
    def source_id(self) -> str:
        """The id of the source in whose feed the page is."""
        return f"{self.country}-{self.publisher}".lower()


def make_archive(pages: Path, out: Path) -> Archive:
    """Write `pages.warc.gz` and `sources.yaml` into a folder; the same pages give the same bytes.

    Args:
        pages: the collection, a tar archive.
        out: the folder; made when it is missing.
    """
    out.mkdir(parents=True, exist_ok=True)
    archive = Archive(out / "pages.warc.gz", out / "sources.yaml", 0)
    entries: dict[str, list[tuple[str, str]]] = defaultdict(list)
    first_pages: dict[str, Page] = {}
    seen: set[str] = set()
    with archive.warc.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for page in _read_pages(pages):
            url = page.url
            if url in seen:  # captured twice: the later capture gets an address of its own
                url += f"{'&' if '?' in url else '?'}capture={page.captured_at:%Y%m%d}"
            seen.add(url)
            _write_response(writer, url, page.body, "text/html; charset=utf-8", page.captured_at)
            entries[page.source_id].append((url, _find_headline(page.body)))
            first_pages.setdefault(page.source_id, page)
        for source_id, page in first_pages.items():
            feed = _render_feed(page, entries[source_id])
            _write_response(
                writer, _feed_url(page), feed, "application/rss+xml; charset=utf-8", page.captured_at
            )
    sources = [_describe_source(page) for page in first_pages.values()]
    archive.sources.write_text(yaml.safe_dump({"sources": sources}, sort_keys=False), "utf-8")
    return Archive(archive.warc, archive.sources, len(seen))


def _read_pages(path: Path) -> list[Page]:
    files = {}
    with tarfile.open(path, "r|gz") as tar:
        for member in tar:
            if member.name.endswith((".html.gz", "/meta.info")) and (file := tar.extractfile(member)):
                files[PurePosixPath(member.name)] = file.read()
    captures = {name.parent: json.loads(files[name]) for name in files if name.name == "meta.info"}
    pages = []
    for name in sorted(files):
        if name.name == "meta.info":
            continue
        capture = captures[name.parent][name.name]
        pages.append(
            Page(
                country=name.parent.name,
                publisher=name.name.rsplit("_", 3)[0],
                url=urldefrag(capture["url"]).url,  # no request carries a fragment
                captured_at=datetime.fromisoformat(capture["crawl_date"]).replace(tzinfo=UTC),
                body=gzip.decompress(files[name]),
            )
        )
    return pages


def _write_response(writer: Any, url: str, body: bytes, content_type: str, at: datetime) -> None:
    headers = [("Content-Type", content_type), ("Content-Length", str(len(body)))]
    writer.write_record(
        writer.create_warc_record(
            url,
            "response",
            payload=BytesIO(body),
            length=len(body),
            http_headers=StatusAndHeaders("200 OK", headers, protocol="HTTP/1.1"),
            warc_headers_dict={
                "WARC-Record-ID": f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, url)}>",
                "WARC-Date": f"{at:%Y-%m-%dT%H:%M:%SZ}",
            },
        )
    )


def _find_headline(body: bytes) -> str:
    """Return what the page calls itself: its Open Graph title, or else its title."""
    tree = lxml.html.document_fromstring(body, parser=lxml.html.HTMLParser(encoding="utf-8"))
    found = [*tree.xpath("//meta[@property='og:title']/@content"), *tree.xpath("//head/title/text()")]
    return " ".join(NOT_IN_XML.sub("", str(found[0])).split()) if found else ""


def _feed_url(page: Page) -> str:
    address = urlsplit(page.url)
    return f"{address.scheme}://{address.netloc}/feeds/{page.source_id}.xml"


def _render_feed(page: Page, entries: list[tuple[str, str]]) -> bytes:
    items = "".join(
        f"<item><title>{escape(headline)}</title><link>{escape(url)}</link>"
        f"<guid>{escape(url)}</guid></item>\n"
        for url, headline in entries
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0"><channel>'
        f"<title>{escape(page.publisher)}</title><link>{escape(_feed_url(page))}</link>"
        f"<description>Captured pages</description>\n{items}</channel></rss>\n"
    ).encode()


def _describe_source(page: Page) -> dict[str, object]:
    return {
        "id": page.source_id,
        "name": page.publisher,
        "kind": "feed",
        "url": _feed_url(page),
        "publisher": page.publisher,
        "country": COUNTRY_CODES.get(page.country, page.country.upper()),
        "poll": {"min": "0s"},  # a second run over the archive polls again
    }


def main() -> None:
    """Read the command line, make the archive and say where it is."""
    summary, _, rest = (__doc__ or "").partition("\n\n")
    parser = argparse.ArgumentParser(
        description=summary, epilog=rest, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=Path, default=PAGES, help="the collection (default: %(default)s)")
    parser.add_argument("--out", type=Path, default=OUT, help="the folder to write to (default: %(default)s)")
    arguments = parser.parse_args()
    if not arguments.pages.is_file():
        parser.error(f"no such file: {arguments.pages}")
    archive = make_archive(arguments.pages, arguments.out)
    sys.stdout.write(f"{archive.pages} pages in {archive.warc}, feeds listed in {archive.sources}\n")


if __name__ == "__main__":
    main()
