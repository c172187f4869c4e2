"""Damaged feeds: nothing but a ParseError leaves the parser, and no item is lost without being counted.

    python -m benchmarks.fuzz_feeds [--inputs 20000] [--seed N] [--feeds captured-100.tar.gz]

Captured feeds are damaged at random and read. Of every input that is no ParseError, these hold:

    counted     items read + items counted as unreadable >= items that begin in the repaired document
    kept        every item with a link that can be fetched is among the entries, by its comparison URL;
                every other item is counted as unreadable
    alike       what the fast reader reads is what feedparser reads
"""

import argparse
import random
import re
import sys
import tarfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from coopwatch.entries import MAX_ENTRIES, Item, build_entries
from coopwatch.errors import ParseError
from coopwatch.feeds import parse_feed
from coopwatch.feeds.parsing import find_root, read_xml_feed
from coopwatch.feeds.reference import read_any_feed
from coopwatch.feeds.strict import Unusual, read_sound_feed
from coopwatch.markup import decode_body, repair_xml
from schemas.records import Source

FEEDS = Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "feeds" / "captured-100.tar.gz"
NOW = datetime(2027, 1, 1, tzinfo=UTC)
SEED_BYTES = 12_000  # of a captured feed: enough items to damage some and keep others

_CDATA = re.compile(r"<!\[CDATA\[.*?\]\]>", re.DOTALL)
_ITEM = re.compile(r"<(?:[\w.-]+:)?(?:item|entry)(?=[\s>/])", re.IGNORECASE)
_ITEM_BYTES = re.compile(rb"<(?:item|entry)[\s>]")
_TAG = re.compile(rb"</?[A-Za-z][^<>]{0,80}>")
_SOURCE = Source(id="fuzz", name="Fuzz", kind="feed", url="https://feeds.example/rss", publisher="Fuzz")
_NOISE = (
    b"&nbsp;", b"&bogus;", b"&", b"&#0;", b"&#xD800;", b"&#99999999;", b"&lt;item&gt;", b"<![CDATA[", b"]]>",
    b"<!--", b"-->", b"<?php", b"<item>", b"</item>", b"<entry/>", b"<link>", b"<title>", b'"', b"'", b"\x00",
    b"\xff\xfe", b"\xed\xa0\x80", b"<a:b>", b"<!ENTITY x 'y'>", b"xml:base='/x'", b"<content type='xhtml'>",
)  # fmt: skip

Damage = Callable[[random.Random, bytes, Sequence[bytes]], bytes]


def flip(chance: random.Random, body: bytes, _: Sequence[bytes]) -> bytes:
    """Give some bytes another value."""
    damaged = bytearray(body)
    for _number in range(chance.choice((1, 3, 10, 100))):
        damaged[chance.randrange(len(damaged))] = chance.randrange(256)
    return bytes(damaged)


def cut(chance: random.Random, body: bytes, _: Sequence[bytes]) -> bytes:
    """Take a piece out, or everything after some byte."""
    start = chance.randrange(len(body))
    end = chance.choice((len(body), start + chance.randrange(1, 200)))
    return body[:start] + body[end:]


def splice(chance: random.Random, body: bytes, others: Sequence[bytes]) -> bytes:
    """Put a piece of another feed in."""
    other = chance.choice(others)
    start, at = chance.randrange(len(other)), chance.randrange(len(body))
    return body[:at] + other[start : start + chance.randrange(1, 2_000)] + body[at:]


def drop_tags(chance: random.Random, body: bytes, _: Sequence[bytes]) -> bytes:
    """Take some tags out."""
    rate = chance.choice((0.003, 0.02, 0.2))
    return _TAG.sub(lambda match: b"" if chance.random() < rate else match[0], body)


def recode(chance: random.Random, body: bytes, _: Sequence[bytes]) -> bytes:
    """Write the feed in another encoding than it says."""
    encoding = chance.choice(("utf-16", "utf-16-be", "cp1252", "gb18030", "koi8-r", "shift_jis", "utf-7"))
    return body.decode("utf-8", errors="replace").encode(encoding, errors="xmlcharrefreplace")


def make_noise(chance: random.Random, body: bytes, _: Sequence[bytes]) -> bytes:
    """Put entities, delimiters and bytes that XML forbids in."""
    for _number in range(chance.choice((1, 2, 5, 30))):
        at = chance.randrange(len(body))
        body = body[:at] + chance.choice(_NOISE) + body[at:]
    return body


def change_tags(chance: random.Random, body: bytes, _: Sequence[bytes]) -> bytes:
    """Repeat, exchange or rename whole tags, which often leaves the feed well-formed."""
    names = (b"title", b"link", b"guid", b"description", b"author", b"summary", b"content", b"id", b"source")
    old, new = chance.choice(names), chance.choice(names)
    changed = re.sub(rb"(</?)" + old + rb"(?=[\s>/])", rb"\1" + new, body)
    return chance.choice((changed, make_noise(chance, changed, ()), body.replace(b"http", b"", 3)))


DAMAGES: tuple[Damage, ...] = (flip, cut, splice, drop_tags, recode, make_noise, change_tags)


