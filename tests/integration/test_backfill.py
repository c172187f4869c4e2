"""Backfill on a real warehouse and a real Prefect server: resumed, spread, silent, again without effect."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from coopwatch import extractors, gating, joining, stages
from coopwatch.backfill.holding import (
    BackfillWorkspace,
    join_articles,
    list_survivors,
    make_source,
    note_sifted,
    read_refused,
)
from coopwatch.backfill.pages import Stretch
from coopwatch.backfill.sifting import Sifted, sift
from coopwatch.errors import WarehouseError
from coopwatch.settings import Settings
from coopwatch.warehouse import Warehouse
from coopwatch.warehouse.database import Database
from coopwatch.warehouse.engines import parse_url
from coopwatch.warehouse.rows import insert_missing
from coopwatch.work import Work
from coopwatch.workspace import Workspace
from schemas.records import Article, BackfillItem, Gap
from schemas.tables import gap
from tests.fakes import FakeSite, Story, serve_site
from tests.integration.command import PROJECT, Finished
from tests.integration.stage_rig import Gate
from tests.integration.stories import MATCH, PACT
from tests.integration.test_quarantine import make_gate
from tests.integration.test_rejudging import accept_all
from tests.integration.warehouse_samples import dump
from tests.unit.test_captures_archive import ArchiveBuilder

pytestmark = pytest.mark.slow

JOB = "warc archive.cc-news"
REGISTRY = json.dumps(
    {
        "sources": [
            {
                "id": "volta",
                "name": "Volta Post",
                "kind": "feed",
                "url": "https://voltapost.example/feed.xml",
                "publisher": "Volta Post",
            }
        ]
    }
)
LATER = Story(
    "fund.html",
    "Kenya and Norway agree on a joint research fund",
    "NAIROBI -- Kenya and Norway signed an agreement on a joint research fund in Nairobi on June 3, 2025. "
    "It pays for cooperation in ocean science between universities of both countries.\n\n"
    "The science ministers said that researchers of the two countries may apply from autumn on. A joint "
    "laboratory for marine biology in Mombasa is to follow within two years, with staff from Bergen.\n\n"
    "The fund holds twelve million dollars. Scientists of both countries will choose the projects together "
    "and publish what they find in journals that everybody can read.",
)
HTML = (("Content-Type", "text/html; charset=utf-8"),)


def write_archive(path: Path, *stories: Story) -> Path:
    """Write pages as a crawler would, with what a crawl brings besides."""
    site = FakeSite()
    site.publish("voltapost.example", *stories)
    builder = ArchiveBuilder(path)
    for story in stories:
        status, _, page = site.answer(f"/voltapost.example/{story.path}")
        assert status == 200
        builder.add(f"https://voltapost.example/{story.path}", page.encode(), headers=HTML)
    builder.add(
        "https://voltapost.example/logo.png", b"\x89PNG" * 200, headers=(("Content-Type", "image/png"),)
    )
    builder.add("https://voltapost.example/gone.html", b"gone" * 200, status="404 Not Found", headers=HTML)
    return builder.close()


@pytest.fixture
def settings(warehouse_url: str, tmp_path: Path) -> Settings:
    registry = tmp_path / "sources.yaml"
    registry.write_text(REGISTRY, encoding="utf-8")
    return Settings(
        sources=registry,
        warehouse_url=warehouse_url,
        captures=str(tmp_path / "captures"),
        max_attempts=1,
        extract_workers=1,
    )


@contextmanager
def open_run(settings: Settings, run_id: str, archive: Path) -> Iterator[BackfillWorkspace]:
    with BackfillWorkspace(settings, run_id) as run, run.warehouse.backfilling(JOB):
        run.warehouse.start_run(run_id, run.now(), "backfill")
        source = make_source("archive.cc-news", "archive.cc-news", "https://archive.invalid/")
        run.warehouse.register_sources((source,), run.now())
        run.warehouse.begin(run_id, JOB, [str(archive)], run.now())
        yield run


def item_of(run: BackfillWorkspace) -> BackfillItem:
    (item,) = run.warehouse.read_backfill(JOB)
    return item


def sift_on(run: BackfillWorkspace, records: int = 100, offset: int | None = None) -> Sifted:
    item = item_of(run)
    return sift(
        Stretch(
            item=item.item,
            offset=item.position if offset is None else offset,
            source_id="archive.cc-news",
            records=records,
        ),
        run.settings,
    )


def load(run: BackfillWorkspace, sifted: Sifted, gate: Gate = accept_all) -> Work:
    """Do what the flow does with a stretch."""
    item = note_sifted(item_of(run), sifted, run)
    work = list_survivors(run, sifted)
    if not work:
        run.warehouse.write_item(run.run_id, item, run.now())
        return work
    run.warehouse.item = item
    work = joining.link_articles(run, join_articles(run, work, sifted))
    work = gating.check_records(run, work, gate)
    stages.load_batch(run, work)
    run.warehouse.item = None
    return work


def load_refused(run: BackfillWorkspace, gate: Gate, version: str) -> list[str]:
    """Do what the flow does with quarantine; return the outcomes of what was tried again."""
    work, _ = read_refused(run, "archive.cc-news", version, 0)
    if not work:
        return []
    assert run.warehouse.count_entries()["pending"] == 0  # a run that dies here leaves all as it was
    work = gating.check_records(run, joining.link_articles(run, work), gate)
    stages.load_batch(run, work)
    return [result.outcome for result in work.results]


def what_is_known(url: str) -> dict[str, list[tuple[Any, ...]]]:
    """Return the rows of the tables that must not depend on how often, and where, a backfill ran."""
    known = dump(url, ["article", "judgement", "membership", "coverage", "claim", "event_relation", "triage"])
    assert known["article"]
    return known


def test_only_what_survives_becomes_rows_and_nobody_is_alerted(settings: Settings, tmp_path: Path) -> None:
    archive = write_archive(tmp_path / "a.warc.gz", PACT, MATCH, LATER)
    with open_run(settings, "run-1", archive) as run:
        work = load(run, sift_on(run))
        assert sorted(result.outcome for result in work.results) == ["loaded", "loaded"]
        item, events = item_of(run), run.warehouse.read_events()
    assert item.done_at
    assert (item.seen, item.kept, item.counts["loaded"]) == (5, 2, 2)
    assert item.counts["content type"] == item.counts["status"] == 1
    assert item.position > 0
    rows = dump(settings.warehouse_url, ["entry", "alert", "capture", "triage"])
    assert [len(found) for found in rows.values()] == [2, 0, 2, 0]
    assert len(events) == 2
    assert all("2024" in str(row) for row in rows["capture"])  # when the crawler was there


def test_a_killed_run_goes_on_where_it_was_and_no_monitor_comes_between(
    settings: Settings, tmp_path: Path
) -> None:
    archive = write_archive(tmp_path / "a.warc.gz", PACT, LATER)
    with open_run(settings, "run-1", archive) as run:
        load(run, sift_on(run, records=1))
        assert item_of(run).done_at is None
        list_survivors(run, sift_on(run, records=1))  # and here the run dies
    with Workspace(settings, "monitor") as monitor:
        assert not stages.take_entries(monitor)
        a_year_on = monitor.now() + timedelta(days=365)
        assert not monitor.warehouse.take_pending("monitor", 10, a_year_on, timedelta(hours=1))

    with open_run(settings, "run-2", archive) as run:
        assert (item_of(run).seen, item_of(run).kept) == (1, 1)
        assert load(run, sift_on(run)).results[0].outcome == "loaded"
        item = item_of(run)
        assert (item.seen, item.kept, bool(item.done_at)) == (4, 2, True)
        assert run.warehouse.count_entries()["pending"] == 0
        assert run.warehouse.count_entries()["loaded"] == 2


def test_again_it_changes_nothing_even_from_the_beginning(settings: Settings, tmp_path: Path) -> None:
    archive = write_archive(tmp_path / "a.warc.gz", PACT, LATER)
    with open_run(settings, "run-1", archive) as run:
        load(run, sift_on(run))
    before = what_is_known(settings.warehouse_url)
    with open_run(settings, "run-2", archive) as run:
        assert not load(run, sift_on(run, offset=0))
    assert what_is_known(settings.warehouse_url) == before


def test_another_run_of_the_same_job_is_refused(settings: Settings, tmp_path: Path) -> None:
    archive = write_archive(tmp_path / "a.warc.gz", PACT)
    with (
        open_run(settings, "run-1", archive),
        pytest.raises(WarehouseError, match="another run"),
        open_run(settings, "run-2", archive),
    ):
        pass


def test_a_file_that_is_cut_short_is_loaded_as_far_as_it_goes(settings: Settings, tmp_path: Path) -> None:
    whole = write_archive(tmp_path / "a.warc", PACT, LATER).read_bytes()
    archive = tmp_path / "b.warc"
    archive.write_bytes(whole[: whole.index(b"research fund in Nairobi")])
    with open_run(settings, "run-1", archive) as run:
        load(run, sift_on(run))
        item = item_of(run)
    assert "cut short" in (item.error or "")
    assert (item.done_at, item.kept) == (None, 1)
    archive.write_bytes(whole)
    with open_run(settings, "run-2", archive) as run:
        load(run, sift_on(run))
        item = item_of(run)
        assert run.warehouse.count_entries()["loaded"] == 2
    assert (item.error, bool(item.done_at)) == (None, True)


def test_what_was_refused_is_tried_again_once_a_version_from_the_page_that_is_kept(
    settings: Settings, tmp_path: Path
) -> None:
    strict, stricter, mild = make_gate("g-1", "Kenya"), make_gate("g-2", "Kenya"), make_gate("g-3")
    archive = write_archive(tmp_path / "a.warc.gz", PACT, LATER)
    with open_run(settings, "run-1", archive) as run:
        work = load(run, sift_on(run), strict)
        assert sorted(result.outcome for result in work.results) == ["loaded", "quarantined"]
        position = item_of(run).position
    archive.unlink()  # it is not asked for again
    with open_run(settings, "run-2", archive) as run:
        assert load_refused(run, strict, "g-1") == []
        assert load_refused(run, stricter, "g-2") == ["quarantined"]
        assert load_refused(run, stricter, "g-2") == []
        now = run.now()
        assert run.warehouse.release_quarantined("g-3", extractors.IN_FORCE, now) == 0  # by a monitor
        assert run.warehouse.retry_quarantined(None, now) == 0
    bodies = tmp_path / "captures"
    bodies.rename(tmp_path / "away")
    with open_run(settings, "run-3", archive) as run:
        assert load_refused(run, mild, "g-3") == []  # no page, no answer
        assert run.warehouse.count_entries()["quarantined"] == 1
    (tmp_path / "away").rename(bodies)
    with open_run(settings, "run-4", archive) as run:
        assert load_refused(run, mild, "g-3") == ["loaded"]
        assert load_refused(run, mild, "g-4") == []
        assert run.warehouse.count_entries()["loaded"] == 2
        assert item_of(run).position == position
    assert len(what_is_known(settings.warehouse_url)["article"]) == 2


SIFTING = """
import sys
from pathlib import Path
from coopwatch.backfill.pages import Stretch
from coopwatch.backfill.sifting import sift
from coopwatch.settings import Settings
item, captures = sys.argv[1:]
settings = Settings(captures=captures, extract_workers=1)
print(len(sift(Stretch(item=item, source_id="archive.cc-news"), settings).survivors))
print(any(name.startswith("lxml") for name in sys.modules))
"""


def test_trees_of_pages_are_only_made_in_the_workers_that_free_them(tmp_path: Path) -> None:
    archive = write_archive(tmp_path / "a.warc.gz", PACT, MATCH)
    command = [sys.executable, "-c", SIFTING, str(archive), str(tmp_path / "captures")]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=PROJECT)
    assert done.stdout.split() == ["1", "False"]


@pytest.mark.parametrize("batch_size", [1, 2, 100])
def test_a_stretch_ends_with_a_full_batch_and_all_stretches_come_to_the_same(
    tmp_path: Path, batch_size: int
) -> None:
    archive = write_archive(tmp_path / "a.warc.gz", PACT, MATCH, LATER, PACT)
    small = Settings(captures=str(tmp_path / "captures"), extract_workers=1, batch_size=batch_size)
    following: Stretch | None = Stretch(item=str(archive), source_id="archive.cc-news")
    found = []
    while following:
        found.append(sift(following, small))
        following = found[-1].following
    assert all(len(sifted.survivors) <= batch_size for sifted in found)
    assert sum(sifted.seen for sifted in found) == 6
    kept = [survivor.entry.url.rpartition("/")[2] for sifted in found for survivor in sifted.survivors]
    assert list(dict.fromkeys(kept)) == ["pact.html", "fund.html"]


# --- the flow


def set_environment(monkeypatch: pytest.MonkeyPatch, folder: Path, url: str) -> None:
    """Give what a backfill reads from the environment."""
    registry = folder / "sources.yaml"
    registry.write_text(REGISTRY, encoding="utf-8")
    given = {
        "SOURCES": str(registry),
        "WAREHOUSE_URL": url,
        "CAPTURES": str(folder / "captures"),
        "ALLOW_PRIVATE_HOSTS": "127.0.0.1",
        "EXTRACT_WORKERS": "1",
    }
    for name, value in given.items():
        monkeypatch.setenv(f"COOPWATCH_{name}", value)


@pytest.fixture
def environment(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """What a backfill reads from the environment; its warehouse."""
    set_environment(monkeypatch, tmp_path, sqlite_url)
    return sqlite_url


def run_backfill(*arguments: str | Path) -> Finished:
    """Run the command in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", "from flows.cli.backfill import app; app()", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        cwd=PROJECT,
    )
    return Finished(done.returncode, done.stdout, done.stderr)


