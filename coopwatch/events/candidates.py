"""Which events an article could be about, found by keys that both have in common.

Keys are 64-bit hashes of what seldom coincides: the rarest words of a text, a series, a set of
parties, a place in a month. A shelf keeps those of the events that a batch works with. The warehouse
keeps those of every event as terms: keys whose last bits are a day, so that of the many events that have
come to share a word it finds those near an article in time. Neither has to look at all events.
"""

import hashlib
import heapq
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import date
from functools import lru_cache

from coopwatch.events.frequencies import Frequencies, multiply
from coopwatch.events.profiles import Profile
from coopwatch.events.wordings import Wording

WORDS_STORED = 24  # rarest words of one text of an event
WORDS_ASKED = 32  # of a new text: the two seldom choose the same ones
DAY_BITS = 16  # of a term: a hundred and eighty years from _FIRST_DAY
_FIRST_DAY = date(1970, 1, 1)
CANDIDATES_AT_MOST = 50  # of one article, those with the rarest keys in common
_COUNT_AT_MOST = 4  # of one word in one text
_RIVALS = 12  # of them, the nearest, that tell how crowded the news are
_RIVALS_LEAST = 3  # fewer tell nothing
_KNOWN_COMPARED = 30  # events compared with each other before any article


def find_keys(profile: Profile, words: int) -> frozenset[int]:
    """Return the keys of an event, or of what an article speaks of.

    Args:
        profile: of either.
        words: how many words of each text.
    """
    named = set(_name_facts(profile))
    for wording in profile.wordings:
        named.update(_choose_words(wording, profile.frequencies, words))
    return frozenset(map(hash_key, named))


@lru_cache(maxsize=100_000)
def hash_key(name: str) -> int:
    """Return the signed 64-bit hash that a key is stored as."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "big", signed=True)


def find_terms(profile: Profile) -> frozenset[int]:
    """Return what the warehouse finds an event by: its keys with the last day that is known of it."""
    days = [day for span in profile.dated_spans for day in span.days() or ()]
    return _date_keys(find_keys(profile, WORDS_STORED), [*profile.published, *days], profile)


def ask_terms(profile: Profile) -> frozenset[int]:
    """Return what events are looked for by: the keys of an article with the day that it was published."""
    return _date_keys(find_keys(profile, WORDS_ASKED), profile.published, profile)


def _date_keys(keys: Iterable[int], days: Collection[date], profile: Profile) -> frozenset[int]:
    day = max(days or [profile.seen_on])
    number = min(max((day - _FIRST_DAY).days, 0), (1 << DAY_BITS) - 1)
    return frozenset(key >> DAY_BITS << DAY_BITS | number for key in keys)


class Shelf:
    """Profiles of events, to be found by the keys that they share with a new one."""

    def __init__(self, profiles: Iterable[Profile] = ()) -> None:
        self._profiles: dict[str, Profile] = {}
        self._keys: dict[str, frozenset[int]] = {}
        self._holders: defaultdict[int, set[str]] = defaultdict(set)
        for profile in profiles:
            self.put(profile)
        every = max(1, -(-len(self._profiles) // _KNOWN_COMPARED))
        for event_id in sorted(self._profiles)[::every]:
            self.find(self._profiles[event_id])

    def __getitem__(self, event_id: str) -> Profile:
        return self._profiles[event_id]

    def put(self, profile: Profile) -> None:
        """Add an event, or what is known of it now."""
        keys = find_keys(profile, WORDS_STORED)
        for key in self._keys.get(profile.event_id, frozenset()) - keys:
            self._holders[key].discard(profile.event_id)
        for key in keys:
            self._holders[key].add(profile.event_id)
        self._profiles[profile.event_id] = profile
        self._keys[profile.event_id] = keys

    def take(self, event_id: str) -> None:
        """Remove an event."""
        del self._profiles[event_id]
        for key in self._keys.pop(event_id):
            self._holders[key].discard(event_id)

    def find(self, wanted: Profile) -> list[Profile]:
        """Return the events that share keys with a new one, at most CANDIDATES_AT_MOST.

        How alike they are is noted in its frequencies.
        """
        shared: defaultdict[str, float] = defaultdict(float)
        for key in sorted(find_keys(wanted, WORDS_ASKED)):
            holders = self._holders.get(key, ())
            for event_id in holders:
                shared[event_id] += 1 / len(holders)
        best = heapq.nsmallest(CANDIDATES_AT_MOST, shared, key=lambda event_id: (-shared[event_id], event_id))
        found = [self._profiles[event_id] for event_id in best]
        _note_rivals(wanted, found[:_RIVALS])
        return found


def _note_rivals(wanted: Profile, near: Iterable[Profile]) -> None:
    """Tell the frequencies how like a text other events are; the likest may be its own."""
    if not wanted.wordings:  # an event that has lost its only article, which may come back to it
        return
    ours = wanted.text_sum
    alike = sorted(
        multiply(ours, other.text_sum) / (len(wanted.wordings) * len(other.wordings))
        for other in near
        if other.wordings
    )
    if len(alike) > _RIVALS_LEAST:
        wanted.frequencies.note_rivals(alike[:-1])


def _name_facts(profile: Profile) -> Iterator[str]:
    if profile.series is not None:
        yield f"series {profile.series}"
    if len(profile.participants) > 1:
        yield f"parties {' '.join(sorted(profile.participants))}"
    months = {day.isoformat()[:7] for span in profile.dated_spans for day in span.days() or ()}
    yield from (f"place {place} {month}" for place in profile.places for month in months)


def _choose_words(wording: Wording, frequencies: Frequencies, words: int) -> list[str]:
    """Return the words that count most in a text; those of its title and lead before others."""
    weights, lead = frequencies.weights_of(wording.language), wording.lead
    weighed = [
        (-weights[word] * min(count, _COUNT_AT_MOST) * (2 if word in lead else 1), word)
        for word, count in wording.counts.items()
    ]
    return [word for weight, word in sorted(weighed)[:words] if weight < 0]
