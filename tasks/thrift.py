"""What keeps a short run short: what its process would otherwise load, make or look through for nothing."""

import gc
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from prefect import Flow
from prefect.context import SyncClientContext
from prefect.settings import PREFECT_API_URL
from pydantic_core import to_jsonable_python

P = ParamSpec("P")
R = TypeVar("R")


class ThriftyFlow(Flow[P, R]):
    """A flow that writes plain parameters down without FastAPI, which takes longer to load than any step."""

    def serialize_parameters(self, parameters: dict[str, Any]) -> dict[str, Any]:
        """Return parameters as JSON data, the same that the base class returns."""
        if not all(map(_is_plain, parameters.values())):
            return super().serialize_parameters(parameters)
        return {name: to_jsonable_python(value) for name, value in parameters.items()}


def flow(*, name: str, description: str) -> Callable[[Callable[P, R]], Flow[P, R]]:
    """Make a flow of a function, as Prefect's decorator of this name does."""
    return lambda function: ThriftyFlow(function, name=name, description=description)


@contextmanager
def spare_time() -> Iterator[None]:
    """Run steps with one client for all of them, and without looking for garbage where there is none.

    Without a client around it every task run makes its own, which takes longer than most steps of a run with
    nothing new.

    What is loaded when a run begins stays until its process ends. The collector, which would look at all of
    it again and again, and once more at the end, leaves it alone from here on.
    """
    gc.freeze()
    with _open_client():
        yield


def _open_client() -> SyncClientContext:
    if not (PREFECT_API_URL.value() or "").startswith("http://"):
        return SyncClientContext()
    # There are no certificates to verify, and to read those of all authorities takes the most time of all.
    # This context trusts none, so that nothing can lead to a server that is not verified.
    return SyncClientContext(httpx_settings={"verify": ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)})


def _is_plain(value: object) -> bool:
    if isinstance(value, list | tuple):
        return all(map(_is_plain, value))
    return value is None or isinstance(value, str | int | Path)
