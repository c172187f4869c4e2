"""A run that finds nothing new does not load what only pages need."""

import json
import os
import subprocess
import sys
from pathlib import Path

from pytest_httpserver import HTTPServer

from coopwatch.warehouse import Warehouse

HEAVY = (
    *(
        "trafilatura",
        "htmldate",
        "pycld2",
        "py3langid",
        "coopwatch.extract",
        "coopwatch.workers",
        "coopwatch.relevance",
    ),
    *("alembic", "feedparser", "warcio", "lxml.html", "coopwatch.sitemaps", "coopwatch.listings"),
    *("pandas", "numpy", "scipy", "sklearn", "great_expectations", "pyarrow", "duckdb", "dask"),
)
PROGRAM = f"""
import asyncio, json, sys
from pathlib import Path
from flows.monitor import monitor
state = asyncio.run(monitor(sources=Path(sys.argv[1]), warehouse_url=sys.argv[2], return_state=True))
heavy = [name for name in {HEAVY!r} if name in sys.modules]
print(json.dumps({{"state": state.name, "said": state.message, "heavy": heavy}}))
"""
FEED = '<?xml version="1.0"?><rss version="2.0"><channel><title>Courier</title><link>/</link></channel></rss>'


def test_a_run_that_finds_nothing_new_loads_no_extractor_no_gate_and_no_model(
    prefect_api: str, httpserver: HTTPServer, tmp_path: Path
) -> None:
    httpserver.expect_request("/feed.xml").respond_with_data(FEED, content_type="application/rss+xml")
    registry = tmp_path / "sources.yaml"
    source = {"id": "courier", "name": "The Courier", "kind": "feed", "publisher": "The Courier"}
    warehouse_url = f"sqlite:///{tmp_path}/warehouse.db"
    Warehouse.open(warehouse_url).close()  # nothing is new of the schema either
    listed = [source | {"url": httpserver.url_for("/feed.xml")}]
    registry.write_text(json.dumps({"sources": listed}), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, registry, warehouse_url],
        env=os.environ | {"COOPWATCH_ALLOW_PRIVATE_HOSTS": "localhost", "PREFECT_API_URL": prefect_api},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout.splitlines()[-1])
    assert (said["state"], said["heavy"]) == ("Completed", []), said
