"""Kept answers in the place of the network: any stage can be run again without it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from coopwatch.captures.errors import CaptureError
from coopwatch.captures.store import CaptureStore
from coopwatch.errors import FetchError, UrlError
from coopwatch.fetch.client import NO_HEADERS
from coopwatch.urls import absolute_url
from schemas.records import Capture

if TYPE_CHECKING:
    from coopwatch.warehouse import Warehouse
    from coopwatch.warehouse.captures import CaptureRow


class StoreFetcher:
    """Answers every request with the latest answer that was kept for its URL.

    Conditional headers are ignored: the answer is the one that was kept. Safe to share among threads.

    Args:
        store: has the bodies.
        warehouse: knows which answer has which body.
    """

    def __init__(self, store: CaptureStore, warehouse: "Warehouse") -> None:
        self._store = store
        self._warehouse = warehouse

    def get(self, url: str, *, headers: Mapping[str, str] = NO_HEADERS) -> Capture:  # noqa: ARG002
        """Return the latest answer that was kept.

        Args:
            url: looked up in the form in which it is sent.
            headers: ignored.

        Raises:
            FetchError: not_in_archive, when none was kept or its body is gone or damaged; bad_url.
            WarehouseError: the index cannot be read.
        """
        try:
            row = self._warehouse.find_capture(absolute_url(url))
        except UrlError as error:
            raise FetchError(url, "bad_url", error.detail) from None
        if row is None:
            raise FetchError(url, "not_in_archive", f"not in {self._store}")
        try:
            return restore_capture(row, self._store)
        except CaptureError as error:
            raise FetchError(
                url, "not_in_archive", f"fetched {row.fetched_at:%Y-%m-%d}, but {error}"
            ) from error


def restore_capture(row: "CaptureRow", store: CaptureStore) -> Capture:
    """Return the answer that a row of the index stands for.

    Raises:
        CaptureError: the body is missing, damaged, or cannot be read now.
    """
    return Capture(
        url=row.url,
        final_url=row.final_url,
        status=row.status,
        headers=row.headers,
        body=store.read(row.sha256, max_bytes=row.size_bytes),
        fetched_at=row.fetched_at,
    )
