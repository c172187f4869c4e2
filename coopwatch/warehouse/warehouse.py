"""The warehouse as the stages see it; each method is one transaction."""

from collections.abc import Collection, Generator, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from types import TracebackType
from typing import Self

from sqlalchemy import Connection

from coopwatch.events.curation import Pinned
from coopwatch.events.merging import Merged
from coopwatch.events.pins import StandingPin
from coopwatch.events.splitting import Split
from coopwatch.relevance.model import Model
from coopwatch.review import Reviewable
from coopwatch.warehouse import (
    articles,
    boilerplate,
    dossiers,
    gaps,
    health,
    identity,
    inbox,
    labels,
    loading,
    matching,
    models,
    outbox,
    pins,
    polls,
    redirects,
    registry,
    rejudging,
    runs,
    tracing,
)
from coopwatch.warehouse import captures as captures_index
from coopwatch.warehouse.captures import CapturePurpose, CaptureRow
from coopwatch.warehouse.database import Database, parse_url
from coopwatch.warehouse.health import SourceHealth
from coopwatch.warehouse.identity import IdentityEntry
from coopwatch.warehouse.inbox import KnownUrl
from coopwatch.warehouse.labels import Case
from coopwatch.warehouse.matching import Fingerprints
from coopwatch.warehouse.migrating import migrate
from coopwatch.warehouse.rejudging import InForce, Rejudgement, StaleEntry
from coopwatch.warehouse.tracing import Trace
from schemas.records import (
    Alert,
    AlertStatus,
    Article,
    Batch,
    Dossier,
    EntryOutcome,
    EventChange,
    EventRelation,
    Gap,
    Label,
    Membership,
    PendingEntry,
    Pin,
    PollResult,
    PollState,
    Record,
    Source,
    StoredText,
)


