from datetime import UTC, date, datetime
from typing import Any

import pytest

from coopwatch.events.doubles import measure_alike
from coopwatch.events.relations import find_relations
from coopwatch.events.weights import load_weights
from coopwatch.reports import to_plain_evidence, word_event
from schemas.records import Dossier, EventRelation, Evidence, RelationKind
from tests.builders import make_article, make_claim, make_coverage, make_event
from tests.unit.event_archive import Archive
from tests.unit.event_stories import make_membership, make_story

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


Told = tuple[str, str, date, str]  # title, text, day of publication, language

SECOND_EN: Told = (
    "Second BRST opens in Chengdu",
    """
    The second Belt and Road Conference on Science and Technology Exchange opened in Chengdu, China, on June
    11, 2025. Ministers from sixty states came to it.
    """,
    date(2025, 6, 12),
    "en",
)
SECOND_ZH: Told = (
    "第二届“一带一路”科技交流大会在成都开幕",
    "第二届“一带一路”科技交流大会6月11日在四川成都开幕。来自60个国家的代表出席大会。",
    date(2025, 6, 11),
    "zh",
)
FIRST_EN: Told = (
    "BRST closes in Chongqing",
    """
    The first Belt and Road Conference on Science and Technology Exchange closed in Chongqing, China, on
    November 7, 2023. Its guests had come from eighty countries.
    """,
    date(2023, 11, 8),
    "en",
)
BESIDE_EN: Told = (
    "Kenya and China sign agreement on lake research",
    """
    Kenya and China signed an agreement on lake research in Chengdu on June 11, 2025, on the sidelines of the
    second Belt and Road Conference on Science and Technology Exchange.

    Under it a joint laboratory will open in Kisumu. Both academies pay half of its cost.
    """,
    date(2025, 6, 12),
    "en",
)
FORUM_EN: Told = (
    "Forum on lake research opens in Chengdu",
    """
    A forum on lake research opened in Chengdu on June 11, 2025 as part of the second Belt and Road Conference
    on Science and Technology Exchange. Two hundred scientists speak about clean water.
    """,
    date(2025, 6, 12),
    "en",
)
BESIDE_ZH: Told = (
    "中国与肯尼亚签署湖泊研究合作协议",
    "6月11日，中国与肯尼亚在成都签署湖泊研究合作协议。该协议是在第二届“一带一路”科技交流大会期间签署的。",
    date(2025, 6, 12),
    "zh",
)
PACT_EN: Told = (
    "Kenya and Norway sign agreement on lake research",
    "Kenya and Norway signed an agreement on cooperation in lake research in Oslo on May 3, 2019.",
    date(2019, 5, 4),
    "en",
)
LABORATORY_EN: Told = (
    "Kenya and Norway open joint lake laboratory",
    """
    Kenya and Norway opened a joint laboratory for lake research in Kisumu on September 12, 2024. It builds on
    the agreement signed by both countries on May 3, 2019 in Oslo.
    """,
    date(2024, 9, 13),
    "en",
)
PACT_ZH: Told = (
    "中国与肯尼亚签署湖泊研究合作协议",
    "中国与肯尼亚5月3日在北京签署湖泊研究合作协议。",
    date(2019, 5, 4),
    "zh",
)
LABORATORY_ZH: Told = (
    "中肯联合实验室揭牌",
    "中国与肯尼亚湖泊研究联合实验室2024年9月12日在基苏木揭牌。根据两国2019年5月3日签署的合作协议，双方将研究湖泊。",
    date(2024, 9, 13),
    "zh",
)
PREVIEW_EN: Told = (
    "Kenya and China to sign pact on lakes",
    "Kenya and China will sign an agreement on lake research on September 12, 2024, both ministries said.",
    date(2024, 8, 20),
    "en",
)
REPORT_ZH: Told = (
    "中肯签署湖泊科学协议",
    "9月12日，中国与肯尼亚在北京签署湖泊科学合作协议，两国部长出席签字仪式。",
    date(2024, 9, 12),
    "zh",
)
PREVIEW_ZH: Told = (
    "中国与肯尼亚将签署湖泊研究合作协议",
    "中国与肯尼亚将于2024年9月12日签署湖泊研究合作协议。",
    date(2024, 8, 20),
    "zh",
)
REPORT_EN: Told = (
    "Kenya and China sign deal on lake science",
    "Kenya and China signed an agreement on lake science in Beijing on September 12, 2024.",
    date(2024, 9, 13),
    "en",
)


def follow(*told: Told) -> tuple[Archive, list[EventRelation]]:
    """Enter one article after the other; return all events, and the relations that were found."""
    archive = Archive()
    relations: list[EventRelation] = []
    for number, (title, text, day, language) in enumerate(told, 1):
        story = make_story(number, title, text, day, language=language)
        relations += archive.enter((story, make_membership(story, f"t-{number}"))).relations
    return archive, relations


