"""Models of relevance: for each topic one is active, the others are history."""

from typing import TYPE_CHECKING

from sqlalchemy import Connection, select, update

from coopwatch.warehouse.rows import columns_of, read_records, upsert
from schemas.tables import model

if TYPE_CHECKING:
    from coopwatch.relevance.model import Model


def read_active_model(connection: Connection, topic: str) -> "Model | None":
    """Return the model that decides on a topic, None if the rules alone do."""
    from coopwatch.relevance.model import Model  # and all that judges; a run without articles asks for none

    query = (
        select(*columns_of(Model, model))
        .where(model.c.topic == topic, model.c.status == "active")
        .order_by(model.c.created_at.desc(), model.c.model_version)
    )
    return next(iter(read_records(connection, query, Model)), None)


def write_model(connection: Connection, trained: "Model") -> None:
    """Write a trained model; an active one retires the one before it.

    A model that comes out again takes its new status, and keeps when and by whom it was first made. The
    one that is active stays so: it cannot be worse than itself.
    """
    others = model.c.topic == trained.topic, model.c.status == "active"
    running = connection.scalar(select(model.c.model_version).where(*others))
    if running == trained.model_version:
        return
    if trained.status == "active":
        retirement = update(model).where(*others)
        connection.execute(retirement.values(status="retired", retired_at=trained.created_at))
    upsert(connection, model, [trained.model_dump()], keep=("created_at", "created_by"))
