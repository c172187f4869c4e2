"""Fetching from real servers on loopback: what is refused, what is cut off, how failures are called."""

import gzip
import http.client
import socket
import ssl
import struct
import threading
import time
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import brotli
import pytest
import requests
import trustme
import urllib3
import zstandard
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from coopwatch.errors import ConfigError, FetchError
from coopwatch.fetch import ConnectError, HttpFetcher, is_moved_permanently, parse_retry_after
from coopwatch.fetch.addresses import is_named, is_public, permit_addresses
from coopwatch.fetch.client import make_user_agent
from coopwatch.fetch.decoding import read_body
from coopwatch.fetch.faults import describe_fault
from coopwatch.settings import Settings
from schemas.records import FailureKind

NOW = datetime(2025, 6, 2, 12, 0, tzinfo=UTC)
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"


def make_settings(**changes: object) -> Settings:
    known: dict[str, object] = {"allow_private_hosts": frozenset({"127.0.0.1", "localhost"})}
    return Settings.model_validate(known | changes)


@pytest.fixture
def fetcher() -> Iterator[HttpFetcher]:
    with HttpFetcher(make_settings()) as opened:
        yield opened


class RawServer:
    """A server that does with a connection whatever the test wants."""

    def __init__(self, behave: Callable[[socket.socket], None]) -> None:
        self._behave = behave
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/"
        self.connections = 0
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            connection, _ = self._listener.accept()
            with connection:
                if connection.recv(65_536) == b"stop":
                    return
                self.connections += 1
                with suppress(OSError):
                    self._behave(connection)

    def stop(self) -> None:
        with socket.create_connection(("127.0.0.1", self.port)) as connection:
            connection.sendall(b"stop")
        self._thread.join()
        self._listener.close()


@pytest.fixture
def raw_server() -> Iterator[Callable[[Callable[[socket.socket], None]], RawServer]]:
    servers: list[RawServer] = []

    def start(behave: Callable[[socket.socket], None]) -> RawServer:
        servers.append(RawServer(behave))
        return servers[-1]

    yield start
    for server in servers:
        server.stop()


StartServer = Callable[[Callable[[socket.socket], None]], RawServer]


def send(*parts: bytes) -> Callable[[socket.socket], None]:
    return lambda connection: connection.sendall(b"".join(parts))


def fail_to_get(fetcher: HttpFetcher, url: str) -> FetchError:
    with pytest.raises(FetchError) as caught:
        fetcher.get(url)
    error = caught.value
    assert "\n" not in error.detail
    assert " object at 0x" not in error.detail
    assert not error.detail.endswith(".")
    return error


# --- the ordinary


def test_an_answer_becomes_a_capture(fetcher: HttpFetcher, httpserver: HTTPServer) -> None:
    headers = {"Content-Type": "text/html", "Content-Encoding": "gzip", "ETag": '"a"'}
    httpserver.expect_request("/a").respond_with_data(gzip.compress(b"<p>hello"), headers=headers)
    capture = fetcher.get(httpserver.url_for("/a"))
    assert (capture.url, capture.final_url) == (httpserver.url_for("/a"),) * 2
    assert (capture.status, capture.body) == (200, b"<p>hello")
    assert capture.header("content-type") == "text/html"
    assert capture.header("etag") == '"a"'
    # what described the compressed body on the wire would be false of this one
    assert capture.header("content-encoding") is None
    assert capture.header("content-length") is None
    assert capture.fetched_at.tzinfo is UTC


def test_it_says_who_asks_and_what_is_understood(httpserver: HTTPServer) -> None:
    seen: list[Request] = []

    def answer(request: Request) -> Response:
        seen.append(request)
        return Response(b"")

    httpserver.expect_request("/").respond_with_handler(answer)
    with HttpFetcher(make_settings(contact="desk@example.org")) as fetcher:
        fetcher.get(httpserver.url_for("/"), headers={"If-None-Match": '"x"'})
    headers = seen[0].headers
    assert headers["User-Agent"] == "coopwatch/0.1.0 (news monitor; desk@example.org)"
    assert headers["Accept-Encoding"] == "gzip, deflate, br, zstd"
    assert headers["If-None-Match"] == '"x"'
    assert seen[0].method == "GET"


def test_user_agent_without_contact_and_with_an_impossible_one() -> None:
    assert make_user_agent("").endswith(" (news monitor)")
    with pytest.raises(ConfigError, match="COOPWATCH_CONTACT"):
        make_user_agent("a@b.org\r\nX-Evil: 1")


