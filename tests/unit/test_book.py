from datetime import date
from itertools import permutations
from pathlib import Path

import pytest

from coopwatch.events.book import Linked, candidate_keys
from coopwatch.events.candidates import DAY_BITS
from coopwatch.events.linking import VERSION
from coopwatch.events.pins import Pins, StandingPin, make_pin
from schemas.records import PinKind
from tests.unit.event_archive import Archive, Story, enter, read
from tests.unit.event_stories import NOW, make_membership, make_story, read_seed, tell_first_case


def tell(*names: str) -> list[Story]:
    case = tell_first_case()
    return [case[name] for name in names]


def hold_first_case(archive: Archive) -> None:
    assert sorted(archive.dossiers) == ["belt-and-road-forum-3", "brst-1", "brst-2"]
    first = archive.event("brst-1")
    assert (first.series, first.edition) == ("brst", 1)
    assert (first.start_date, first.end_date) == (date(2023, 11, 6), date(2023, 11, 7))
    assert (first.place, first.country) == ("Chongqing", "CN")
    assert (first.articles, first.text_groups, first.independent_sources) == (5, 2, 2)
    claims = archive.dossiers["brst-1"].claims
    attendance = [c for c in claims if c.field == "attendance"]
    assert sorted((c.low, c.high, c.qualifier, c.status) for c in attendance) == [
        (800, 800, None, "soft_conflict"),
        (900, 1000, "nearly", "soft_conflict"),
    ]
    assert {(c.value, c.status) for c in claims if c.field.startswith("attendance.")} == {
        ("300", "component"),
        ("500", "component"),
    }
    assert [(c.value, c.status) for c in claims if c.field == "countries"] == [("80", "agrees")] * 2
    assert [(c.value, c.qualifier) for c in claims if c.status == "inherited"] == [
        ("2023-11-06/2023-11-07", "year inherited from the event")
    ]
    second, forum = archive.event("brst-2"), archive.event("belt-and-road-forum-3")
    assert (second.edition, second.place, second.articles) == (2, "Chengdu", 1)
    assert (forum.edition, forum.place, forum.articles) == (3, "Beijing", 1)
    assert archive.relations == {
        ("brst-1", "same_series", "brst-2"),
        ("brst-1", "mentioned", "belt-and-road-forum-3"),
        ("brst-2", "mentioned", "brst-1"),
    }


def test_the_first_case_in_one_batch() -> None:
    archive = Archive()
    archive.enter(*tell_first_case().values())
    hold_first_case(archive)
    assert sorted(archive.changes) == [
        ("belt-and-road-forum-3", "new_event"),
        ("brst-1", "new_event"),
        ("brst-2", "new_event"),
    ]


def test_the_first_case_article_by_article_in_every_order() -> None:
    reprints = tell("retitled", "edited")
    shown = []
    for order in permutations(tell("release", "cut", "institute", "second", "forum")):
        archive = Archive()
        for story in (*order, *reprints):
            archive.enter(story)
        hold_first_case(archive)
        shown.append(archive.show())
        assert archive.changes.count(("brst-1", "new_event")) == 1
        assert archive.changes.count(("brst-1", "new_source")) <= 1
        assert len(archive.changes) <= 4
    assert all(one == shown[0] for one in shown)


def test_the_first_case_in_two_batches_cut_anywhere() -> None:
    stories = list(tell_first_case().values())
    whole = Archive()
    whole.enter(*stories)
    for at in range(1, len(stories)):
        archive = Archive()
        archive.enter(*stories[at:])
        archive.enter(*stories[:at])
        assert archive.show() == whole.show()


def test_the_order_inside_a_batch_does_not_matter() -> None:
    stories = list(tell_first_case().values())
    assert enter(stories) == enter(reversed(stories))


def test_reprints_change_the_event_and_call_for_no_alert() -> None:
    archive = Archive()
    archive.enter(*tell("release"))
    archive.enter(*tell("retitled", "cut", "edited"))
    assert archive.latest == []
    event = archive.event("brst-1")
    assert (event.articles, event.text_groups, event.independent_sources, event.revision) == (4, 1, 1, 2)
    assert {row.family for row in archive.dossiers["brst-1"].coverage} == {"city"}
    explained = {e.label: e.value for e in archive.dossiers["brst-1"].coverage[-1].evidence}
    assert explained["text"] == "t-release, derived from the release"


