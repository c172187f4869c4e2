"""Real news pages served on loopback, for the whole flow to poll, fetch and load.

    with Sites(pages, copies=4) as sites:
        sites.write_registry(path)

The pages are the test data of flairNLP/fundus (MIT) as `make_archive` puts them together: a feed for every
publisher. Each copy of a page has a host of its own in 127.0.0.0/8, where the links to its site lead too;
a host holds a handful of publishers, so that it is asked for some pages, as in life.
"""

import gzip
import json
import tarfile
import tempfile
from collections import defaultdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path, PurePosixPath
from threading import Thread
from types import TracebackType
from typing import Any, ClassVar, Self
from urllib.parse import urlsplit

from warcio.archiveiterator import ArchiveIterator

from benchmarks.make_archive import make_archive

PUBLISHERS_PER_HOST = 4


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"  # connections stay open, as with any site
    disable_nagle_algorithm = True
    answers: ClassVar[dict[str, tuple[str, bytes]]] = {}

    def do_GET(self) -> None:
        """Answer with what lies at the address."""
        content_type, body = self.answers.get(f"http://{self.headers['Host']}{self.path}", ("", b""))
        self.send_response(200 if content_type else 404)
        self.send_header("Content-Type", content_type or "text/plain")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the name is the base class's
        """Keep quiet."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def verify_request(self, request: Any, client_address: Any) -> bool:  # noqa: ARG002  # of the base class
        """Serve this machine only: the socket listens for all of 127.0.0.0/8, and so for everybody."""
        return str(client_address[0]).startswith("127.")


class Sites:
    """The sites, open while the context lasts.

    Args:
        pages: the collection, a tar archive.
        copies: sites that have each page.
    """

    def __init__(self, pages: Path, copies: int) -> None:
        self._server = _Server(("", 0), type("Handler", (_Handler,), {"answers": {}}))
        self._thread = Thread(target=self._server.serve_forever, daemon=True)
        with tempfile.TemporaryDirectory() as folder:
            collection = Path(folder) / "pages.tar.gz"
            copy_pages(pages, collection, copies, self._server.server_port)
            archive = make_archive(collection, Path(folder))
            self.pages = archive.pages
            self.registry = archive.sources.read_text("utf-8")
            answers = self._server.RequestHandlerClass.answers  # type: ignore[attr-defined]
            with archive.warc.open("rb") as file:
                for record in ArchiveIterator(file):
                    url = record.rec_headers["WARC-Target-URI"]
                    answers[url] = (record.http_headers["Content-Type"], record.content_stream().read())
        self.hosts = sorted({urlsplit(url).netloc for url in answers})

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()


def copy_pages(source: Path, target: Path, copies: int, port: int) -> None:
    """Write a collection that has each page on several sites of loopback."""
    with tarfile.open(source) as pages:
        files = {
            PurePosixPath(member.name): file.read()
            for member in pages
            if member.name.endswith((".html.gz", "/meta.info")) and (file := pages.extractfile(member))
        }
    captures = {
        name.parent / page: capture
        for name in files
        if name.name == "meta.info"
        for page, capture in json.loads(files[name]).items()
    }
    found = sorted(name for name in captures if name in files)
    publishers = list(dict.fromkeys((name.parent, _publisher_of(name)) for name in found))
    moved: dict[PurePosixPath, dict[str, dict[str, str]]] = defaultdict(dict)
    with tarfile.open(target, "w:gz", compresslevel=1) as copied:
        for name in found:
            publisher = _publisher_of(name)
            number = publishers.index((name.parent, publisher)) // PUBLISHERS_PER_HOST
            page, url = gzip.decompress(files[name]).decode(errors="replace"), captures[name]["url"]
            for copy in range(copies):
                host = f"127.0.{copy + 1}.{number + 1}:{port}"
                own = f"{publisher}-{copy}{name.name.removeprefix(publisher)}"
                moved[name.parent][own] = captures[name] | {"url": move_to(url, url, host)}
                add_file(copied, name.with_name(own), gzip.compress(move_to(page, url, host).encode(), 1))
        for folder, listed in moved.items():
            add_file(copied, folder / "meta.info", json.dumps(listed).encode())


def _publisher_of(name: PurePosixPath) -> str:
    return name.name.rsplit("_", 3)[0]


def move_to(text: str, url: str, host: str) -> str:
    """Return a text in which the addresses of a URL's site are those of a host without encryption."""
    site = urlsplit(url).netloc
    return text.replace(f"https://{site}", f"http://{host}").replace(f"//{site}", f"//{host}")


def add_file(archive: tarfile.TarFile, name: PurePosixPath, content: bytes) -> None:
    """Add a file to an archive."""
    member = tarfile.TarInfo(str(name))
    member.size = len(content)
    archive.addfile(member, BytesIO(content))
