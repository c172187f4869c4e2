"""What was fetched is text wherever it is shown, and what is typed is never SQL, on both databases."""

import csv
import json
import unicodedata
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from coopwatch.warehouse import Warehouse
from schemas.records import Attribution, EventChange
from tests.builders import NOW, make_article, make_claim, make_dossier
from tests.integration.command import run_coopwatch
from tests.integration.test_warehouse_outbox import make_notice
from tests.integration.test_warehouse_quality import refuse
from tests.integration.warehouse_samples import RUN, dump, make_batch, make_result, take_entries

HOSTILE = (
    "=cmd|' /C calc'!A1 '; DROP TABLE article; -- <script>alert(1)</script> [x](javascript:alert(1)) "
    "\x1b]8;;https://evil.example\x07link\x1b[2J \u202egpj.exe\u2066 @everyone <!channel>"
    "\r\nERROR forged laboratory"
)
INJECTIONS = ("' OR 1=1 --", "%", "x'; DELETE FROM entry; --")

pytestmark = pytest.mark.slow


@pytest.fixture
def url(warehouse: Warehouse, warehouse_url: str) -> str:
    """The address of a warehouse with a loaded article and a refused one, hostile wherever they can be."""
    article = make_article(
        1,
        title=HOSTILE,
        text=f"{HOSTILE} {HOSTILE}",
        attribution=Attribution(publisher=HOSTILE, issuer=HOSTILE),
    )
    dossier = make_dossier(article, name=HOSTILE, place=HOSTILE)
    claim = make_claim(article, value=HOSTILE, quote=HOSTILE)
    dossier = dossier.model_copy(update={"claims": (claim,)})
    change = EventChange(event_id="e-1", kind="new_event", revision=1, article_id=article.article_id)
    take_entries(warehouse, 2)
    batch = make_batch(article, dossiers=(dossier,), results=(make_result(1, article_id=article.article_id),))
    warehouse.write_batch(RUN, batch, (change,), NOW)
    refuse(warehouse, warehouse_url, {2: HOSTILE})
    warehouse.add_alerts([make_notice(1, title=HOSTILE, status="failed", last_error=HOSTILE)])
    return warehouse_url


def is_steering(text: str) -> bool:
    return any(unicodedata.category(c) in ("Cc", "Cf") and c != "\n" for c in text)


def test_nothing_that_is_printed_steers_a_terminal_or_forges_a_line(url: str) -> None:
    for arguments in (
        ("events",),
        ("events", "--json"),
        ("show", "e-1"),
        ("show", "e-1", "--json"),
        ("search", "laboratory"),
        ("quarantine",),
        ("alerts", "list"),
        ("alerts", "test", "--event", "e-1"),
    ):
        done = run_coopwatch(*arguments, "--warehouse", url)
        assert done.status == 0, (arguments, done.out)
        assert "DROP TABLE" in done.out, arguments
        assert not is_steering(done.out), arguments
        assert not any(line.startswith("ERROR forged") for line in done.out.splitlines()), arguments


def test_what_is_typed_is_no_sql(url: str) -> None:
    before = dump(url, ["entry", "article", "alert", "rejection"])
    for typed in INJECTIONS:
        for arguments in (
            ("quarantine", "--rule", typed),
            ("quarantine", "retry", "--rule", typed),
        ):
            done = run_coopwatch(*arguments, "--warehouse", url)
            assert done.status == 0, (arguments, done.out)
            assert "DROP TABLE" not in done.out, arguments  # nothing matched
        for refused in (
            ("alerts", "list", "--route", typed),
            ("alerts", "retry", "--route", typed),
            ("search", "laboratory", "--language", typed),
        ):
            assert run_coopwatch(*refused, "--warehouse", url).status == 2
        with Warehouse.open(url) as warehouse:
            assert warehouse.search("laboratory", 5, typed, None) == ()
    assert dump(url, ["entry", "article", "alert", "rejection"]) == before


def test_exports_hold_texts_and_no_formulas_or_markup(url: str, tmp_path: Path) -> None:
    assert run_coopwatch("export", "csv", str(tmp_path), "--warehouse", url).status == 0
    cells = 0
    for file in tmp_path.glob("*.csv"):
        with file.open(encoding="utf-8-sig", newline="") as stream:
            for row in csv.reader(stream):
                cells += sum("DROP TABLE" in cell for cell in row)
                assert not any(cell.startswith(("=", "+", "@")) for cell in row)
    assert cells >= 8

    atom, events = tmp_path / "events.atom", tmp_path / "events.json"
    assert run_coopwatch("export", "atom", str(atom), "--warehouse", url).status == 0
    feed = ET.parse(atom).getroot()
    (content,) = feed.iter("{http://www.w3.org/2005/Atom}content")
    assert "<script" not in (content.text or "")
    assert run_coopwatch("export", "json", str(events), "--warehouse", url).status == 0
    (event,) = json.loads(events.read_text(encoding="utf-8"))
    assert event["claims"][0]["quote"] == HOSTILE