def test_304_is_an_answer_only_to_a_conditional_request(fetcher: HttpFetcher, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/").respond_with_data(status=304, headers={"ETag": '"b"'})
    capture = fetcher.get(httpserver.url_for("/"), headers={"if-none-match": '"b"'})
    assert (capture.status, capture.body, capture.header("etag")) == (304, b"", '"b"')
    assert fail_to_get(fetcher, httpserver.url_for("/")).kind == "http_status"


def test_connections_are_kept_open(fetcher: HttpFetcher, raw_server: StartServer) -> None:
    def answer_three_times(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 304 Not Modified\r\n\r\n")
        connection.recv(65_536)
        connection.sendall(b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: /b\r\n\r\n")
        connection.recv(65_536)
        connection.sendall(ANSWER + b"Content-Length: 1\r\n\r\nx")

    server = raw_server(answer_three_times)
    assert fetcher.get(server.url, headers={"If-None-Match": "x"}).status == 304
    assert fetcher.get(server.url).body == b"x"
    assert server.connections == 1


@pytest.mark.parametrize(
    ("status", "headers", "kind", "retry_after"),
    [
        (404, {}, "http_status", None),
        (410, {}, "http_status", None),
        (500, {"Retry-After": "30"}, "http_status", 30.0),
        (503, {}, "http_status", None),
        (503, {"Retry-After": "120"}, "rate_limited", 120.0),
        (429, {}, "rate_limited", None),
        (429, {"Retry-After": "7200"}, "rate_limited", 7200.0),
        (302, {}, "http_status", None),  # a redirect to nowhere
        (799, {}, "http_status", None),
    ],
)
def test_error_statuses(
    httpserver: HTTPServer, status: int, headers: dict[str, str], kind: str, retry_after: float | None
) -> None:
    httpserver.expect_request("/").respond_with_data(b"sorry", status=status, headers=headers)
    with HttpFetcher(make_settings()) as fetcher:
        error = fail_to_get(fetcher, httpserver.url_for("/"))
    assert (error.kind, error.http_status, error.retry_after_seconds) == (kind, status, retry_after)
    assert error.detail.startswith(f"HTTP {status}")


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0.0),
        ("90", 90.0),
        (" 172800 ", 172_800.0),
        ("9" * 50, 30 * 86_400.0),
        ("Mon, 02 Jun 2025 12:05:00 GMT", 300.0),
        ("Monday, 02-Jun-25 12:05:00 GMT", 300.0),
        ("Mon Jun  2 12:05:00 2025", 300.0),
        ("Mon, 02 Jun 2025 14:05:00 +0200", 300.0),
        ("Mon, 02 Jun 2025 11:00:00 GMT", 0.0),
        ("Mon, 02 Jun 9999 11:00:00 GMT", 30 * 86_400.0),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("٣", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after_in_both_forms(value: str | None, seconds: float | None) -> None:
    assert parse_retry_after(value, NOW) == seconds


# --- redirects, and what is the host's fault


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        ((), False),
        ((301,), True),
        ((308,), True),
        ((301, 308, 301), True),
        ((302,), False),
        ((303,), False),
        ((307,), False),
        ((301, 302), False),
        ((302, 301), False),
    ],
)
def test_a_move_is_permanent_if_every_redirect_is(
    fetcher: HttpFetcher, httpserver: HTTPServer, statuses: tuple[int, ...], expected: bool
) -> None:
    for number, status in enumerate(statuses):
        headers = {"Location": f"/{number + 1}"}
        httpserver.expect_request(f"/{number}").respond_with_data(status=status, headers=headers)
    # a server cannot say it for us
    spoof = {"Coopwatch-Redirect": "permanent"}
    httpserver.expect_request(f"/{len(statuses)}").respond_with_data(b"x", headers=spoof)
    capture = fetcher.get(httpserver.url_for("/0"))
    assert capture.final_url == httpserver.url_for(f"/{len(statuses)}")
    assert is_moved_permanently(capture) is expected


def test_a_host_that_cannot_be_reached_is_told_from_a_page_that_fails(
    fetcher: HttpFetcher, httpserver: HTTPServer
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closing:
        port = closing.getsockname()[1]
    assert isinstance(fail_to_get(fetcher, f"http://127.0.0.1:{port}/"), ConnectError)
    httpserver.expect_request("/gone").respond_with_data(status=404)
    assert not isinstance(fail_to_get(fetcher, httpserver.url_for("/gone")), ConnectError)
    # behind a redirect it is not this host that cannot be reached
    headers = {"Location": f"http://127.0.0.1:{port}/"}
    httpserver.expect_request("/away").respond_with_data(status=302, headers=headers)
    error = fail_to_get(fetcher, httpserver.url_for("/away"))
    assert error.kind == "refused"
    assert not isinstance(error, ConnectError)


def test_a_name_that_does_not_resolve_is_the_hosts_fault() -> None:
    def fail(host: str) -> tuple[str, ...]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    with HttpFetcher(make_settings(), resolve=fail) as fetcher:
        error = fail_to_get(fetcher, "http://nowhere.example/")
    assert (type(error), error.kind) == (ConnectError, "dns")


# --- addresses


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1:248:1893:25c8:1946", True),
        ("0.0.0.0", False),
        ("10.1.2.3", False),
        ("100.64.0.1", False),
        ("100.128.0.1", True),
        ("127.0.0.1", False),
        ("127.255.255.254", False),
        ("169.254.169.254", False),
        ("172.16.0.1", False),
        ("172.32.0.1", True),
        ("192.168.1.1", False),
        ("192.88.99.1", False),
        ("198.18.0.1", False),
        ("203.0.113.9", False),
        ("224.0.0.1", False),
        ("240.0.0.1", False),
        ("255.255.255.255", False),
        ("::", False),
        ("::1", False),
        ("::ffff:8.8.8.8", False),
        ("::ffff:127.0.0.1", False),
        ("::127.0.0.1", False),
        ("64:ff9b::7f00:1", False),
        ("64:ff9b:1::a00:1", False),
        ("2002:7f00:1::", False),
        ("2001:0:4136:e378:8000:63bf:3fff:fdd2", False),
        ("2001:db8::1", False),
        ("fc00::1", False),
        ("fd12:3456::1", False),
        ("fe80::1", False),
        ("fe80::1%eth0", False),
        ("fec0::1", False),
        ("ff02::1", False),
        ("not an address", False),
    ],
)
def test_public_addresses(address: str, expected: bool) -> None:
    assert is_public(address) is expected


