from datetime import UTC, date, datetime
from typing import Any

import pytest

from coopwatch.events.frequencies import Frequencies
from coopwatch.events.linking import LINK, REVIEW, LinkDecision, find_conflict, link
from coopwatch.events.profiles import Profile
from coopwatch.events.weights import load_weights, to_probability
from coopwatch.events.wordings import word_article, write_wording
from schemas.records import Article, DateMention, Dossier, Evidence, Mention, PartialDate, YearFrom
from tests.builders import make_article, make_claim, make_coverage, make_event

Days = tuple[int, int, int | None]  # month, day, year
NO_TEXTS = Frequencies(())
LEAD_TEXT = "The two sides renewed their pact on open laboratories for five years."


def make_mention(
    *days: Days, year_from: YearFrom | None = "text", series: str | None = "brst", **changes: Any
) -> Mention:
    dates = tuple(
        DateMention(
            start=(at := PartialDate(month=month, day=day, year=year)),
            end=at,
            role="event",
            year_from=year_from if year else None,
            quote=f"{month}/{day}",
            offset=0,
        )
        for month, day, year in days
    )
    good: dict[str, Any] = {
        "article_id": "a-new",
        "role": "main",
        "kind": "conference" if series else "agreement",
        "name": "the event",
        "series": series,
        "dates": dates,
        "quote": "The event took place.",
    }
    return Mention.model_validate({**good, **changes})


def make_known(
    event_id: str = "brst-1",
    *,
    series: str | None = "brst",
    claims: dict[str, str] | None = None,
    published: date | None = None,
    title: str = "Science conference opens",
    lead: str = "Ministers came.",
    language: str = "en",
    **event: Any,
) -> Profile:
    """Return an event as it is known from one article, with claims by field."""
    at = datetime(published.year, published.month, published.day, tzinfo=UTC) if published else None
    article = make_article(
        50, published_at=at, published_from="feed" if at else None, title=title, text=lead, language=language
    )
    kind = "conference" if series else "agreement"
    return Profile.of_dossier(
        Dossier(
            event=make_event(event_id=event_id, series=series, **{"kind": kind, "participants": (), **event}),
            coverage=(make_coverage(article, evidence=(write_wording(word_article(article)),)),),
            claims=tuple(
                make_claim(article, field=field, value=value, low=None, high=None)
                for field, value in (claims or {}).items()
            ),
        ),
        NO_TEXTS,
    )


def decide(mention: Mention, *known: Profile, published: date | None = None, **article: Any) -> LinkDecision:
    at = datetime(published.year, published.month, published.day, tzinfo=UTC) if published else None
    good = {"title": "A report", "text": "Nothing else is told."}
    return link(
        wanted(mention, make_article(60, published_at=at, **{**good, **article})), known, load_weights()
    )


def wanted(mention: Mention, article: Article) -> Profile:
    return Profile.of_mention(mention, article, word_article(article), NO_TEXTS)


FIRST = {"edition": "1", "dates": "2023-11-06/2023-11-07", "place": "Chongqing"}


def test_the_same_edition_links_whatever_else_is_known() -> None:
    decision = decide(make_mention((6, 11, 2025), edition=1), make_known(claims=FIRST))
    assert (decision.band, decision.event_id, decision.score) == ("link", "brst-1", 1.0)
    assert Evidence(label="edition", value="the same, 1") in decision.evidence


def test_another_edition_is_vetoed_whatever_speaks_for_it() -> None:
    mention = make_mention((11, 6, 2023), edition=2, place="Chongqing")
    decision = decide(
        mention, make_known(claims=FIRST, published=date(2023, 11, 7)), published=date(2023, 11, 7)
    )
    assert (decision.band, decision.event_id) == ("new", None)
    assert decision.evidence == (Evidence(label="not brst-1", value="edition: 2 against 1"),)


