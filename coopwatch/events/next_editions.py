"""When and where an event is to be held again."""
# ruff: noqa: E501 - a table of patterns

import re
from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from coopwatch.countries import find_countries
from coopwatch.dates import find_dates
from coopwatch.events.facts import Fact
from coopwatch.events.spans import YEAR_FROM_PUBLICATION, read_mention, write_span
from coopwatch.places import find_places
from coopwatch.scripts import simplify

_MEETING = r"(?:edition|conference|congress|forum|summit|meeting|symposium|assembly|event|one)"
_WORDS: Mapping[str, str] = {
    "en": rf"\bnext (?:\w+ ){{0,4}}{_MEETING}\b[^.;]{{0,80}}\b(?:will|is to|to be|is set|is scheduled|takes place|held)\b",
    "zh": r"(?:下一?届|下次|下一次)[^，。；]{0,20}(?:将|定于|举[办行](?!地))",
    "fr": r"\bprochaine? (?:édition|conférence|congrès|forum|sommet|réunion|rencontre)\b",
    "es": r"\bpróxim[ao] (?:edición|conferencia|congreso|foro|cumbre|reunión|encuentro)\b",
    "pt": r"\bpróxim[ao] (?:edição|conferência|congresso|fórum|cúpula|reunião|encontro)\b",
    "de": r"\bnächste[nrs]? (?:\w*konferenz|\w*kongress|\w*forum|\w*gipfel|\w*tagung|ausgabe|auflage|\w*treffen)\b",
    "ru": r"\bследующ(?:ий|ая|ее) (?:форум|конференция|саммит|конгресс|встреча|заседание)\b",
    "ar": r"(?:الدورة|النسخة|القمة) (?:المقبلة|القادمة)|(?:المؤتمر|المنتدى|الاجتماع) (?:المقبل|القادم)",
    "ja": r"次回(?:の)?[^、。]{0,12}[はを]",
    "ko": r"(?:다음|차기) (?:\w+ )?(?:회의|포럼|대회|총회|정상회의)",
}


def find_next_edition(sentence: str, language: str, reference: date | None) -> tuple[Fact, ...]:
    """Return when and where a sentence says that the next edition is held.

    Args:
        sentence: of the text.
        language: its language.
        reference: when the text was released, for dates without a year.

    Returns:
        At most three facts: fields `next_edition.dates`, `.place` and `.country`.
    """
    base = language.partition("-")[0]
    pattern = _compile(base)
    match = pattern.search(simplify(sentence, base)) if pattern else None
    if match is None:
        return ()
    found: list[Fact] = []
    for mention in find_dates(sentence, language, reference):
        if mention.offset >= match.start():
            span, qualifier = read_mention(mention)
            value = write_span(span)
            kept = qualifier if qualifier == YEAR_FROM_PUBLICATION else None
            found.append(_state("dates", value, sentence, mention.offset, kept))
            break
    places = [hit for hit in find_places(sentence) if hit.start >= match.start()] if base == "en" else []
    if towns := [hit for hit in places if hit.place]:
        found.append(_state("place", towns[0].place or "", sentence, towns[0].start))
    countries = {
        hit.code: hit.start for hit in find_countries(sentence, language) if hit.start >= match.start()
    }
    if len(countries) == 1:
        ((code, start),) = countries.items()
        found.append(_state("country", code, sentence, start))
    return tuple(found)


def _state(part: str, value: str, sentence: str, offset: int, qualifier: str | None = None) -> Fact:
    return Fact(field=f"next_edition.{part}", value=value, qualifier=qualifier, quote=sentence, offset=offset)


@lru_cache(maxsize=len(_WORDS))
def _compile(language: str) -> re.Pattern[str] | None:
    return re.compile(_WORDS[language], re.IGNORECASE) if language in _WORDS else None