def test_archives_through_the_flow_and_what_status_says(
    prefect_api: str, environment: str, tmp_path: Path
) -> None:
    write_archive(tmp_path / "a.warc.gz", PACT, MATCH)
    write_archive(tmp_path / "b.warc.gz", LATER)
    done = run_backfill("warc", tmp_path / "*.warc.gz", "--json")
    assert done.status == 0, done.err
    assert (done.data["outcomes"], len(done.data["items"])) == ({"loaded": 2}, 2)
    assert "100.0 %" in done.err
    assert dump(environment, ["alert"])["alert"] == []
    before = what_is_known(environment)

    again = run_backfill("warc", tmp_path / "*.warc.gz")
    assert "2 of 2 done" in again.out
    assert "nothing to do" in again.out
    assert what_is_known(environment) == before

    assert [item["kept"] for item in run_backfill("status", "--json").data] == [1, 1]
    assert "nothing was" not in run_backfill("status").out


@pytest.mark.parametrize("workers", [1, 2])
def test_dask_workers_come_to_what_one_process_comes_to(
    prefect_api: str, environment: str, tmp_path: Path, workers: int
) -> None:
    pytest.importorskip("prefect_dask")
    write_archive(tmp_path / "a.warc.gz", PACT, MATCH)
    write_archive(tmp_path / "b.warc.gz", LATER)
    files = [str(tmp_path / name) for name in ("a.warc.gz", "b.warc.gz")]
    done = run_backfill("warc", *files, "--workers", str(workers), "--json")
    assert done.status == 0, done.err
    assert "unsendable" not in done.err  # a tree that another thread freed than made it
    assert done.data["outcomes"] == {"loaded": 2}
    settings = Settings.from_environment()
    here = [sift(Stretch(item=file, source_id="archive.cc-news"), settings) for file in files]
    assert [(item["position"], item["seen"], item["kept"]) for item in done.data["items"]] == [
        (one.end, one.seen, len(one.survivors)) for one in here
    ]
    articles = [survivor.outcome for one in here for survivor in one.survivors]
    with Warehouse.open(environment) as warehouse:
        ids = [article.article_id for article in articles if isinstance(article, Article)]
        stored = warehouse.read_articles(ids).values()
    unnumbered = {"entry_id": 0}
    assert {a.article_id: a.model_copy(update=unnumbered) for a in articles if isinstance(a, Article)} == {
        a.article_id: a.model_copy(update=unnumbered) for a in stored
    }