@pytest.mark.parametrize(
    ("allowed", "host", "port", "expected"),
    [
        ({"localhost"}, "localhost", 8080, True),
        ({"localhost"}, "LocalHost.", 8080, True),
        ({"localhost:8080"}, "localhost", 8080, True),
        ({"localhost:8080"}, "localhost", 80, False),
        ({"127.0.0.1"}, "localhost", 80, False),
        ({"::1"}, "::1", 80, True),
        ({"[::1]:80"}, "::1", 80, True),
        ({"[::1]:80"}, "::1", 81, False),
        ({"example.org"}, "evil.example.org", 80, False),
        (set(), "localhost", 80, False),
    ],
)
def test_hosts_allowed_by_name(allowed: set[str], host: str, port: int, expected: bool) -> None:
    assert is_named(host, port, allowed) is expected


def test_of_several_answers_only_the_public_ones_are_used() -> None:
    answers = ["10.0.0.5", "93.184.216.34", "::1"]
    assert permit_addresses("u", "a.example", 80, answers, frozenset()) == ("93.184.216.34",)
    assert permit_addresses("u", "a.example", 80, answers, frozenset({"a.example"})) == tuple(answers)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]"])
def test_a_private_address_is_refused_unless_named(httpserver: HTTPServer, host: str) -> None:
    with HttpFetcher(make_settings(allow_private_hosts=frozenset())) as fetcher:
        error = fail_to_get(fetcher, f"http://{host}:{httpserver.port}/")
    assert error.kind == "private_address"
    assert "COOPWATCH_ALLOW_PRIVATE_HOSTS" in error.detail
    assert httpserver.log == []


@pytest.mark.parametrize("host", ["2130706433", "0x7f000001", "0177.1", "127.1"])
def test_other_spellings_of_a_private_address_are_refused(httpserver: HTTPServer, host: str) -> None:
    with HttpFetcher(make_settings(allow_private_hosts=frozenset())) as fetcher:
        error = fail_to_get(fetcher, f"http://{host}:{httpserver.port}/")
    assert error.kind in ("private_address", "bad_url")
    assert httpserver.log == []


