"""Digests: several items of news under one title, and the sentences with which each of them begins."""

import re
from collections.abc import Sequence
from itertools import pairwise

from coopwatch.shingles import grain_of

# A form of news in any language, no matter of the topic.
_TITLE = re.compile(
    r"\b(?:news (?:in brief|briefs?|summary|digest|wrap)|in brief$|at a glance|this week in|week in review"
    r"|weekly (?:digest|round-?up)|morning briefing|newsletter|en bref$|en breve$|kurz(?:meldungen| notiert)"
    r"|nachrichten(?:überblick|ticker)|дайджест|главное к этому часу|موجز (?:الأنباء|الأخبار))\b"
    r"|(?:快讯|快訊|早报|晚报|短信|단신)$|简讯|簡訊|新闻速递|ニュース一覧|(?:要闻速览|一周要闻|每日要闻)",
    re.IGNORECASE,
)
_FINISHED = re.compile(r"[.!?…。！？؟।｡:：;；,，、][\"'”’»」』）)\]]*\Z")
_LETTER = re.compile(r"[^\W\d_]")
_HIRAGANA = re.compile(r"[ぁ-ゟ]")

# A heading that runs into its news, without a stop or space between: so much of it is said again right after.
_SAID_AGAIN = 0.37  # of its pairs of characters
_SHORTEST, _LONGEST = 10, 36  # characters of a heading
_COMMA = re.compile("[，；,;]")  # of which a heading has none
_WITHIN = 80  # characters behind it
_TWO_PARTS = re.compile(r"[^\s“\"《（(「，；,;]{4,30}[ \u3000][^\W\d_a-zA-Z]")  # running text has no blanks
_SUBJECT = 5  # characters
_COUNTED = re.compile(r"(?:\d+年?|第\w{1,4}?[届次])*")  # editions and years begin many a heading


def is_digest(title: str) -> bool:
    """Tell whether a title announces several items of news."""
    return bool(_TITLE.search(title))


def find_items(text: str, sentences: Sequence[tuple[int, int]], language: str) -> list[int]:
    """Return the numbers of the sentences with which the items of a digest begin; the first is one.

    An item begins with its heading, which stands on a line of its own or, in scripts without spaces, runs
    into the news and is told by a blank between its two parts or by being said again. Without headings
    every paragraph is an item, and in a single paragraph every sentence.

    Args:
        text: the digest.
        sentences: their bounds in it.
        language: of the text.
    """
    lines = [
        number for number, (start, _) in enumerate(sentences) if number == 0 or _begins_line(text, start)
    ]
    headings = [
        number
        for number, following in pairwise([*lines, len(sentences)])
        if following == number + 1 and _is_heading(text[slice(*sentences[number])])
    ]
    run_on = _find_run_on(text, sentences) if grain_of(language).unit == "character" else []
    if run_on or len(headings) > 1:  # a single line without a stop is a credit rather than a heading
        return sorted({0, *run_on, *headings})
    return lines if len(lines) > 1 else list(range(len(sentences)))


def _find_run_on(text: str, sentences: Sequence[tuple[int, int]]) -> list[int]:
    """Return which sentences a heading runs into; one that begins like the last heading tells more of it."""
    found: list[int] = []
    subject = ""
    for number, (start, end) in enumerate(sentences):
        name = _COUNTED.match(text, start, end)
        beginning = text[name.end() : name.end() + _SUBJECT] if name else ""
        if beginning != subject and (_TWO_PARTS.match(text, start, end) or _runs_on(text[start:end])):
            found.append(number)
            subject = beginning
    return found


def _begins_line(text: str, start: int) -> bool:
    return "\n" in text[max(0, start - 8) : start]


def _is_heading(line: str) -> bool:
    return bool(_LETTER.search(line)) and not _FINISHED.search(line)


def _runs_on(sentence: str) -> bool:
    """Tell whether a sentence says again what it begins with, as one does that a heading runs into.

    With every pair of characters counted from where it first ends to where it is said last, one pass
    finds the share for headings of all lengths.
    """
    sentence = sentence[: _LONGEST + _WITHIN]
    last = {sentence[place : place + 2]: place for place in range(len(sentence) - 1)}
    changes = [0] * (len(sentence) + 2)
    for place in range(min(_LONGEST, len(sentence) - 1)):
        pair = sentence[place : place + 2]
        if last[pair] >= place + 2 and pair.isalnum() and not _HIRAGANA.search(pair):
            changes[place + 2] += 1
            changes[last[pair] + 1] -= 1
    comma = _COMMA.search(sentence, 0, _LONGEST)
    said_again = 0
    for length in range((comma.start() if comma else min(_LONGEST, len(sentence))) + 1):
        said_again += changes[length]
        if length >= _SHORTEST and said_again >= _SAID_AGAIN * (length - 1):
            return True
    return False
