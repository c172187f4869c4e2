"""Labels, and the models that are learnt from them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from coopwatch import warehouse as parts
from coopwatch.warehouse.facade.part import Part
from schemas.records import (
    Label,
)

if TYPE_CHECKING:
    from coopwatch.relevance.model import Model
    from coopwatch.review import Reviewable
    from coopwatch.warehouse.labels import Case


class Judgements(Part):
    """Labels, and the models that are learnt from them."""

    def write_labels(self, given: Sequence[Label]) -> None:
        """Add labels; one that is there already stays as it is."""
        self._database.write(lambda connection: parts.labels.write_labels(connection, given))

    def read_labels(self) -> tuple[Label, ...]:
        """Return all labels, the oldest first."""
        return self._database.ask(parts.labels.read_labels)

    def read_reviewables(
        self, author: str, *, language: str | None = None, seed: str = ""
    ) -> "tuple[Reviewable, ...]":
        """Return what an author could be asked about; see `labels.read_reviewables`."""
        return self._database.ask(
            lambda connection: parts.labels.read_reviewables(connection, author, language=language, seed=seed)
        )

    def find_reviewable(self, url: str) -> "Reviewable | None":
        """Return what was decided of an address; None if nothing was, or it was never seen."""
        return self._database.ask(lambda connection: parts.labels.find_reviewable(connection, url))

    def read_case(self, entry_id: int) -> "Case":
        """Return all that the review of an entry needs."""
        return self._database.ask(lambda connection: parts.labels.read_case(connection, entry_id))

    def write_model(self, trained: "Model") -> None:
        """Write a trained model, which replaces the active one if its status says so."""
        self._database.write(lambda connection: parts.models.write_model(connection, trained))

    def read_active_model(self, topic: str) -> "Model | None":
        """Return the model that decides on a topic, None if the rules alone do."""
        return self._database.ask(lambda connection: parts.models.read_active_model(connection, topic))
