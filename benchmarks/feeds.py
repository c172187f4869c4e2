"""The fast reader of sound feeds beside feedparser: speed and equality.

    python -m benchmarks.feeds [--feeds captured-100.tar.gz] [--rounds 3]

Both read what was repaired before, feed by feed in turns, so that whatever else the machine does slows
both. What the fast reader gives up is then read by feedparser, so its own time is lost: the last line has
the time of both together, as `parse_feed` has it, with decoding, repairing and the making of entries.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.fuzz_feeds import FEEDS, read_captured
from coopwatch.entries import build_entries
from coopwatch.errors import ParseError
from coopwatch.feeds import parse_feed
from coopwatch.feeds.items import XmlFeed
from coopwatch.feeds.parsing import find_root
from coopwatch.feeds.reference import read_any_feed
from coopwatch.feeds.strict import Unusual, read_sound_feed
from coopwatch.markup import decode_body, repair_xml
from schemas.records import ParsedEntries, Source

NOW = datetime(2027, 1, 1, tzinfo=UTC)
_SOURCE = Source(
    id="benchmark", name="Benchmark", kind="feed", url="https://feeds.example/rss", publisher="Benchmark"
)


@dataclass
class Measured:
    """The milliseconds of one feed, by reader, and whether both read the same."""

    size: int
    milliseconds: dict[str, list[float]] = field(default_factory=dict)
    is_fast: bool = True
    is_equal: bool = True
    items: int = 0

    def time(self, name: str, read: Callable[[], XmlFeed | ParsedEntries]) -> XmlFeed | ParsedEntries:
        """Note how long it takes to read the feed; return what was read."""
        started = time.perf_counter()
        result = read()
        self.milliseconds.setdefault(name, []).append((time.perf_counter() - started) * 1_000)
        return result

    def median(self, name: str) -> float:
        """Return the median of the milliseconds that a reader took."""
        return statistics.median(self.milliseconds[name])


def parse_by_reference(body: bytes) -> ParsedEntries:
    """Read a feed as `parse_feed` does, but always by feedparser."""
    xml = find_root(repair_xml(decode_body(body)), _SOURCE.url)
    feed = read_any_feed(xml, _SOURCE.url, max_marks=sys.maxsize)
    return build_entries(
        feed.items,
        source=_SOURCE,
        base_url=_SOURCE.url,
        now=NOW,
        language=feed.language,
        unreadable=feed.unreadable,
    )


def parse_by_both(body: bytes) -> ParsedEntries:
    """Read a feed as a run does."""
    return parse_feed(body, source=_SOURCE, base_url=_SOURCE.url, content_type=None, now=NOW)


def measure_feed(body: bytes, rounds: int) -> Measured | None:
    """Read one feed in turns; return nothing for what is no XML feed."""
    try:
        xml = find_root(repair_xml(decode_body(body)), _SOURCE.url)
    except ParseError:
        return None
    measured = Measured(len(body))
    for _ in range(rounds):
        reference = measured.time("feedparser", lambda: read_any_feed(xml, "", max_marks=sys.maxsize))
        try:
            measured.is_equal &= measured.time("fast", lambda: read_sound_feed(xml)) == reference
        except Unusual:
            measured.is_fast = False
        whole = measured.time("whole, feedparser", lambda: parse_by_reference(body))
        both = measured.time("whole, both", lambda: parse_by_both(body))
        assert isinstance(whole, ParsedEntries)
        assert isinstance(both, ParsedEntries)
        measured.is_equal &= whole.entries == both.entries and whole.unreadable == both.unreadable
        measured.items = len(both.entries)
    return measured


def main() -> None:
    """Read the command line and print the table; the status is 1 if something is read differently."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n\n")[0])
    parser.add_argument("--feeds", type=Path, default=FEEDS)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    if not arguments.feeds.is_file():
        parser.error(f"no such file: {arguments.feeds}")
    feeds = [
        found for body in read_captured(arguments.feeds) if (found := measure_feed(body, arguments.rounds))
    ]
    fast = [feed for feed in feeds if feed.is_fast]
    equal = sum(feed.is_equal for feed in feeds)
    print(
        f"{len(feeds)} XML feeds, {sum(feed.size for feed in feeds) / 1e6:.1f} MB, "
        f"{sum(feed.items for feed in feeds)} entries; {len(fast)} read fast; {equal} equal in every field"
    )
    print(f"{'median milliseconds a feed':<42}{'feedparser':>12}{'fast':>10}{'ratio':>8}")
    rows = (
        ("reading, of those read fast", fast, "feedparser", "fast"),
        ("bytes to entries, of those read fast", fast, "whole, feedparser", "whole, both"),
        ("bytes to entries, of all", feeds, "whole, feedparser", "whole, both"),
    )
    for title, some, slow_name, fast_name in rows:
        for what, combine in (("median", statistics.median), ("sum", sum)):
            slow = combine([feed.median(slow_name) for feed in some])
            quick = combine([feed.median(fast_name) for feed in some])
            print(f"{f'{title} ({what})':<42}{slow:>12.1f}{quick:>10.1f}{slow / quick:>8.1f}")
    sys.exit(equal != len(feeds))


if __name__ == "__main__":
    main()
