from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopwatch.events.fields import resolve_fields
from coopwatch.events.resolution import NAMED, find_range, find_voices, hear_anew, resolve
from coopwatch.events.spans import (
    DAY_FROM_PUBLICATION,
    YEAR_FROM_DATELINE,
    YEAR_FROM_EVENT,
    YEAR_FROM_PUBLICATION,
    YEAR_UNKNOWN,
    Span,
    count_days_apart,
    read_mention,
    read_span,
    write_span,
)
from schemas.records import Claim, Coverage, DateMention, Dossier, Evidence, PartialDate
from tests.builders import NOW, make_article, make_claim, make_coverage, make_event

LATER = datetime(2026, 1, 1, tzinfo=UTC)


def cover(text: str, *, number: int, **changes: Any) -> Coverage:
    """Return coverage in the text group of a text, which is its own voice unless it is said."""
    good = {"text_group_id": f"t-{text}", "family": f"family-{text}"}
    return make_coverage(make_article(number), **{**good, **changes})


def say(
    text: str, field: str, value: str, low: float | None = None, high: float | None = None, **more: Any
) -> Claim:
    return make_claim(
        make_article(sum(map(ord, text))),
        text_group_id=f"t-{text}",
        field=field,
        value=value,
        low=low,
        high=high,
        **more,
    )


def resolve_claims(*claims: Claim, **event: Any) -> Dossier:
    texts = sorted({claim.text_group_id.removeprefix("t-") for claim in claims})
    coverage = tuple(cover(text, number=number) for number, text in enumerate(texts, 1))
    good = {"start_date": None, "end_date": None, "place": None, "series": "brst", "kind": "conference"}
    return resolve(Dossier(event=make_event(**{**good, **event}), coverage=coverage, claims=claims), LATER)


def standing(dossier: Dossier) -> list[tuple[str, str, str | None, str]]:
    return [(c.field, c.value, c.qualifier, c.status) for c in dossier.claims]


def test_opening_and_range_without_year_make_the_days_of_the_event() -> None:
    dossier = resolve_claims(
        say("wire", "dates", "2023-11-06/2023-11-06", qualifier=YEAR_FROM_DATELINE),
        say("institute", "dates", "--11-06/--11-07", qualifier=YEAR_UNKNOWN),
    )
    assert (dossier.event.start_date, dossier.event.end_date) == (date(2023, 11, 6), date(2023, 11, 7))
    assert standing(dossier) == [
        ("dates", "2023-11-06/2023-11-06", YEAR_FROM_DATELINE, "compatible"),
        ("dates", "2023-11-06/2023-11-07", YEAR_FROM_EVENT, "inherited"),
    ]


@pytest.mark.parametrize("guess", ["2023-11-06/2023-11-07", "2022-11-06/2022-11-07"])
def test_a_year_from_publication_gives_way_to_one_in_a_text(guess: str) -> None:
    dossier = resolve_claims(
        say("a", "dates", "2023-11-06/2023-11-06"),
        say("b", "dates", guess, qualifier=YEAR_FROM_PUBLICATION),
    )
    assert dossier.event.end_date == date(2023, 11, 7)
    assert standing(dossier)[1] == ("dates", "2023-11-06/2023-11-07", YEAR_FROM_EVENT, "inherited")


def test_resolving_again_changes_nothing() -> None:
    once = resolve_claims(
        say("a", "dates", "2023-11-06/2023-11-06"),
        say("b", "dates", "--11-06/--11-07", qualifier=YEAR_UNKNOWN),
        say("a", "attendance", "800", 800, 800),
        say("b", "attendance", "1000", 900, 1000, qualifier="nearly"),
    )
    assert resolve(once, LATER) == once


def test_without_any_year_the_days_stay_open() -> None:
    dossier = resolve_claims(
        say("a", "dates", "--11-06/--11-07", qualifier=YEAR_UNKNOWN),
        say("b", "dates", "--11-06/--11-06", qualifier=YEAR_UNKNOWN),
    )
    assert dossier.event.start_date is None
    assert {claim.status for claim in dossier.claims} == {"compatible"}


def test_without_a_stated_year_that_of_publication_counts_and_is_marked() -> None:
    dossier = resolve_claims(
        say("a", "dates", "2023-11-06/2023-11-07", qualifier=YEAR_FROM_PUBLICATION),
        say("b", "dates", "--11-06/--11-06", qualifier=YEAR_UNKNOWN),
    )
    assert dossier.event.start_date == date(2023, 11, 6)
    assert [status for *_, status in standing(dossier)] == ["compatible", "inherited"]


