"""What one run works with: configuration, warehouse, network, worker processes; opened once."""

import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from coopwatch.alerting import AlertRules, load_alert_rules
from coopwatch.captures import CaptureStore, RecordingFetcher
from coopwatch.captures.keeping import Owner, Recorder
from coopwatch.errors import ConfigError, WarehouseError
from coopwatch.fetch import Fetcher, HttpFetcher
from coopwatch.politeness import Manners
from coopwatch.settings import PREFIX, Settings
from coopwatch.sources import load_sources
from coopwatch.warehouse import Warehouse
from coopwatch.warehouse.captures import CapturePurpose
from schemas.records import Source

if TYPE_CHECKING:
    from coopwatch.events.series import SeriesRegistry
    from coopwatch.publishers import Publishers
    from coopwatch.relevance import Model, Topic
    from coopwatch.workers import ExtractionPool


_READ_LATER = ("topic", "series", "publishers")  # reading them takes a second


class Workspace:
    """Opens what a run needs, when it is first needed, and closes it all at the end.

    The cheap and the fallible come first (registry, alert rules, warehouse), so that a mistake
    in them ends the run before anything is fetched. What only a run with new entries needs
    (topic, series, publishers, worker processes) is loaded at first use; that the files are there is
    looked at before.

    Args:
        settings: the settings of this run.
        run_id: names the run in the warehouse.
        replay: WARC files that answer every request instead of the network.

    Raises:
        ConfigError: a configuration file is wrong.
        ReplayError: an archive cannot be read.
        WarehouseError: the warehouse cannot be opened.
    """

    def __init__(self, settings: Settings, run_id: str, replay: Sequence[Path] = ()) -> None:
        self.settings = settings
        self.run_id = run_id
        self.seconds: dict[str, float] = {}
        self._closing = ExitStack()
        self.sources: dict[str, Source] = {source.id: source for source in load_sources(settings.sources)}
        self.alert_rules: AlertRules = load_alert_rules(settings.alerts)
        for name in _READ_LATER:
            _require_file(name, getattr(settings, name))
        self.captures = None if replay else CaptureStore(settings.captures_url)
        self.manners = Manners(settings, is_live=not replay)
        with ExitStack() as opening:
            self.fetcher: Fetcher = (
                _open_archive(replay, settings) if replay else opening.enter_context(HttpFetcher(settings))
            )
            self.warehouse = opening.enter_context(Warehouse.open(settings.warehouse_url))
            self._closing = opening.pop_all()

    @cached_property
    def topic(self) -> "Topic":
        """The topic file, compiled."""
        from coopwatch.relevance import load_topic

        return load_topic(self.settings.topic)

    @cached_property
    def model(self) -> "Model | None":
        """The model that is active in the warehouse, if one was trained for this topic."""
        return self.warehouse.read_active_model(self.topic.file.id)

    @cached_property
    def series(self) -> "SeriesRegistry":
        """The registry of recurring events."""
        from coopwatch.events.series import load_series

        return load_series(self.settings.series)

    @cached_property
    def publishers(self) -> "Publishers":
        """Publisher families, agencies and distributors."""
        from coopwatch.publishers import load_publishers

        return load_publishers(self.settings.publishers)

    @cached_property
    def extraction_pool(self) -> "ExtractionPool":
        """The worker processes; they start when the first page comes and end with the workspace."""
        from coopwatch.workers import ExtractionPool

        return self._closing.enter_context(
            ExtractionPool(self.settings, topic=self.settings.topic, model=self.model)
        )

    @contextmanager
    def recording(
        self,
        purpose: CapturePurpose,
        owners: Mapping[str, Owner],
        unchanged: Collection[str] = frozenset(),
    ) -> Iterator[Fetcher]:
        """Give a fetcher whose answers are kept; a replay keeps nothing, its archive has it all.

        Args:
            purpose: what is fetched.
            owners: source and entry, by the URL that is asked for.
            unchanged: hashes of bodies that are known, and kept already.
        """
        if self.captures is None:
            yield self.fetcher
            return
        recorder = Recorder(self.captures, purpose, owners=owners, unchanged=unchanged)
        try:
            yield RecordingFetcher(self.fetcher, recorder.keep)
        finally:
            if rows := recorder.take_rows():
                self.warehouse.record_captures(self.run_id, rows, self.now())

    def now(self) -> datetime:
        """Return the time, in UTC: the one place where stages get theirs from."""
        return datetime.now(UTC)

    @contextmanager
    def timed(self, stage: str) -> Iterator[None]:
        """Add the time spent inside to the stage's seconds."""
        started = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[stage] = self.seconds.get(stage, 0.0) + time.perf_counter() - started

    def close(self) -> None:
        """Give back what was taken and not finished, and close what was opened."""
        with self._closing, suppress(WarehouseError):  # a warehouse that is gone frees it when the lease ends
            self.warehouse.release(self.run_id)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


def _require_file(setting: str, path: Path) -> None:
    if not path.is_file():
        raise ConfigError(f"{path}: there is no such file; {PREFIX}{setting.upper()} names it")


def _open_archive(paths: Sequence[Path], settings: Settings) -> Fetcher:
    from coopwatch.captures import ArchiveFetcher  # the WARC reader, which only a replay needs

    return ArchiveFetcher(paths, max_bytes=settings.fetch_max_bytes)
