"""`coopwatch maintain` and `coopwatch sources inspect` through a real Prefect server."""

import json
import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer

from coopwatch.source_checks import SourceFinding, make_report
from coopwatch.warehouse import Warehouse
from flows.cli.inspecting import word_findings
from tests.builders import make_article
from tests.fakes import FakeSite, serve_site
from tests.integration.command import Shell, run_coopwatch
from tests.integration.stories import MATCH, PACT
from tests.integration.warehouse_samples import RUN, dump, make_batch, take_entries


def has_finished(kind: str, url: str) -> bool:
    """Tell whether the ledger has a run of this kind, and all its runs ended."""
    rows = dump(url, ["run"])["run"]
    return any(kind in row for row in rows) and all(finished for _, _, finished, *_ in rows)


@pytest.fixture
def registry(tmp_path: Path) -> Path:
    return tmp_path / "sources.yaml"


@pytest.fixture
def site() -> Iterator[HTTPServer]:
    """A site that asks crawlers to stay away."""
    with HTTPServer(host="127.0.0.1", port=0) as server:
        server.expect_request("/robots.txt").respond_with_data("User-agent: *\nDisallow: /")
        yield server


def register(registry: Path, *urls: str) -> None:
    sources = [
        {"id": f"s{number}", "name": "S", "kind": "feed", "url": url, "publisher": "S"}
        for number, url in enumerate(urls)
    ]
    registry.write_text(json.dumps({"sources": sources}), encoding="utf-8")  # JSON is YAML


@pytest.mark.slow
def test_captures_that_are_too_old_go_and_the_events_stay(
    shell: Shell, sqlite_url: str, registry: Path, tmp_path: Path
) -> None:
    with serve_site(FakeSite()) as site:
        site.publish("voltapost.example", PACT, MATCH)
        registry.write_text(site.sources_yaml(), encoding="utf-8")
        done = shell.run("run", "--sources", registry, "--warehouse", sqlite_url, "--json")
    assert done.data["events"]["new"] == 1, done.err

    kept = shell.run("maintain", "--warehouse", sqlite_url)
    assert kept.status == 0, kept.err
    assert kept.out.startswith("0 captures expired; 0 orphans deleted; texts are kept for ever; database ")
    assert kept.out.count("\n") == 1

    for body in [found for found in (tmp_path / "warehouse.captures").rglob("*") if found.is_file()]:
        os.utime(body, (time.time() - 7200,) * 2)  # else a run may be about to need it
    done = shell.run("maintain", "--warehouse", sqlite_url, "--captures-keep-days", "0", "--json")
    assert done.status == 0, done.err
    assert done.data["captures"] >= 2
    assert done.data["texts"] is None
    assert shell.run("captures", "list", "--warehouse", sqlite_url, "--json").data == []
    assert [event["name"] for event in shell.run("events", "--warehouse", sqlite_url, "--json").data] == [
        PACT.title
    ]
    assert has_finished("maintenance", sqlite_url)


@pytest.mark.slow
def test_texts_that_are_too_old_are_emptied(shell: Shell, sqlite_url: str) -> None:
    now = datetime.now(UTC)
    old, new = (
        make_article(number, fetched_at=now - timedelta(days=days)) for number, days in ((1, 10), (2, 0))
    )
    with Warehouse.open(sqlite_url) as warehouse:
        take_entries(warehouse, 2)
        warehouse.write_batch(RUN, make_batch(old, new), (), now)
    done = shell.run("maintain", "--warehouse", sqlite_url, "--texts-keep-days", "5", "--json")
    assert (done.status, done.data["texts"]) == (0, 1), done.err
    with Warehouse.open(sqlite_url) as warehouse:
        articles = warehouse.read_articles([old.article_id, new.article_id])
    assert {key: bool(article.text) for key, article in articles.items()} == {
        old.article_id: False,
        new.article_id: True,
    }


@pytest.mark.slow
def test_a_site_that_shuts_us_out_is_found_unless_nobody_is_asked(
    shell: Shell, sqlite_url: str, registry: Path, site: HTTPServer
) -> None:
    register(registry, site.url_for("/feed.xml"))
    done = shell.run("sources", "inspect", registry, "--warehouse", sqlite_url)
    assert done.status == 1, done.err
    assert done.out.splitlines()[1].split(maxsplit=2) == [
        "robots",
        "s0",
        "robots.txt forbids it to coopwatch",
    ]
    assert done.out.endswith("\n\n1 source checked: 1 robots\n")
    as_json = shell.run("sources", "inspect", registry, "--warehouse", sqlite_url, "--json")
    assert as_json.status == 1
    assert [finding["trouble"] for finding in as_json.data["findings"]] == ["robots"]

    asked = len(site.log)
    done = shell.run("sources", "inspect", registry, "--warehouse", sqlite_url, "--offline")
    assert (done.status, done.out) == (0, "1 source checked: all in order\n")
    assert len(site.log) == asked
    assert has_finished("check_sources", sqlite_url)


def test_a_registry_with_mistakes_is_refused_before_anything_starts(sqlite_url: str, registry: Path) -> None:
    register(registry, "https://courier.example/rss", "https://courier.example/rss", "no address")
    done = run_coopwatch("sources", "inspect", registry, "--warehouse", sqlite_url)
    assert (done.status, done.out) == (2, "")
    (line,) = done.err.splitlines()
    assert line.startswith(f"coopwatch: {registry}:1: ")
    assert line.endswith("(and 1 more)")
    assert not dump(sqlite_url, ["run"])["run"]


def test_what_was_found_is_a_table_the_gravest_first() -> None:
    findings = (
        SourceFinding(source_id="quiet", trouble="silent", note="nothing new for 9 days"),
        SourceFinding(
            source_id="gone",
            trouble="died",
            note="for 4\ndays: HTTP 404",
            suggestion="https://gone.example/rss",
        ),
    )
    assert word_findings(make_report(7, findings)).splitlines() == [
        "TROUBLE  SOURCE  NOTE                    WRITE INTO THE REGISTRY",
        "died     gone    for 4 days: HTTP 404    https://gone.example/rss",
        "silent   quiet   nothing new for 9 days",
        "",
        "7 sources checked: 1 died, 1 silent",
    ]