@pytest.mark.parametrize(
    ("values", "kind", "days", "statuses"),
    [
        # opened and closed
        (["2023-11-06/2023-11-06", "2023-11-07/2023-11-07"], "conference", (6, 7), ["only", "only"]),
        # a range comes before days around it
        (["2023-11-06/2023-11-07", "2023-11-05/2023-11-05"], "conference", (6, 7), ["only", "soft_conflict"]),
        (["2023-11-06/2023-11-07", "2023-11-20/2023-11-20"], "conference", (6, 7), ["only", "conflict"]),
        # what is signed is signed on one day
        (["2023-11-06/2023-11-06", "2023-11-07/2023-11-07"], "agreement", (6, 6), ["only", "soft_conflict"]),
        # a month says no day, but holds it
        (["2023-11/2023-11", "2023-11-06/2023-11-07"], "conference", (6, 7), ["compatible", "compatible"]),
        (["2023-11-06/2023-11-07", "2023-11-06/2023-11-07"], "conference", (6, 7), ["agrees", "agrees"]),
    ],
)
def test_days_that_differ(values: list[str], kind: str, days: tuple[int, int], statuses: list[str]) -> None:
    dossier = resolve_claims(
        *(say(f"text{at}", "dates", value) for at, value in enumerate(values)), kind=kind
    )
    event = dossier.event
    assert (event.start_date, event.end_date) == (date(2023, 11, days[0]), date(2023, 11, days[1]))
    assert [claim.status for claim in dossier.claims] == statuses


def test_the_days_with_most_voices_win() -> None:
    dossier = resolve_claims(
        say("a", "dates", "2023-11-06/2023-11-07"),
        say("b", "dates", "2023-12-06/2023-12-07"),
        say("c", "dates", "2023-12-06/2023-12-07"),
    )
    assert dossier.event.start_date == date(2023, 12, 6)


@pytest.mark.parametrize(
    ("one", "other", "statuses"),
    [
        ((80, None, "over"), (80, None, "over"), ("agrees", "agrees")),
        ((80, None, "over"), (130, 130, None), ("compatible", "compatible")),
        ((800, 800, None), (700, None, "over"), ("compatible", "compatible")),
        ((800, 800, None), (720, 880, "about"), ("compatible", "compatible")),
        ((800, 800, None), (900, 1000, "nearly"), ("soft_conflict", "soft_conflict")),
        ((800, 800, None), (1000, 1000, None), ("soft_conflict", "soft_conflict")),
        ((800, 800, None), (1500, 1500, None), ("conflict", "conflict")),
        ((800, 800, None), (1500, 1600, "about"), ("soft_conflict", "soft_conflict")),
        ((800, 800, None), (5000, None, "over"), ("conflict", "conflict")),
    ],
)
def test_figures_of_two_texts(one: Any, other: Any, statuses: tuple[str, str]) -> None:
    claims = [
        say(text, "attendance", str(at), low, high, qualifier=qualifier)
        for at, (text, (low, high, qualifier)) in enumerate((("a", one), ("b", other)))
    ]
    assert tuple(claim.status for claim in resolve_claims(*claims).claims) == statuses


def test_a_part_is_a_component_and_a_text_alone_is_alone() -> None:
    dossier = resolve_claims(
        say("a", "attendance", "800", 800, 800),
        say("a", "attendance.international", "300", 300, None),
        say("a", "countries", "80", 80, None),
        say("a", "countries", "81", 81, 81),  # of something else: an article does not contradict itself
    )
    assert [status for *_, status in standing(dossier)] == ["only", "component", "only", "only"]


def test_money_of_two_currencies_is_not_compared() -> None:
    dossier = resolve_claims(
        say("a", "funding", "5000000", 5e6, 5e6, unit="EUR"),
        say("b", "funding", "9000000", 9e6, 9e6, unit="USD"),
    )
    assert [status for *_, status in standing(dossier)] == ["only", "only"]


def test_what_an_event_has_many_of_is_confirmed_but_never_disputed() -> None:
    dossier = resolve_claims(
        say("a", "outcomes.document", "Tidal Charter", qualifier="released"),
        say("b", "outcomes.document", "The Tidal Charter", qualifier="released"),
        say("c", "outcomes.document", "tidal charter", qualifier="released"),
        say("c", "outcomes.document", "Harbour Report", qualifier="released"),
        say("a", "organisers", "Reef Society"),
        say("b", "organisers", "Ministry of Tides"),
    )
    assert [status for *_, status in standing(dossier)] == [
        "agrees", "compatible", "agrees", "only", "only", "only",
    ]  # fmt: skip


def test_a_theme_in_another_script_may_be_a_translation() -> None:
    dossier = resolve_claims(
        say("a", "theme", "Tides for all"),
        say("b", "theme", "潮汐惠及众人"),
        say("c", "theme", "Tides for some"),
    )
    assert [status for *_, status in standing(dossier)] == ["soft_conflict", "only", "soft_conflict"]


