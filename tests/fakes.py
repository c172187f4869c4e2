"""Stand-ins for what is outside, with behaviour: the world's sites and the receivers of alerts."""

import html
import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Literal
from urllib.parse import quote, unquote


@dataclass
class Story:
    """An article of a site, as its feed announces it and its page shows it."""

    path: str
    title: str
    body: str  # plain paragraphs, separated by blank lines
    published_at: datetime | None = None


@dataclass
class FakeSite:
    """Some outlets on one loopback server: a feed each, and the pages of their stories.

    Feeds can grow between two runs; every request is counted.
    """

    url: str = ""
    stories: dict[str, list[Story]] = field(default_factory=dict)  # outlet → its stories
    requests: list[str] = field(default_factory=list)

    def publish(self, outlet: str, *stories: Story) -> None:
        """Add stories to an outlet."""
        self.stories.setdefault(outlet, []).extend(stories)

    def sources_yaml(self) -> str:
        """Return a registry with the feed of every outlet, publisher = outlet."""
        entries = [
            {
                "id": outlet.lower().replace(" ", "-"),
                "name": outlet,
                "kind": "feed",
                "url": f"{self.url}/{quote(outlet)}/feed.xml",
                "publisher": outlet,
                "poll": {"min": "0s", "max": "1h"},
            }
            for outlet in self.stories
        ]
        return json.dumps({"sources": entries})  # JSON is YAML

    def answer(self, path: str) -> tuple[int, str, str]:
        """Return status, content type and body for a path."""
        self.requests.append(path)
        outlet, _, rest = unquote(path).lstrip("/").partition("/")
        stories = self.stories.get(outlet, [])
        if rest == "feed.xml":
            return 200, "application/rss+xml; charset=utf-8", self._render_feed(outlet, stories)
        for story in stories:
            if rest == story.path:
                return 200, "text/html; charset=utf-8", self._render_page(outlet, story)
        return 404, "text/plain", "nothing here"

    def _render_feed(self, outlet: str, stories: list[Story]) -> str:
        items = "".join(
            f"<item><title>{html.escape(story.title)}</title><link>{self.url}/{quote(outlet)}/{story.path}</link>"
            + (f"<pubDate>{format_datetime(story.published_at)}</pubDate>" if story.published_at else "")
            + "</item>"
            for story in stories
        )
        return (
            f'<?xml version="1.0"?><rss version="2.0"><channel><title>{outlet}</title>{items}</channel></rss>'
        )

    def _render_page(self, outlet: str, story: Story) -> str:
        paragraphs = "".join(f"<p>{html.escape(part)}</p>\n" for part in story.body.split("\n\n"))
        return (
            f"<!doctype html><html lang='en'><head><meta charset='utf-8'>"
            f"<title>{html.escape(story.title)} | {outlet}</title></head><body>"
            f"<header><nav><a href='/'>Home</a> <a href='/about'>About</a></nav></header>"
            f"<main><article><h1>{html.escape(story.title)}</h1>{paragraphs}</article></main>"
            f"<footer><a href='/privacy'>Privacy</a> <a href='/terms'>Terms of use</a></footer></body></html>"
        )


ReceiverMood = Literal[
    "take",
    "refuse",  # with status 500
    "slow",  # takes it, and answers after a while
    "drop",  # takes it, and closes the connection without an answer
]


@dataclass
class FakeReceiver:
    """A web hook that takes alerts, or refuses them while `is_down`.

    `moods` are for the next requests, one each; after them it takes everything.
    """

    url: str = ""
    is_down: bool = False
    slow_seconds: float = 0.5
    usual_seconds: float = 0.0  # what it always takes before it answers
    moods: list[ReceiverMood] = field(default_factory=list)
    received: list[dict[str, str]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)  # of what was received
    requests: int = 0

    @property
    def keys(self) -> list[str]:
        """The keys of the alerts that it took, in their order; a repeated one is there again."""
        return [post["key"] for post in self.received]


@contextmanager
def serve_site(site: FakeSite) -> Iterator[FakeSite]:
    """Serve the site on a free loopback port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, content_type, body = site.answer(self.path)
            _send(self, status, content_type, body.encode())

        def log_message(self, *args: object) -> None:
            pass

    with _serve(Handler) as port:
        site.url = f"http://127.0.0.1:{port}"
        yield site


@contextmanager
def serve_receiver(receiver: FakeReceiver) -> Iterator[FakeReceiver]:
    """Serve the web hook on a free loopback port; its `url` is in Apprise's form for JSON posts."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.requests += 1
            mood = receiver.moods.pop(0) if receiver.moods else "take"
            if receiver.is_down or mood == "refuse":
                _send(self, 503 if receiver.is_down else 500, "text/plain", b"down")
                return
            receiver.received.append(json.loads(body))
            receiver.headers.append(dict(self.headers))
            time.sleep(receiver.usual_seconds)
            if mood == "drop":
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            if mood == "slow":
                time.sleep(receiver.slow_seconds)
            with suppress(ConnectionError):  # who sent it may not have waited
                _send(self, 200, "text/plain", b"ok")

        def log_message(self, *args: object) -> None:
            pass

    with _serve(Handler) as port:
        receiver.url = f"json://127.0.0.1:{port}/hook"
        yield receiver


@contextmanager
def _serve(handler: type[BaseHTTPRequestHandler]) -> Iterator[int]:
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


def _send(handler: BaseHTTPRequestHandler, status: int, content_type: str, body: bytes) -> None:
    handler.send_response(status)
    handler.send_header("Content-Type", content_type)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)
