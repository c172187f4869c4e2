"""What a message says of an event: what, where, when, who, how many sources, what is new, where it stands."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from coopwatch.alerting.messages import MAX_LINKS, find_first, make_message
from coopwatch.alerting.rendering import render_plain, render_subject
from coopwatch.alerting.rendering.plain import MAX_CHARS
from schemas.records import Article, ChangeKind, Claim, Dossier, EventChange, Message
from tests.builders import NOW, make_article, make_claim, make_coverage, make_dossier

ONE, TWO = make_article(1), make_article(2)


def word(article: Article, field: str, value: str, **rest: Any) -> Claim:
    return make_claim(article, field=field, value=value, low=None, high=None, **rest)


def tell(*claims: Claim, articles: tuple[Article, ...] = (ONE, TWO), **event: Any) -> Dossier:
    dossier = make_dossier(*articles, **event)
    voices = tuple(row.model_copy(update={"family": row.article_id}) for row in dossier.coverage)
    return dossier.model_copy(update={"coverage": voices, "claims": claims})


def make_change(kind: ChangeKind = "new_event", article: Article = ONE, detail: str = "") -> EventChange:
    return EventChange(event_id="e-1", kind=kind, revision=2, article_id=article.article_id, detail=detail)


def facts_of(dossier: Dossier) -> dict[str, str]:
    return dict(make_message([make_change()], dossier).facts)


def test_it_says_what_where_when_who_and_how_many_sources() -> None:
    facts = facts_of(
        tell(
            word(ONE, "organisers", "Norland Academy", qualifier="host"),
            word(TWO, "organisers", "Ice Society", qualifier="sponsor"),
            word(TWO, "participants.speaker", "Ada Berg"),
            word(TWO, "outcomes.document", "Harbour Declaration", qualifier="released"),
            end_date="2025-06-26",
        )
    )
    assert facts == {
        "What": "laboratory",
        "Where": "Harbour City, Norway",
        "When": "2025-06-24 to 2025-06-26",
        "Who": "Norway, Switzerland",
        "Sources": "2 independent sources, 2 texts, 2 articles",
        "Outcomes": "document released: Harbour Declaration",
        "Organisers": "Norland Academy (host), Ice Society (sponsor)",
        "Taking part": "Ada Berg (speaker)",
    }


def test_it_is_silent_about_what_nobody_knows() -> None:
    nothing = tell(start_date=None, end_date=None, place=None, country=None, participants=())
    assert list(facts_of(nothing)) == ["What", "Sources"]


FIFTY = {"value": "50", "low": 45.0, "high": 50.0, "qualifier": "nearly"}


@pytest.mark.parametrize(
    ("claims", "attendance"),
    [
        ((make_claim(ONE),), "40 (1 source)"),
        ((make_claim(ONE, status="agrees"), make_claim(TWO, status="agrees")), "40 (2 sources agree)"),
        (
            (make_claim(ONE, status="soft_conflict"), make_claim(TWO, status="soft_conflict", **FIFTY)),
            "40 / nearly 50 (near each other, 40 to 50)",
        ),
        (
            (
                make_claim(ONE, status="conflict"),
                make_claim(TWO, status="conflict", value="400", low=400.0, high=400.0),
            ),
            "40 / 400 (contradictory, 40 to 400)",
        ),
        ((make_claim(ONE, field="attendance.students", status="component"),), None),
    ],
)
def test_figures_stand_with_their_status(claims: tuple[Claim, ...], attendance: str | None) -> None:
    assert facts_of(tell(*claims)).get("Attendance") == attendance


def test_facts_in_conflict_are_shown_first_and_others_not_at_all() -> None:
    facts = facts_of(
        tell(
            make_claim(ONE),
            word(ONE, "place", "Harbour City", status="conflict"),
            word(TWO, "place", "Lake Town", status="conflict"),
            word(ONE, "theme", "Ice", status="soft_conflict"),
        )
    )
    assert facts["Place"] == "Harbour City / Lake Town (contradictory)"
    assert "Theme" not in facts
    assert list(facts).index("Place") < list(facts).index("Attendance")


def test_one_name_too_many_is_shown_rather_than_counted() -> None:
    five = ["NO", "SE", "DK", "FI", "IS"]
    assert facts_of(tell(participants=tuple(five)))["Who"] == "Norway, Sweden, Denmark, Finland, Iceland"
    assert facts_of(tell(participants=(*five, "CH")))["Who"] == "Norway, Sweden, Denmark, Finland, 2 more"


@pytest.mark.parametrize(
    ("distributor", "issuer", "publisher"),
    [
        ("PRNewswire", "Harbour Academy", "The Courier (text of Harbour Academy via PRNewswire)"),
        (
            "PRNewswire",
            "Harbour Academy of Ice and Snow",
            "The Courier (text of Harbour Academy of Ice and Snow)",
        ),
        ("PRNewswire", "Harbour " * 8 + "Academy", "The Courier"),
    ],
)
def test_the_origin_of_a_text_is_named_as_far_as_there_is_room(
    distributor: str, issuer: str, publisher: str
) -> None:
    dossier = make_dossier(ONE)
    row = make_coverage(ONE, distributor=distributor, issuer=issuer)
    message = make_message([make_change()], dossier.model_copy(update={"coverage": (row,)}))
    assert [link.publisher for link in message.links] == [publisher]


def test_an_article_without_a_day_is_given_none() -> None:
    dossier = make_dossier(ONE)
    row = make_coverage(ONE, published_at=None)
    message = make_message([make_change()], dossier.model_copy(update={"coverage": (row,)}))
    assert message.news == "reported by The Courier"


DAY = timedelta(days=1)  # what the builders make is seen at NOW


@pytest.mark.parametrize(
    ("published", "first"),
    [
        ([NOW - DAY, NOW - 2 * DAY, NOW - 3 * DAY], 3),
        ([NOW - 2 * DAY, NOW - 3 * DAY, NOW - DAY], 2),
        ([NOW - DAY, NOW - DAY, NOW], 1),
        ([None, NOW - DAY, NOW - 2 * DAY], 3),
        ([None, None, None], 1),
        ([NOW + DAY, None, NOW + DAY], 2),
        ([], None),
    ],
)
def test_the_first_to_report_is_what_was_published_first(
    published: list[datetime | None], first: int | None
) -> None:
    rows = tuple(
        make_coverage(make_article(number), published_at=moment) for number, moment in enumerate(published, 1)
    )
    found = find_first(make_dossier().model_copy(update={"coverage": rows}))
    assert (found.url if found else None) == (make_article(first).url if first else None)


def test_a_new_event_is_told_by_who_published_first_and_another_source_by_what_is_new() -> None:
    dossier = make_dossier(ONE, TWO)
    rows = (
        make_coverage(ONE, publisher="The Courier"),
        make_coverage(TWO, publisher="Ice Daily", published_at=NOW - 30 * DAY, text_group_id="t"),
        make_coverage(make_article(3), publisher="Reprinter", text_group_id="t", issuer="Norland Academy"),
    )
    dossier = dossier.model_copy(update={"coverage": rows, "claims": ()})
    assert make_message([make_change()], dossier).news == (
        "reported by Ice Daily (text of Norland Academy) on 2025-06-01"
    )
    told = make_message([make_change("new_source", make_article(3))], dossier).news
    assert told == "also reported by Reprinter (text of Norland Academy) on 2025-06-24"


def test_what_a_corrected_version_said_is_gone() -> None:
    facts = facts_of(tell(make_claim(ONE, value="4", low=4.0), make_claim(ONE, article_version=2)))
    assert facts["Attendance"].startswith("40 (")


@pytest.mark.parametrize(
    ("changes", "title", "news"),
    [
        ([make_change()], "New", "reported by The Courier on 2025-06-24"),
        ([make_change("new_source", TWO)], "Another source", "also reported by The Courier on 2025-06-24"),
        ([make_change("correction", TWO, "attendance: 4 → 40")], "Corrected", "attendance: 4 → 40"),
        (
            [make_change("new_source", TWO), make_change("changed_figure", TWO, "attendance: 4 → 40")],
            "Another figure",
            "attendance: 4 → 40; also reported by The Courier on 2025-06-24",
        ),
        (
            [make_change("new_source", make_article(9))],
            "Another source",
            "also reported by an article",
        ),
    ],
)
def test_title_and_news_say_what_is_new(changes: list[EventChange], title: str, news: str) -> None:
    message = make_message(changes, make_dossier(ONE, TWO, edition=2))
    assert message.title == f"{title}: Opening of the joint ice core laboratory (edition 2)"
    assert message.news == news
    assert message.evidence == "coopwatch show e-1"


def test_links_begin_with_the_text_that_brought_the_change() -> None:
    articles = tuple(make_article(number) for number in range(1, 8))
    message = make_message([make_change("new_source", articles[5])], make_dossier(*articles))
    assert message.links[0].url == articles[5].url
    assert len(message.links) == MAX_LINKS
    assert message.more_links == 3


def test_reprints_are_a_note_and_the_copy_that_brought_the_change_is_shown() -> None:
    rows = (
        make_coverage(ONE, text_group_id="t"),
        make_coverage(TWO, text_group_id="t", issuer="Norland Academy", distributor="Wire"),
    )
    dossier = make_dossier(ONE, TWO).model_copy(update={"coverage": rows, "claims": ()})
    (first,) = make_message([make_change()], dossier).links
    assert (first.url, first.note) == (ONE.url, "and 1 reprint")
    assert first.publisher == "The Courier (text of Norland Academy via Wire)"
    (brought,) = make_message([make_change("correction", TWO, "x")], dossier).links
    assert brought.url == TWO.url


def test_whatever_the_texts_say_the_message_stays_short() -> None:
    long = "An immensely long name of something that nobody would ever print " * 40
    articles = tuple(
        make_article(n, title=long, url=f"https://courier.example/{'a' * 200}/{n}") for n in range(9)
    )
    claims = [word(a, "outcomes.document", f"{n} {long}") for n, a in enumerate(articles)]
    claims += [word(a, "organisers", f"{n} {long}") for n, a in enumerate(articles)]
    claims += [make_claim(a, field=f"f{n}", value=long, unit=long) for n, a in enumerate(articles)]
    changes = [make_change("conflict", articles[0], long), make_change("new_source", articles[1])]
    message = make_message(changes, tell(*claims, articles=articles, name=long, place=long))
    plain = render_plain(message, "1a2b3c4d")
    assert len(render_subject(message)) + len(plain) <= MAX_CHARS
    assert "courier.example" in plain
    assert "Sources: 9 independent sources" in plain


def test_a_message_without_coverage_is_no_trouble() -> None:
    empty = Dossier(event=make_dossier().event)
    message = make_message([make_change("correction", ONE, "The Courier tells of it no more")], empty)
    assert isinstance(message, Message)
    assert message.links == ()
