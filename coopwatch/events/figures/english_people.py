"""How many people took part, in English."""

import re

from coopwatch.events.figures.counts import Count, CountKind
from coopwatch.quantities import Quantity

PEOPLE = {
    "attendees": "participants|attendees|registrants",  # counted as taking part
    "company": "delegates|guests|visitors|representatives",  # likewise, where an event is spoken of
    "persons": "people|persons|individuals",
    "trades": "scientists|experts|scholars|researchers|students|academics|academicians|specialists|engineers"
    "|professionals|entrepreneurs|officials|ministers|leaders|speakers|teachers|professors|youths|executives"
    "|exhibitors|journalists|volunteers|laureates|physicists|chemists|biologists|astronomers|innovators|investors",
}
"""Nouns for people by how sure it is that they took part: name → alternatives of a pattern."""

EVENT = re.compile(
    r"\b(?:conference|congress|forum|summit|symposium|workshop|seminar|event|exhibition|expo|fair|ceremony|meeting"
    r"|gathering|festival|hackathon|assembly|convention)\b",
    re.IGNORECASE,
)
_TAKING_PART = re.compile(rf"\b(?:{PEOPLE['attendees']}|{PEOPLE['company']})\b", re.IGNORECASE)
AND = re.compile(
    r"(?:\s+and\s+regions)?\s*(?:,|,?\s+and|,?\s+as\s+well\s+as|,?\s+along\s+with)\s+", re.IGNORECASE
)
_STUDY = re.compile(
    r"\b(?:stud(?:y|ies)|trials?|surveys?|surveyed|cohort|experiments?|polls?|polled|clinical|patients|placebo"
    r"|questionnaires?|respondents|hotel|wedding|electoral|primar(?:y|ies))\b",
    re.IGNORECASE,
)
_BARE_AFTER = re.compile(r"\s+(?:attended|participated|took\s+part)\b", re.IGNORECASE)
_BARE_BEFORE = re.compile(
    r"\b(?:(?:attendance|turnout|audience|number\s+of\s+(?:participants|attendees|delegates))"
    r"(?:\s+(?:of|was|is|reached|hit|stood\s+at|totall?ed))?|attended\s+by)\s+\Z",
    re.IGNORECASE,
)
_GOES_ON = re.compile(r"\s*[\w%-]")  # behind a number that no noun follows