def shorten_feed(body: bytes) -> bytes:
    """Return a feed with as many of its first items as fit, and its own end."""
    starts = [match.start() for match in _ITEM_BYTES.finditer(body)]
    fitting = [start for start in starts if start <= max(SEED_BYTES, starts[0] + 1)] if starts else []
    if len(fitting) < 2 or len(body) <= SEED_BYTES:
        return body[: 5 * SEED_BYTES]
    end = max(body.rfind(b"</item>"), body.rfind(b"</entry>"))
    tail = body[body.find(b">", end) + 1 :]
    return body[: fitting[-1]] + tail[:2_000]


class Checked(NamedTuple):
    """How an input was read, and which invariants do not hold."""

    how: str
    entries: int
    unreadable: int
    wrong: list[str]


def check_feed(body: bytes) -> Checked:
    """Read one feed, and hold what was read against the invariants."""
    wrong: list[str] = []
    try:
        parsed = parse_feed(body, source=_SOURCE, base_url=_SOURCE.url, content_type=None, now=NOW)
    except ParseError:
        return Checked("refused", 0, 0, wrong)
    text = decode_body(body)
    if text.lstrip().startswith("{"):
        return Checked("json", len(parsed.entries), parsed.unreadable, wrong)
    feed = read_xml_feed(text, _SOURCE.url)
    xml = find_root(repair_xml(text), _SOURCE.url)
    begun = sum(1 for _ in _ITEM.finditer(_CDATA.sub("", xml)))
    if len(feed.items) + feed.unreadable < begun:
        wrong.append(f"counted: {begun} items begin, {len(feed.items)} read, {feed.unreadable} counted")
    alone = [_read_alone(item) for item in feed.items[:MAX_ENTRIES]]
    missing = {url for url in alone if url} - {entry.compare_url for entry in parsed.entries}
    lost = alone.count("") + len(feed.items[MAX_ENTRIES:]) + feed.unreadable
    if missing or lost != parsed.unreadable:
        wrong.append(f"kept: {len(missing)} items missing, {lost} unreadable, {parsed.unreadable} counted")
    try:
        sound = read_sound_feed(xml)
    except Unusual:
        return Checked("feedparser", len(parsed.entries), parsed.unreadable, wrong)
    if sound != read_any_feed(xml, _SOURCE.url, max_marks=sys.maxsize):
        wrong.append("alike: the fast reader reads something else than feedparser")
    return Checked("fast", len(parsed.entries), parsed.unreadable, wrong)


def _read_alone(item: Item) -> str:
    entries = build_entries([item], source=_SOURCE, base_url=_SOURCE.url, now=NOW).entries
    return entries[0].compare_url if entries else ""


def read_captured(path: Path) -> list[bytes]:
    """Return the feeds of an archive."""
    with tarfile.open(path) as archive:
        return [file.read() for member in archive if (file := archive.extractfile(member))]


def run_fuzz(seeds: Sequence[bytes], inputs: int, seed: int) -> tuple[Counter[tuple[str, str]], list[str]]:
    """Damage and read feeds; return how many were read how, by damage, and what did not hold."""
    counts: Counter[tuple[str, str]] = Counter()
    problems: list[str] = []
    for number in range(inputs):
        chance = random.Random(f"{seed}-{number}")  # each input can be made again alone
        damage = DAMAGES[number % len(DAMAGES)]
        body = damage(chance, chance.choice(seeds), seeds)
        try:
            how, entries, unreadable, wrong = check_feed(body)
        except Exception as error:  # noqa: BLE001 - this is what is looked for
            how, entries, unreadable, wrong = "raised", 0, 0, [f"{type(error).__name__}: {error}"[:200]]
        counts.update({(damage.__name__, how): 1, ("all", how): 1})
        counts.update({("all", "entries"): entries, ("all", "unreadable"): unreadable})
        problems += [f"seed {seed} input {number} ({damage.__name__}): {one}" for one in wrong]
    return counts, problems


def main() -> None:
    """Read the command line and print the table; the status is 1 if an invariant did not hold."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n\n")[0])
    parser.add_argument("--feeds", type=Path, default=FEEDS)
    parser.add_argument("--inputs", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000))
    arguments = parser.parse_args()
    if not arguments.feeds.is_file():
        parser.error(f"no such file: {arguments.feeds}")
    seeds = [shorten_feed(body) for body in read_captured(arguments.feeds)]
    started = time.monotonic()
    counts, problems = run_fuzz(seeds, arguments.inputs, arguments.seed)
    hows = ("fast", "feedparser", "json", "refused", "raised")
    print(f"{arguments.inputs} inputs, seed {arguments.seed}, {time.monotonic() - started:.0f} s")
    print(f"{'damage':<14}" + "".join(f"{how:>12}" for how in hows))
    for name in [*(damage.__name__ for damage in DAMAGES), "all"]:
        print(f"{name:<14}" + "".join(f"{counts[name, how]:>12}" for how in hows))
    print(f"{counts['all', 'entries']} entries, {counts['all', 'unreadable']} items counted as unreadable")
    print(f"{len(problems)} invariants broken")
    for problem in problems[:20]:
        print(f"    {problem}")
    sys.exit(bool(problems))


if __name__ == "__main__":
    main()