def test_an_independent_voice_is_announced_once_a_batch() -> None:
    archive = Archive()
    archive.enter(*tell("release"))
    more = make_story(8, "Notes from BRST", "The first BRST opened on November 6, 2023 in Chongqing, China.")
    archive.enter(*tell("institute"), (more, make_membership(more, "t-notes")))
    assert [(change.kind, change.revision) for change in archive.latest] == [("new_source", 2)]
    assert archive.event("brst-1").independent_sources == 3


def test_an_article_that_is_held_already_changes_nothing() -> None:
    archive = Archive()
    stories = tuple(tell_first_case().values())
    archive.enter(*stories)
    assert archive.enter(*stories) == Linked(dossiers=(), relations=())


def test_a_reprint_without_the_name_of_the_event_inherits_the_link() -> None:
    archive = Archive()
    archive.enter(*tell("release"))
    cut = make_story(9, "Laboratories to be shared", "Its motto puts invention before trade.")
    archive.enter((cut, make_membership(cut, "t-release", is_reprint=True)))
    assert archive.event("brst-1").articles == 2
    evidence = archive.dossiers["brst-1"].coverage[1].evidence
    assert any(e.value == "brst-1, because its text is on that event" for e in evidence)


def test_a_text_written_over_that_of_another_edition_is_not_of_that_edition() -> None:
    archive = Archive()
    archive.enter(*tell("release"))
    text = "The second Belt and Road Conference on Science and Technology Exchange (BRST) opened in Chengdu."
    copied = make_story(9, "Second BRST opens", text, date(2025, 6, 11))
    archive.enter((copied, make_membership(copied, "t-release", is_reprint=True)))
    assert sorted(archive.dossiers) == ["brst-1", "brst-2"]


def test_an_event_learns_its_series_from_a_later_article() -> None:
    archive = Archive()
    cut = make_story(9, "Laboratories to be shared", "Its motto puts invention before trade.")
    archive.enter((cut, make_membership(cut, "t-release", is_reprint=True)))
    archive.enter(*tell("release", "second"))
    (event_id,) = {event_id for event_id in archive.dossiers if event_id != "brst-2"}
    event = archive.event(event_id)
    assert event_id.startswith("e-")  # an id that was once given stays
    assert (event.series, event.edition, event.kind, event.articles) == ("brst", 1, "conference", 2)
    assert (*sorted((event_id, "brst-2")),) in {
        (one, other) for one, kind, other in archive.relations if kind == "same_series"
    }


def test_a_likely_event_that_is_not_certain_is_opened_apart_and_says_so() -> None:
    archive = Archive()
    archive.enter(*tell("release"))
    late = make_story(
        9,
        "Looking back at the Belt and Road Conference on Science and Technology Exchange",
        "Guests of the BRST in Chongqing, China, remember the meeting that took place in Chongqing.",
        date(2023, 12, 10),
    )
    linked = archive.enter((late, make_membership(late, "t-late")))
    (dossier,) = linked.dossiers
    assert dossier.event.event_id != "brst-1"
    assert any(e.label == "review" and e.value.startswith("brst-1") for e in dossier.coverage[0].evidence)


def test_two_events_of_a_series_in_one_year_have_two_ids() -> None:
    archive = Archive()
    for number, month in ((1, "March"), (2, "October")):
        text = f"The US-China Science and Technology Agreement was renewed on {month} 3, 2024."
        story = make_story(number, "US-China Science and Technology Agreement renewed", text)
        archive.enter((story, make_membership(story, f"t-{number}")))
    assert len(archive.dossiers) == 2
    assert "us-china-sta-2024" in archive.dossiers
    assert {dossier.event.articles for dossier in archive.dossiers.values()} == {1}


PACTS = (
    (
        "China, U.S. extend pact on research for five years",
        """
        China and the United States signed a protocol on December 13, 2024 in Beijing that extends their
        agreement on cooperation in science and technology for five years. It was first signed in 1979.
        """,
        date(2024, 12, 13),
    ),
    (
        "US and China renew science and technology agreement",
        """
        The United States and China have renewed an agreement on science and technology for five years, the
        State Department said on Friday. The protocol adds rules on data.
        """,
        date(2024, 12, 14),
    ),
    (
        "Narrower science deal between Washington and China",
        """
        A renewed agreement between the United States and China on science and technology leaves critical
        fields out. Officials signed the protocol on December 13.
        """,
        date(2024, 12, 15),
    ),
)
OTHER_PACT = (
    "Brazil and India sign agreement on science and technology",
    """
    Brazil and India signed an agreement on cooperation in science and technology for five years on December
    13, 2024 in Delhi. The protocol covers vaccines and satellites.
    """,
    date(2024, 12, 14),
)


