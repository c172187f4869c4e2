"""Models rest in the warehouse whole; one decides on a topic, and none is ever lost."""

from datetime import timedelta

from sqlalchemy import select

from coopwatch.relevance.model import Weights
from coopwatch.warehouse import Warehouse
from coopwatch.warehouse.database import Database
from coopwatch.warehouse.engines import parse_url
from schemas import tables
from tests.builders import NOW
from tests.unit.learning import make_model

TOPIC = "science_cooperation"


def read_history(url: str) -> list[tuple[str, str]]:
    database = Database(parse_url(url))
    with database.read() as connection:
        query = select(tables.model.c.model_version, tables.model.c.status)
        rows = connection.execute(query.order_by(tables.model.c.model_version)).all()
    database.close()
    return [(version, status) for version, status in rows]


def test_the_rules_alone_decide_where_no_model_is(warehouse: Warehouse) -> None:
    assert warehouse.read_active_model(TOPIC) is None


def test_a_model_comes_back_as_it_was(warehouse: Warehouse) -> None:
    weights = Weights(
        intercept=1 / 3, facets={"science": 1e-17}, terms={"研 究": (2 / 3, -1e9), "é": (1.0, 0.1)}
    )
    model = make_model(weights=weights, metrics={"frozen": {"all": {"recall": None, "items": 3}}})
    warehouse.write_model(model)
    assert warehouse.read_active_model(TOPIC) == model
    assert warehouse.read_active_model("another_topic") is None


def test_an_active_model_retires_the_one_before_it(warehouse: Warehouse, warehouse_url: str) -> None:
    later = NOW + timedelta(days=1)
    warehouse.write_model(make_model())
    warehouse.write_model(make_model(model_version="m-other", topic="another_topic"))
    warehouse.write_model(make_model(model_version="m-two", created_at=later))
    active = warehouse.read_active_model(TOPIC)
    assert active
    assert active.model_version == "m-two"
    assert read_history(warehouse_url) == [("m-one", "retired"), ("m-other", "active"), ("m-two", "active")]


def test_a_refused_model_is_history_and_decides_nothing(warehouse: Warehouse, warehouse_url: str) -> None:
    warehouse.write_model(make_model())
    warehouse.write_model(make_model(model_version="m-two", status="refused", reason="recall falls"))
    active = warehouse.read_active_model(TOPIC)
    assert active
    assert active.model_version == "m-one"
    assert read_history(warehouse_url) == [("m-one", "active"), ("m-two", "refused")]


def test_a_model_that_comes_out_again_is_activated_and_keeps_its_date(warehouse: Warehouse) -> None:
    later = NOW + timedelta(days=1)
    warehouse.write_model(make_model(status="refused", reason="recall falls"))
    warehouse.write_model(make_model(created_at=later, created_by="bo", reason="neither falls"))
    active = warehouse.read_active_model(TOPIC)
    assert active
    assert (active.created_by, active.reason) == ("ada", "neither falls")
    assert active.created_at == make_model().created_at


def test_the_active_model_is_not_refused_by_itself(warehouse: Warehouse, warehouse_url: str) -> None:
    warehouse.write_model(make_model())
    warehouse.write_model(make_model(status="refused"))
    assert read_history(warehouse_url) == [("m-one", "active")]
