"""The whole flow over real pages, answered from an archive."""

from collections import Counter
from pathlib import Path

import pytest

from benchmarks.make_archive import Archive, make_archive
from coopwatch.warehouse.database import Database
from coopwatch.warehouse.engines import parse_url
from schemas.tables import entry
from tests.integration.command import Shell

pytestmark = [pytest.mark.shared, pytest.mark.slow]


@pytest.fixture(scope="module")
def archive(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Archive:
    return make_archive(shared_data / "pages" / "fundus.tar.gz", tmp_path_factory.mktemp("archive"))


def test_every_real_page_ends_in_one_outcome_and_only_once(
    shell: Shell, archive: Archive, sqlite_url: str
) -> None:
    command = ("run", "--sources", archive.sources, "--warehouse", sqlite_url, "--replay", archive.warc)

    first = shell.run(*command, "--json")
    assert first.status == 0, first.err
    assert first.data["sources"]["failed"] == 0
    entries = first.data["entries"]
    assert entries["new"] == archive.pages
    assert entries["pending"] == 0
    ends = ("loaded", "irrelevant", "quarantined", "failed")
    assert sum(entries[end] for end in ends) == archive.pages

    database = Database(parse_url(sqlite_url))
    with database.read() as connection:
        outcomes = Counter(row.outcome for row in connection.execute(entry.select()))
    database.close()
    assert outcomes == Counter({end: entries[end] for end in ends if entries[end]})

    again = shell.run(*command, "--json")
    assert again.status == 0, again.err
    assert set(again.data["entries"].values()) == {0}
    assert again.data["alerts"] == first.data["alerts"] | {"sent": 0}


def test_what_the_archive_does_not_hold_is_a_failed_fetch_that_says_so(
    shell: Shell, archive: Archive, sqlite_url: str, tmp_path: Path
) -> None:
    registry = tmp_path / "other.yaml"
    registry.write_text(
        "sources:\n  - {id: a, name: A, kind: feed, url: 'https://nowhere.example/feed', publisher: A}\n",
        encoding="utf-8",
    )
    done = shell.run(
        "run", "--sources", registry, "--warehouse", sqlite_url, "--replay", archive.warc, "--json"
    )
    assert done.status == 2
    assert done.data["sources"] == {"due": 1, "polled": 0, "not_modified": 0, "failed": 1}
    database = Database(parse_url(sqlite_url))
    with database.read() as connection:
        (reason,) = connection.exec_driver_sql("SELECT reason FROM poll").scalars()
    database.close()
    assert reason.startswith("not_in_archive: ")
    assert archive.warc.name in reason
