"""How an article refers to other events: what is held within which, and what follows from an older act.

Only what a sentence says in so many words counts. What is found becomes evidence on the coverage of
the article; `relations` finds the event that is meant, whenever that becomes known.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from coopwatch.dates import find_dates
from coopwatch.events.outcome_words import OUTCOME_WORDS
from coopwatch.events.reference_words import REFERENCE_WORDS, WITHIN_IS_BEHIND
from coopwatch.events.spans import is_stated, read_mention, write_span
from coopwatch.scripts import simplify
from coopwatch.sentences import find_sentences
from schemas.records import Article, DateMention, Evidence

if TYPE_CHECKING:
    from coopwatch.events.mentions import FoundMention

MENTIONS = "mentions"
WITHIN = "held within"
FOLLOWS = "follows"
"""Labels of the evidence that names another event."""

_LEAD_SENTENCES = 3  # further down a text tells of other things
_BEFORE_CHARS = 90
_BEHIND_CHARS = 60
_ACT_CHARS = 160  # from the words that refer to an act to its date
_OLDER = timedelta(days=30)  # an act of the same weeks is the news itself
_MAX_SENTENCE = 2_000  # characters: what is longer is a list without full stops


class _Grammar(NamedTuple):
    within: re.Pattern[str]
    following: re.Pattern[str]
    act: re.Pattern[str]
    concluded: re.Pattern[str]


def name_reference(article: Article, mention: "FoundMention", other: "FoundMention") -> str:
    """Return the label for what an article says of another event: named, or what its own is held within.

    Args:
        article: the article.
        mention: the event that it is about.
        other: one that it names, a part of a series.
    """
    is_telling = other.kind == "conference" and other.series != mention.series
    if not is_telling or mention.role == "background" or other.offset >= _find_lead_end(article):
        return MENTIONS
    full = f"{article.title}\n{article.text}"
    return WITHIN if is_within(full, other.offset, article.language) else MENTIONS


def is_within(text: str, offset: int, language: str) -> bool:
    """Tell whether a text says that something is held within, or beside, the event that it names.

    Args:
        text: any; what stands in another line does not count.
        offset: where the name of the event begins.
        language: of the text, a tag.
    """
    base = language.partition("-")[0]
    if base not in REFERENCE_WORDS:
        return False
    before = text[max(0, offset - _BEFORE_CHARS) : offset].rpartition("\n")[2]
    behind = text[offset : offset + _BEHIND_CHARS].partition("\n")[0]
    read = behind if base in WITHIN_IS_BEHIND else before
    return bool(_compile(base).within.search(simplify(read, base)))


def find_precedents(article: Article) -> Iterator[Evidence]:
    """Yield the older acts that an article says its own event follows from, each with its sentence.

    The value is the kind and the days of the act: "agreement 2019-05-03/2019-05-03". An act without a
    month, and without a year of its own, is not told from others.
    """
    base = article.language.partition("-")[0]
    dated = article.dated
    if base not in REFERENCE_WORDS or dated is None:
        return
    seen: set[str] = set()
    for start, end in find_sentences(article.text):
        sentence = article.text[start:end]
        if len(sentence) > _MAX_SENTENCE:
            continue
        read = simplify(sentence, base)
        for window in _find_acts(read, base):
            found = find_dates(sentence, article.language, dated)
            near = [one for one in found if window.start <= one.offset < window.stop]
            value = _date_act(near, dated)
            if value is not None and value not in seen:
                seen.add(value)
                yield Evidence(label=FOLLOWS, value=value, quote=sentence.strip())


def _date_act(dates: list[DateMention], dated: date) -> str | None:
    """Return an act by the one old date that its sentence gives; None if it gives none or several."""
    spans = [read_mention(one) for one in dates]
    old = {
        write_span(span)
        for span, qualifier in spans
        if is_stated(qualifier) and (days := span.days()) and days[1] + _OLDER <= dated
    }
    return f"agreement {old.pop()}" if len(old) == 1 else None


def _find_acts(sentence: str, base: str) -> Iterator[range]:
    """Yield where a sentence refers to an act that was concluded."""
    grammar = _compile(base)
    for match in grammar.following.finditer(sentence):
        if REFERENCE_WORDS[base].is_after:
            window = range(max(0, match.start() - _ACT_CHARS), match.start())
        else:
            window = range(match.end(), min(len(sentence), match.end() + _ACT_CHARS))
        words = sentence[window.start : window.stop]
        if grammar.act.search(words) and grammar.concluded.search(words):
            yield window


def _find_lead_end(article: Article) -> int:
    sentences = find_sentences(article.text)[:_LEAD_SENTENCES]
    return len(article.title) + 1 + (sentences[-1][1] if sentences else 0)


@lru_cache(maxsize=len(REFERENCE_WORDS))
def _compile(base: str) -> _Grammar:
    words = REFERENCE_WORDS[base]
    concluded, acts = OUTCOME_WORDS[base].kinds["agreement"]
    if words.is_spaced:
        filler = r"\s+(?:[\w'’-]+\s+){0,3}(?:[ldLD]['’])?[\"“«‘(]?\Z"
        within = rf"(?<!\w)(?:{words.within}){filler}"
        edges = (r"(?<!\w)", r"\w{0,3}(?!\w)")
        following = rf"(?<!\w)(?:{words.following})(?=\w|\s)"
    else:
        within = rf"\A[^,.;，。；！？]{{2,{_BEHIND_CHARS}}}?(?:{words.within})"
        edges = ("", "")
        following = words.following
    return _Grammar(
        re.compile(within, re.IGNORECASE),
        re.compile(following, re.IGNORECASE),
        re.compile(f"{edges[0]}(?:{acts}){edges[1]}", re.IGNORECASE),
        re.compile(f"{edges[0]}(?:{concluded})", re.IGNORECASE),
    )
