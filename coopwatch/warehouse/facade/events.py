"""Events, and which articles they are made of."""

from collections.abc import Collection, Generator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from coopwatch import warehouse as parts
from coopwatch.warehouse.facade.part import Part
from schemas.records import (
    Alert,
    Dossier,
    EventChange,
    EventRelation,
    Pin,
)

if TYPE_CHECKING:
    from coopwatch.events.curation import Pinned
    from coopwatch.events.merging import Merged
    from coopwatch.events.pins import StandingPin
    from coopwatch.events.splitting import Split
    from coopwatch.warehouse.exporting import TableName
    from coopwatch.warehouse.identity import IdentityEntry


class Events(Part):
    """Events, and which articles they are made of."""

    def read_candidate_dossiers(
        self,
        series: Collection[str],
        text_group_ids: Collection[str],
        terms: Mapping[str, Sequence[int]],
    ) -> tuple[Dossier, ...]:
        """Return the events that new articles could be about; see `dossiers`."""
        return self._database.ask(
            lambda connection: parts.dossiers.read_candidate_dossiers(
                connection, series, text_group_ids, terms
            )
        )

    def read_events(self, limit: int | None = None) -> tuple[Dossier, ...]:
        """Return events, the latest first, those without a date last."""
        return self._database.ask(lambda connection: parts.dossiers.read_events(connection, limit))

    def read_latest_events(self, limit: int) -> tuple[Dossier, ...]:
        """Return events, those that changed last first."""
        return self._database.ask(lambda connection: parts.dossiers.read_latest_events(connection, limit))

    def read_export(self, name: "TableName") -> Generator[tuple[str, tuple[Any, ...]], None, None]:
        """Give the rows of a table with their month, on one snapshot; see `exporting.read_export`."""
        with self._database.read() as connection:
            yield from parts.exporting.read_export(connection, name)

    def read_dossier(self, event_id: str) -> Dossier | None:
        """Return the event of an id; of an event that was merged, the one that holds its coverage now."""
        return self._database.ask(lambda connection: parts.dossiers.read_dossier(connection, event_id))

    def read_dossiers(self, event_ids: Collection[str]) -> tuple[Dossier, ...]:
        """Return the events of these ids, each once; see `read_dossier`."""
        return self._database.ask(lambda connection: parts.dossiers.read_dossiers(connection, event_ids))

    def read_dossiers_of(self, article_ids: Collection[str]) -> tuple[Dossier, ...]:
        """Return the events that these articles cover."""
        return self._database.ask(lambda connection: parts.dossiers.read_dossiers_of(connection, article_ids))

    def read_relations(self, event_id: str) -> tuple[EventRelation, ...]:
        """Return the relations of an event, from either side."""
        return self._database.ask(lambda connection: parts.dossiers.read_relations(connection, event_id))

    def read_changes(self, event_id: str) -> tuple[EventChange, ...]:
        """Return the ledger of an event's changes, in the order of its revisions."""
        return self._database.ask(lambda connection: parts.dossiers.read_changes(connection, event_id))

    def read_alerts(self, event_id: str) -> tuple[Alert, ...]:
        """Return the alerts on an event, the oldest first."""
        return self._database.ask(lambda connection: parts.dossiers.read_alerts(connection, event_id))

    def write_merge(self, run_id: str, merged: "Merged", now: datetime) -> None:
        """Write two events as one, in one transaction; again, it changes nothing."""
        self._database.write(lambda connection: parts.identity.write_merge(connection, run_id, merged, now))

    def write_split(self, run_id: str, split: "Split", now: datetime) -> None:
        """Write what was split off an event, in one transaction; again, it changes nothing."""
        self._database.write(lambda connection: parts.identity.write_split(connection, run_id, split, now))

    def write_pin(self, run_id: str, pinned: "Pinned", now: datetime) -> None:
        """Write a pin with what follows from it, in one transaction; again, it changes nothing."""
        self._database.write(lambda connection: parts.identity.write_pin(connection, run_id, pinned, now))

    def revoke_pin(
        self, run_id: str, pin_id: str, now: datetime, *, actor: str, note: str = ""
    ) -> Pin | None:
        """End a pin; return it as it is now, None if none of that id is in force."""
        return self._database.write(
            lambda connection: parts.identity.revoke_pin(
                connection, run_id, pin_id, now, actor=actor, note=note
            )
        )

    def read_pins(
        self,
        article_ids: Collection[str] = (),
        event_ids: Collection[str] = (),
        text_group_ids: Collection[str] = (),
    ) -> "tuple[StandingPin, ...]":
        """Return the pins in force that concern articles, events or texts; see `pins.read_pins`."""
        return self._database.ask(
            lambda connection: parts.pins.read_pins(connection, article_ids, event_ids, text_group_ids)
        )

    def read_all_pins(self) -> tuple[Pin, ...]:
        """Return every pin as it was given, also those that were revoked, the oldest first."""
        return self._database.ask(parts.pins.read_all_pins)

    def read_ids(self, event_id: str) -> frozenset[str]:
        """Return all ids that lead to the event to which this one leads."""
        return self._database.ask(lambda connection: parts.redirects.read_ids(connection, event_id))

    def read_identity_changes(self, event_id: str) -> "tuple[IdentityEntry, ...]":
        """Return what became of an event's id and of those that lead to it, the oldest first."""
        return self._database.ask(
            lambda connection: parts.identity.read_identity_changes(connection, event_id)
        )
