from datetime import UTC, datetime, timedelta

import pytest

from coopwatch.alerting.digest import PeriodKind, find_span, make_digest
from coopwatch.alerting.rendering import render_html, render_plain
from coopwatch.alerting.silence import Silence
from coopwatch.warehouse.digests import Period, PeriodChange
from schemas.records import Message
from tests.builders import make_event

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("kind", "until", "name", "since"),
    [
        ("day", "2026-11-22T06:00+00:00", "2026-11-21", "2026-11-21"),
        ("day", "2026-11-22T00:00+00:00", "2026-11-21", "2026-11-21"),
        ("day", "2026-11-22T00:30+01:00", "2026-11-20", "2026-11-20"),
        ("week", "2026-11-22T06:00+00:00", "2026-W46", "2026-11-09"),  # a Sunday
        ("week", "2026-11-23T00:00+00:00", "2026-W47", "2026-11-16"),
        ("week", "2027-01-04T00:00+00:00", "2026-W53", "2026-12-28"),
        ("week", "2027-01-11T12:00+00:00", "2027-W01", "2027-01-04"),
    ],
)
def test_a_digest_is_of_the_last_whole_period(kind: PeriodKind, until: str, name: str, since: str) -> None:
    span = find_span(kind, datetime.fromisoformat(until))
    assert (span.name, span.since) == (name, datetime.fromisoformat(since).replace(tzinfo=UTC))
    assert span.until - span.since == (DAY if kind == "day" else 7 * DAY)


SPAN = find_span("week", datetime(2025, 7, 7, tzinfo=UTC))  # 30 June to 6 July
TUESDAY = SPAN.since + DAY + timedelta(hours=9)


def make_period(**changes: object) -> Period:
    return Period.model_validate({"since": SPAN.since, "until": SPAN.until, **changes})


def digest(period: Period, *silences: Silence) -> Message:
    message = make_digest(SPAN, period, period, silences)
    assert message
    return message


FULL = make_period(
    new_events=(make_event(first_seen_at=TUESDAY),),
    changes=(
        PeriodChange(event_id="e-2", name="Polar forum", kind="conflict", detail="attendance: 40 against 80"),
        PeriodChange(event_id="e-3", name="Sea pact", kind="correction", detail=""),
    ),
    covered=(
        (make_event(), 3),
        (
            make_event(
                event_id="e-2", country="CH", series="forum", edition=1, participants=("CERN", "NO", "CH")
            ),
            1,
        ),
        (make_event(event_id="e-4", country="CH", series="forum", edition=2), 2),
    ),
    covered_at=(TUESDAY, TUESDAY, TUESDAY + DAY, TUESDAY + 2 * DAY),
    outcomes={"loaded": 4, "irrelevant": 30},
    alerts_sent=5,
)


def test_a_digest_tells_what_the_week_brought() -> None:
    message = digest(FULL, Silence(source_id="courier", since=None, line="courier: nothing new for 9 days"))
    assert message.title == "Week 2025-W27: 1 new event, 4 articles"
    assert message.news == "1 new event, 4 articles on 3 events."
    assert [label for label, _ in message.facts] == [
        "New",
        "Conflict",
        "Corrected",
        "Events by country",
        "Articles by series",
        "Silent",
        "Entries",
        "Alerts",
    ]
    facts = dict(message.facts)
    assert facts["New"].startswith(
        "Opening of the joint ice core laboratory · laboratory · 2025-06-24 · Harbour"
    )
    assert facts["Conflict"] == "Polar forum: attendance: 40 against 80 · e-2"
    assert facts["Corrected"] == "Sea pact · e-3"
    assert facts["Events by country"] == "Norway 3, Switzerland 3"
    assert facts["Articles by series"] == "forum 3"
    assert facts["Entries"] == "30 irrelevant, 4 loaded"


def test_its_chart_has_a_bar_a_day() -> None:
    message = digest(FULL)
    lines = render_plain(message).splitlines()
    (head,) = (number for number, line in enumerate(lines) if line.startswith("day"))
    rows = lines[head + 1 : head + 8]
    assert [row[:9] for row in rows][:2] == ["Mon 06-30", "Tue 07-01"]
    assert rows[1].count("█") > rows[2].count("█") > rows[0].count("█") == 0
    assert render_html(message).count("Tue 07-01") == 1


def test_a_line_is_cut_before_the_id_of_its_event() -> None:
    event = make_event(event_id="e-42", name="Very " * 60 + "long name", first_seen_at=TUESDAY)
    [told] = [value for label, value in digest(make_period(new_events=(event,))).facts if label == "New"]
    assert told.endswith(" · e-42")
    assert len(told) <= 200


def test_a_long_list_is_cut_and_says_so() -> None:
    events = tuple(make_event(event_id=f"e-{number}", first_seen_at=TUESDAY) for number in range(14))
    told = [value for label, value in digest(make_period(new_events=events)).facts if label == "New"]
    assert len(told) == 11
    assert told[-1] == "and 4 more"


def test_a_week_without_anything_is_told_and_a_day_is_not() -> None:
    assert digest(make_period()).news == "Nothing new."
    day = find_span("day", SPAN.until)
    empty = Period(since=day.since, until=day.until)
    assert make_digest(day, empty, FULL, ()) is None
    busy = Period(since=day.since, until=day.until, covered=((make_event(), 1),), covered_at=(day.since,))
    assert make_digest(day, busy, FULL, ())