def test_two_texts_of_one_voice_do_not_confirm_each_other() -> None:
    claims = (say("a", "attendance", "800", 800, 800), say("b", "attendance", "800", 800, 800))
    coverage = (cover("a", number=1, family="city"), cover("b", number=2, family="city"))
    dossier = resolve(Dossier(event=make_event(), coverage=coverage, claims=claims), LATER)
    assert [status for *_, status in standing(dossier)] == ["only", "only"]


def test_a_correction_leaves_the_old_claim_visible_but_weightless() -> None:
    old = say("a", "attendance", "8000", 8000, 8000)
    new = old.model_copy(update={"value": "800", "low": 800.0, "high": 800.0, "article_version": 2})
    dossier = resolve_claims(old, new, say("b", "attendance", "800", 800, 800))
    assert standing(dossier)[1:] == [("attendance", "800", None, "agrees")] * 2
    assert dossier.claims[0].value == "8000"
    assert [(one.value, one.low, one.high) for one in resolve_fields(dossier)] == [("800", 800, 800)]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ([("a", 800, 800, None), ("b", 900, 1000, "nearly")], (None, 800, 1000, "soft_conflict", 2)),
        ([("a", 800, 800, None), ("b", 700, None, "over")], ("800", 700, 800, "compatible", 2)),
        (
            [("a", 800, 800, None), ("b", 1500, 1500, None), ("c", 800, 800, None)],
            ("800", 800, 1500, "conflict", 3),
        ),
        ([("a", 720, 880, "about")], ("800", 720, 880, "only", 1)),
    ],
)
def test_a_field_has_the_most_exact_value_that_nothing_contradicts(said: Any, expected: Any) -> None:
    claims = [
        say(text, "attendance", str({900: 1000, 720: 800}.get(low, low)), low, high, qualifier=qualifier)
        for text, low, high, qualifier in said
    ]
    (field,) = resolve_fields(resolve_claims(*claims))
    assert (field.value, field.low, field.high, field.status, field.voices) == expected


def test_a_reprint_repeats_no_claim_but_a_changed_number_is_one() -> None:
    original = say("a", "attendance", "800", 800, 800)
    reprint = original.model_copy(update={"article_id": "a-reprint"})
    changed = original.model_copy(
        update={"article_id": "a-edited", "value": "900", "low": 900.0, "high": 900.0}
    )
    claims = resolve_claims(original, reprint, changed).claims
    assert [(claim.article_id, claim.status) for claim in claims] == [
        (original.article_id, "soft_conflict"),
        ("a-edited", "soft_conflict"),
    ]


def test_figures_are_never_averaged_but_span_a_range() -> None:
    claims = [say("a", "attendance", "800", 800, 800), say("b", "attendance", "1000", 900, 1000)]
    assert find_range(claims, "attendance") == (800, 1000)
    assert find_range(claims, "countries") == (None, None)


def test_place_country_edition_and_parties_follow_the_voices() -> None:
    dossier = resolve_claims(
        *(say(text, "place", "Chongqing") for text in "ab"),
        say("c", "place", "Beijing"),
        *(say(text, "country", "CN") for text in "ab"),
        *(say(text, "edition", "1") for text in "ab"),
        *(say(text, "participants", "CN,US") for text in "ab"),
        say("c", "participants", "CN,RU,US"),
    )
    event = dossier.event
    assert (event.place, event.country, event.edition, event.participants) == (
        "Chongqing",
        "CN",
        1,
        ("CN", "US"),
    )
    assert {c.value: c.status for c in dossier.claims if c.field == "place"} == {
        "Chongqing": "conflict",
        "Beijing": "conflict",
    }
    assert {c.status for c in dossier.claims if c.field == "edition"} == {"agrees"}


def test_an_event_without_a_series_is_named_by_its_origin_and_kind_by_its_voices() -> None:
    early = cover("b", number=2, title="Pact renewed", published_at=datetime(2024, 12, 13, tzinfo=UTC))
    late = cover("a", number=1, title="What the pact means", published_at=datetime(2024, 12, 16, tzinfo=UTC))
    claims = (say("a", "kind", "exchange"), say("b", "kind", "agreement"), say("c", "kind", "agreement"))
    third = cover("c", number=3, published_at=None)
    dossier = resolve(Dossier(event=make_event(), coverage=(late, early, third), claims=claims), LATER)
    assert (dossier.event.name, dossier.event.kind) == ("Pact renewed", "agreement")


def test_independent_sources_are_voices_of_texts() -> None:
    coverage = (
        cover("a", number=1, family="issuer"),
        cover("a", number=2, family="issuer"),
        cover("b", number=3, family="early"),
        cover("c", number=4, family="issuer"),
    )
    assert find_voices(coverage) == {"t-a": "issuer", "t-b": "early", "t-c": "issuer"}
    event = resolve(Dossier(event=make_event(), coverage=coverage), LATER).event
    assert (event.articles, event.text_groups, event.independent_sources) == (4, 3, 2)