def test_another_series_is_vetoed() -> None:
    decision = decide(make_mention((11, 6, 2023), series="forum"), make_known(claims=FIRST))
    assert decision.band == "new"


@pytest.mark.parametrize(
    ("edition", "claims", "band"),
    [
        (2025, {"year": "2025"}, "link"),
        (2025, {"year": "2024"}, "new"),
        (2023, {"edition": "1", "dates": "2023-11-06/2023-11-07"}, "link"),
        (2025, {"edition": "1", "dates": "2023-11-06/2023-11-07"}, "new"),
        (7, {"year": "2025"}, "new"),  # nothing tells that they are the same
    ],
)
def test_editions_that_are_years(edition: int, claims: dict[str, str], band: str) -> None:
    assert decide(make_mention(edition=edition), make_known(claims=claims)).band == band


@pytest.mark.parametrize(
    ("days", "year_from", "band"),
    [
        ((11, 6, 2023), "text", "link"),
        ((11, 7, 2023), "publication", "link"),
        ((11, 6, None), None, "link"),  # by month and day
        ((11, 6, 2024), "publication", "new"),  # the same days, reported a year later
        ((6, 11, 2025), "text", "new"),
        ((3, 2, None), None, "new"),
    ],
)
def test_without_an_edition_the_days_decide(days: Days, year_from: YearFrom | None, band: str) -> None:
    assert decide(make_mention(days, year_from=year_from), make_known(claims=FIRST)).band == band


@pytest.mark.parametrize(
    ("published", "place", "band"),
    [
        (date(2023, 11, 9), None, "link"),
        (date(2023, 11, 9), "Chengdu", "new"),
        (date(2023, 12, 10), "Chongqing", "review"),
        (date(2024, 11, 9), None, "new"),
        (None, None, "new"),
    ],
)
def test_without_edition_and_days_publication_and_place_decide(
    published: date | None, place: str | None, band: str
) -> None:
    assert decide(make_mention(place=place), make_known(claims=FIRST), published=published).band == band


def make_known_pact(event_id: str = "e-1", claims: dict[str, str] | None = None) -> Profile:
    return make_known(
        event_id,
        series=None,
        claims=claims,
        published=date(2024, 12, 13),
        title="China and US renew science pact",
        lead=LEAD_TEXT,
        participants=("CN", "US"),
    )


def make_pact(*days: Days, **changes: Any) -> Mention:
    return make_mention(*days, **{"series": None, "participants": ("CN", "US"), **changes})


@pytest.mark.parametrize(
    ("mention", "article", "band"),
    [
        (make_pact(), {"title": "US and China extend research pact", "text": LEAD_TEXT}, "link"),
        (
            make_pact((12, 13, 2024)),
            {"title": "Pact renewed", "text": "It covers open laboratories."},
            "link",
        ),
        (
            make_pact(participants=("CN", "RS")),
            {"title": "China and Serbia renew science pact", "text": LEAD_TEXT},
            "new",
        ),
        (make_pact(), {"title": "Panda cubs for zoo", "text": "Two bears travel by plane."}, "new"),
        (make_pact((3, 1, 2025)), {"title": "US and China extend research pact", "text": LEAD_TEXT}, "new"),
    ],
)
def test_events_without_a_series_link_by_facts(mention: Mention, article: dict[str, str], band: str) -> None:
    known = make_known_pact(claims={"dates": "2024-12-13/2024-12-13"})
    assert decide(mention, known, published=date(2024, 12, 14), **article).band == band


def test_closeness_in_time_fades() -> None:
    known = make_known_pact()
    days = [date(2024, 12, 13), date(2024, 12, 20), date(2025, 1, 20), date(2025, 6, 1)]
    told = {"title": "Students hope for visas", "text": "The two sides spoke of open laboratories as well."}
    vague = make_pact(kind="exchange", participants=())
    scores = [decide(vague, known, published=day, **told).score for day in days]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == len(scores)


