"""The tables of the warehouse as Prefect assets: who wrote them last, and how much."""

from prefect.assets import Asset, AssetProperties, add_asset_metadata

from coopwatch.work import Work
from coopwatch.workspace import Workspace
from schemas import tables

_OF_A_BATCH = ("article", "event", "claim")


def name_asset(table: str) -> str:
    """Return the key of a table; the same for every warehouse, since one server watches one, as a rule."""
    return f"coopwatch://warehouse/{table}"


LOADED = tuple(
    Asset(
        key=name_asset(name),
        properties=AssetProperties(name=name, description=tables.metadata.tables[name].comment),
    )
    for name in _OF_A_BATCH
)
"""What a batch writes: an event of Prefect's for each, a batch, and none for a row."""


def describe_load(run: Workspace, work: Work) -> None:
    """Say of the assets, from within the task that writes them, what a batch brought."""
    rows = {
        "article": len(work.articles),
        "event": len(work.dossiers),
        "claim": sum(len(dossier.claims) for dossier in work.dossiers),
    }
    for name, number in rows.items():
        add_asset_metadata(
            name_asset(name), {"rows": number, "run": run.run_id, "warehouse": run.warehouse.url_safe}
        )