class Warehouse:
    """An open warehouse; use it as a context manager, or close it.

    Safe for threads, and beside other processes. Every method may raise `WarehouseError`: the database
    refuses, is gone, or stayed locked by another run.

    Args:
        database: at the schema that this version needs; see `open`.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self.url_safe = database.url_safe  # without the password

    @classmethod
    def open(cls, url: str) -> Self:
        """Open the warehouse at an address, creating or migrating it as needed.

        Args:
            url: sqlite:///FILE (relative to the working directory; sqlite:////FILE is absolute) or
                postgresql://USER:PASSWORD@HOST/DATABASE.

        Raises:
            WarehouseError: it is no such address, cannot be opened, or belongs to a newer version.
        """
        parsed = parse_url(url)
        migrate(parsed)
        return cls(Database(parsed))

    def close(self) -> None:
        """Close all connections."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def linking(self) -> AbstractContextManager[None]:
        """Hold, while texts are grouped, linked and written, what only one run may do at a time.

        Two runs that look up texts and events at the same time would each found the same ones. Another
        run waits here; the lock ends with the process, even a killed one.
        """
        return self._database.hold("linking")

    # --- runs

    def start_run(self, run_id: str, now: datetime) -> None:
        """Record that a run begins; first of all, since what it writes refers to it."""
        self._database.write(lambda connection: runs.start_run(connection, run_id, now))

    def finish_run(self, run_id: str, now: datetime, summary: Record | None = None) -> None:
        """Record that a run ended, and what it came to."""
        self._database.write(lambda connection: runs.finish_run(connection, run_id, now, summary))

    # --- sources and polls

    def register_sources(self, sources: Sequence[Source], now: datetime) -> None:
        """Write the facts of the registry; see `registry.register_sources`."""
        self._database.write(lambda connection: registry.register_sources(connection, sources, now))

    def read_poll_states(self) -> dict[str, PollState]:
        """Return what is remembered of every source, by source id."""
        return self._database.ask(registry.read_poll_states)

    def write_polls(self, run_id: str, results: Sequence[PollResult], now: datetime) -> int:
        """Write polls, their states and their new entries; return how many entries are new."""
        return self._database.write(lambda connection: polls.write_polls(connection, run_id, results, now))

    def read_source_health(self) -> tuple[SourceHealth, ...]:
        """Return how every source is doing, by source id."""
        return self._database.ask(health.read_source_health)

    def read_gaps(self, *, open_only: bool = True) -> tuple[Gap, ...]:
        """Return gaps, the latest first; all of them, or those that are not filled."""
        return self._database.ask(lambda connection: gaps.read_gaps(connection, open_only=open_only))

    def close_gap(self, source_id: str, to_at: datetime, now: datetime) -> None:
        """Record that a gap was filled."""
        self._database.write(lambda connection: gaps.close_gap(connection, source_id, to_at, now))

    # --- captures

    def record_captures(self, run_id: str, captures: Sequence[CaptureRow], now: datetime) -> None:
        """Index captures whose bodies are stored; see `captures.record_captures`."""
        self._database.write(
            lambda connection: captures_index.record_captures(connection, run_id, captures, now)
        )

    def read_captures(
        self,
        since: datetime | None = None,
        until: datetime | None = None,
        url: str | None = None,
        purpose: CapturePurpose | None = None,
    ) -> Generator[CaptureRow, None, None]:
        """Give captures one by one, the oldest first; see `captures.read_captures`."""
        with self._database.read() as connection:
            yield from captures_index.read_captures(connection, since, until, url, purpose)

    def find_capture(self, url: str) -> CaptureRow | None:
        """Return the latest capture of an address."""
        return self._database.ask(lambda connection: captures_index.find_capture(connection, url))

    def expire_captures(self, before: datetime) -> tuple[str, ...]:
        """Forget captures; return the hashes of the bodies to delete. See `captures.expire_captures`."""
        return self._database.write(lambda connection: captures_index.expire_captures(connection, before))

    # --- inbox

    def take_pending(
        self, run_id: str, limit: int, now: datetime, lease: timedelta
    ) -> tuple[PendingEntry, ...]:
        """Claim waiting entries for a run, fairly across hosts; see `inbox.take_pending`."""
        return self._database.write(
            lambda connection: inbox.take_pending(connection, run_id, limit, now, lease)
        )

    def release(self, run_id: str) -> None:
        """Give back all entries that a run has taken and not finished."""
        self._database.write(lambda connection: inbox.release(connection, run_id))

    def find_known(self, compare_urls: Iterable[str]) -> dict[str, KnownUrl]:
        """Return what addresses came to that were worked on before, by comparison URL."""
        return self._database.ask(lambda connection: inbox.find_known(connection, compare_urls))

    def count_entries(self) -> dict[EntryOutcome, int]:
        """Return how many entries stand where; every outcome is there."""
        return self._database.ask(inbox.count_entries)

    # --- texts

    def find_texts_sharing(
        self, fingerprints: Fingerprints, min_shared: int = 1
    ) -> dict[str, list[tuple[str, int]]]:
        """Return stored articles that share fingerprints, and how many; see `matching`."""
        return self._database.ask(
            lambda connection: matching.find_texts_sharing(connection, fingerprints, min_shared)
        )

    def read_texts(self, article_ids: Collection[str]) -> dict[str, StoredText]:
        """Return the texts of articles, by article id."""
        return self._database.ask(lambda connection: matching.read_texts(connection, article_ids))

    def read_group_texts(self, text_group_ids: Collection[str]) -> dict[str, StoredText]:
        """Return the texts of some members of text groups, the origins among them, by article id."""
        return self._database.ask(lambda connection: matching.read_group_texts(connection, text_group_ids))

    def read_hosts(self, article_ids: Collection[str]) -> dict[str, str]:
        """Return the sites of articles, by article id."""
        return self._database.ask(lambda connection: matching.read_hosts(connection, article_ids))

    def read_boilerplate(self, hosts: Mapping[str, str]) -> dict[str, frozenset[int]]:
        """Return what recurs on the sites of articles; see `boilerplate.read_boilerplate`."""
        return self._database.ask(lambda connection: boilerplate.read_boilerplate(connection, hosts))

    def read_articles(self, article_ids: Collection[str]) -> dict[str, Article]:
        """Return articles, by article id."""
        return self._database.ask(lambda connection: articles.read_articles_by_id(connection, article_ids))

    def read_group_articles(self, text_group_ids: Collection[str]) -> dict[str, tuple[Article, ...]]:
        """Return the articles of text groups, by group; see `articles.read_group_articles`."""
        return self._database.ask(lambda connection: articles.read_group_articles(connection, text_group_ids))

    def read_memberships(self, article_ids: Collection[str]) -> dict[str, Membership]:
        """Return the place of articles among the texts, by article id."""
        return self._database.ask(lambda connection: articles.read_memberships(connection, article_ids))

    # --- batches

    def write_batch(
        self,
        run_id: str,
        batch: Batch,
        changes: Sequence[EventChange],
        now: datetime,
        merges: Sequence[Merged] = (),
    ) -> None:
        """Write a batch, and then what it merged, in one transaction; again, it changes nothing.

        See `loading.write_batch` and `identity.write_merge`.
        """

        def write(connection: Connection) -> None:
            loading.write_batch(connection, run_id, batch, changes, now)
            for merged in merges:
                identity.write_merge(connection, run_id, merged, now)

        self._database.write(write)

    def read_stale(self, in_force: InForce, after: int, limit: int) -> tuple[StaleEntry, ...]:
        """Return entries that were judged by what is not in force any more; see `rejudging.read_stale`."""
        return self._database.ask(lambda connection: rejudging.read_stale(connection, in_force, after, limit))

    def write_rejudged(
        self, run_id: str, rejudgement: Rejudgement, now: datetime, merges: Sequence[Merged] = ()
    ) -> None:
        """Write new verdicts, and then what they merged, in one transaction; see `write_batch`."""

        def write(connection: Connection) -> None:
            rejudging.write_rejudged(connection, run_id, rejudgement, now)
            for merged in merges:
                identity.write_merge(connection, run_id, merged, now)

        self._database.write(write)

    # --- outbox

    def read_due_alerts(self, now: datetime, limit: int) -> tuple[Alert, ...]:
        """Claim alerts that are due, the oldest first, for `outbox.DELIVERY_LEASE`."""
        return self._database.write(lambda connection: outbox.read_due_alerts(connection, now, limit))

    def record_delivery(
        self, key: str, now: datetime, error: str | None, next_attempt_at: datetime | None
    ) -> None:
        """Record one try: sent, to be tried again, or failed for good."""
        self._database.write(
            lambda connection: outbox.record_delivery(connection, key, now, error, next_attempt_at)
        )

    def count_alerts(self) -> dict[AlertStatus, int]:
        """Return how many alerts stand where; every status is there."""
        return self._database.ask(outbox.count_alerts)

    # --- labels

    def write_labels(self, given: Sequence[Label]) -> None:
        """Add labels; one that is there already stays as it is."""
        self._database.write(lambda connection: labels.write_labels(connection, given))

    def read_labels(self) -> tuple[Label, ...]:
        """Return all labels, the oldest first."""
        return self._database.ask(labels.read_labels)

    def read_reviewables(
        self, author: str, *, language: str | None = None, seed: str = ""
    ) -> tuple[Reviewable, ...]:
        """Return what an author could be asked about; see `labels.read_reviewables`."""
        return self._database.ask(
            lambda connection: labels.read_reviewables(connection, author, language=language, seed=seed)
        )

    def find_reviewable(self, url: str) -> Reviewable | None:
        """Return what was decided of an address; None if nothing was, or it was never seen."""
        return self._database.ask(lambda connection: labels.find_reviewable(connection, url))

    def read_case(self, entry_id: int) -> Case:
        """Return all that the review of an entry needs."""
        return self._database.ask(lambda connection: labels.read_case(connection, entry_id))

    # --- models

    def write_model(self, trained: Model) -> None:
        """Write a trained model, which replaces the active one if its status says so."""
        self._database.write(lambda connection: models.write_model(connection, trained))

    def read_active_model(self, topic: str) -> Model | None:
        """Return the model that decides on a topic, None if the rules alone do."""
        return self._database.ask(lambda connection: models.read_active_model(connection, topic))

    # --- events

    def read_candidate_dossiers(
        self,
        series: Collection[str],
        text_group_ids: Collection[str],
        terms: Mapping[str, Sequence[int]],
    ) -> tuple[Dossier, ...]:
        """Return the events that new articles could be about; see `dossiers`."""
        return self._database.ask(
            lambda connection: dossiers.read_candidate_dossiers(connection, series, text_group_ids, terms)
        )

    def read_events(self, limit: int | None = None) -> tuple[Dossier, ...]:
        """Return events, the latest first, those without a date last."""
        return self._database.ask(lambda connection: dossiers.read_events(connection, limit))

    def read_dossier(self, event_id: str) -> Dossier | None:
        """Return the event of an id; of an event that was merged, the one that holds its coverage now."""
        return self._database.ask(lambda connection: dossiers.read_dossier(connection, event_id))

    def read_dossiers(self, event_ids: Collection[str]) -> tuple[Dossier, ...]:
        """Return the events of these ids, each once; see `read_dossier`."""
        return self._database.ask(lambda connection: dossiers.read_dossiers(connection, event_ids))

    def read_dossiers_of(self, article_ids: Collection[str]) -> tuple[Dossier, ...]:
        """Return the events that these articles cover."""
        return self._database.ask(lambda connection: dossiers.read_dossiers_of(connection, article_ids))

    def read_relations(self, event_id: str) -> tuple[EventRelation, ...]:
        """Return the relations of an event, from either side."""
        return self._database.ask(lambda connection: dossiers.read_relations(connection, event_id))

    def read_changes(self, event_id: str) -> tuple[EventChange, ...]:
        """Return the ledger of an event's changes, in the order of its revisions."""
        return self._database.ask(lambda connection: dossiers.read_changes(connection, event_id))

    def read_alerts(self, event_id: str) -> tuple[Alert, ...]:
        """Return the alerts on an event, the oldest first."""
        return self._database.ask(lambda connection: dossiers.read_alerts(connection, event_id))

    # --- identity of events

    def write_merge(self, run_id: str, merged: Merged, now: datetime) -> None:
        """Write two events as one, in one transaction; again, it changes nothing."""
        self._database.write(lambda connection: identity.write_merge(connection, run_id, merged, now))

    def write_split(self, run_id: str, split: Split, now: datetime) -> None:
        """Write what was split off an event, in one transaction; again, it changes nothing."""
        self._database.write(lambda connection: identity.write_split(connection, run_id, split, now))

    def write_pin(self, run_id: str, pinned: Pinned, now: datetime) -> None:
        """Write a pin with what follows from it, in one transaction; again, it changes nothing."""
        self._database.write(lambda connection: identity.write_pin(connection, run_id, pinned, now))

    def revoke_pin(
        self, run_id: str, pin_id: str, now: datetime, *, actor: str, note: str = ""
    ) -> Pin | None:
        """End a pin; return it as it is now, None if none of that id is in force."""
        return self._database.write(
            lambda connection: identity.revoke_pin(connection, run_id, pin_id, now, actor=actor, note=note)
        )

    def read_pins(
        self,
        article_ids: Collection[str] = (),
        event_ids: Collection[str] = (),
        text_group_ids: Collection[str] = (),
    ) -> tuple[StandingPin, ...]:
        """Return the pins in force that concern articles, events or texts; see `pins.read_pins`."""
        return self._database.ask(
            lambda connection: pins.read_pins(connection, article_ids, event_ids, text_group_ids)
        )

    def read_all_pins(self) -> tuple[Pin, ...]:
        """Return every pin as it was given, also those that were revoked, the oldest first."""
        return self._database.ask(pins.read_all_pins)

    def read_ids(self, event_id: str) -> frozenset[str]:
        """Return all ids that lead to the event to which this one leads."""
        return self._database.ask(lambda connection: redirects.read_ids(connection, event_id))

    def read_identity_changes(self, event_id: str) -> tuple[IdentityEntry, ...]:
        """Return what became of an event's id and of those that lead to it, the oldest first."""
        return self._database.ask(lambda connection: identity.read_identity_changes(connection, event_id))

    # --- everything

    def read_trace(self, url: str) -> Trace | None:
        """Return everything about an address, in whatever form; None when it was never seen."""
        return self._database.ask(lambda connection: tracing.read_trace(connection, url))
