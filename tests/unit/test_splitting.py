from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopwatch.events.curation import find_obstacles, pin_article
from coopwatch.events.merging import merge_events
from coopwatch.events.moving import IdentityError, move_articles, settle
from coopwatch.events.pins import Pins, StandingPin
from coopwatch.events.splitting import split_event
from schemas.records import Dossier
from tests.builders import NOW, make_article, make_claim, make_coverage, make_event

LATER = NOW + timedelta(days=2)
IDS = {number: make_article(number).article_id for number in range(1, 10)}


def tell(event_id: str, *texts: tuple[int, ...], series: str | None = None) -> Dossier:
    """Return an event covered by texts, each with the numbers of its copies; the first makes the claims."""
    rows, claims = [], []
    for copies in texts:
        text = f"t-{copies[0]}"
        rows += [make_coverage(make_article(n), event_id=event_id, text_group_id=text) for n in copies]
        first = make_article(copies[0])
        claims.append(make_claim(first, event_id=event_id, text_group_id=text))
        if copies[0] % 2:  # odd texts name no series
            claims.append(
                make_claim(
                    first,
                    event_id=event_id,
                    text_group_id=text,
                    field="kind",
                    value="agreement",
                    low=None,
                    high=None,
                )
            )
    return settle(make_event(event_id=event_id, series=series, revision=0), rows, claims, NOW)


def list_articles(dossier: Dossier) -> list[str]:
    return sorted(row.article_id for row in dossier.coverage)


def test_articles_leave_with_all_copies_of_their_texts() -> None:
    split = split_event(tell("e-1", (1, 2), (3, 4), (5,)), [IDS[4]], LATER, reason="a dinner", actor="ada")

    assert list_articles(split.dossier) == sorted([IDS[1], IDS[2], IDS[5]])
    assert list_articles(split.part) == sorted([IDS[3], IDS[4]])
    part = split.part.event
    assert part.event_id.startswith("e-")
    assert (part.articles, part.text_groups, part.revision, part.first_seen_at) == (2, 1, 1, LATER)
    assert (split.dossier.event.articles, split.dossier.event.revision) == (3, 2)
    assert {claim.event_id for claim in split.part.claims} == {part.event_id}
    assert {row.linked_by for row in split.part.coverage} == {"ada"}
    assert (split.change.kind, split.change.event_id, split.change.other_event_id) == (
        "split",
        "e-1",
        part.event_id,
    )
    assert split.change.article_ids == tuple(sorted([IDS[3], IDS[4]]))


def test_pins_keep_the_two_apart() -> None:
    split = split_event(tell("e-1", (1,), (3,)), [IDS[3]], LATER, reason="a dinner", actor="ada")
    assert {(pin.kind, pin.article_id, pin.event_id) for pin in split.pins} == {
        ("cannot_link", IDS[3], "e-1"),
        ("must_link", IDS[3], split.part.event.event_id),
    }


def test_the_same_split_has_the_same_id_and_another_one_another() -> None:
    event = tell("e-1", (1,), (3,), (5,))
    one = split_event(event, [IDS[3]], LATER, reason="a dinner", actor="ada")
    again = split_event(event, [IDS[3]], LATER, reason="a dinner", actor="ada")
    later = split_event(event, [IDS[3]], LATER + timedelta(days=1), reason="a dinner", actor="ada")
    other = split_event(event, [IDS[5]], LATER, reason="a dinner", actor="ada")
    assert one == again
    ids = {split.part.event.event_id for split in (one, later, other)}
    assert len(ids) == 3
    assert "e-1" not in ids


@pytest.mark.parametrize(("leaving", "series"), [(2, "brst"), (3, None)])
def test_a_part_is_of_the_series_only_if_its_text_names_it(leaving: int, series: str | None) -> None:
    event = tell("brst-1", (2,), (3,), (4,), series="brst")
    part = split_event(event, [IDS[leaving]], LATER, reason="a dinner", actor="ada").part.event
    assert part.series == series
    assert part.kind == ("laboratory" if series else "agreement")


@pytest.mark.parametrize(
    ("articles", "said"),
    [([IDS[9]], "is not on e-1"), ([IDS[1], IDS[3]], "nothing would stay"), ([], "at least one")],
)
def test_what_cannot_be_split_is_said(articles: list[str], said: str) -> None:
    with pytest.raises(IdentityError, match=said):
        split_event(tell("e-1", (1, 2), (3,)), articles, LATER, reason="a dinner", actor="ada")


@given(st.sets(st.integers(1, 6), min_size=1, max_size=6))
def test_a_split_that_is_merged_back_changes_nothing(leaving: set[int]) -> None:
    event = tell("e-1", (1, 2), (3,), (4, 5, 6), (7,))
    split = split_event(event, [IDS[n] for n in leaving], LATER, reason="a dinner", actor="ada")
    assert set(list_articles(split.dossier)).isdisjoint(list_articles(split.part))
    assert list_articles(event) == sorted(list_articles(split.dossier) + list_articles(split.part))
    assert split.dossier.event.articles + split.part.event.articles == event.event.articles
    assert split.dossier.event.text_groups + split.part.event.text_groups == event.event.text_groups

    back = merge_events(split.part, split.dossier, LATER, reason="no dinner").dossier
    assert (back.event.event_id, list_articles(back)) == ("e-1", list_articles(event))
    assert {(c.article_id, c.field, c.value, c.status) for c in back.claims} == {
        (c.article_id, c.field, c.value, c.status) for c in event.claims
    }


