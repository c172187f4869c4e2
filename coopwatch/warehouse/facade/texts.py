"""Articles and the texts that they share; batches of them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from coopwatch import warehouse as parts
from coopwatch.warehouse.facade.part import Part
from schemas.records import (
    Article,
    Batch,
    EventChange,
    Membership,
    StoredText,
)

if TYPE_CHECKING:
    from coopwatch.events.merging import Merged
    from coopwatch.warehouse.matching import Fingerprints
    from coopwatch.warehouse.rejudging import InForce, Rejudgement, StaleEntry
    from coopwatch.warehouse.search import Found
    from coopwatch.warehouse.tracing import Trace


class Texts(Part):
    """Articles and the texts that they share; batches of them."""

    def find_texts_sharing(
        self, fingerprints: "Fingerprints", min_shared: int = 1
    ) -> dict[str, list[tuple[str, int]]]:
        """Return stored articles that share fingerprints, and how many; see `matching`."""
        return self._database.ask(
            lambda connection: parts.matching.find_texts_sharing(connection, fingerprints, min_shared)
        )

    def read_texts(self, article_ids: Collection[str]) -> dict[str, StoredText]:
        """Return the texts of articles, by article id."""
        return self._database.ask(lambda connection: parts.matching.read_texts(connection, article_ids))

    def read_group_texts(self, text_group_ids: Collection[str]) -> dict[str, StoredText]:
        """Return the texts of some members of text groups, the origins among them, by article id."""
        return self._database.ask(
            lambda connection: parts.matching.read_group_texts(connection, text_group_ids)
        )

    def read_hosts(self, article_ids: Collection[str]) -> dict[str, str]:
        """Return the sites of articles, by article id."""
        return self._database.ask(lambda connection: parts.matching.read_hosts(connection, article_ids))

    def read_boilerplate(self, hosts: Mapping[str, str]) -> dict[str, frozenset[int]]:
        """Return what recurs on the sites of articles; see `boilerplate.read_boilerplate`."""
        return self._database.ask(lambda connection: parts.boilerplate.read_boilerplate(connection, hosts))

    def read_articles(self, article_ids: Collection[str]) -> dict[str, Article]:
        """Return articles, by article id."""
        return self._database.ask(
            lambda connection: parts.articles.read_articles_by_id(connection, article_ids)
        )

    def read_group_articles(self, text_group_ids: Collection[str]) -> dict[str, tuple[Article, ...]]:
        """Return the articles of text groups, by group; see `articles.read_group_articles`."""
        return self._database.ask(
            lambda connection: parts.articles.read_group_articles(connection, text_group_ids)
        )

    def read_memberships(self, article_ids: Collection[str]) -> dict[str, Membership]:
        """Return the place of articles among the texts, by article id."""
        return self._database.ask(lambda connection: parts.articles.read_memberships(connection, article_ids))

    def write_batch(
        self,
        run_id: str,
        batch: Batch,
        changes: Sequence[EventChange],
        now: datetime,
        merges: "Sequence[Merged]" = (),
    ) -> None:
        """Write a batch, and then what it merged, in one transaction; again, it changes nothing.

        See `loading.write_batch` and `identity.write_merge`.
        """

        def write(connection: Connection) -> None:
            parts.loading.write_batch(connection, run_id, batch, changes, now)
            for merged in merges:
                parts.identity.write_merge(connection, run_id, merged, now)

        self._database.write(write)

    def read_stale(self, in_force: "InForce", after: int, limit: int) -> "tuple[StaleEntry, ...]":
        """Return entries that were judged by what is not in force any more; see `rejudging.read_stale`."""
        return self._database.ask(
            lambda connection: parts.rejudging.read_stale(connection, in_force, after, limit)
        )

    def write_rejudged(
        self, run_id: str, rejudgement: "Rejudgement", now: datetime, merges: "Sequence[Merged]" = ()
    ) -> None:
        """Write new verdicts, and then what they merged, in one transaction; see `write_batch`."""

        def write(connection: Connection) -> None:
            parts.rejudging.write_rejudged(connection, run_id, rejudgement, now)
            for merged in merges:
                parts.identity.write_merge(connection, run_id, merged, now)

        self._database.write(write)

    def search(
        self, words: str, limit: int, language: str | None = None, since: datetime | None = None
    ) -> "tuple[Found, ...]":
        """Return the articles in scope that hold all words, the best first; see `search.search`."""
        return self._database.ask(
            lambda connection: parts.search.search(connection, words, limit, language, since)
        )

    def read_trace(self, url: str) -> "Trace | None":
        """Return everything about an address, in whatever form; None when it was never seen."""
        return self._database.ask(lambda connection: parts.tracing.read_trace(connection, url))
