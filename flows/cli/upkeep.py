"""`coopwatch maintain`: what is too old is forgotten, and the database kept in shape."""

from typing import Annotated

import typer

from coopwatch.reports import clean, to_json
from coopwatch.upkeep import MaintenanceReport, word_maintenance
from flows.cli.reading import JsonOption, WarehouseOption
from flows.cli.running import prepare, run_flow


def maintain(
    warehouse: WarehouseOption = None,
    captures_keep_days: Annotated[
        int | None,
        typer.Option(min=0, help="Forget captures that are older; COOPWATCH_CAPTURES_KEEP_DAYS by default."),
    ] = None,
    texts_keep_days: Annotated[
        int | None,
        typer.Option(
            min=1, help="Empty texts of articles that are older; COOPWATCH_TEXTS_KEEP_DAYS, else they stay."
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Forget what was kept for long enough, delete what nobody needs, keep the database in shape.

    Ledgers, claims with their quotes, and labels are never touched.

    Examples:
      coopwatch maintain
      coopwatch maintain --captures-keep-days 30 --texts-keep-days 365
      coopwatch maintain --json | jq '.upkeep.bytes_after'
    """
    prepare(
        needs_warehouse=True,
        warehouse_url=warehouse,
        captures_keep_days=captures_keep_days,
        texts_keep_days=texts_keep_days,
    )
    from flows.maintenance import maintenance

    result = run_flow(
        maintenance,
        warehouse_url=warehouse,
        captures_keep_days=captures_keep_days,
        texts_keep_days=texts_keep_days,
    )
    report = MaintenanceReport.model_validate(result)
    print(to_json(report.model_dump(mode="json")) if as_json else clean(word_maintenance(report)))
