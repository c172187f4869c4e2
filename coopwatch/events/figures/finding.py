"""From what the sentences of a text count to the figures of its event."""

from collections.abc import Callable, Iterator
from functools import partial
from math import inf
from typing import NamedTuple

from coopwatch.events.facts import Fact
from coopwatch.events.figures.chinese import count_chinese
from coopwatch.events.figures.counts import Count
from coopwatch.events.figures.english import count_english
from coopwatch.events.figures.spaced import count_spaced
from coopwatch.events.figures.unspaced import count_unspaced
from coopwatch.sentences import find_sentences

MAX_FIGURES = 100  # of one text: more is a table or an attack, not an article
_MAX_SENTENCE = 2_000  # characters: what is longer is a list without full stops
# Fewer people are those who are named, not all who came, and more fill a city. The least by kind:
_PEOPLE = {"total": 10, "group": 20, "side": 5, "subset": 5}
_MOST_PEOPLE = 1_000_000
_LEAST_THINGS = 2
_LEAST_MONEY = 1_000  # of any currency
_MOST_COUNTRIES = 200
_MOST_THINGS = 100_000

_COUNTERS: dict[str, Callable[[str], Iterator[Count]]] = {
    "en": count_english,
    "zh": count_chinese,
    **{code: partial(count_spaced, language=code) for code in ("fr", "es", "pt", "de", "ru", "ar")},
    **{code: partial(count_unspaced, language=code) for code in ("ja", "ko")},
}


class _Field(NamedTuple):
    name: str
    counted: Count


def _name_fields(counts: list[Count]) -> Iterator[_Field]:
    """Give every count of one sentence its field: which of those of people is the total?

    "500 experts and 300 guests" is no total of either; "300 scientists, including 50 students" is one
    of the scientists, unless somebody counts everybody ("the event brought 800 attendees").
    """
    totals = {count.quantity.value for count in counts if count.kind == "total"}
    groups = [count for count in counts if count.kind == "group"]
    is_only_group = not totals and len(groups) == 1 and all(count.kind != "side" for count in counts)
    for count in counts:
        is_total = len(totals) == 1 if count.kind == "total" else count.kind == "group" and is_only_group
        if count.kind == "other":
            name = count.field
        elif is_total:
            name = "attendance"
        elif count.field:
            name = f"attendance.{count.field}"
        else:
            continue
        yield _Field(f"{name}.expected" if count.is_expected else name, count)


def _is_plausible(count: Count) -> bool:
    value = count.quantity.value
    if count.kind == "other":
        least = {"funding": _LEAST_MONEY, "duration_years": 0}.get(count.field, _LEAST_THINGS)
        most = inf if count.unit else _MOST_COUNTRIES if count.field == "countries" else _MOST_THINGS
        return least <= value <= most
    return _PEOPLE[count.kind] <= value <= _MOST_PEOPLE


def _write_number(number: float) -> str:
    return str(int(number)) if number == int(number) else str(number)


def _write_value(count: Count) -> str:
    """Write the value in its canonical form: "800", "300-400"."""
    quantity = count.quantity
    value = _write_number(quantity.value)
    if quantity.qualifier == "range" and quantity.low is not None:
        value = f"{_write_number(quantity.low)}-{value}"
    return value


def find_figures(text: str, language: str) -> tuple[Fact, ...]:
    """Find the quantities that a text states of the event it reports, in order.

    Fields: `attendance` (people at the event as a whole) and `attendance.PART` (international,
    domestic, online, onsite, or a trade such as students); `countries`; `organisations` and
    `organisations.PART`; `agreements`; `projects`; `funding`, whose unit is its currency;
    `duration_years`. What is only announced ends in `.expected`. Sentences about other events (last
    year, the previous edition, a bare year) give nothing; figures that cannot be told to be the total
    or a part by name are left out.

    Qualifiers: over, nearly (90 to 100 %), about (± 10 %), up_to, range, vague ("hundreds": at least
    200), None when exact.

    Args:
        text: the article's text.
        language: its language; ar, de, en, es, fr, ja, ko, pt, ru and zh are read, others have no figures.

    Returns:
        At most 100 figures; `quote` is the sentence at `quote_start`, `offset` that of the number.
    """
    counter = _COUNTERS.get(language.partition("-")[0])
    figures: list[Fact] = []
    if counter is None:
        return ()
    for start, end in find_sentences(text):
        if end - start > _MAX_SENTENCE:
            continue
        sentence = text[start:end]
        for field in _name_fields([count for count in counter(sentence) if _is_plausible(count)]):
            quantity = field.counted.quantity
            figures.append(
                Fact(
                    field=field.name,
                    value=_write_value(field.counted),
                    low=quantity.low,
                    high=quantity.high,
                    unit=field.counted.unit or None,
                    qualifier=quantity.qualifier,
                    quote=sentence,
                    quote_start=start,
                    offset=start + quantity.start,
                )
            )
        if len(figures) >= MAX_FIGURES:
            break
    return tuple(figures[:MAX_FIGURES])
