"""`coopwatch show` and `coopwatch events --json`: evidence for every link, whatever made it."""

import json
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from coopwatch.warehouse import Warehouse
from flows.cli import curating, reading
from tests.builders import NOW, make_article
from tests.integration.warehouse_samples import RUN, make_batch, take_entries
from tests.unit.event_archive import Archive
from tests.unit.event_stories import make_membership, make_story, tell_first_case

FIRST = ("release", "retitled", "cut", "institute")


@pytest.fixture
def filled_url(sqlite_url: str) -> str:
    """A warehouse with the first conference and, apart from it, a report on it that is not certain."""
    case = tell_first_case()
    stories = [case[name] for name in FIRST]
    title = "Looking back at the Belt and Road Conference on Science and Technology Exchange"
    text = "Guests of the BRST in Chongqing, China, remember the meeting that took place in Chongqing."
    late = make_story(4, title, text, stories[0][0].dated)
    late = late.model_copy(update={"published_at": late.fetched_at})
    article_ids = {make_article(number).article_id for number in range(1, 6)}
    stories.append((late, make_membership(late, "t-late")))
    assert {article.article_id for article, _ in stories} == article_ids
    archive = Archive()
    for story in stories:
        archive.enter(story)
    with Warehouse.open(sqlite_url) as warehouse:
        take_entries(warehouse, 5)
        batch = make_batch(*(article for article, _ in stories), dossiers=tuple(archive.dossiers.values()))
        places = tuple(place for _, place in stories)
        warehouse.write_batch(RUN, batch.model_copy(update={"memberships": places}), (), NOW)
    return sqlite_url


def ask(url: str, *arguments: str) -> Any:
    app = typer.Typer(pretty_exceptions_enable=False)
    for command in (reading.events, reading.show, curating.merge, curating.pin):
        app.command(command.__name__)(command)
    result = CliRunner().invoke(app, [*arguments, "--warehouse", url])
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout) if "--json" in arguments else result.stdout


def test_every_link_is_shown_with_its_evidence(filled_url: str) -> None:
    events = ask(filled_url, "events", "--json")
    assert sorted(event["articles"] for event in events) == [1, 4]
    for event in events:
        shown = ask(filled_url, "show", event["event_id"], "--json")
        assert len(shown["coverage"]) == event["articles"]
        for row in shown["coverage"]:
            assert row["linked_by"]
            said = {reason["label"]: reason for reason in row["evidence"]}
            assert said["speaks of"]["quote"]
        assert {field["field"] for field in shown["fields"]} == {claim["field"] for claim in shown["claims"]}
    text = ask(filled_url, "show", "brst-1")
    assert "speaks of: brst 1" in text
    assert "text: t-release, derived from the release" in text
    assert "voice: city" in text


def test_what_an_analyst_decided_is_evidence_too(filled_url: str) -> None:
    other = next(e for e in ask(filled_url, "events", "--json") if e["event_id"] != "brst-1")["event_id"]
    ask(filled_url, "merge", "brst-1", other, "--actor", "ada", "--note", "the same days")
    (event,) = ask(filled_url, "events", "--json")
    shown = ask(filled_url, "show", other, "--json")  # an id that was once given leads on
    assert shown["event_id"] == event["event_id"]
    assert len(shown["coverage"]) == event["articles"] == 5
    moved = [row for row in shown["coverage"] if any(r["label"] == "merged" for r in row["evidence"])]
    assert moved
    assert {row["linked_by"] for row in moved} == {"ada"}
    (merge,) = [entry for entry in shown["identity"] if entry["kind"] == "merge"]
    assert (merge["actor"], merge["event_id"]) == ("ada", event["event_id"])
    assert {pin["article_id"] for pin in shown["pins"]} == {row["article_id"] for row in moved}
    text = ask(filled_url, "show", event["event_id"])
    assert "Identity\n" in text
    assert "Pins\n" in text
