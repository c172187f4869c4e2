"""Which news new texts bring to an event that is known, and which they do not."""

from collections.abc import Sequence
from typing import Any

import pytest

from coopwatch.events.news import find_all_changes, find_corrections, find_news
from coopwatch.events.resolution import resolve
from schemas.records import Claim, Dossier, EventChange
from tests.builders import NOW, make_article, make_claim, make_coverage, make_event

Said = dict[str, Any]
Text = tuple[int, str, str, Sequence[Said]]  # number of the article, text, voice, what it says


def figure(value: int, low: float | None = None, high: float | None = None, **rest: Any) -> Said:
    bounds = {"low": float(value) if low is None else low, "high": float(value) if high is None else high}
    return {"field": "attendance", "value": str(value), **bounds, **rest}


def word(field: str, value: str, **rest: Any) -> Said:
    return {"field": field, "value": value, "low": None, "high": None, **rest}


def tell(*texts: Text, event_id: str = "e-1", revision: int = 1, **titles: str) -> Dossier:
    rows, claims = [], list[Claim]()
    for number, text, voice, said in texts:
        article = make_article(number)
        title = titles.get(f"title_{number}", article.title)
        rows.append(make_coverage(article, event_id=event_id, text_group_id=text, family=voice, title=title))
        claims += (make_claim(article, event_id=event_id, text_group_id=text, **one) for one in said)
    event = make_event(event_id=event_id, revision=revision)
    return resolve(Dossier(event=event, coverage=tuple(rows), claims=tuple(claims)), NOW)


def find(before: Sequence[Text], after: Sequence[Text]) -> list[EventChange]:
    return list(find_news({"e-1": tell(*before)}, [tell(*before, *after, revision=2)]))


EIGHT = (1, "t-1", "site", [figure(800)])
OVER = figure(700, high=None, qualifier="over") | {"high": None}


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        # figures
        ([EIGHT], [(2, "t-2", "post", [figure(800)])], []),
        ([EIGHT], [(2, "t-2", "site", [figure(800)])], []),
        ([EIGHT], [(2, "t-2", "post", [OVER])], [("changed_figure", "attendance: 800 → 800 / over 700")]),
        (
            [EIGHT],
            [(2, "t-2", "post", [figure(1000)])],
            [("conflict", "attendance: 800 → 800 / 1000 (near each other)")],
        ),
        (
            [EIGHT],
            [(2, "t-2", "post", [figure(5000)])],
            [("conflict", "attendance: 800 → 800 / 5000 (contradictory)")],
        ),
        # one side of a dispute that was known
        ([EIGHT, (2, "t-2", "post", [figure(5000)])], [(3, "t-3", "city", [figure(5000)])], []),
        # another side of it
        (
            [EIGHT, (2, "t-2", "post", [figure(5000)])],
            [(3, "t-3", "city", [figure(20000)])],
            [("conflict", "attendance: 800 / 5000 → 800 / 5000 / 20000 (contradictory)")],
        ),
        # a reprint that was changed on its way
        ([EIGHT], [(2, "t-1", "site", [figure(5000)])], []),
        # the first figure, a figure of a part, a figure in another unit
        ([(1, "t-1", "site", [])], [(2, "t-2", "post", [figure(800)])], []),
        ([EIGHT], [(2, "t-2", "post", [figure(90, field="attendance.students")])], []),
        (
            [(1, "t-1", "site", [figure(5, field="money", unit="CHF")])],
            [(2, "t-2", "post", [figure(90, field="money", unit="NOK")])],
            [],
        ),
        # two new texts that contradict each other
        (
            [(1, "t-1", "site", [])],
            [(2, "t-2", "post", [figure(800)]), (3, "t-3", "city", [figure(5000)])],
            [("conflict", "attendance: 800 / 5000 (contradictory)")],
        ),
        # facts
        (
            [(1, "t-1", "site", [word("place", "Harbour City")])],
            [(2, "t-2", "post", [word("place", "Lake Town")])],
            [("conflict", "place: Harbour City, now Harbour City / Lake Town (contradictory)")],
        ),
        (
            [(1, "t-1", "site", [word("place", "Harbour City")])],
            [(2, "t-2", "post", [word("place", "HARBOUR CITY")])],
            [],
        ),
        (
            [(1, "t-1", "site", [word("kind", "laboratory")])],
            [(2, "t-2", "post", [word("kind", "facility")])],
            [],
        ),
        (
            [(1, "t-1", "site", [word("participants", "CH,NO")])],
            [(2, "t-2", "post", [word("participants", "NO,SE")])],
            [],
        ),
        (
            [(1, "t-1", "site", [word("theme", "Ice for all")])],
            [(2, "t-2", "post", [word("theme", "Cold science")])],
            [],
        ),
        (
            [(1, "t-1", "site", [word("dates", "2025-06-24/2025-06-24")])],
            [(2, "t-2", "post", [word("dates", "2025-08-24/2025-08-25")])],
            [("conflict", "dates: 2025-06-24 → 2025-06-24 / 2025-08-24 to 2025-08-25 (contradictory)")],
        ),
        # outcomes
        (
            [(1, "t-1", "site", [])],
            [(2, "t-2", "post", [word("outcomes.document", "Harbour Declaration", qualifier="released")])],
            [("new_outcome", "document released: Harbour Declaration")],
        ),
        (
            [(1, "t-1", "site", [word("outcomes.document", "Harbour Declaration")])],
            [(2, "t-2", "site", [word("outcomes.document", "the Harbour Declaration")])],
            [],
        ),
        (  # a translation, perhaps
            [(1, "t-1", "site", [word("outcomes.document", "Harbour Declaration")])],
            [(2, "t-2", "post", [word("outcomes.document", "海港宣言")])],
            [],
        ),
        (
            [(1, "t-1", "site", [])],
            [
                (2, "t-2", "post", [word("outcomes.document", "Harbour Declaration", qualifier="released")]),
                (3, "t-3", "city", [word("outcomes.document", "Harbour Declaration", qualifier="released")]),
                (4, "t-4", "wire", [word("outcomes.centre", "Ice House", qualifier="opened")]),
            ],
            [("new_outcome", "document released: Harbour Declaration; centre opened: Ice House")],
        ),
    ],
)
def test_only_what_was_not_known_is_news(
    before: Sequence[Text], after: Sequence[Text], told: list[tuple[str, str]]
) -> None:
    assert [(change.kind, change.detail) for change in find(before, after)] == told


