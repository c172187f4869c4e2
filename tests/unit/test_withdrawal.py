from coopwatch.events.resolution import resolve
from coopwatch.events.withdrawal import find_copies, withdraw_articles
from schemas.records import Dossier
from tests.builders import NOW, make_article, make_claim, make_coverage, make_event

WIRE, REPRINT, OWN = (make_article(number) for number in (1, 2, 3))


def make_covered() -> Dossier:
    """An event with a release, its reprint, and another text that gives another figure."""
    rows = (
        make_coverage(WIRE, text_group_id="t-wire", family="wire"),
        make_coverage(REPRINT, text_group_id="t-wire", family="wire"),
        make_coverage(OWN, text_group_id="t-own", family="own"),
    )
    said = (
        make_claim(WIRE, text_group_id="t-wire", field="attendance", value="800", low=800, high=800),
        make_claim(OWN, text_group_id="t-own", field="attendance", value="2000", low=2000, high=2000),
    )
    return resolve(Dossier(event=make_event(revision=3), coverage=rows, claims=said), NOW)


def test_what_is_left_is_resolved_anew() -> None:
    before = make_covered()
    assert {claim.status for claim in before.claims} == {"conflict"}

    after = withdraw_articles(before, {OWN.article_id}, (), NOW)

    assert [row.article_id for row in after.coverage] == [WIRE.article_id, REPRINT.article_id]
    assert [(claim.value, claim.status) for claim in after.claims] == [("800", "only")]
    event = after.event
    assert (event.articles, event.text_groups, event.independent_sources, event.revision) == (2, 1, 1, 4)
    assert event.event_id == before.event.event_id


def test_a_claim_lives_on_in_another_copy_of_the_text() -> None:
    before = make_covered()
    assert find_copies(before, {WIRE.article_id}) == {REPRINT.article_id}
    repeated = make_claim(REPRINT, text_group_id="t-wire", field="attendance", value="800", low=800, high=800)

    after = withdraw_articles(before, {WIRE.article_id}, [repeated], NOW)

    assert [(claim.article_id, claim.value) for claim in after.claims] == [
        (OWN.article_id, "2000"),
        (REPRINT.article_id, "800"),
    ]


def test_a_text_without_other_copies_leaves_nothing() -> None:
    assert find_copies(make_covered(), {OWN.article_id}) == frozenset()
    assert find_copies(make_covered(), {WIRE.article_id, REPRINT.article_id}) == frozenset()


def test_an_event_that_nobody_covers_any_more_keeps_what_was_known_of_it() -> None:
    before = make_covered()

    after = withdraw_articles(before, {row.article_id for row in before.coverage}, (), NOW)

    assert (after.coverage, after.claims) == ((), ())
    kept = before.event.model_dump(exclude={"articles", "text_groups", "independent_sources", "revision"})
    assert after.event.model_dump().items() >= kept.items()
    assert (after.event.articles, after.event.independent_sources, after.event.revision) == (0, 0, 4)
