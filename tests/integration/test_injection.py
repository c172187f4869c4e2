"""Titles, addresses and words that try to be more than text: SQL, log lines, terminal controls, formats."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from coopwatch.warehouse.database import Database
from coopwatch.warehouse.engines import parse_url
from schemas.tables import article, coverage, entry, event, metadata
from tests.fakes import FakeReceiver, FakeSite, Story, serve_receiver, serve_site
from tests.integration.command import Finished, Shell, run_coopwatch
from tests.integration.stories import PACT

pytestmark = pytest.mark.slow

FORGED = "09:00:00  everything is fine, nothing to see"
HOSTILE = {
    "statement": "Kenya and Japan sign science agreement'); DROP TABLE entry; DELETE FROM event; --",
    "quotes": "Chile and Egypt sign science agreement ' OR '1'='1' /* \" ` $$ \\' \\",
    "placeholders": "Peru and Ghana sign science agreement %s %(title)s {0.__class__} ${HOME} :title ? $1",
    "lines": f"Norway and Brazil sign science agreement\r\n{FORGED}\u2028{FORGED}\x85{FORGED}",
    "terminal": "Poland and Canada sign science agreement \x9b31m\x9b2J \u202egnp.exe \u2066 \u200f",
}
PATHS = {
    "statement": "a'); DROP TABLE article; --.html",
    "lines": f"b%0D%0A{FORGED.replace(' ', '%20')}.html",
}
QUESTIONS = ("' OR 1=1 --", '"; DROP TABLE entry; --', "title:* NEAR(", "%", "x' UNION SELECT * FROM run --")
LOG_LINE = re.compile(r"\d\d:\d\d:\d\d(\.\d+ \| \w+ +\| prefect)?|  ALERT  | {4}|$")  # progress, alerts


class HostileSite(FakeSite):
    """One of its feeds is none, and says so in lines of its own."""

    def answer(self, path: str) -> tuple[int, str, str]:
        """Answer a request."""
        if path.endswith("/broken.example/feed.xml"):
            return 200, f"text/html\x9b2J; {FORGED}", f"<title>\x1b[2J\r\n{FORGED}\r\n</title>"
        outlet, _, name = path.rpartition("/")
        return super().answer(f"{outlet}/{name.replace('%', '%25')}" if name.startswith("b%") else path)


@pytest.fixture
def site() -> Iterator[FakeSite]:
    with serve_site(HostileSite()) as served:
        for number, (what, title) in enumerate(HOSTILE.items()):
            path = PATHS.get(what, f"{what}.html")
            body = PACT.body.replace("Ghana", title.split()[0]).replace("Sweden", title.split()[2])
            at = datetime(2025, 5, 1 + number, tzinfo=UTC)
            served.publish("o'hara.example", Story(path, title, f"{body}\n\n{title}", at))
        served.publish("broken.example")
        yield served


@pytest.fixture
def registry(site: FakeSite, tmp_path: Path) -> Path:
    file = tmp_path / "sources.yaml"
    file.write_text(site.sources_yaml().replace('"id": "o\'hara', '"id": "ohara'), encoding="utf-8")
    return file


def assert_inert(done: Finished, *, controls: str = "\n") -> None:
    """Nothing in the output moves a cursor, turns text around, or begins a line of its own."""
    for stream in (done.out, done.err):
        found = {
            character
            for character in stream
            if unicodedata.category(character) in {"Cc", "Cf", "Zl", "Zp"} and character not in controls
        }
        assert not found, f"{found!r} in {stream}"
        assert not [line for line in stream.splitlines() if line.startswith(FORGED)]
    assert "Traceback" not in done.err


def test_hostile_news_goes_through_as_text(
    shell: Shell, site: FakeSite, registry: Path, warehouse_url: str, tmp_path: Path
) -> None:
    with serve_receiver(FakeReceiver()) as hook:
        done = run_coopwatch(
            *("run", "--sources", registry, "--warehouse", warehouse_url),
            environment={"COOPWATCH_ALERT_URLS": hook.url, "COOPWATCH_CAPTURES": str(tmp_path / "captures")},
        )
    assert done.status == 1, done.err  # one of the two feeds is none
    assert_inert(done)
    assert [line for line in done.err.splitlines() if not LOG_LINE.match(line)] == []
    assert len(hook.received) >= 3
    assert not [key for key in hook.keys if FORGED in key]

    database = Database(parse_url(warehouse_url))
    with database.read() as connection:
        for table in metadata.sorted_tables:
            connection.execute(table.select()).all()
        titles = set(connection.scalars(entry.select().with_only_columns(entry.c.title)))
        outcomes = list(connection.scalars(entry.select().with_only_columns(entry.c.outcome)))
        loaded = connection.execute(article.select()).all()
        assert connection.execute(event.select()).all()
        assert connection.execute(coverage.select()).all()
    database.close()
    assert {HOSTILE["statement"], HOSTILE["quotes"], HOSTILE["placeholders"]} <= titles
    assert len(outcomes) == len(HOSTILE)
    assert set(outcomes) == {"loaded"}
    assert len(loaded) == len(HOSTILE)

    for command in ("events", "metrics"):
        assert_inert(shell.run(command, "--warehouse", warehouse_url))
    for row in loaded:
        shown = shell.run("show", row.url, "--warehouse", warehouse_url)
        assert shown.status == 0
        assert_inert(shown)


def test_hostile_words_are_only_looked_for(
    shell: Shell, site: FakeSite, registry: Path, warehouse_url: str, tmp_path: Path
) -> None:
    run_coopwatch(
        *("run", "--sources", registry, "--warehouse", warehouse_url),
        environment={"COOPWATCH_CAPTURES": str(tmp_path / "captures")},
    )
    for question in QUESTIONS:
        for command in ("search", "show"):
            done = shell.run(command, "--warehouse", warehouse_url, "--", question)
            assert done.status in {0, 1, 2}
            assert "syntax" not in done.err.lower()
            assert_inert(done)
    assert len(shell.run("events", "--warehouse", warehouse_url, "--json").data) >= 1
