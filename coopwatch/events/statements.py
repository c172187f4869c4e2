"""All that a text states of the event it is about: its figures, and what stands beside them."""

from collections.abc import Iterator

from coopwatch.events.facts import Fact
from coopwatch.events.figures import find_figures
from coopwatch.events.next_editions import find_next_edition
from coopwatch.events.organisers import find_organisers
from coopwatch.events.outcomes import find_outcomes
from coopwatch.events.reading import Reading, Subject
from coopwatch.events.themes import find_theme
from schemas.records import MentionRole

MAX_FACTS = 150  # of one text
_MAX_SENTENCE = 2_000  # characters: what is longer is a list without full stops
_EXPECTED = ".expected"


def find_facts(reading: Reading, subject: Subject | None, role: MentionRole = "main") -> tuple[Fact, ...]:
    """Return what the text states of an event and does not state of another one.

    Args:
        reading: the article.
        subject: the edition of a series that it is about; None for an event without a series.
        role: of the event in the article: a preview states theme, organisers and what is expected;
            on something beside the event nothing is stated of it.

    Returns:
        At most 150 facts in the order of the text; offsets are into title + newline + text.
    """
    if role not in {"main", "preview"}:
        return ()
    facts = [fact for fact in _find(reading) if reading.subject_at(fact.offset) in (None, subject)]
    if role == "preview":
        facts = [fact for fact in facts if _is_of_preview(fact)]
    return tuple(facts[:MAX_FACTS])


def _find(reading: Reading) -> Iterator[Fact]:
    language, dated = reading.article.language, reading.article.dated
    figures: dict[int, list[Fact]] = {}
    for figure in find_figures(reading.article.text, language):
        moved = _move(figure, reading.text_start)
        figures.setdefault(moved.quote_start, []).append(moved)
    for start, end in reading.sentences[1:]:
        if end - start > _MAX_SENTENCE:
            continue
        sentence = reading.full[start:end]
        yield from figures.pop(start, ())
        others = (
            *find_outcomes(sentence, language),
            *find_organisers(sentence, language),
            *find_next_edition(sentence, language, dated),
        )
        theme = find_theme(sentence, language)
        yield from (_move(fact, start) for fact in (*others, *((theme,) if theme else ())))


def _move(fact: Fact, by: int) -> Fact:
    return fact.model_copy(update={"offset": fact.offset + by, "quote_start": fact.quote_start + by})


def _is_of_preview(fact: Fact) -> bool:
    return fact.field.endswith(_EXPECTED) or fact.field in {"theme", "organisers"}
