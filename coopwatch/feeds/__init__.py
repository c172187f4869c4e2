"""Feed bytes to entries: RSS 0.9x, 1.0 and 2.0, Atom, JSON Feed.

The only package that imports `feedparser`. One question a module:

    parsing     which format a feed has: `parse_feed`
    strict      how a sound XML feed is read fast,
    reading     its items,
    elements    and their elements
    reference   how any other is read, by feedparser
    items       what the two have in common
    json_feed   how a JSON Feed is read
"""

from coopwatch.feeds.parsing import MAX_FEED_BYTES, parse_feed

__all__ = ["MAX_FEED_BYTES", "parse_feed"]
