"""A text has the voice of its origin, wherever and whenever that is found.

The articles of a text group are read back whole, so that its origin can be found among all of them.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from coopwatch import joining
from coopwatch.settings import Settings
from coopwatch.warehouse import Warehouse
from coopwatch.work import Work
from coopwatch.workspace import Workspace
from schemas.records import Article, Attribution, Dossier, Judgement, Membership, Verdict
from tests.builders import NOW, make_article
from tests.integration.warehouse_samples import (
    HOUR,
    RUN,
    fill_inbox,
    make_batch,
    make_feed_entry,
    make_judgement,
    make_result,
)


def test_articles_are_read_by_their_text_group(warehouse: Warehouse) -> None:
    articles = [make_article(number) for number in (1, 2, 3)]
    fill_inbox(warehouse, [make_feed_entry(number) for number in (1, 2, 3)])
    memberships = tuple(
        Membership(article_id=article.article_id, text_group_id=group, relation=relation, reason="test")
        for article, group, relation in zip(
            articles, ("t-1", "t-1", "t-3"), ("origin", "same", "origin"), strict=True
        )
    )
    batch = make_batch(*articles).model_copy(update={"memberships": memberships, "results": ()})
    warehouse.write_batch(RUN, batch, (), NOW)

    assert warehouse.read_group_articles([]) == {}
    assert warehouse.read_group_articles(["t-1", "t-none"]) == {"t-1": tuple(articles[:2])}
    assert warehouse.read_group_articles(["t-3", "t-1"])["t-3"] == (articles[2],)


RELEASE = (
    "Ghana and Sweden signed an agreement on cooperation in science and technology in Accra on May 6, 2025. "
    "Research ministers of the two countries put their names to the text after a year of talks.\n"
    "The agreement opens joint research on soils, malaria and solar power. It sets up an exchange of young "
    "scientists and a joint laboratory at the University of Ghana, the ministries said.\n"
    "Funding for the first three years comes in equal parts from both sides. Scientists from both countries "
    "will choose the projects, and the results are to be open to everybody."
)
REPORT = (
    "Sweden and Ghana have an agreement on science and technology cooperation. Signed in Accra on May 6, "
    "2025, it will bring Swedish soil researchers to a new joint laboratory.\n"
    "Our correspondent saw both ministers sign it in front of students who had waited since early morning."
)
TITLE = "Ghana and Sweden sign agreement on science and technology"
WIRE = Attribution(publisher="cable.example", distributor="PRNewswire", issuer="University of Askel")
DAY = datetime(2025, 5, 7, 8, tzinfo=UTC)


@pytest.fixture
def run(warehouse_url: str, tmp_path: Path) -> Iterator[Workspace]:
    settings = Settings(warehouse_url=warehouse_url, captures=str(tmp_path / "captures"))
    with Workspace(settings, RUN) as opened:
        yield opened


def publish(number: int, site: str, text: str = RELEASE, days: int = 0, **changes: Any) -> Article:
    good: dict[str, Any] = {
        "url": f"https://{site}/science/{number}",
        "title": TITLE,
        "text": text,
        "published_at": DAY + timedelta(days=days),
        "attribution": Attribution(publisher=site),
    }
    return make_article(number, **{**good, **changes})


def load(run: Workspace, *articles: Article, verdict: Verdict = "accept") -> tuple[Dossier, ...]:
    """Load a batch as a run would, of articles with one verdict; return all events."""
    first = articles[0].entry_id
    run_id, now = f"run-{first}", NOW + first * HOUR
    fill_inbox(run.warehouse, [make_feed_entry(one.entry_id) for one in articles], now, run_id)
    entries = run.warehouse.take_pending(run_id, 10, now, HOUR)
    assert [entry.entry_id for entry in entries] == [article.entry_id for article in articles]
    work = Work(entries, articles=articles, judgements=tuple(judge(one, verdict) for one in articles))
    work = joining.link_articles(run, work)
    results = tuple(make_result(one.entry_id, article_id=one.article_id) for one in articles)
    batch = replace(work, results=results).to_batch()
    run.warehouse.write_batch(run_id, batch, work.changes, now, work.merges)
    return run.warehouse.read_events()


def judge(article: Article, verdict: Verdict) -> Judgement:
    return make_judgement(article.entry_id).model_copy(update={"verdict": verdict})


def voices(dossier: Dossier) -> dict[str, str]:
    return {row.publisher: row.family for row in dossier.coverage}


def test_a_reprint_is_in_the_voice_of_an_origin_that_came_before_and_is_on_no_event(run: Workspace) -> None:
    assert load(run, publish(1, "cable.example", attribution=WIRE), verdict="review") == ()
    (event,) = load(run, publish(2, "post.example", days=-1))
    assert voices(event) == {"post.example": "university of askel"}


@pytest.mark.parametrize("verdict", ["accept", "review"])
def test_an_origin_that_comes_later_changes_the_voice_of_events_that_carry_its_text(
    run: Workspace, verdict: Verdict
) -> None:
    (before,) = load(
        run,
        publish(1, "post.example"),
        publish(2, "sun.example", days=1),
        publish(3, "askel.example", REPORT, attribution=Attribution(publisher="University of Askel")),
    )
    assert voices(before) == {
        "post.example": "post.example",
        "sun.example": "post.example",
        "University of Askel": "university of askel",
    }
    assert (before.event.text_groups, before.event.independent_sources) == (2, 2)

    (after,) = load(run, publish(4, "cable.example", days=2, attribution=WIRE), verdict=verdict)
    assert set(voices(after).values()) == {"university of askel"}
    assert (after.event.text_groups, after.event.independent_sources) == (2, 1)
    assert after.event.revision == before.event.revision + 1
    assert after.event.articles == (4 if verdict == "accept" else 3)
    assert run.warehouse.read_changes(after.event.event_id)[-1].kind == "new_event"

    (again,) = load(run, publish(5, "late.example", days=3))
    assert voices(again)["late.example"] == "university of askel"
    assert again.event.independent_sources == 1