SAID: list[tuple[Told, Told, RelationKind, str]] = [
    (BESIDE_EN, SECOND_EN, "sub_event", "on the sidelines of the second Belt and Road"),
    (FORUM_EN, SECOND_EN, "sub_event", "as part of the second Belt and Road"),
    (BESIDE_ZH, SECOND_ZH, "sub_event", "科技交流大会期间签署"),
    (LABORATORY_EN, PACT_EN, "follow_up", "builds on the agreement signed by both countries"),
    (LABORATORY_ZH, PACT_ZH, "follow_up", "根据两国2019年5月3日"),
]
ANNOUNCED: list[tuple[Told, Told, RelationKind, str]] = [
    (PREVIEW_EN, REPORT_ZH, "announcement_of", "to sign pact on lakes"),
    (PREVIEW_ZH, REPORT_EN, "announcement_of", "将签署湖泊研究合作协议"),
]


@pytest.mark.parametrize(
    ("one", "other", "kind", "words", "is_reversed"),
    [(*said, is_reversed) for said in SAID for is_reversed in (False, True)]
    + [(*said, True) for said in ANNOUNCED],
)
def test_what_texts_say_of_two_events_relates_them(
    one: Told, other: Told, kind: RelationKind, words: str, is_reversed: bool
) -> None:
    archive, found = follow(*((other, one) if is_reversed else (one, other)))
    on_it = {dossier.coverage[0].title: event_id for event_id, dossier in archive.dossiers.items()}
    (relation,) = {(r.event_id, r.other_event_id, r.article_id, r.quote) for r in found if r.kind == kind}
    event_id, other_id, article_id, quote = relation
    assert event_id in archive.dossiers
    assert (archive.dossiers[event_id].event.series, event_id == other_id) == (None, False)
    assert other_id == on_it.get(other[0], other_id)
    assert article_id in {row.article_id for row in archive.dossiers[event_id].coverage}
    assert quote is not None
    assert words in quote
    shown = word_event(archive.dossiers[event_id], found)
    assert f"{kind.replace('_', ' ')}: {other_id}" in shown
    assert words in to_plain_evidence(archive.dossiers[event_id], found, ())["relations"][0]["quote"]


@pytest.mark.parametrize(("preview", "report"), [said[:2] for said in ANNOUNCED])
def test_a_report_that_comes_after_its_preview_is_on_the_same_event(preview: Told, report: Told) -> None:
    archive, found = follow(preview, report)
    (dossier,) = archive.dossiers.values()
    assert ([row.role for row in dossier.coverage], found) == (["preview", "main"], [])


@pytest.mark.parametrize("told", [(FIRST_EN, SECOND_EN), (SECOND_ZH, FIRST_EN)])
def test_two_editions_of_a_series_are_related_and_apart(told: tuple[Told, Told]) -> None:
    archive, found = follow(*told)
    assert sorted(archive.dossiers) == ["brst-1", "brst-2"]
    assert [(r.event_id, r.kind, r.other_event_id) for r in found] == [("brst-1", "same_series", "brst-2")]


@pytest.mark.parametrize("told", [BESIDE_EN, BESIDE_ZH])
def test_what_is_signed_beside_a_conference_is_an_event_of_its_own(told: Told) -> None:
    archive, _ = follow(told)
    conference = archive.dossiers.pop("brst-2")
    assert [row.role for row in conference.coverage] == ["sub_event"]
    assert {claim.field for claim in conference.claims} == {"edition"}
    (pact,) = archive.dossiers.values()
    assert [row.role for row in pact.coverage] == ["main"]
    event = pact.event
    assert (event.kind, event.participants, event.edition) == ("agreement", ("CN", "KE"), None)
    assert (event.place, event.start_date) == ("Chengdu", date(2025, 6, 11))


def test_an_event_and_what_it_holds_are_never_one_however_alike_their_texts() -> None:
    archive, _ = follow(BESIDE_EN)
    assert len(archive.dossiers) == 2
    assert measure_alike(tuple(archive.dossiers.values()), load_weights()) == {}


def test_a_copy_of_what_was_signed_beside_a_conference_is_on_both_events() -> None:
    archive = Archive()
    for number in (1, 2):
        story = make_story(number, *BESIDE_EN[:3])
        archive.enter((story, make_membership(story, "t-1", is_reprint=number > 1)))
    assert sorted(dossier.event.articles for dossier in archive.dossiers.values()) == [2, 2]
    assert {dossier.event.text_groups for dossier in archive.dossiers.values()} == {1}


def test_what_only_names_a_conference_in_its_headline_says_nothing_of_another_event() -> None:
    title = "On the sidelines of the second Belt and Road Conference on Science and Technology Exchange"
    archive, _ = follow((title, "Its delegates rode bicycles through Chengdu on June 11, 2025.", LATER, "en"))
    assert sorted(archive.dossiers) == ["brst-2"]