def tell_pacts() -> list[Story]:
    stories = [make_story(number, *pact) for number, pact in enumerate([*PACTS, OTHER_PACT], 1)]
    return [(story, make_membership(story, f"t-{number}")) for number, story in enumerate(stories)]


def test_three_reports_on_a_pact_are_one_event_and_another_pact_is_another() -> None:
    for order in permutations(tell_pacts()):
        archive = Archive()
        for story in order:
            archive.enter(story)
        events = sorted(
            (dossier.event for dossier in archive.dossiers.values()), key=lambda event: -event.articles
        )
        assert [(e.articles, e.participants, e.kind) for e in events] == [
            (3, ("CN", "US"), "agreement"),
            (1, ("BR", "IN"), "agreement"),
        ]
        assert [e.start_date for e in events] == [date(2024, 12, 13)] * 2
        assert [e.name for e in events] == [PACTS[0][0], OTHER_PACT[0]]


def test_the_keys_of_candidates_are_series_texts_and_terms() -> None:
    stories = tell("release", "institute")
    keys = candidate_keys(read(stories), {article.article_id: group for article, group in stories})
    assert keys.series == {"brst", "belt-and-road-forum"}
    assert keys.text_group_ids == {"t-release", "t-institute"}
    assert keys.terms.keys() == {article.article_id for article, _ in stories}


def test_a_new_report_asks_for_terms_that_were_stored_with_its_event() -> None:
    first, second, third, _ = tell_pacts()
    linked = enter([first])
    (stored,) = linked.terms.values()
    for story in (second, third):
        article, group = story
        keys = candidate_keys(read([story]), {article.article_id: group})
        asked = keys.terms[article.article_id]
        assert {term >> DAY_BITS for term in asked} & {term >> DAY_BITS for term in stored}


@pytest.mark.shared
@pytest.mark.parametrize("published", [None, date(2023, 12, 2), date(2024, 9, 1)])
def test_the_seeds_are_one_event_whichever_comes_first(shared_data: Path, published: date | None) -> None:
    release, _ = tell_first_case()["release"]
    title, _, text = read_seed(shared_data, "000").partition("\n\n")
    first = release.model_copy(update={"title": title, "text": text})
    second = make_story(
        2,
        "First Belt and Road Conference on Science and Technology Exchange",
        read_seed(shared_data, "004"),
        published,
    )
    stories = [(first, make_membership(first, "t-1")), (second, make_membership(second, "t-2"))]
    for order in (stories, stories[::-1]):
        archive = Archive()
        for story in order:
            archive.enter(story)
        assert sorted(archive.dossiers) == ["brst-1"]
        event = archive.event("brst-1")
        assert (event.start_date, event.end_date) == (date(2023, 11, 6), date(2023, 11, 7))
        assert (event.place, event.country, event.independent_sources) == ("Chongqing", "CN", 2)
        claims = {(c.field, c.value, c.status) for c in archive.dossiers["brst-1"].claims}
        assert {
            ("attendance", "800", "soft_conflict"),
            ("attendance", "1000", "soft_conflict"),
            ("attendance.international", "300", "component"),
            ("attendance.domestic", "500", "component"),
            ("countries", "80", "agrees"),
            ("dates", "2023-11-06/2023-11-06", "compatible"),
            ("dates", "2023-11-06/2023-11-07", "inherited"),
        } <= claims
        assert not {value for _, value, _ in claims} & {"10", "100", "2010"}


def test_an_article_may_be_on_several_events() -> None:
    archive = Archive()
    archive.enter(*tell("second"))
    text = """
    The second Belt and Road Conference on Science and Technology Exchange opened in Chengdu, China, on June
    11, 2025. Ministers of many states came to it.

    The World Science Forum will meet in Lima on July 1, 2025. Its programme has forty sessions on open data,
    and young chemists may apply for grants until the end of this week.
    """
    both = make_story(9, "Second BRST opens in Chengdu", text, date(2025, 6, 12))
    linked = archive.enter((both, make_membership(both, "t-both")))
    covered = {d.event.series: d.event.articles for d in linked.dossiers}
    assert covered == {"brst": 2, "world-science-forum": 1}
    assert archive.enter((both, make_membership(both, "t-both"))).dossiers == ()


def test_what_founded_an_event_joins_one_that_grew_in_the_same_batch() -> None:
    """The first to come is the odd one: by then there is nothing that it is like."""
    stories = tell_pacts()
    shown = []
    for order in permutations(stories[:3]):
        archive = Archive()
        archive.enter(*order)
        shown.append(archive.show())
        assert len(archive.dossiers) == 1
    assert all(one == shown[0] for one in shown)