# What only people at an event do, and what needs an event to be spoken of: crowds gather, too.
_BEFORE_PEOPLE = r"(?:\s+together)?(?:\s+a\s+total\s+of)?\s+(?:the\s+)?\Z"
_ATTENDED_BY = re.compile(
    r"\b(?:br(?:ings?|inging|ought)\s+together|attended\s+by|(?:participation|attendance)\s+of)"
    + _BEFORE_PEOPLE,
    re.IGNORECASE,
)
_GATHERING = re.compile(
    r"\b(?:br(?:ings?|inging|ought)|dr(?:aws?|ew|awing)|attract(?:s|ed|ing)?|gather(?:s|ed|ing)?|joined\s+by"
    r"|welcom(?:es?|ed|ing)|host(?:s|ed|ing)?|assembl(?:es?|ed|ing)|conven(?:es?|ed|ing)|featur(?:es?|ed|ing)"
    r"|involv(?:es?|ed|ing))" + _BEFORE_PEOPLE,
    re.IGNORECASE,
)
_ATTENDED = re.compile(
    r"[^;:]*?\b(?:attend(?:s|ed|ing)?|participat(?:e|es|ed|ing)|t(?:ook|ake|aking)\s+part|in\s+attendance)\b",
    re.IGNORECASE,
)
_GATHERED = re.compile(
    r"[^;:]*?\b(?:gather(?:s|ed|ing)?|join(?:s|ed|ing)?|(?:were|are)\s+present|assembled|convened|meet|met"
    r"|came\s+together|turned\s+up|(?:came|come|travell?ed)\s+to\s+(?:the|this)\s+(?:\w+\s+){0,3}"
    + EVENT.pattern.removeprefix(r"\b")
    + r")",
    re.IGNORECASE,
)
_WITH = re.compile(r"\bwith\s+(?:a\s+total\s+of\s+)?\Z", re.IGNORECASE)
_BESIDE = re.compile(r"\b(?:(?:together|along)\s+with|as\s+well\s+as)\s+\Z", re.IGNORECASE)
_MORE = (
    r"(?:many|several|other|some|numerous|an?|the|over|more|nearly|dozens|hundreds|thousands|scores"
    r"|\d[\d,]*)\b"
)
_AND_MORE = re.compile(  # "30 ministers and many officials": there were more
    rf"\s*(?:,|,?\s+and|,?\s+as\s+well\s+as|,?\s+along\s+with)\s+{_MORE}", re.IGNORECASE
)
_AND_OTHERS = re.compile(  # "200 scientists, teachers and policymakers": one number for all of them
    rf"(?:,\s+(?:\w+\s+)?\w+){{0,4}},?\s+(?:and|or)\s+(?!{_MORE})[^\W\d_]", re.IGNORECASE
)
_OF_THEM = re.compile(r"\b(?:among|of)\s+(?:them|whom|these|those)\b", re.IGNORECASE)
_INCLUDING = re.compile(
    r"\b(?:including|includes?|comprising|consisting\s+of|made\s+up\s+of)\b", re.IGNORECASE
)
_AHEAD = re.compile(
    r"\b(?:will|would|shall)\s+(?:\w+\s+){0,2}\Z|\bexpected\b[^.,;]{0,30}\Z"
    r"|\b(?:will|would|shall|(?:expected|set|hopes?|aims?|plans?)\s+to)\s+(?:\w+\s+)?"
    r"(?:bring|draw|attract|gather|welcome|host|assemble|convene|feature|involve)\b[^.;]{0,60}\Z",
    re.IGNORECASE,
)
_AHEAD_OF_VERB = re.compile(
    r"\b(?:will|would|shall|to|expect(?:s|ed|ing)?)\s+(?:\w+\s+){0,2}\Z", re.IGNORECASE
)
_AHEAD_AFTER = re.compile(
    r"\b(?:will|(?:is|are|was|were)\s+(?:expected|set|due|scheduled|slated|anticipated|likely)\s+to|to)\s+"
    r"(?:attend|participate|join|take\s+part|gather|meet|be)\b|\b(?:is|are)\s+expected\b",
    re.IGNORECASE,
)

_PARTS = {
    "international": re.compile(r"international|foreign|overseas", re.IGNORECASE),
    "domestic": re.compile(r"domestic|local", re.IGNORECASE),
    "online": re.compile(r"online|virtual|remote", re.IGNORECASE),
    "onsite": re.compile(r"on-?site|in-person", re.IGNORECASE),
}
_PARTS_AFTER = {
    "": re.compile(r"\s+(?:from|at)\s+home\s+and\s+abroad\b", re.IGNORECASE),
    "international": re.compile(
        r"\s+(?:\w+\s+)?from\s+(?:abroad|overseas|other\s+countries)\b", re.IGNORECASE
    ),
    "online": re.compile(r"[^.,;\d]{0,30}\b(?:online|virtually|remotely)\b", re.IGNORECASE),
    "onsite": re.compile(r"[^.,;\d]{0,30}\b(?:in\s+person|on-?site)\b", re.IGNORECASE),
}
_FROM = re.compile(
    r"\s+from\s+(?:the\s+)?(?P<place>[A-Z][\w’'-]*(?:\s+[A-Z][\w’'-]*){0,3})(?P<more>\s*,|\s+(?:and|to)\b)?"
)
_NOT_A_PLACE = re.compile(
    r"(?:Over|More|Nearly|About|Around|Across|All|Some|Different|Various|Up|At|Almost)\b"
)


