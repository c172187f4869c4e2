"""A server of feeds on loopback, well and broken in many ways; the path of a request says which.

/well/7     a small feed, after 20 to 120 ms
/quick/7    the same at once
/reset/7    what `BROKEN` lists
"""

import asyncio
import gzip
import socket
import ssl
import struct
from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache
from multiprocessing.connection import Connection

import trustme

ITEMS = 10
MB = 1_000_000
# what each kind of damage must come to: the outcome, and the kind of failure
BROKEN: Mapping[str, tuple[str, str]] = {
    "slow headers": ("failed", "timeout"),
    "endless body": ("failed", "timeout"),
    "redirect loop": ("failed", "redirects"),
    "private redirect": ("failed", "private_address"),
    "dns failure": ("failed", "dns"),
    "reset": ("failed", "reset"),
    "wrong length": ("failed", "reset"),
    "gzip bomb": ("failed", "too_large"),
    "billion laughs": ("polled", ""),
    "html": ("failed", "not_a_feed"),
    "429": ("failed", "rate_limited"),
    "304 for ever": ("failed", "http_status"),
    "bad charset": ("polled", ""),
    "40 MB": ("failed", "too_large"),
    "certificate": ("failed", "tls"),
}


@lru_cache(2_000)
def make_feed(path: str) -> bytes:
    """Return a small feed whose items belong to this path alone."""
    items = "".join(
        f"<item><title>Report {n} of {path}</title><link>https://news.test{path}/{n}</link>"
        f"<guid>{path}/{n}</guid><description>{'What happened, in some words. ' * 5}</description></item>"
        for n in range(ITEMS)
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{items}</channel></rss>'.encode()


@lru_cache(20)
def make_body(kind: str) -> bytes:
    """Return the body that makes a source broken."""
    if kind == "gzip bomb":
        return gzip.compress(bytes(100 * MB), 9)
    if kind == "billion laughs":
        levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
        head = f'<!DOCTYPE rss [<!ENTITY l0 "lol">{levels}]>'.encode()
        return head + make_feed("/laughs").replace(b"What happened", b"&l9;")
    if kind == "bad charset":
        return make_feed("/charset").replace(b"What", "Água".encode("latin-1"))
    if kind == "40 MB":
        return b"<rss><channel>" + b"<item><title>again and again</title></item>" * (40 * MB // 43)
    return b"<!doctype html><html><body>Not what you are looking for</body></html>"


def make_head(status: str, *headers: str, length: int | None = None) -> bytes:
    """Return the head of an answer."""
    lines = [f"HTTP/1.1 {status}", *headers]
    if length is not None:
        lines.append(f"Content-Length: {length}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


_SHORT_ANSWERS = {
    "redirect loop": make_head("302 Found", "Location: TARGET", length=0),
    "private redirect": make_head("302 Found", "Location: TARGET", length=0),
    "429": make_head("429 Too Many Requests", "Retry-After: 600", length=0),
    "304 for ever": make_head("304 Not Modified"),
}
_HEADERS = {
    "gzip bomb": ("Content-Encoding: gzip",),
    "bad charset": ("Content-Type: text/xml; charset=x-no",),
}


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer requests of one connection until it ends; the path says how."""
    with suppress(ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
        while True:
            request = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            path = request.split(" ", 2)[1]
            _, kind, number = path.split("/", 2)
            kind = kind.replace("%20", " ")
            is_conditional = "\r\nif-none-match:" in request.lower()
            if kind in ("well", "quick"):
                if kind == "well":
                    await asyncio.sleep(0.02 + int(number) * 7 % 11 / 100)
                if is_conditional:
                    writer.write(make_head("304 Not Modified", 'ETag: "1"'))
                else:
                    body = make_feed(path)
                    writer.write(make_head("200 OK", 'ETag: "1"', length=len(body)) + body)
            elif not await break_off(kind, path, writer):
                break
            await writer.drain()
    writer.close()
    with suppress(ConnectionError, ssl.SSLError):
        await writer.wait_closed()


async def break_off(kind: str, path: str, writer: asyncio.StreamWriter) -> bool:
    """Answer as a broken source does; return whether the connection may stay."""
    if kind in _SHORT_ANSWERS:
        target = path if kind == "redirect loop" else "http://10.0.0.1/feed"
        writer.write(_SHORT_ANSWERS[kind].replace(b"TARGET", target.encode()))
        return True
    if kind == "slow headers":
        for byte in make_head("200 OK", "X-Padding: " + "x" * 10_000):
            await _send_slowly(writer, bytes((byte,)), 0.5)
    elif kind == "endless body":
        writer.write(make_head("200 OK") + b"<rss><channel>")
        while True:
            await _send_slowly(writer, b"<item>" * 100, 0.2)
    elif kind == "reset":
        connection = writer.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()
    elif kind == "40 MB":  # of unknown length, so that it has to be read to be refused
        writer.write(make_head("200 OK", "Connection: close"))
        whole = memoryview(make_body(kind))
        for start in range(0, len(whole), 262_144):
            await _send_slowly(writer, whole[start : start + 262_144], 0)
    else:
        body = make_feed(path) if kind == "wrong length" else make_body(kind)
        length = len(body) + (1_000 if kind == "wrong length" else 0)
        writer.write(make_head("200 OK", *_HEADERS.get(kind, ()), length=length) + body)
        await writer.drain()
        return kind != "wrong length"
    return False


async def _send_slowly(writer: asyncio.StreamWriter, piece: bytes | memoryview, seconds: float) -> None:
    writer.write(piece)
    await writer.drain()
    await asyncio.sleep(seconds)


def serve(ports: Connection) -> None:
    """Serve on two free loopback ports, and tell which; the second with a certificate nobody trusts."""

    async def run() -> None:
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        trustme.CA().issue_cert("*.feeds.test").configure_cert(tls)
        servers = [
            await asyncio.start_server(answer, "127.0.0.1", 0, backlog=1024, ssl=context)
            for context in (None, tls)
        ]
        for kind in BROKEN:
            make_body(kind)
        ports.send([server.sockets[0].getsockname()[1] for server in servers])
        await asyncio.Event().wait()

    asyncio.run(run())