def test_a_text_that_turns_out_to_be_of_another_voice_is_weighed_anew() -> None:
    coverage = (
        cover("a", number=1, family="site"),
        cover("a", number=2, family="site"),
        cover("b", number=3, family="agency"),
    )
    claims = (say("a", "attendance", "800", 800, 800), say("b", "attendance", "800", 800, 800))
    before = resolve(Dossier(event=make_event(), coverage=coverage, claims=claims), NOW)
    assert (before.event.independent_sources, {c.status for c in before.claims}) == (2, {"agrees"})
    assert hear_anew(before, {"t-a": "site", "t-elsewhere": "agency"}, LATER) is before
    after = hear_anew(before, {"t-a": "agency"}, LATER)
    assert {row.family for row in after.coverage} == {"agency"}
    assert after.event.independent_sources == 1
    assert {claim.status for claim in after.claims} == {"only"}  # a voice does not confirm itself


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ({"a": "Lake Science Forum (LSF)"}, "Lake Science Forum (LSF)"),
        ({"a": "Forum on Lakes (FL)", "b": "Lake Forum (LF)", "c": "Lake Forum (LF)"}, "Lake Forum (LF)"),
        ({"a": "Lake Forum (LF)", "b": "Forum on Lakes (FL)"}, "Forum on Lakes (FL)"),
        ({}, "Early headline"),
    ],
)
def test_an_event_is_called_as_most_voices_call_it_rather_than_by_a_headline(
    names: dict[str, str], expected: str
) -> None:
    def row(text: str, number: int) -> Coverage:
        told = [Evidence(label=NAMED, value=names[text], quote="q")] if text in names else []
        headline = "Early headline" if text == "b" else "Late headline"
        day = datetime(2024, 3, 2 if text == "b" else 5, tzinfo=UTC)
        return cover(text, number=number, title=headline, family=text, published_at=day, evidence=told)

    coverage = tuple(row(text, number) for number, text in enumerate("abc"))
    assert resolve(Dossier(event=make_event(), coverage=coverage), LATER).event.name == expected


@pytest.mark.parametrize(
    ("value", "other", "days"),
    [
        ("2023-11-06/2023-11-07", "2023-11-07/2023-11-08", 0),
        ("2023-11-06/2023-11-07", "2023-11-09/2023-11-09", 2),
        ("2023-11-06/2023-11-07", "--11-06/--11-06", 0),
        ("2023-12-31/2023-12-31", "--01-02/--01-02", 2),
        ("--12-30/--01-02", "2024-01-01/2024-01-01", 0),
        ("--11-06/--11-06", "--11-09/--11-09", 3),
        ("2025-06/2025-06", "2025-06-11/2025-06-13", 0),
        ("2025-06/2025-06", "--06-11/--06-11", 0),
    ],
)
def test_days_between_spans(value: str, other: str, days: int) -> None:
    assert count_days_apart(read_span(value), read_span(other)) == days
    assert count_days_apart(read_span(other), read_span(value)) == days


@pytest.mark.parametrize("value", ["", "2023-11-06", "2023/11/06", "soon/later", "2023-13-01/2023-13-02"])
def test_what_is_no_span_is_refused(value: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 — pydantic's and ours
        read_span(value)


PARTS = st.builds(
    PartialDate,
    month=st.integers(1, 12),
    day=st.one_of(st.none(), st.integers(1, 28)),
    year=st.one_of(st.none(), st.integers(1990, 2090)),
)


@given(PARTS, PARTS)
def test_spans_are_read_as_they_are_written(start: PartialDate, end: PartialDate) -> None:
    span = Span(start=start, end=end)
    assert read_span(write_span(span)) == span


@pytest.mark.parametrize(
    ("year", "year_from", "quote", "qualifier"),
    [
        (2023, "text", "November 6, 2023", None),
        (2023, "dateline", "November 6", YEAR_FROM_DATELINE),
        (2023, "publication", "November 6", YEAR_FROM_PUBLICATION),
        (2023, "publication", "Monday", DAY_FROM_PUBLICATION),
        (None, None, "November 6", YEAR_UNKNOWN),
    ],
)
def test_where_a_year_comes_from_is_kept(
    year: int | None, year_from: Any, quote: str, qualifier: str | None
) -> None:
    at = PartialDate(month=11, day=6, year=year)
    mention = DateMention(start=at, end=at, role="event", year_from=year_from, quote=quote, offset=0)
    assert read_mention(mention) == (Span(start=at, end=at), qualifier)


def test_resolution_notes_its_time() -> None:
    assert resolve_claims(say("a", "place", "Lima")).event.updated_at == LATER
    assert resolve_claims(say("a", "place", "Lima")).event.first_seen_at == NOW