def test_a_digest_founds_an_event_for_each_of_its_sections() -> None:
    archive = Archive()
    text = """
    Glacier pact

    Norland and Brazil signed an agreement on ice cores on June 10, 2025 in Lima. Both academies will pay half
    of what the drilling costs, and their students will take turns in the laboratory.

    New telescope

    France and Japan opened a telescope on June 9, 2025 in Chile. It looks for planets of near stars, and
    twenty universities of both countries share the hours of its nights.
    """
    digest = make_story(9, "Science digest of the week", text, date(2025, 6, 12))
    linked = archive.enter((digest, make_membership(digest, "t-digest")))
    assert {d.event.kind: d.event.articles for d in linked.dossiers} == {"agreement": 1, "facility": 1}


def make_pinned(kind: PinKind, story: Story, event_id: str) -> StandingPin:
    pin = make_pin(kind, story[0].article_id, event_id, NOW, actor="ada")
    return StandingPin(**pin.model_dump(), text_group_id=story[1].text_group_id)


def test_an_article_that_is_pinned_to_an_event_is_on_it_whatever_it_says() -> None:
    archive = Archive()
    archive.enter(*tell("release"))
    (story,) = tell("forum")
    (dossier,) = archive.enter(story, pins=Pins([make_pinned("must_link", story, "brst-1")])).dossiers
    assert dossier.event.event_id == "brst-1"
    assert dossier.coverage[-1].linked_by == "ada"
    assert any(reason.label == "pin" for reason in dossier.coverage[-1].evidence)


def test_an_article_that_is_pinned_off_an_event_founds_another() -> None:
    archive = Archive()
    archive.enter(*tell("release"))
    (story,) = tell("institute")
    (dossier,) = archive.enter(story, pins=Pins([make_pinned("cannot_link", story, "brst-1")])).dossiers
    assert dossier.event.event_id != "brst-1"


def test_a_pin_on_an_event_that_is_not_at_hand_is_passed_over() -> None:
    archive = Archive()
    (story,) = tell("release")
    (dossier,) = archive.enter(story, pins=Pins([make_pinned("must_link", story, "e-far-away")])).dossiers
    assert dossier.event.event_id == "brst-1"
    assert dossier.coverage[0].linked_by == VERSION


def test_an_event_has_the_name_that_its_texts_give_it_rather_than_a_headline() -> None:
    archive = Archive()
    titles = ("Oslo hosts lake researchers", "Lake researchers count their fish")
    for number, title in enumerate(titles, 1):
        text = """
        The third Lake Science Forum (LSF) opened in Oslo, Norway, on June 11, 2025. Lake researchers of forty
        countries count fish and algae there. The LSF drew 420 participants.
        """
        story = make_story(number, title, text, date(2025, 6, 11 + number))
        archive.enter((story, make_membership(story, f"t-{number}")))
    (dossier,) = archive.dossiers.values()
    assert (dossier.event.name, dossier.event.edition) == ("Lake Science Forum (LSF)", 3)
    named = [reason for row in dossier.coverage for reason in row.evidence if reason.label == "named"]
    assert {reason.value for reason in named} == {"Lake Science Forum (LSF)"}


ACCESSIONS = (
    (
        "Brazil joins CERN as associate member",
        "Brazil became an associate member of CERN on March 13, 2024. Brazilian firms may now bid there.",
        date(2024, 3, 14),
    ),
    (
        "CERN welcomes Brazil",
        """
        Brazil has joined CERN as an associate member state. The accession agreement entered into force on
        March 13, 2024. Its physicists have worked on the collider for thirty years.
        """,
        date(2024, 3, 15),
    ),
    (
        "Estonia joins CERN as full member",
        "Estonia became a full member of CERN on August 30, 2024. Its flag was raised in Geneva.",
        date(2024, 9, 1),
    ),
    (
        "Brazil accedes to the SKAO",
        "Brazil joined the SKAO as a member on March 13, 2024 and will help to build its telescopes.",
        date(2024, 3, 14),
    ),
)


def test_reports_on_an_accession_are_one_event_and_other_accessions_are_others() -> None:
    stories = [make_story(number, *told) for number, told in enumerate(ACCESSIONS, 1)]
    for order in permutations(stories):
        archive = Archive()
        for story in order:
            archive.enter((story, make_membership(story, f"t-{story.entry_id}")))
        assert sorted((d.event.participants, d.event.articles) for d in archive.dossiers.values()) == [
            (("BR", "CERN"), 2),
            (("BR", "SKAO"), 1),
            (("CERN", "EE"), 1),
        ]
        assert {dossier.event.kind for dossier in archive.dossiers.values()} == {"accession"}
