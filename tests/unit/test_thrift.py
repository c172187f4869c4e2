"""What is spared must not be missed: parameters are written down as Prefect does it."""

import re
from collections import deque
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from prefect import Flow
from prefect.states import Completed

from tasks.thrift import ThriftyFlow, flow


def keep(sources: Path, value: Any) -> None:
    """Stand for any flow."""


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        15,
        0.5,
        "week",
        (1, ["two", None]),
        {"nested": (Path("a"),)},
        Path("config/sources.yaml"),
        (Path("a.warc.gz"), Path("b.warc.gz")),
        datetime(2026, 11, 16, 6, 30, tzinfo=UTC),
        date(2026, 11, 16),
        object(),  # what nothing can write down is named
        deque([object()]),
        Completed(),
        [Completed()],
    ],
    ids=lambda value: re.sub(r" at 0x[0-9a-f]+", "", repr(value)),  # the same in every process of the suite
)
def test_parameters_are_written_down_as_by_prefect(value: object) -> None:
    given = {"sources": Path("sources.yaml"), "value": value}
    expected = Flow(keep).serialize_parameters(given)
    assert ThriftyFlow(keep).serialize_parameters(given) == expected


def test_the_decorator_makes_a_flow_of_that_name() -> None:
    made = flow(name="monitor", description="Poll what is due.")(keep)
    assert isinstance(made, Flow)
    assert (made.name, made.description, made.fn) == ("monitor", "Poll what is due.", keep)