def test_all_of_a_kind_is_one_change_by_the_article_that_brought_it() -> None:
    changes = find(
        [(1, "t-1", "site", [figure(800), figure(9, field="countries")])],
        [
            (2, "t-2", "post", [word("theme", "Ice")]),
            (3, "t-3", "city", [figure(900), figure(40, field="countries"), figure(12, field="sessions")]),
        ],
    )
    assert [(change.kind, change.revision, change.article_id) for change in changes] == [
        ("conflict", 2, make_article(3).article_id)
    ]
    assert changes[0].detail == (
        "attendance: 800 → 800 / 900 (near each other); countries: 9 → 9 / 40 (contradictory)"
    )


def test_a_new_event_is_told_whole() -> None:
    after = tell((1, "t-1", "site", [figure(800)]), (2, "t-2", "post", [figure(5000)]))
    assert [change.kind for change in find_all_changes({}, [after])] == ["new_event"]


def test_a_text_from_outside_does_not_make_a_second_line() -> None:
    hostile = "Declaration\r\nBcc: all@example\n" + "x" * 2000
    (change,) = find([(1, "t-1", "site", [])], [(2, "t-2", "post", [word("outcomes.document", hostile)])])
    assert len(change.detail.splitlines()) == 1
    assert len(change.detail) < 700


def correct(before: Dossier, after: Dossier, *numbers: int) -> list[tuple[str, str]]:
    ids = [make_article(number).article_id for number in numbers]
    return [(c.kind, c.detail) for c in find_corrections(ids, {"e-1": before}, [after])]


def test_a_correction_says_what_was_corrected() -> None:
    before, after = tell(EIGHT), tell((1, "t-1", "site", [figure(900)]), title_1="Laboratory now open")
    headline = "headline of The Courier: “Joint laboratory number 1 opens” became “Laboratory now open”"
    assert correct(before, after, 1) == [("correction", f"attendance: 800 → 900; {headline}")]
    assert correct(before, after) == []
    assert correct(before, tell(EIGHT), 1) == []
    assert correct(before, tell(EIGHT, title_1="Laboratory now open"), 1) == []


def test_a_correction_may_take_a_claim_back_or_leave_the_event() -> None:
    before = tell(EIGHT, (2, "t-2", "post", [figure(700)]))
    silent = tell((1, "t-1", "site", []), (2, "t-2", "post", [figure(700)]))
    assert correct(before, silent, 1) == [("correction", "attendance: 800, no longer said")]
    gone = tell((2, "t-2", "post", [figure(700)]))
    assert correct(before, gone, 1) == [
        ("correction", "The Courier corrected its text, which tells of it no more")
    ]


def test_what_another_copy_of_the_text_said_before_is_no_correction() -> None:
    before = tell((1, "t-1", "site", [figure(800)]), (2, "t-1", "site", []))
    after = tell((1, "t-1", "site", []), (2, "t-1", "site", [figure(800)]))
    assert correct(before, after, 2) == []


def test_a_corrected_article_is_no_new_voice_but_what_comes_with_it_is() -> None:
    before = tell(EIGHT)
    moved = (1, "t-1", "city", [figure(900)])
    corrected = [make_article(1).article_id]
    alone = find_all_changes({"e-1": before}, [tell(moved)], corrected)
    assert [change.kind for change in alone] == ["correction"]
    joined = tell(moved, (2, "t-2", "post", [figure(900)]))
    both = list(find_all_changes({"e-1": before}, [joined], corrected))
    assert [(change.kind, change.article_id) for change in both] == [
        ("new_source", make_article(2).article_id),
        ("changed_figure", make_article(2).article_id),
        ("correction", make_article(1).article_id),
    ]


@pytest.mark.parametrize(
    ("gone", "told"),
    [
        # known on both: heard on the other event already
        ([(2, "t-2", "post", [figure(800)])], []),
        # opened in this batch, by a voice that is new
        (None, ["new_source"]),
    ],
)
def test_events_that_became_one_tell_only_what_neither_knew(gone: list[Text] | None, told: list[str]) -> None:
    before = {"e-1": tell(EIGHT)}
    if gone:
        before["e-2"] = tell(*gone, event_id="e-2")
    merged = tell(EIGHT, (2, "t-2", "post", [figure(800)]), revision=3)
    changes = find_all_changes(before, [merged], into={"e-2": "e-1"})
    assert [change.kind for change in changes] == told