def test_a_redirect_to_a_private_address_is_refused(httpserver: HTTPServer) -> None:
    target = f"http://localhost:{httpserver.port}/secret"
    httpserver.expect_request("/").respond_with_data(status=302, headers={"Location": target})
    httpserver.expect_request("/secret").respond_with_data(b"secret")
    allowed = frozenset({f"127.0.0.1:{httpserver.port}"})
    with HttpFetcher(make_settings(allow_private_hosts=allowed)) as fetcher:
        error = fail_to_get(fetcher, f"http://127.0.0.1:{httpserver.port}/")
    assert error.kind == "private_address"
    assert target in error.detail
    assert [request.path for request, _ in httpserver.log] == ["/"]


def test_a_connection_goes_to_the_answer_that_was_checked(httpserver: HTTPServer) -> None:
    """The name leads elsewhere when asked again; but it is asked once, and the socket opened to that."""
    asked: list[str] = []

    def rebind(host: str) -> tuple[str, ...]:
        asked.append(host)
        return ("127.0.0.1",) if len(asked) == 1 else ("169.254.169.254",)

    httpserver.expect_request("/").respond_with_handler(lambda request: Response(request.host))
    allowed = frozenset({"news.example"})
    with HttpFetcher(make_settings(allow_private_hosts=allowed), resolve=rebind) as fetcher:
        capture = fetcher.get(f"http://news.example:{httpserver.port}/")
    assert capture.body.decode() == f"news.example:{httpserver.port}"
    assert asked == ["news.example"]


def test_a_second_private_answer_is_refused(httpserver: HTTPServer) -> None:
    allowed = frozenset({"127.0.0.1"})
    with HttpFetcher(
        make_settings(allow_private_hosts=allowed), resolve=lambda _: ("127.0.0.1", "10.0.0.1")
    ) as fetcher:
        error = fail_to_get(fetcher, f"http://news.example:{httpserver.port}/")
    assert error.kind == "private_address"
    assert httpserver.log == []


