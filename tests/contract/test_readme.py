"""What the README shows, runs."""

import re
import subprocess
from pathlib import Path

import pytest
import yaml
from sqlalchemy import text

from coopwatch.sources import load_sources
from coopwatch.warehouse import Warehouse
from coopwatch.warehouse.database import Database
from coopwatch.warehouse.engines import parse_url
from schemas.records import Dossier
from tests.builders import NOW, make_article, make_claim, make_coverage, make_event
from tests.integration.warehouse_samples import RUN, make_batch, make_result, take_entries

PROJECT = Path(__file__).parent.parent.parent
README = (PROJECT / "README.md").read_text(encoding="utf-8")
QUERIES = re.findall(r"```sql\n(.*?)```", README, re.DOTALL)


@pytest.fixture
def filled_url(warehouse_url: str) -> str:
    """A warehouse with one event, told by two voices that disagree on a figure."""
    first, second = make_article(1), make_article(2)
    rows = (make_coverage(first, distributor="PRNewswire", issuer="The Academy"), make_coverage(second))
    claims = (
        make_claim(first, status="soft_conflict"),
        make_claim(second, value="50", low=50.0, high=50.0, status="soft_conflict"),
    )
    event = make_event(articles=2, text_groups=2, independent_sources=2)
    batch = make_batch(
        first, second, dossiers=(Dossier(event=event, coverage=rows, claims=claims),),
        results=tuple(make_result(a.entry_id, article_id=a.article_id) for a in (first, second)),
    )  # fmt: skip
    with Warehouse.open(warehouse_url) as warehouse:
        take_entries(warehouse, 2)
        warehouse.write_batch(RUN, batch, (), NOW)
    return warehouse_url


def test_there_are_three_questions() -> None:
    assert len(QUERIES) == 3


@pytest.mark.parametrize(
    ("query", "answer"),
    [
        (QUERIES[0], [("e-1", 2, 2, 2)]),
        (QUERIES[1], [("attendance", "40"), ("attendance", "50")]),
        (QUERIES[2], [("The Courier", "PRNewswire", "The Academy", 1)]),
    ],
)
def test_every_question_is_answered(filled_url: str, query: str, answer: list[tuple[object, ...]]) -> None:
    database = Database(parse_url(filled_url))
    with database.read() as connection:
        rows = connection.execute(text(query)).mappings().all()
    database.close()
    wanted = {4: ("event_id", "independent_sources", "articles", "texts"), 2: ("field", "value")}
    columns = wanted.get(len(answer[0])) if "publisher" not in rows[0] else tuple(rows[0])
    assert columns
    assert [tuple(row[column] for column in columns) for row in rows] == answer


def test_the_source_that_is_shown_is_a_good_one(tmp_path: Path) -> None:
    (shown,) = re.findall(r"```yaml\n(.*?)```", README, re.DOTALL)
    registry = tmp_path / "sources.yaml"
    registry.write_text("sources:\n" + shown, encoding="utf-8")
    assert [source.id for source in load_sources(registry)] == ["example-academy"]
    listing = re.search(r"`(listing: \{.*?\})`", README)
    assert listing
    assert set(yaml.safe_load(listing[1])["listing"]) == {"item", "link", "title", "date"}


def test_the_make_targets_that_are_named_exist() -> None:
    named = set(re.findall(r"make ([a-z]+)", README)) - {"for"}
    shown = subprocess.run(
        ["make", "--no-print-directory", "help"], cwd=PROJECT, capture_output=True, text=True, check=True
    ).stdout
    assert named <= set(re.findall(r"make ([a-z]+)", shown))
