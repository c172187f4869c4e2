"""A run that finds nothing new does not load what only pages need, nor make what no server asks for."""

import json
import os
import subprocess
import sys
from pathlib import Path

from pytest_httpserver import HTTPServer

from coopwatch.warehouse import Warehouse

HEAVY = (
    *("trafilatura", "htmldate", "pycld2", "py3langid", "babel", "idna.uts46data"),
    *("alembic", "feedparser", "warcio", "lxml.html", "fastapi"),
    *("pandas", "numpy", "scipy", "sklearn", "great_expectations", "pyarrow", "duckdb", "dask"),
    *("coopwatch.extract", "coopwatch.workers", "coopwatch.relevance", "coopwatch.events"),
    *("coopwatch.boilerplate", "coopwatch.search_words", "coopwatch.review", "coopwatch.alerting.messages"),
    *(
        "coopwatch.sitemaps",
        "coopwatch.listings",
        "coopwatch.warehouse.loading",
        "coopwatch.warehouse.labels",
    ),
)
PROGRAM = f"""
import asyncio, gc, json, sys, threading
from pathlib import Path
from flows.monitor import monitor

stores = []  # of certificates that were read on behalf of a module of ours

def note(frame, event, called):
    if event == "c_call" and called.__name__ == "load_verify_locations":
        callers = []
        while frame:
            callers.append(frame.f_globals["__name__"])
            frame = frame.f_back
        if any(caller.partition(".")[0] in ("flows", "tasks", "coopwatch") for caller in callers):
            stores.append(callers)

threading.setprofile(note)
sys.setprofile(note)
state = asyncio.run(monitor(sources=Path(sys.argv[1]), warehouse_url=sys.argv[2], return_state=True))
heavy = [name for name in {HEAVY!r} if name in sys.modules]
said = {{"state": state.name, "said": state.message, "heavy": heavy, "stores": stores}}
print(json.dumps(said | {{"searches": gc.get_stats()[2]["collections"]}}))
"""
FEED = '<?xml version="1.0"?><rss version="2.0"><channel><title>Courier</title><link>/</link></channel></rss>'


def test_a_run_that_finds_nothing_new_loads_makes_and_searches_little(
    prefect_api: str, httpserver: HTTPServer, tmp_path: Path
) -> None:
    httpserver.expect_request("/feed.xml").respond_with_data(FEED, content_type="application/rss+xml")
    registry = tmp_path / "sources.yaml"
    source = {"id": "courier", "name": "The Courier", "kind": "feed", "publisher": "The Courier"}
    warehouse_url = f"sqlite:///{tmp_path}/warehouse.db"
    Warehouse.open(warehouse_url).close()  # nothing is new of the schema either
    listed = [source | {"url": httpserver.url_for("/feed.xml")}]
    registry.write_text(json.dumps({"sources": listed}), encoding="utf-8")
    environment = os.environ | {"COOPWATCH_ALLOW_PRIVATE_HOSTS": "localhost", "PREFECT_API_URL": prefect_api}
    for named in ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"):  # which is read at once, in case it is a mistake
        environment.pop(named, None)
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, registry, warehouse_url],
        env=environment,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout.splitlines()[-1])
    assert (said["state"], said["heavy"], said["stores"]) == ("Completed", [], []), said
    assert said["searches"] <= 1, said
