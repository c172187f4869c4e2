"""The digest: what a day or a week brought, as one message with a chart of the week."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Literal, NamedTuple

from coopwatch.alerting.messages import is_country, name_country, word_place
from coopwatch.alerting.rendering import make_bar
from coopwatch.alerting.silence import Silence
from coopwatch.warehouse.digests import Period, PeriodChange
from coopwatch.wording import count, format_dates, name_event, shorten
from schemas.records import Event, Message

PeriodKind = Literal["day", "week"]

_DAY = timedelta(days=1)
_LINES_MOST = 10  # of one kind
_LINE_CHARS = 200
_TOP = 5
_CHANGES = {
    "conflict": "Conflict",
    "correction": "Corrected",
    "changed_figure": "Other figure",
    "new_outcome": "Outcome",
}


class Span(NamedTuple):
    """A day or a week, in UTC; `name` is 2026-11-21 or 2026-W47, and `until` no part of it."""

    kind: PeriodKind
    name: str
    since: datetime
    until: datetime


def find_span(kind: PeriodKind, until: datetime) -> Span:
    """Return the last whole day, or week from Monday to Sunday, that had ended at a time."""
    end = datetime.combine(until.astimezone(UTC).date(), time(), tzinfo=UTC)
    if kind == "day":
        return Span(kind, f"{end - _DAY:%Y-%m-%d}", end - _DAY, end)
    end -= end.weekday() * _DAY
    since = end - 7 * _DAY
    return Span(kind, f"{since:%G-W%V}", since, end)


def make_digest(span: Span, period: Period, week: Period, silences: Sequence[Silence]) -> Message | None:
    """Return the message; None for a day that brought nothing.

    Args:
        span: the day or week.
        period: what it brought.
        week: what the seven days brought that end with it, for the chart.
        silences: sources that are silent now.
    """
    if span.kind == "day" and period.is_empty:
        return None
    articles = len(period.covered_at)
    counts = f"{count(len(period.new_events), 'new event')}, {count(articles, 'article')}"
    news = "Nothing new." if period.is_empty else f"{counts} on {count(len(period.covered), 'event')}."
    return Message(
        title=f"{span.kind.title()} {span.name}: {counts}",
        news=news,
        facts=tuple(_list_facts(period, silences)),
        table=_draw_chart(week),
        evidence="coopwatch show EVENT",
    )


def _list_facts(period: Period, silences: Sequence[Silence]) -> Iterator[tuple[str, str]]:
    yield from _cut("New", map(_word_event, period.new_events))
    for kind, label in _CHANGES.items():
        yield from _cut(label, (_word_change(change) for change in period.changes if change.kind == kind))
    told_on = [one for one, _ in period.covered]
    countries = Counter(
        name_country(code)
        for one in told_on
        for code in {one.country, *one.participants}
        if code and is_country(code)
    )
    series: Counter[str] = Counter()
    for one, articles in period.covered:
        if one.series:
            series[one.series] += articles
    if countries:
        yield "Events by country", _word_top(countries)
    if series:
        yield "Articles by series", _word_top(series)
    yield from _cut("Silent", (shorten(silence.line, _LINE_CHARS) for silence in silences))
    decided = ", ".join(f"{number} {outcome}" for outcome, number in sorted(period.outcomes.items()))
    if decided:
        yield "Entries", decided
    yield "Alerts", f"{period.alerts_sent} sent"


def _cut(label: str, lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    told = list(lines)
    yield from ((label, line) for line in told[:_LINES_MOST])
    if len(told) > _LINES_MOST:
        yield label, f"and {len(told) - _LINES_MOST} more"


def _word_event(event: Event) -> str:
    voices = count(event.independent_sources, "independent source")
    said = filter(None, (name_event(event), event.kind, format_dates(event), word_place(event), voices))
    return _name(" · ".join(said), event.event_id)


def _word_change(change: PeriodChange) -> str:
    return _name(": ".join(filter(None, (change.name, change.detail))), change.event_id)


def _name(line: str, event_id: str) -> str:
    """Return a line that ends with what `coopwatch show` takes, whole."""
    return f"{shorten(line, _LINE_CHARS - len(event_id) - 3)} · {event_id}"


def _word_top(counts: Counter[str]) -> str:
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{name} {number}" for name, number in ranked[:_TOP])


def _draw_chart(week: Period) -> tuple[tuple[str, ...], ...]:
    """Return one row a day, with bars of its new events and articles."""
    days = [week.since.date() + number * _DAY for number in range((week.until - week.since).days)]
    events = Counter(one.first_seen_at.astimezone(UTC).date() for one in week.new_events)
    articles = Counter(moment.astimezone(UTC).date() for moment in week.covered_at)
    most_events, most_articles = max(events.values(), default=0), max(articles.values(), default=0)
    rows = (
        (f"{day:%a %m-%d}", make_bar(events[day], most_events), make_bar(articles[day], most_articles))
        for day in days
    )
    return (("day", "new events", "articles"), *rows)
