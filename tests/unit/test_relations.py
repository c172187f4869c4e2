from datetime import UTC, date, datetime
from typing import Any

import pytest

from coopwatch.events.relations import find_relations
from schemas.records import Dossier, Evidence
from tests.builders import make_article, make_claim, make_coverage, make_event

MAY = date(2019, 5, 3)
LATER = date(2024, 9, 12)


def tell(
    event_id: str,
    *reasons: Evidence,
    role: str = "main",
    published: date = LATER,
    day: date | None = LATER,
    edition: int | None = None,
    **changes: Any,
) -> Dossier:
    """Return an event that one article covers, with reasons."""
    article = make_article(sum(map(ord, event_id)))
    good = {
        "kind": "agreement",
        "participants": ("CH", "NO"),
        "place": None,
        "start_date": day,
        "end_date": day,
    }
    at = datetime(published.year, published.month, published.day, tzinfo=UTC)
    row = make_coverage(article, event_id=event_id, role=role, published_at=at, evidence=reasons)
    said = make_claim(article, event_id=event_id, field="edition", value=str(edition), low=None, high=None)
    return Dossier(
        event=make_event(event_id=event_id, **{**good, **changes}),
        coverage=(row,),
        claims=(said,) if edition else (),
    )


def relate(*dossiers: Dossier, before: tuple[Dossier, ...] = ()) -> list[tuple[str, str, str]]:
    known = {dossier.event.event_id: dossier for dossier in before}
    after = known | {dossier.event.event_id: dossier for dossier in dossiers}
    return sorted((r.event_id, r.kind, r.other_event_id) for r in find_relations(known, after))


def reason(label: str, value: str) -> Evidence:
    return Evidence(label=label, value=value, quote=f"words on {value}")


FORUM = tell("forum-2", kind="conference", series="forum", edition=2)
WITHIN = tell("e-pact", reason("held within", "forum 2"))


def test_what_is_held_within_is_a_sub_event() -> None:
    assert relate(WITHIN, FORUM) == [("e-pact", "sub_event", "forum-2")]
    (relation,) = find_relations({}, {d.event.event_id: d for d in (WITHIN, FORUM)})
    assert (relation.article_id, relation.quote) == (WITHIN.coverage[0].article_id, "words on forum 2")


@pytest.mark.parametrize(("known", "new"), [(WITHIN, FORUM), (FORUM, WITHIN)])
def test_it_does_not_matter_which_became_known_first(known: Dossier, new: Dossier) -> None:
    assert relate(new, before=(known,)) == [("e-pact", "sub_event", "forum-2")]
    assert relate(before=(known, new)) == []


FOLLOWS = tell("e-lab", reason("follows", "agreement 2019-05-03/2019-05-03"), kind="laboratory")


@pytest.mark.parametrize(
    ("act", "is_meant"),
    [
        (tell("e-act", day=MAY), True),
        (tell("e-act", day=MAY, participants=("CH", "NO", "SE")), True),
        (tell("e-act", day=MAY, participants=("NO", "SE")), False),
        (tell("e-act", day=MAY, kind="conference"), False),
        (tell("e-act", day=date(2019, 5, 4)), False),
        (tell("e-act", day=None), False),
    ],
)
def test_a_later_act_follows_the_one_that_it_refers_to(act: Dossier, is_meant: bool) -> None:
    assert relate(FOLLOWS, act) == ([("e-lab", "follow_up", "e-act")] if is_meant else [])


def test_an_act_of_a_month_is_one_on_a_day_of_it() -> None:
    follows = tell("e-lab", reason("follows", "agreement 2019-05/2019-05"), kind="laboratory")
    assert relate(follows, tell("e-act", day=MAY)) == [("e-lab", "follow_up", "e-act")]


def test_of_two_acts_that_could_be_meant_none_is() -> None:
    assert relate(FOLLOWS, tell("e-act", day=MAY), tell("e-twin", day=MAY)) == []


PREVIEW = tell("e-preview", role="preview", published=date(2024, 9, 1), place="Bergen")


@pytest.mark.parametrize(
    ("report", "is_announced"),
    [
        (tell("e-report", place="Bergen"), True),
        (tell("e-report"), True),  # the place is not told
        (tell("e-report", place="Oslo"), False),
        (tell("e-report", place="Bergen", day=date(2024, 9, 14)), False),
        (tell("e-report", place="Bergen", kind="conference"), False),
        (tell("e-report", place="Bergen", participants=("CH", "SE")), False),
        (tell("e-report", place="Bergen", role="preview"), False),
        (tell("e-report", place="Bergen", published=date(2024, 8, 30)), False),  # it was told before
        (tell("e-report", place="Bergen", day=None), False),
    ],
)
def test_a_preview_announces_the_event_of_its_days_and_parties(report: Dossier, is_announced: bool) -> None:
    assert relate(PREVIEW, report) == ([("e-preview", "announcement_of", "e-report")] if is_announced else [])


def test_a_preview_that_could_announce_two_events_announces_none() -> None:
    assert relate(PREVIEW, tell("e-report", place="Bergen"), tell("e-twin", place="Bergen")) == []


def test_an_announcement_is_told_once() -> None:
    report = tell("e-report", place="Bergen")
    assert relate(report, before=(PREVIEW,)) == [("e-preview", "announcement_of", "e-report")]
    assert relate(before=(PREVIEW, report)) == []


def test_previews_of_two_editions_stay_apart() -> None:
    preview = tell("e-preview", role="preview", published=date(2024, 9, 1), series="forum", edition=3)
    report = tell("forum-2", series="forum", edition=2)
    assert relate(preview, report) == [("e-preview", "same_series", "forum-2")]


def test_a_redirect_is_related_to_nothing() -> None:
    gone = FORUM.model_copy(update={"event": FORUM.event.model_copy(update={"merged_into": "forum-9"})})
    assert relate(WITHIN, gone) == []
