"""The work of one batch: what the stages hand on, from the inbox to the transaction."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Self

from schemas.records import (
    Article,
    Batch,
    Dossier,
    EntryResult,
    EventChange,
    EventRelation,
    GroupOrigin,
    Judgement,
    Membership,
    PendingEntry,
    QualityWarning,
    Rejection,
    Triage,
    TriageRow,
)

if TYPE_CHECKING:
    from coopwatch.events.merging import Merged


@dataclass(frozen=True)
class Work:
    """A batch on its way: every stage returns a new one, with more in it and fewer entries open.

    An entry is open until some stage gives it a result; `articles` are the articles of open entries.
    """

    entries: tuple[PendingEntry, ...]
    results: tuple[EntryResult, ...] = ()
    duplicates: tuple[tuple[int, int], ...] = ()  # entry id, entry id of the same address in this batch
    triages: dict[int, Triage] = field(default_factory=dict, repr=False)  # what was discarded, by entry id
    articles: tuple[Article, ...] = field(default=(), repr=False)
    judgements: tuple[Judgement, ...] = field(default=(), repr=False)
    corrected: frozenset[str] = frozenset()  # articles that are read once more, with another text
    withdrawn: dict[str, str] = field(default_factory=dict)  # articles that leave events, with the reason
    stored_memberships: dict[str, Membership] = field(default_factory=dict, repr=False)  # of known articles
    memberships: tuple[Membership, ...] = ()
    origins: tuple[GroupOrigin, ...] = ()
    fingerprints: dict[str, tuple[int, ...]] = field(default_factory=dict, repr=False)
    dossiers: tuple[Dossier, ...] = field(default=(), repr=False)
    event_terms: dict[str, tuple[int, ...]] = field(default_factory=dict, repr=False)  # by event id
    relations: tuple[EventRelation, ...] = ()
    changes: tuple[EventChange, ...] = ()
    merges: tuple["Merged", ...] = field(default=(), repr=False)  # events that linking found to be one
    rejections: tuple[Rejection, ...] = field(default=(), repr=False)
    warnings: tuple[QualityWarning, ...] = field(default=(), repr=False)

    def __bool__(self) -> bool:
        return bool(self.entries)

    def settle(self, *results: EntryResult) -> Self:
        """Give entries their results, and drop the articles of those that go no further."""
        settled = {result.entry_id for result in results}
        return replace(
            self,
            results=self.results + results,
            articles=tuple(article for article in self.articles if article.entry_id not in settled),
        )

    def judgements_by_entry(self) -> dict[int, Judgement]:
        """Return the judgements by entry id."""
        return {judgement.entry_id: judgement for judgement in self.judgements}

    def list_triages(self) -> tuple[TriageRow, ...]:
        """Return what triage discarded; with what was judged in full, where that was done all the same."""
        judged = self.judgements_by_entry()
        rows = []
        for entry_id, triage in sorted(self.triages.items()):
            judgement = judged.get(entry_id)
            rows.append(
                TriageRow(
                    **triage.model_dump(exclude={"is_kept"}),
                    audit_verdict=judgement.verdict if judgement else None,
                    audit_score=judgement.score if judgement else None,
                )
            )
        return tuple(rows)

    def echo_duplicates(self, now: datetime) -> Self:
        """Let entries of one address end as the one that was worked on.

        Only what was learnt of the address is shared: a failure leaves the others pending, to be
        tried in their own right.
        """
        by_id = {result.entry_id: result for result in self.results}
        echoes = []
        # what was found later may be the original of what was found earlier
        for entry_id, original_id in reversed(self.duplicates):
            original = by_id[original_id]
            if original.outcome in ("loaded", "irrelevant"):
                echo = original.model_copy(
                    update={"entry_id": entry_id, "reason": f"same address as entry {original_id}"}
                )
            else:
                echo = EntryResult(
                    entry_id=entry_id,
                    outcome="pending",
                    stage="fetch",
                    reason=f"same address as entry {original_id}, which ended as {original.outcome}",
                    next_attempt_at=original.next_attempt_at or now,
                )
            by_id[entry_id] = echo
            echoes.append(echo)
        return replace(self, results=self.results + tuple(echoes))

    def to_batch(self) -> Batch:
        """Return what the one transaction of this batch writes, alerts aside.

        Raises:
            ValueError: an entry has no result, or more than one; the batch must not be written.
        """
        expected = sorted(entry.entry_id for entry in self.entries)
        if sorted(result.entry_id for result in self.results) != expected:
            raise ValueError("every entry of a batch needs exactly one result")
        return Batch(
            results=self.results,
            triages=self.list_triages(),
            withdrawn=self.withdrawn,
            judgements=self.judgements,
            articles=self.articles,
            memberships=self.memberships,
            origins=self.origins,
            fingerprints=self.fingerprints,
            dossiers=self.dossiers,
            event_terms=self.event_terms,
            relations=self.relations,
            rejections=self.rejections,
            warnings=self.warnings,
        )