def _name_part(modifiers: str, after: str) -> str | None:
    """Return the part that people are said to be: "" for all sorts together, None for nothing said."""
    for part, pattern in _PARTS_AFTER.items():
        if pattern.match(after):
            return part
    words = modifiers.split()
    parts = [part for part, pattern in _PARTS.items() if any(map(pattern.fullmatch, words))]
    if not parts:
        return None
    return parts[0] if len(parts) == 1 and "and" not in words else ""


def _is_of_one_place(modifiers: str, after: str) -> bool:
    """Tell whether people are said to be of one nation or place: "Thai delegates", "guests from Laos"."""
    words = modifiers.split()
    if "and" not in words and any(word[0].isupper() for word in words):
        return True
    origin = _FROM.match(after)
    return bool(origin and not origin["more"] and not _NOT_A_PLACE.match(origin["place"]))


def is_ahead(before: str, after: str) -> bool:
    """Tell whether what is counted is only expected, from the words before and after it."""
    verb = _ATTENDED_BY.search(before) or _GATHERING.search(before)
    is_announced = _AHEAD_OF_VERB.search(before[: verb.start()]) if verb else _AHEAD.search(before)
    return bool(is_announced or _AHEAD_AFTER.search(after))


def has_gathered(sentence: str, before: str, after: str) -> bool:
    """Tell whether the words before or after what is counted say that it came to an event."""
    if _ATTENDED_BY.search(before) or _ATTENDED.match(after):
        return True
    return bool((_GATHERING.search(before) or _GATHERED.match(after)) and EVENT.search(sentence))


def _count_bare(quantity: Quantity, before: str, after: str) -> Count | None:
    """Return the total in "800 attended" and "an attendance of 800"."""
    is_total = _BARE_AFTER.match(after) or (_BARE_BEFORE.search(before) and not _GOES_ON.match(after))
    return Count(quantity, "total", "", is_expected=is_ahead(before, after[:60])) if is_total else None


def count_people(
    sentence: str, quantity: Quantity, phrase: re.Match[str] | None, *, earlier: int | None
) -> Count | None:
    """Return what a number says of the people at the event, or None if it says nothing of them.

    Args:
        sentence: the whole sentence.
        quantity: the number in it.
        phrase: the noun phrase behind the number, with its groups `modifiers` and the keys of `PEOPLE`;
            None where no noun follows ("800 attended").
        earlier: where the words end that counted other people of the event in this sentence, if any did.
    """
    end = phrase.end() if phrase else quantity.end
    before, after = sentence[max(0, quantity.lead - 80) : quantity.lead], sentence[end : end + 120]
    if _STUDY.search(sentence):
        return None
    if phrase is None:
        return _count_bare(quantity, before, after)
    sort = phrase.lastgroup or ""
    name = phrase[sort].lower() if sort == "trades" and not _AND_OTHERS.match(after) else ""
    part = _name_part(phrase["modifiers"], after)
    gathered = has_gathered(sentence, before, after)
    is_next = earlier is not None and bool(AND.fullmatch(sentence[earlier : quantity.lead]))
    is_at_event = sort == "attendees" or gathered or earlier is not None or bool(EVENT.search(sentence))
    is_of_event = is_at_event or bool(_TAKING_PART.search(before))
    is_subset = bool(_OF_THEM.search(before) or (is_of_event and _INCLUDING.search(before)))
    kind: CountKind | None = None
    if part is None and _is_of_one_place(phrase["modifiers"], after):
        kind = None
    elif part or (name and part is None and (is_subset or _BESIDE.search(before))):
        kind = "subset" if is_subset else "side" if is_at_event else None
    elif is_subset:
        kind = None  # a part without a name
    elif sort == "attendees" or (sort == "company" and is_at_event):
        kind = "total"
    elif name and gathered and _AND_MORE.match(after):
        kind = "side"
    elif gathered or (name and is_at_event and (is_next or _WITH.search(before))):
        kind = "group"
    return Count(quantity, kind, part or name, is_expected=is_ahead(before, after[:60])) if kind else None
