"""Labels are only ever added, and what can be asked about is found without reading everything."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection

from coopwatch.errors import WarehouseError
from coopwatch.identity import make_text_group_id
from coopwatch.review import Reviewable, make_label_id
from coopwatch.warehouse import Warehouse, labels
from schemas.records import Batch, FiredPattern, Judgement, Label, TriageRow
from tests.builders import NOW, make_article
from tests.integration.test_warehouse_plans import explain
from tests.integration.warehouse_samples import (
    HOUR,
    RUN,
    dump,
    fill_inbox,
    make_feed_entry,
    make_membership,
    make_result,
    make_source,
    take_entries,
)

THRESHOLDS = {"alert": 0.7, "accept": 0.6, "review": 0.4}


def make_label(number: int = 1, author: str = "ada", **changes: Any) -> Label:
    url = f"https://courier.example/science/{number}"
    good: dict[str, Any] = {
        "entry_id": number,
        "url": url,
        "compare_url": url,
        "title": f"Joint laboratory number {number} opens",
        "text": "Two academies opened it.",
        "language": "en",
        "is_relevant": True,
        "facets": {"science": True, "cooperation": True, "international": False},
        "author": author,
        "guideline": "1.0",
        "labelled_at": NOW,
        "queue": "uncertain",
        "verdict": "review",
        "score": 0.5,
        "version": "1/1",
        "model": "m-1",
        "note": "a note",
    } | changes
    label_id = make_label_id(good["compare_url"], author, good["labelled_at"])
    return Label.model_validate({"label_id": label_id, **good})


def make_judgement(entry_id: int, **changes: Any) -> Judgement:
    good: dict[str, Any] = {
        "entry_id": entry_id,
        "verdict": "discard",
        "score": 0.05,
        "facets": {"science": 0.5},
        "prominent": {"science": 0.25},
        "fired": (),
        "reason": "one facet",
        "topic": "sample",
        "version": "1/1",
        "rules_score": 0.05,
        "thresholds": THRESHOLDS,
    }
    return Judgement.model_validate(good | changes)


def write_judged(warehouse: Warehouse, *judgements: Judgement, **changes: Any) -> None:
    """Write entries that were judged and discarded: nothing else of them is stored."""
    results = tuple(make_result(one.entry_id, outcome="irrelevant", stage="judge") for one in judgements)
    batch = {"results": results, "judgements": judgements} | changes
    warehouse.write_batch(RUN, Batch.model_validate(batch), (), NOW)


def write_loaded(
    warehouse: Warehouse, judgement: Judgement, group: int | None = None, **changes: Any
) -> None:
    """Write an entry whose article is stored, as a reprint of another one if `group` is given."""
    article = make_article(judgement.entry_id, **changes)
    of_group = make_text_group_id(make_article(group).article_id) if group else None
    place = {"relation": "same", "text_group_id": of_group} if of_group else {}
    batch = Batch(
        results=(make_result(judgement.entry_id, article_id=article.article_id),),
        judgements=(judgement,),
        articles=(article,),
        memberships=(make_membership(article, **place),),
    )
    warehouse.write_batch(RUN, batch, (), NOW)


def list_ids(found: tuple[Reviewable, ...]) -> list[int]:
    return [one.entry_id for one in found]


def test_labels_are_read_as_they_were_written_the_oldest_first(warehouse: Warehouse) -> None:
    take_entries(warehouse, 2)
    bare = make_label(
        2, "bob", entry_id=None, facets={}, verdict=None, score=None, version=None, model=None, note="",
        labelled_at=NOW - HOUR,
    )  # fmt: skip
    warehouse.write_labels([make_label(), bare])
    assert warehouse.read_labels() == (bare, make_label())


def test_nothing_changes_a_label(warehouse: Warehouse, warehouse_url: str) -> None:
    take_entries(warehouse, 1)
    warehouse.write_labels([make_label()])
    before = dump(warehouse_url)
    warehouse.write_labels([make_label(), make_label(is_relevant=False, note="another")])
    warehouse.write_labels([])
    assert dump(warehouse_url) == before


def test_a_correction_is_another_label(warehouse: Warehouse) -> None:
    take_entries(warehouse, 1)
    corrected = make_label(is_relevant=False, labelled_at=NOW + timedelta(microseconds=1))
    warehouse.write_labels([corrected, make_label()])
    assert warehouse.read_labels() == (make_label(), corrected)


def test_a_hostile_text_is_kept(warehouse: Warehouse) -> None:
    take_entries(warehouse, 1)
    warehouse.write_labels([make_label(title="\x00\ud800", text="\u202e\x00", author="\x00ada")])
    (found,) = warehouse.read_labels()
    assert found.text == "\u202e�"


def test_a_label_of_an_unknown_entry_is_refused(warehouse: Warehouse) -> None:
    with pytest.raises(WarehouseError, match=r"^[^\n]+$"):
        warehouse.write_labels([make_label(entry_id=99)])


def test_what_can_be_asked_says_what_was_decided(warehouse: Warehouse) -> None:
    take_entries(warehouse, 4)
    warehouse.register_sources([make_source(language="fr")], NOW)
    accepted = make_judgement(
        1, verdict="accept", score=0.61, rules_score=0.5, model_score=0.61, model="m-1", reason="all three"
    )
    write_loaded(warehouse, accepted, url="https://courier.example/canonical/1", title="Its own title")
    write_judged(warehouse, make_judgement(2))
    dropped = TriageRow(entry_id=3, facets={"science": 0.1}, reason="no act", version="t-1")
    audited = TriageRow(entry_id=2, is_audited=True, reason="no act", version="t-1")
    write_judged(warehouse, triages=(dropped, audited))

    found = {one.entry_id: one for one in warehouse.read_reviewables("ada")}

    assert found == {
        1: Reviewable(
            entry_id=1,
            url="https://courier.example/canonical/1",
            compare_url="https://courier.example/canonical/1",
            title="Its own title",
            language="en",
            source="The Courier",
            published_at=make_article().published_at,
            verdict="accept",
            reason="all three",
            version="1/1",
            model="m-1",
            score=0.61,
            rules_score=0.5,
            model_score=0.61,
            facets={"science": 0.5},
            prominent={"science": 0.25},
            thresholds=THRESHOLDS,
            text_group_id=make_text_group_id(
                make_article(url="https://courier.example/canonical/1").article_id
            ),
            is_stored=True,
            is_drawn=True,
        ),
        2: Reviewable(
            entry_id=2,
            url="https://courier.example/science/2",
            compare_url="https://courier.example/science/2",
            title="Entry 2",
            language="fr",
            source="The Courier",
            verdict="discard",
            reason="one facet",
            version="1/1",
            score=0.05,
            rules_score=0.05,
            facets={"science": 0.5},
            prominent={"science": 0.25},
            thresholds=THRESHOLDS,
            is_drawn=True,
        ),
        3: Reviewable(
            entry_id=3,
            url="https://courier.example/science/3",
            compare_url="https://courier.example/science/3",
            title="Entry 3",
            language="fr",
            source="The Courier",
            verdict="discard",
            reason="no act",
            version="t-1",
            facets={"science": 0.1},
            is_drawn=True,
        ),
    }


def test_what_the_author_has_labelled_is_not_asked_again(warehouse: Warehouse) -> None:
    take_entries(warehouse, 6)
    write_loaded(warehouse, make_judgement(1), url="https://courier.example/canonical/1")
    write_loaded(warehouse, make_judgement(2))
    write_loaded(warehouse, make_judgement(3), group=2)  # a reprint
    write_judged(warehouse, make_judgement(4), make_judgement(5))
    triaged = TriageRow(entry_id=6, reason="no act", version="t-1")
    write_judged(warehouse, triages=(triaged,))
    assert list_ids(warehouse.read_reviewables("ada")) == [1, 2, 3, 4, 5, 6]

    canonical = "https://courier.example/canonical/1"
    warehouse.write_labels([make_label(1, url=canonical, compare_url=canonical), make_label(2)])
    warehouse.write_labels([make_label(4), make_label(6), make_label(5, "bob")])

    assert list_ids(warehouse.read_reviewables("ada")) == [5]
    assert list_ids(warehouse.read_reviewables("bob")) == [1, 2, 3, 4, 6]


def test_a_label_given_before_the_article_was_stored_counts(warehouse: Warehouse) -> None:
    take_entries(warehouse, 1)
    warehouse.write_labels([make_label(1)])
    write_loaded(warehouse, make_judgement(1), url="https://courier.example/canonical/1")
    assert warehouse.read_reviewables("ada") == ()


def test_one_language_is_asked_for_whatever_its_region(warehouse: Warehouse) -> None:
    take_entries(warehouse, 3)
    for number, language in enumerate(["zh-Hant", "zh", "en"], 1):
        write_loaded(warehouse, make_judgement(number), language=language)
    assert list_ids(warehouse.read_reviewables("ada", language="zh")) == [1, 2]
    assert list_ids(warehouse.read_reviewables("ada", language="zh-Hans")) == [1, 2]
    assert list_ids(warehouse.read_reviewables("ada")) == [1, 2, 3]


@pytest.fixture(scope="module")
def busy(lasting_url: str) -> Iterator[Warehouse]:
    """A warehouse with 3,000 judgements: a few close calls and disagreements among clear discards."""
    with Warehouse.open(lasting_url) as warehouse:
        write_many(warehouse)
        yield warehouse


def write_many(warehouse: Warehouse) -> None:
    fill_inbox(warehouse, [make_feed_entry(number) for number in range(1, 3001)])
    warehouse.take_pending(RUN, 3000, NOW, HOUR)
    special: dict[int, dict[str, Any]] = {
        700: {"verdict": "accept", "score": 0.6001},
        701: {"verdict": "discard", "score": 0.3999},
        702: {"verdict": "alert", "score": 0.7001},
        703: {"verdict": "review", "score": 0.99},
        2000: {"rules_score": 0.95, "model_score": 0.01},
    }
    judgements = [make_judgement(number, score=number / 10_000_000) for number in range(1, 3001)]
    write_judged(
        warehouse,
        *(one.model_copy(update=special.get(one.entry_id, {"model_score": 0.05})) for one in judgements),
    )


def test_close_calls_and_disagreement_are_found_among_many(busy: Warehouse) -> None:
    found = busy.read_reviewables("ada", seed="x")
    assert {700, 701, 702, 703, 2000} <= set(list_ids(found))
    assert len(found) < 1500


def test_the_sample_is_even_and_rests_on_the_seed(busy: Warehouse) -> None:
    def draw(seed: str) -> list[int]:
        return [one.entry_id for one in busy.read_reviewables("ada", seed=seed) if one.is_drawn]

    first = draw("a")
    assert first == draw("a")
    assert first != draw("b")
    assert labels.WINDOW <= len(first) < labels.WINDOW + 500
    counts = [sum(start < number <= start + 1000 for number in first) for start in (0, 1000, 2000)]
    assert min(counts) > len(first) / 5  # a third each, had chance no part in it


def test_an_address_is_found_in_any_form(warehouse: Warehouse) -> None:
    take_entries(warehouse, 3)
    write_loaded(warehouse, make_judgement(1), url="https://courier.example/canonical/1")
    write_judged(warehouse, triages=(TriageRow(entry_id=2, reason="no act", version="t-1"),))
    for url, entry_id in (
        ("https://courier.example/science/1", 1),
        ("https://www.courier.example/canonical/1?utm_source=x", 1),
        ("http://courier.example/science/2#top", 2),
    ):
        found = warehouse.find_reviewable(url)
        assert found
        assert found.entry_id == entry_id
    for url in ("https://courier.example/science/3", "https://never.example/", "no address"):
        assert warehouse.find_reviewable(url) is None


def test_a_case_has_all_that_is_known(warehouse: Warehouse) -> None:
    taken = take_entries(warehouse, 2)
    fired = FiredPattern(facet="science", pattern="research", quote="Research", start=1, end=2, weight=1.0)
    judged = make_judgement(1, fired=(fired,), contributions=())
    write_loaded(warehouse, judged)
    dropped = TriageRow(entry_id=2, reason="no act", version="t-1")
    write_judged(warehouse, triages=(dropped,))

    first, second = warehouse.read_case(1), warehouse.read_case(2)

    assert first.entry == taken[0].model_copy(update={"attempts": 1})
    assert (first.title, first.text, first.language) == (
        make_article(1).title,
        make_article(1).text,
        "en",
    )
    assert (first.judgement, first.triage) == (judged, None)
    assert first.source == make_source()
    assert second == labels.Case(entry=taken[1], source=make_source(), triage=dropped)
    with pytest.raises(WarehouseError, match="99"):
        warehouse.read_case(99)


QUESTIONS: dict[str, Callable[[Connection], object]] = {
    "read_reviewables": lambda c: labels.read_reviewables(c, "ada", language=None, seed="x"),
    "find_reviewable": lambda c: labels.find_reviewable(c, "https://courier.example/science/1"),
    "read_case": lambda c: labels.read_case(c, 1),
    "write_labels": lambda c: labels.write_labels(c, [make_label(7)]),
}


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.usefixtures("busy")
def test_an_index_answers(lasting_url: str, question: str) -> None:
    many = [make_label(number) for number in range(1, 500)]
    found = explain(lasting_url, lambda c: labels.write_labels(c, many), QUESTIONS[question])

    lines = [line.strip() for line in found.splitlines()]
    scans = [line for line in lines if "Seq Scan" in line or line.startswith("SCAN")]
    first_row = ["SCAN judgement"] if question == "read_reviewables" else []  # of the latest, then it stops
    assert [line for line in scans if line != "SCAN CONSTANT ROW"] in ([], first_row)
    if question == "read_reviewables":
        assert "ix_judgement_verdict_score" in found
        assert "ix_label_compare_url_author_labelled_at" in found
        assert "TEMP B-TREE" not in found