def test_articles_move_between_events() -> None:
    moved = move_articles(tell("e-1", (1,), (3, 4)), tell("e-2", (5,)), [IDS[3]], LATER, "its place", "ada")
    assert list_articles(moved.source) == [IDS[1]]
    assert list_articles(moved.target) == sorted([IDS[3], IDS[4], IDS[5]])
    assert moved.target.event.articles == 3


# --- pins and what follows from them


def test_a_pin_moves_an_article_to_its_event() -> None:
    pinned = pin_article(
        "must_link", IDS[3], tell("e-2", (5,)), [tell("e-1", (1,), (3,))], LATER, actor="ada"
    )
    assert pinned.moved is not None
    assert pinned.moved.article_ids == (IDS[3],)
    assert (pinned.merged, pinned.split) == (None, None)
    assert (pinned.change.event_id, pinned.change.other_event_id) == ("e-2", "e-1")


def test_a_pin_on_all_that_an_event_has_merges_it() -> None:
    pinned = pin_article("must_link", IDS[3], tell("e-2", (5,)), [tell("e-1", (3, 4))], LATER, actor="ada")
    assert pinned.merged is not None
    assert pinned.merged.dossier.event.articles == 3
    assert pinned.moved is None


def test_a_pin_off_an_event_splits_it() -> None:
    event = tell("e-1", (1,), (3,))
    pinned = pin_article("cannot_link", IDS[3], event, [event], LATER, actor="ada", note="a dinner")
    assert pinned.split is not None
    assert pinned.pin.pin_id in {pin.pin_id for pin in pinned.split.pins}
    assert pinned.change.other_event_id == pinned.split.part.event.event_id


@pytest.mark.parametrize(
    ("kind", "sources"),
    [("must_link", []), ("must_link", ["e-1"]), ("cannot_link", []), ("cannot_link", ["e-2"])],
)
def test_a_pin_that_says_what_is_moves_nothing(kind: str, sources: list[str]) -> None:
    target = tell("e-1", (1,), (3,))
    given = [target if name == "e-1" else tell(name, (3,)) for name in sources]
    pinned = pin_article(kind, IDS[3], target, given, LATER, actor="ada")  # type: ignore[arg-type]
    assert (pinned.merged, pinned.moved, pinned.split) == (None, None, None)
    assert pinned.pin.event_id == "e-1"


def test_an_article_on_several_events_leaves_none_without_being_told() -> None:
    with pytest.raises(IdentityError, match="e-1, e-3"):
        pin_article(
            "must_link",
            IDS[3],
            tell("e-2", (5,)),
            [tell("e-1", (1,), (3,)), tell("e-3", (3,))],
            LATER,
            actor="ada",
        )


def stand(kind: str, number: int, event_id: str, day: int = 0, text: str | None = None) -> StandingPin:
    given = {"pin_id": f"p-{number}-{event_id}-{kind}-{day}", "kind": kind, "article_id": IDS[number]}
    return StandingPin.model_validate(
        {
            **given,
            "event_id": event_id,
            "actor": "ada",
            "created_at": NOW + timedelta(days=day),
            "text_group_id": text or f"t-{number}",
        }
    )


@pytest.mark.parametrize(
    ("pins", "forced", "barred"),
    [
        ([], [], []),
        ([stand("must_link", 1, "e-1")], ["e-1"], []),
        ([stand("cannot_link", 1, "e-1")], [], ["e-1"]),
        ([stand("must_link", 2, "e-1")], [], []),
        # what is said of a copy holds, unless the article has a pin of its own
        ([stand("cannot_link", 2, "e-1", text="t-1")], [], ["e-1"]),
        ([stand("cannot_link", 2, "e-1", day=1, text="t-1"), stand("must_link", 1, "e-1")], ["e-1"], []),
        ([stand("cannot_link", 2, "e-1", text="t-1"), stand("must_link", 3, "e-1", 1, "t-1")], ["e-1"], []),
        ([stand("must_link", 1, "e-2"), stand("cannot_link", 1, "e-1")], ["e-2"], ["e-1"]),
        ([stand("must_link", 1, "e-2"), stand("must_link", 1, "e-1")], ["e-1", "e-2"], []),
    ],
)
def test_pins_rule_on_an_article(pins: list[StandingPin], forced: list[str], barred: list[str]) -> None:
    for standing in (pins, pins[::-1]):
        ruling = Pins(standing).rule(IDS[1], "t-1")
        assert [pin.event_id for pin in ruling.forced] == forced
        assert ruling.barred == frozenset(barred)
        assert ruling.allow(["e-1", "e-2", "e-3"]) == tuple(
            event_id for event_id in ("e-1", "e-2", "e-3") if event_id not in barred
        )


def test_pins_that_keep_two_events_apart_are_found_from_either_side() -> None:
    one, other = tell("e-1", (1,)), tell("e-2", (3,))
    apart = stand("cannot_link", 3, "e-1")
    others = [stand("must_link", 3, "e-2"), stand("cannot_link", 1, "e-9"), stand("cannot_link", 5, "e-1")]
    assert find_obstacles(one, other, [apart, *others]) == (apart,)
    assert find_obstacles(other, one, [apart, *others]) == (apart,)