def test_the_next_address_is_tried_when_the_first_refuses(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/").respond_with_data(b"x")
    allowed = frozenset({"news.example"})
    with HttpFetcher(
        make_settings(allow_private_hosts=allowed), resolve=lambda _: ("::1", "127.0.0.1")
    ) as fetcher:
        assert fetcher.get(f"http://news.example:{httpserver.port}/").body == b"x"


@pytest.mark.parametrize(
    ("raised", "kind"),
    [
        (socket.gaierror(socket.EAI_NONAME, "Name or service not known"), "dns"),
        (socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution"), "dns_temporary"),
        (UnicodeError("label too long"), "bad_url"),
    ],
)
def test_names_that_do_not_resolve(raised: Exception, kind: str) -> None:
    def resolve(_: str) -> tuple[str, ...]:
        raise raised

    with HttpFetcher(make_settings(), resolve=resolve) as fetcher:
        error = fail_to_get(fetcher, "http://news.example/")
    assert error.kind == kind
    assert "news.example" in error.detail


def test_a_resolver_that_hangs_is_left_behind() -> None:
    release = threading.Event()

    def resolve(_: str) -> tuple[str, ...]:
        release.wait(20)
        return ()

    with HttpFetcher(make_settings(fetch_idle_seconds=0.2), resolve=resolve) as fetcher:
        started = time.monotonic()
        error = fail_to_get(fetcher, "http://news.example/")
    release.set()
    assert error.kind == "dns_temporary"
    assert time.monotonic() - started < 5


@pytest.mark.parametrize(
    "url", ["", "news.example/a", "ftp://news.example/", "file:///etc/passwd", "http://", "http://[::1/"]
)
def test_what_is_no_http_url(fetcher: HttpFetcher, url: str) -> None:
    assert fail_to_get(fetcher, url).kind == "bad_url"


# --- redirects


def test_redirects_are_followed(fetcher: HttpFetcher, httpserver: HTTPServer) -> None:
    for hop, status in enumerate((301, 302, 303, 307, 308)):
        httpserver.expect_request(f"/{hop}").respond_with_data(
            status=status, headers={"Location": f"{hop + 1}"}
        )
    httpserver.expect_request("/5").respond_with_data(b"there")
    capture = fetcher.get(httpserver.url_for("/0"))
    assert (capture.url, capture.final_url) == (httpserver.url_for("/0"), httpserver.url_for("/5"))
    assert capture.body == b"there"


def test_a_redirect_loop_ends(fetcher: HttpFetcher, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/a").respond_with_data(status=302, headers={"Location": "/b"})
    httpserver.expect_request("/b").respond_with_data(status=302, headers={"Location": "/a"})
    error = fail_to_get(fetcher, httpserver.url_for("/a"))
    assert error.kind == "redirects"
    assert error.url == httpserver.url_for("/a")
    assert len(httpserver.log) == 6


@pytest.mark.parametrize(
    "location", ["file:///etc/passwd", "mailto:a@b.org", "http://h:99999/", "http://[::1/", "http://u:p@h/"]
)
def test_a_redirect_to_something_else_than_http(
    fetcher: HttpFetcher, raw_server: StartServer, location: str
) -> None:
    server = raw_server(send(b"HTTP/1.1 302 Found\r\nLocation: ", location.encode(), b"\r\n\r\n"))
    assert fail_to_get(fetcher, server.url).kind == "redirects"


def test_a_failure_behind_a_redirect_says_where(fetcher: HttpFetcher, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/").respond_with_data(status=301, headers={"Location": "/gone"})
    httpserver.expect_request("/gone").respond_with_data(status=410)
    error = fail_to_get(fetcher, httpserver.url_for("/"))
    assert (error.kind, error.http_status, error.url) == ("http_status", 410, httpserver.url_for("/"))
    assert httpserver.url_for("/gone") in error.detail


def test_a_location_in_utf_8(fetcher: HttpFetcher, raw_server: StartServer, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/é").respond_with_data(b"accent")
    location = f"http://127.0.0.1:{httpserver.port}/é".encode()
    server = raw_server(send(b"HTTP/1.1 302 Found\r\nLocation: ", location, b"\r\n\r\n"))
    assert fetcher.get(server.url).body == b"accent"


def test_the_body_of_a_redirect_is_never_read(fetcher: HttpFetcher, raw_server: StartServer) -> None:
    megabytes_sent: list[int] = []

    def redirect_without_end(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 302 Found\r\nLocation: ftp://a/\r\n\r\n")
        for number in range(200):
            connection.sendall(bytes(1_000_000))
            megabytes_sent.append(number)

    assert fail_to_get(fetcher, raw_server(redirect_without_end).url).kind == "redirects"
    assert len(megabytes_sent) < 50  # what the buffers of two sockets take, and no more


def test_a_cookie_lives_as_long_as_its_url(fetcher: HttpFetcher, httpserver: HTTPServer) -> None:
    def ask_for_cookie(request: Request) -> Response:
        if request.cookies.get("seen"):
            return Response(b"article")
        return Response(status=302, headers={"Location": "/", "Set-Cookie": "seen=1"})

    httpserver.expect_request("/").respond_with_handler(ask_for_cookie)
    for _ in range(2):
        assert fetcher.get(httpserver.url_for("/")).body == b"article"
    assert len(httpserver.log) == 4


# --- time


def drip(first: bytes, piece: bytes) -> Callable[[socket.socket], None]:
    def behave(connection: socket.socket) -> None:
        connection.sendall(first)
        for _ in range(200):
            connection.sendall(piece)
            time.sleep(0.05)

    return behave


@pytest.mark.parametrize(
    "behave",
    [
        drip(ANSWER + b"Content-Length: 9999\r\n\r\n", b"x"),
        drip(ANSWER + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
        drip(ANSWER + b"\r\n", b"x"),
        drip(b"HTTP/1.1 200 OK\r\nX-Slow: ", b"x"),
        drip(b"", b"H"),
        drip(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        drip(ANSWER + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", b"X-Trailer: x\r\n"),
    ],
    ids=["body", "chunks", "until closed", "header", "status line", "continue", "trailers"],
)
def test_a_server_that_drips_is_cut_off(raw_server: StartServer, behave: Callable[..., None]) -> None:
    server = raw_server(behave)
    with HttpFetcher(make_settings(fetch_timeout_seconds=0.5, fetch_idle_seconds=0.4)) as fetcher:
        started = time.monotonic()
        error = fail_to_get(fetcher, server.url)
    assert (error.kind, error.detail) == ("timeout", "not finished after 0.5 s")
    assert time.monotonic() - started < 8  # it would go on for longer


def test_the_deadline_spans_redirects(raw_server: StartServer) -> None:
    def redirect_late(connection: socket.socket) -> None:
        time.sleep(0.3)
        connection.sendall(b"HTTP/1.1 302 Found\r\nLocation: /\r\n\r\n")

    server = raw_server(redirect_late)
    with HttpFetcher(make_settings(fetch_timeout_seconds=0.5)) as fetcher:
        error = fail_to_get(fetcher, server.url)
    assert error.kind == "timeout"
    assert error.detail.endswith("not finished after 0.5 s")


def test_a_server_that_falls_silent_is_left(raw_server: StartServer) -> None:
    server = raw_server(lambda connection: time.sleep(0.6))
    with HttpFetcher(make_settings(fetch_idle_seconds=0.2)) as fetcher:
        error = fail_to_get(fetcher, server.url)
    assert (error.kind, error.detail) == ("timeout", "nothing came for 0.2 s")


def test_a_handshake_that_never_comes_is_left(raw_server: StartServer) -> None:
    server = raw_server(lambda connection: time.sleep(0.6))
    with HttpFetcher(make_settings(fetch_idle_seconds=0.2)) as fetcher:
        assert fail_to_get(fetcher, server.url.replace("http:", "https:")).kind == "timeout"


# --- bytes


def compress_raw_deflate(data: bytes) -> bytes:
    machine = zlib.compressobj(wbits=-15)
    return machine.compress(data) + machine.flush()


TEXT = "".join(f"line {number} of a text\n" for number in range(20_000)).encode()
ENCODED: dict[str, tuple[str, bytes]] = {
    "gzip": ("gzip", gzip.compress(TEXT)),
    "x-gzip, upper case": ("X-GZIP", gzip.compress(TEXT)),
    "gzip in two members": ("gzip", gzip.compress(TEXT[:99]) + gzip.compress(TEXT[99:])),
    "gzip with rubbish behind": ("gzip", gzip.compress(TEXT) + b"\n\0rubbish"),
    "gzip with a line end behind": ("gzip", gzip.compress(TEXT) + b"\n"),
    "deflate": ("deflate", zlib.compress(TEXT)),
    "raw deflate": ("deflate", compress_raw_deflate(TEXT)),
    "brotli": ("br", brotli.compress(TEXT)),
    "zstd": ("zstd", zstandard.compress(TEXT)),
    "zstd in two frames": ("zstd", zstandard.compress(TEXT[:99]) + zstandard.compress(TEXT[99:])),
    "two layers": ("gzip, br", brotli.compress(gzip.compress(TEXT))),
    "identity": ("identity", TEXT),
    "a mistake": ("UTF-8", TEXT),
}


def split(body: bytes, size: int) -> Iterator[bytes]:
    return (body[start : start + size] for start in range(0, len(body), size))


@pytest.mark.parametrize("size", [1_000_000, 4_096, 7])
@pytest.mark.parametrize("case", ENCODED)
def test_encodings_are_undone(case: str, size: int) -> None:
    encoding, body = ENCODED[case]
    assert read_body(split(body, size), encoding, url="u", max_bytes=len(TEXT)) == TEXT


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd", "br, gzip", None])
def test_an_empty_body_is_empty_in_every_encoding(encoding: str | None) -> None:
    assert read_body(iter(()), encoding, url="u", max_bytes=10) == b""


@pytest.mark.parametrize("case", ["gzip", "deflate", "raw deflate", "brotli", "zstd", "two layers"])
def test_an_encoded_body_that_is_cut_short_is_no_body(case: str) -> None:
    encoding, body = ENCODED[case]
    for end in (5, len(body) // 2, len(body) - 1):
        with pytest.raises(FetchError) as caught:
            read_body(split(body[:end], 500), encoding, url="u", max_bytes=len(TEXT))
        assert caught.value.kind == "encoding"


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd"])
def test_a_body_that_is_not_encoded_as_said(encoding: str) -> None:
    with pytest.raises(FetchError) as caught:
        read_body(iter([b"<html>plain text"]), encoding, url="u", max_bytes=1000)
    assert caught.value.kind == "encoding"


def test_encodings_on_top_of_each_other_are_limited() -> None:
    with pytest.raises(FetchError) as caught:
        read_body(iter([b"x"]), ", ".join(["gzip"] * 50), url="u", max_bytes=1000)
    assert caught.value.kind == "encoding"


NOTHING = bytes(30_000_000)
BOMBS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": lambda data: brotli.compress(data, quality=5),
    "zstd": zstandard.compress,
    "gzip, gzip": lambda data: gzip.compress(gzip.compress(data)),
}


@pytest.mark.parametrize("encoding", BOMBS)
def test_a_bomb_is_cut_before_it_goes_off(
    fetcher: HttpFetcher, httpserver: HTTPServer, encoding: str
) -> None:
    headers = {"Content-Encoding": encoding}
    httpserver.expect_request("/").respond_with_data(BOMBS[encoding](NOTHING), headers=headers)
    error = fail_to_get(fetcher, httpserver.url_for("/"))
    assert (error.kind, error.detail) == ("too_large", "more than 20,000,000 bytes")


@pytest.mark.parametrize("encoding", BOMBS)
def test_a_bomb_never_takes_much_memory(encoding: str) -> None:
    bomb = BOMBS[encoding](NOTHING)
    tracemalloc.start()
    with pytest.raises(FetchError):
        read_body(split(bomb, 65_536), encoding, url="u", max_bytes=1_000_000)
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak_bytes < 12_000_000


def test_a_body_without_end_is_cut(raw_server: StartServer) -> None:
    def pour(connection: socket.socket) -> None:
        connection.sendall(ANSWER + b"\r\n")
        for _ in range(1_000):
            connection.sendall(bytes(100_000))

    with HttpFetcher(make_settings(fetch_max_bytes=1_000_000)) as fetcher:
        error = fail_to_get(fetcher, raw_server(pour).url)
    assert (error.kind, error.detail) == ("too_large", "more than 1,000,000 bytes")


def test_a_body_that_announces_too_much_is_not_read(fetcher: HttpFetcher, raw_server: StartServer) -> None:
    server = raw_server(send(ANSWER, b"Content-Length: 40000000\r\n\r\nx"))
    error = fail_to_get(fetcher, server.url)
    assert (error.kind, error.detail) == ("too_large", "40,000,000 bytes")


@pytest.mark.parametrize(
    "headers", [b"X: " + b"x" * 70_000, b"\r\n".join(b"X-%d: x" % number for number in range(200))]
)
def test_headers_are_bounded(fetcher: HttpFetcher, raw_server: StartServer, headers: bytes) -> None:
    server = raw_server(send(b"HTTP/1.1 200 OK\r\n", headers, b"\r\n\r\n"))
    assert fail_to_get(fetcher, server.url).kind == "too_large"


# --- broken connections


def reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


@pytest.mark.parametrize(
    "behave",
    [
        reset,
        send(),
        send(ANSWER, b"Content-Length: 100\r\n\r\nonly this"),
        send(ANSWER, b"Transfer-Encoding: chunked\r\n\r\n64\r\nonly this"),
        send(ANSWER, b"Transfer-Encoding: chunked\r\n\r\nnonsense\r\n"),
        send(b"SSH-2.0-OpenSSH_9.2\r\n"),
        send(b"HTTP/1.1 abc\r\n\r\n"),
        send(ANSWER, b"Content-Length: 5\r\nContent-Length: 7\r\n\r\nxxxxxxx"),
    ],
    ids=["reset", "closed", "cut short", "chunk cut", "bad chunk", "not HTTP", "bad status", "two lengths"],
)
def test_broken_answers(fetcher: HttpFetcher, raw_server: StartServer, behave: Callable[..., None]) -> None:
    assert fail_to_get(fetcher, raw_server(behave).url).kind == "reset"


def test_nobody_listens(fetcher: HttpFetcher) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    error = fail_to_get(fetcher, f"http://127.0.0.1:{port}/")
    assert (error.kind, error.detail) == ("refused", f"nobody listens at 127.0.0.1:{port}")


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (requests.ReadTimeout(urllib3.exceptions.ReadTimeoutError(None, None, "x")), "timeout"),  # type: ignore[arg-type]
        (requests.ConnectionError(urllib3.exceptions.ProtocolError("x", ConnectionResetError())), "reset"),
        (requests.ConnectionError(urllib3.exceptions.ProtocolError("x")), "reset"),
        (urllib3.exceptions.MaxRetryError(None, "u", ConnectionRefusedError()), "refused"),  # type: ignore[arg-type]
        (urllib3.exceptions.ProtocolError("x", http.client.LineTooLong("header line")), "too_large"),
        (requests.exceptions.SSLError(urllib3.exceptions.SSLError(ssl.SSLError(1, "x"))), "tls"),
        (requests.ConnectionError(ssl.SSLEOFError(8, "x")), "reset"),
        (requests.exceptions.InvalidURL("x"), "bad_url"),
        (RuntimeError("surprise"), "internal"),
    ],
)
def test_faults_are_found_by_type(error: Exception, kind: FailureKind) -> None:
    fault = describe_fault("http://a/", error)
    assert fault.kind == kind
    assert fault.url == "http://a/"


# --- TLS


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def tls_server(authority: trustme.CA) -> Iterator[HTTPServer]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    with HTTPServer(ssl_context=context) as server:
        server.expect_request("/").respond_with_data(b"verified")
        yield server


def test_a_certificate_of_an_unknown_authority_is_refused(
    fetcher: HttpFetcher, tls_server: HTTPServer
) -> None:
    error = fail_to_get(fetcher, tls_server.url_for("/").replace("localhost", "127.0.0.1"))
    assert error.kind == "tls"
    assert "issuer" in error.detail


@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"])
def test_an_authority_that_the_environment_names_is_trusted(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    authority: trustme.CA,
    tls_server: HTTPServer,
    variable: str,
) -> None:
    bundle = tmp_path / "authorities.pem"
    authority.cert_pem.write_to_path(str(bundle))
    monkeypatch.delenv("REQUESTS_CA_BUNDLE", raising=False)
    monkeypatch.setenv(variable, str(bundle))
    with HttpFetcher(make_settings(allow_private_hosts=frozenset({"127.0.0.1", "localhost"}))) as fetcher:
        assert fetcher.get(f"https://127.0.0.1:{tls_server.port}/").body == b"verified"
        wrong_name = fail_to_get(fetcher, f"https://localhost:{tls_server.port}/")
    assert wrong_name.kind == "tls"
    assert "localhost" in wrong_name.detail


def test_a_drip_through_tls_is_cut_off(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, authority: trustme.CA, raw_server: StartServer
) -> None:
    bundle = tmp_path / "authorities.pem"
    authority.cert_pem.write_to_path(str(bundle))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(bundle))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _ = listener.accept()
        with suppress(OSError), context.wrap_socket(connection, server_side=True) as wrapped:
            wrapped.recv(65_536)
            drip(ANSWER + b"Content-Length: 9999\r\n\r\n", b"x")(wrapped)

    thread = threading.Thread(target=serve)
    thread.start()
    with HttpFetcher(make_settings(fetch_timeout_seconds=0.6)) as fetcher:
        error = fail_to_get(fetcher, f"https://127.0.0.1:{listener.getsockname()[1]}/")
    thread.join()
    listener.close()
    assert (error.kind, error.detail) == ("timeout", "not finished after 0.6 s")


def test_threads_that_ask_for_https_at_once_read_the_authorities_once(
    monkeypatch: pytest.MonkeyPatch, tls_server: HTTPServer
) -> None:
    monkeypatch.delenv("REQUESTS_CA_BUNDLE", raising=False)
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    read: list[str] = []

    def note(_frame: object, event: str, called: Any) -> None:
        if event == "c_call" and called.__name__ == "load_verify_locations":
            read.append(called.__name__)

    together = threading.Barrier(8)

    def ask(fetcher: HttpFetcher) -> str:
        together.wait()
        return fail_to_get(fetcher, f"https://127.0.0.1:{tls_server.port}/").kind

    threading.setprofile(note)
    try:
        with (
            HttpFetcher(make_settings(allow_private_hosts=frozenset({"127.0.0.1"}))) as fetcher,
            ThreadPoolExecutor(8) as pool,
        ):
            kinds = list(pool.map(ask, [fetcher] * 8))
    finally:
        threading.setprofile(None)
    assert kinds == ["tls"] * 8, "none went unverified"
    assert len(read) == 1


def test_authorities_that_cannot_be_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "missing.pem"))
    with pytest.raises(ConfigError, match=r"REQUESTS_CA_BUNDLE=.*missing\.pem"):
        HttpFetcher(make_settings())


# --- threads


def test_one_fetcher_serves_many_threads(fetcher: HttpFetcher, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/").respond_with_handler(lambda request: Response(request.query_string))
    wrong: list[str] = []

    def ask(number: int) -> None:
        for turn in range(20):
            query = f"{number}-{turn}"
            if fetcher.get(httpserver.url_for("/") + "?" + query).body.decode() != query:
                wrong.append(query)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
