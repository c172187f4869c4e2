"""`coopwatch search`, as people call it."""

from coopwatch.warehouse import Warehouse
from tests.builders import NOW, make_article, make_dossier
from tests.integration.command import run_coopwatch
from tests.integration.warehouse_samples import RUN, make_batch, take_entries


def test_what_is_found_is_shown_and_cannot_steer_the_terminal(sqlite_url: str) -> None:
    article = make_article(1, title="Joint \x1b[31mlaboratory\nopens")
    with Warehouse.open(sqlite_url) as warehouse:
        take_entries(warehouse, 1)
        warehouse.write_batch(RUN, make_batch(article, dossiers=(make_dossier(article),)), (), NOW)

    shown = run_coopwatch("search", "laboratory", "--warehouse", sqlite_url)
    as_data = run_coopwatch("search", '"ice cores"', "--json", "--warehouse", sqlite_url)
    nothing = run_coopwatch("search", "absent", "--since", "2025-01-01", "--warehouse", sqlite_url)

    assert shown.out.startswith("Joint �[31mlaboratory opens\n  The Courier · 2025-06-24 · e-1\n")
    assert article.url in shown.out
    assert "joint laboratory for ice cores" in shown.out
    assert [found["article_id"] for found in as_data.data] == [article.article_id]
    assert (nothing.status, nothing.out) == (0, "nothing found\n")
