"""`coopwatch export` on both databases, read by what will read it."""

import json
from collections.abc import Iterator
from pathlib import Path

import duckdb
import feedparser
import pytest
from duckdb_extension_postgres_scanner import __path__ as postgres_path
from duckdb_extension_sqlite_scanner import __path__ as sqlite_path
from sqlalchemy.engine import make_url
from typer.testing import CliRunner

from coopwatch.warehouse import Warehouse
from flows.cli.exporting import app
from tests.builders import NOW, make_article, make_claim, make_dossier
from tests.integration.warehouse_samples import load_three, take_entries

QUESTION = """
    SELECT event.name, count(DISTINCT coverage.article_id), max(claim.high)
    FROM {event} AS event JOIN {coverage} AS coverage USING (event_id) JOIN {claim} AS claim USING (event_id)
    GROUP BY event.name
"""
TABLES = ("event", "coverage", "claim", "article", "event_relation")


@pytest.fixture
def duck() -> Iterator[duckdb.DuckDBPyConnection]:
    """DuckDB with the extensions that read the two databases."""
    with duckdb.connect() as connection:
        for path in (*sqlite_path, *postgres_path):
            (extension,) = Path(path).rglob("*.duckdb_extension")
            connection.execute(f"LOAD '{extension}'")
        yield connection


@pytest.fixture
def filled(warehouse: Warehouse, warehouse_url: str) -> str:
    """The address of a warehouse with one event."""
    article = make_article(title='=cmd("x") 首届大会')
    dossier = make_dossier(article)
    claim = make_claim(article, low=800.0, high=800.0)
    take_entries(warehouse, 3)
    load_three(warehouse, dossier.model_copy(update={"claims": (claim,)}))
    return warehouse_url


def export(*arguments: str) -> str:
    done = CliRunner().invoke(app, list(arguments))
    assert done.exit_code == 0, done.output
    return done.output


def test_parquet_answers_what_the_warehouse_answers(
    filled: str, warehouse: Warehouse, duck: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    folder = tmp_path / "out"
    for _ in range(2):  # the second time it replaces what it wrote
        assert f"{folder / 'event'}: 1 row" in export("parquet", str(folder), "--warehouse", filled)

    parquet = {name: f"read_parquet('{folder}/{name}/**/*.parquet')" for name in TABLES[:3]}
    url = make_url(filled)
    if url.get_backend_name() == "sqlite":
        duck.execute(f"ATTACH '{url.database}' AS warehouse (TYPE sqlite, READ_ONLY)")
        own = {name: f"warehouse.{name}" for name in TABLES[:3]}
    else:
        plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
        duck.execute(f"ATTACH '{plain}' AS warehouse (TYPE postgres, READ_ONLY)")
        own = {name: f"warehouse.public.{name}" for name in TABLES[:3]}
    answer = duck.sql(QUESTION.format(**parquet)).fetchall()

    (dossier,) = warehouse.read_events()
    assert answer == [(dossier.event.name, 1, 800.0)]
    assert duck.sql(QUESTION.format(**own)).fetchall() == answer
    types = dict(
        duck.sql(f"SELECT column_name, column_type FROM (DESCRIBE FROM {parquet['event']})").fetchall()
    )
    assert (types["start_date"], types["updated_at"]) == ("DATE", "TIMESTAMP WITH TIME ZONE")
    assert "month" in types
    assert (folder / "event" / f"month={NOW:%Y-%m}" / "part.parquet").is_file()


def test_texts_of_publishers_stay_in_the_warehouse(filled: str, tmp_path: Path) -> None:
    export("csv", str(tmp_path), "--warehouse", filled)

    head, *_ = (tmp_path / "article.csv").read_text(encoding="utf-8-sig").splitlines()
    assert "title" in head.split(",")
    assert "text" not in head.split(",")
    assert """'=cmd(""x"") 首届大会""" in (tmp_path / "coverage.csv").read_text(encoding="utf-8-sig")


def test_feed_readers_read_the_feed(filled: str, warehouse: Warehouse, tmp_path: Path) -> None:
    file = tmp_path / "public" / "events.atom"
    assert f"{file}: 1 event" in export("atom", str(file), "--warehouse", filled)

    feed = feedparser.parse(file.read_bytes())
    (dossier,) = warehouse.read_events()
    assert not feed.bozo
    assert [entry.id for entry in feed.entries] == [f"urn:coopwatch:event:{dossier.event.event_id}"]
    assert feed.entries[0].link == dossier.coverage[0].url


def test_json_holds_claims_with_their_sentences(filled: str, tmp_path: Path) -> None:
    file = tmp_path / "events.json"
    export("json", str(file), "--warehouse", filled)

    (event,) = json.loads(file.read_text(encoding="utf-8"))
    assert [claim["high"] for claim in event["claims"]] == [800.0]
    assert event["claims"][0]["quote"]


def test_an_empty_warehouse_exports_empty_tables(
    warehouse: Warehouse, warehouse_url: str, tmp_path: Path
) -> None:
    assert warehouse.read_events() == ()
    export("parquet", str(tmp_path / "out"), "--warehouse", warehouse_url)

    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(TABLES)