class DatedSite(FakeSite):
    """A site that lists its stories in a news sitemap, too."""

    def answer(self, path: str) -> tuple[int, str, str]:
        if path != "/sitemap.xml":
            return super().answer(path)
        listed = "".join(
            f"<url><loc>{self.url}/{outlet}/{story.path}</loc><news:news><news:title>{story.title}</news:title>"
            f"<news:publication_date>{story.published_at:%Y-%m-%d}</news:publication_date></news:news></url>"
            for outlet, stories in self.stories.items()
            for story in stories
            if story.published_at
        )
        names = (
            'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
            'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
        )
        return 200, "application/xml", f"<urlset {names}>{listed}</urlset>"


def test_a_gap_is_filled_from_the_sitemap_and_alerts_are_sent_when_asked_for(
    prefect_api: str, environment: str, tmp_path: Path
) -> None:
    with serve_site(DatedSite()) as site:
        registry = json.loads(REGISTRY)
        registry["sources"][0] |= {"kind": "sitemap", "url": f"{site.url}/sitemap.xml"}
        (tmp_path / "sources.yaml").write_text(json.dumps(registry), encoding="utf-8")
        site.publish("voltapost.example", PACT, replace(LATER, published_at=datetime(2025, 6, 4, tzinfo=UTC)))
        with Workspace(Settings.from_environment(), "monitor") as monitor:
            monitor.warehouse.start_run("monitor", monitor.now())
            monitor.warehouse.register_sources(tuple(monitor.sources.values()), monitor.now())
        missed = Gap(
            source_id="volta",
            from_at=datetime(2025, 5, 6, tzinfo=UTC),
            to_at=datetime(2025, 5, 8, tzinfo=UTC),
        )
        database = Database(parse_url(environment))
        database.write(lambda connection: insert_missing(connection, gap, [missed.model_dump()]))
        database.close()

        done = run_backfill("gaps", "--alert")
        assert done.status == 0, done.err
        (item,) = run_backfill("status", "--json").data
        assert item["item"].startswith("volta 2025-05-06")
        assert (item["kept"], item["counts"], item["error"]) == (1, {"out of period": 1}, None)
        (alert,) = dump(environment, ["alert"])["alert"]
        assert "Ghana" in str(alert)
        with Warehouse.open(environment) as warehouse:
            assert (warehouse.count_entries()["loaded"], warehouse.read_gaps()) == (1, ())

        again = run_backfill("gaps", "--alert")
        assert again.status == 0, again.err
        assert len(dump(environment, ["alert"])["alert"]) == 1


def test_a_list_of_addresses_and_a_sitemap(prefect_api: str, environment: str, tmp_path: Path) -> None:
    with serve_site(FakeSite()) as site:
        site.publish("voltapost.example", PACT, MATCH)
        path = tmp_path / "list.csv"
        pages = [f"{site.url}/voltapost.example/{name}" for name in (PACT.path, MATCH.path, "gone.html")]
        path.write_text("\n".join(["url", *pages, "nonsense"]), encoding="utf-8")
        done = run_backfill("urls", path, "--json")
        assert done.status == 0, done.err
        assert done.data["outcomes"] == {"loaded": 1, "irrelevant": 1, "failed": 1}
        assert (done.data["items"][0]["seen"], done.data["items"][0]["counts"]) == (4, {"bad_url": 1})
        missing = run_backfill("sitemap", f"{site.url}/sitemap.xml", "--json")
        assert missing.status == 1, missing.err
        assert "404" in missing.data["items"][0]["error"]
    assert dump(environment, ["alert"])["alert"] == []