def test_the_time_of_fetching_never_counts() -> None:
    known = make_known_pact()
    fetched = [datetime(2024, 12, 14, tzinfo=UTC), datetime(2031, 1, 1, tzinfo=UTC)]
    decisions = [decide(make_pact(), known, fetched_at=at, title="Pact", text=LEAD_TEXT) for at in fetched]
    assert decisions[0] == decisions[1]


def test_meetings_outside_the_registry_are_told_apart_by_their_number() -> None:
    title = "12th Alpine Glacier Congress opens"
    known = make_known(
        "e-1",
        series=None,
        kind="conference",
        claims={"edition": "12"},
        published=date(2025, 6, 1),
        title=title,
    )
    same = make_mention(series=None, kind="conference", edition=12)
    next_one = make_mention(series=None, kind="conference", edition=13)
    article: dict[str, Any] = {"title": title, "text": "Ministers came.", "published": date(2025, 6, 1)}
    assert decide(same, known, **article).band == "link"
    assert decide(next_one, known, **article).band == "new"


def test_the_best_candidate_is_chosen_whatever_their_order() -> None:
    near = make_known_pact("e-near")
    far = make_known("e-far", series=None, published=date(2024, 11, 1), participants=("CN", "US"))
    article: dict[str, Any] = {"title": "Pact", "text": LEAD_TEXT, "published": date(2024, 12, 14)}
    assert decide(make_pact(), near, far, **article) == decide(make_pact(), far, near, **article)
    assert decide(make_pact(), far, near, **article).event_id == "e-near"


def test_bands_lie_above_each_other() -> None:
    assert 0 < REVIEW < LINK < 1


def test_a_conflict_of_identity_is_told() -> None:
    known = make_known(claims=FIRST)
    assert find_conflict(wanted(make_mention(edition=2), make_article()), known) == "edition: 2 against 1"
    assert find_conflict(wanted(make_mention(edition=1), make_article()), known) is None
    assert find_conflict(wanted(make_mention(), make_article()), known) is None


def test_likeness_alone_does_not_join_a_report_to_an_edition_of_long_ago() -> None:
    told: dict[str, Any] = {"title": "Guests praise conference in Chongqing", "text": LEAD_TEXT}
    known = make_known(claims=FIRST, published=date(2023, 11, 7), title=told["title"], lead=told["text"])
    mention = make_mention(series=None, kind="conference")
    assert decide(mention, known, published=date(2023, 11, 8), **told).band == "link"
    assert decide(mention, known, published=date(2025, 6, 12), **told).band == "new"


def test_across_languages_parties_kind_and_day_have_to_agree() -> None:
    known = make_known_pact(claims={"dates": "2024-12-13/2024-12-13"})
    told: dict[str, Any] = {"title": "中美续签科技合作协定", "text": "双方同意延长五年。", "language": "zh"}
    same = make_pact((12, 13, 2024))
    assert decide(same, known, published=date(2024, 12, 13), **told).band == "link"
    assert decide(same, known, published=date(2025, 1, 20), **told).band == "review"
    other = make_pact((12, 13, 2024), participants=("CN", "RS"))
    assert decide(other, known, published=date(2024, 12, 13), **told).band == "new"


def test_the_evidence_of_a_link_adds_up_to_its_score() -> None:
    told: dict[str, Any] = {"title": "China and US renew science pact", "text": LEAD_TEXT}
    decision = decide(make_pact(), make_known_pact(), published=date(2024, 12, 13), **told)
    assert decision.band == "link"
    shown = {reason.label: reason.value for reason in decision.evidence}
    assert shown["weights"].startswith(load_weights().version)
    assert shown["text"].startswith("100% alike, +")
    parts = [
        float(value.rpartition(", ")[2]) for label, value in shown.items() if label not in ("link", "weights")
    ]
    start = float(shown["weights"].removeprefix(f"{load_weights().version}, ").split()[0])
    assert to_probability(start + sum(parts)) == pytest.approx(decision.score, abs=0.02)
