"""The web server of the sample newsroom: real HTTP on loopback, with conditional requests.

    with Newsroom() as newsroom:
        write_sources(path, newsroom.url)

Everything it says is decided by the files below `demo/site`; nothing changes between two starts but the port.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from demo.feeds import render_feed
from demo.outlets import Outlet, load_outlets, write_sources
from demo.pages import render_entrance, render_front_page, render_page
from demo.stories import Story, load_stories

__all__ = ["Newsroom", "Resource", "build_site", "write_sources"]

HTML = "text/html; charset=utf-8"
LAST_MODIFIED = datetime(2025, 9, 1, 6, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Resource:
    """What lies at one path; with a location, a permanent redirect."""

    content_type: str = HTML
    body: bytes = b""
    location: str | None = None

    @property
    def etag(self) -> str:
        """The entity tag, a hash of the body."""
        return f'"{hashlib.sha256(self.body).hexdigest()[:20]}"'


def build_site(base_url: str) -> dict[str, Resource]:
    """Return everything that the newsroom serves, by path."""
    outlets = load_outlets()
    stories = load_stories()
    site = {
        "/": _page(render_entrance(outlets.values())),
        "/robots.txt": Resource("text/plain; charset=utf-8", b"User-agent: *\nAllow: /\n"),
    }
    for outlet in outlets.values():
        own = [story for story in stories if story.outlet == outlet.id]
        site.update(
            _build_outlet(outlet, sorted(own, key=lambda story: story.sort_key, reverse=True), base_url)
        )
    return site


def _build_outlet(outlet: Outlet, stories: list[Story], base_url: str) -> Iterator[tuple[str, Resource]]:
    yield outlet.home, _page(render_front_page(outlet, stories, base_url))
    for story in stories:
        if not story.gone:
            yield story.path, _page(render_page(story, outlet, stories, base_url))
    feed_path = outlet.home + outlet.feed_path
    if outlet.feed == "none":
        yield feed_path, _page(render_front_page(outlet, stories, base_url))
    elif outlet.feed != "listing":
        content_type, text = render_feed(outlet, stories, base_url)
        yield feed_path, Resource(content_type, text.encode())
    if outlet.old_feed_path:
        yield outlet.home + outlet.old_feed_path, Resource(location=feed_path)


def _page(text: str) -> Resource:
    return Resource(HTML, text.encode())


def is_unchanged(resource: Resource, if_none_match: str | None, if_modified_since: str | None) -> bool:
    """Tell whether what the client has is what the resource is (RFC 9110, 13.1.2 and 13.1.3)."""
    if if_none_match is not None:
        known = [tag.strip().removeprefix("W/") for tag in if_none_match.split(",")]
        return "*" in known or resource.etag in known
    if if_modified_since is None:
        return False
    try:
        moment = parsedate_to_datetime(if_modified_since)
    except ValueError:
        return False
    return moment.tzinfo is not None and moment >= LAST_MODIFIED


class _Handler(BaseHTTPRequestHandler):
    site: Mapping[str, Resource] = {}

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def _answer(self, *, with_body: bool) -> None:
        resource = self.site.get(urlsplit(self.path).path)
        if resource is None:
            self._send(
                404, {"Content-Type": "text/plain; charset=utf-8"}, b"There is no such page.\n", with_body
            )
        elif resource.location:
            self._send(301, {"Location": resource.location}, b"", with_body)
        else:
            headers = {
                "ETag": resource.etag,
                "Last-Modified": format_datetime(LAST_MODIFIED, usegmt=True),
                "Cache-Control": "max-age=0",
            }
            if is_unchanged(resource, self.headers["If-None-Match"], self.headers["If-Modified-Since"]):
                self.send_response(304)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
            else:
                self._send(200, {"Content-Type": resource.content_type, **headers}, resource.body, with_body)

    def _send(self, status: int, headers: Mapping[str, str], body: bytes, with_body: bool) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if with_body:
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the name is the base class's
        """Keep quiet: who runs the newsroom prints what matters."""


class Newsroom:
    """The newsroom, open while its context lasts.

    Args:
        port: the port on loopback; 0 takes a free one.

    Raises:
        OSError: the port is taken.
    """

    def __init__(self, port: int = 0) -> None:
        class Handler(_Handler):
            """Answers for this newsroom only."""

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        Handler.site = build_site(self.url)  # the feeds hold absolute links: the port comes first
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def url(self) -> str:
        """The address of the newsroom, without a slash at the end."""
        return f"http://127.0.0.1:{self._server.server_port}"
