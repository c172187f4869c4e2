"""The gate as a stage: what it refuses is quarantined, and tried again when what refused it has changed."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from coopwatch import extractors
from coopwatch.joining import link_articles
from coopwatch.work import Work
from coopwatch.workspace import Workspace
from schemas.records import Article, Dossier, EntryResult, QualityWarning, Rejection


class Findings(Protocol):
    """What holding records against the expectations came to; the gate lives beside the core, not in it."""

    @property
    def rejections(self) -> Sequence[Rejection]:
        """What keeps entries out."""

    @property
    def warnings(self) -> Sequence[QualityWarning]:
        """What is only noted of entries."""

    @property
    def gate_version(self) -> str:
        """The version of all that decided."""


Check = Callable[[Sequence[Article], Sequence[Dossier], datetime], Findings]


def release_quarantined(run: Workspace, gate_version: str) -> int:
    """Let entries be worked on again that other rules, or another extractor, had quarantined."""
    return run.warehouse.release_quarantined(gate_version, extractors.IN_FORCE, run.now())


def check_records(run: Workspace, work: Work, check: Check) -> Work:
    """Give every article its end: quarantined where a row of it fails an expectation, else loaded.

    When something is rejected the rest is linked again without it, so that nothing which was
    refused leaves a trace in an event.
    """
    found = check(work.articles, work.dossiers, run.now())
    made_by = {"gate_version": found.gate_version, "extractor": extractors.IN_FORCE}
    rejections = tuple(
        rejection.model_copy(update=made_by) for rejection in (*found.rejections, *_check_quotes(work))
    )
    work = replace(work, warnings=tuple(found.warnings))
    if rejections:
        first = {rejection.entry_id: rejection for rejection in reversed(rejections)}
        work = work.settle(
            *(
                EntryResult(
                    entry_id=entry_id,
                    outcome="quarantined",
                    stage=rejection.stage,
                    reason=f"{rejection.rule}: {rejection.reason}",
                )
                for entry_id, rejection in first.items()
            )
        )
        work = link_articles(run, replace(work, rejections=rejections))
    judgements = work.judgements_by_entry()
    loaded = [
        EntryResult(
            entry_id=article.entry_id,
            outcome="loaded",
            stage="load",
            reason=judgements[article.entry_id].reason,
            article_id=article.article_id,
        )
        for article in work.articles
    ]
    return replace(work, results=work.results + tuple(loaded)).echo_duplicates(run.now())


def _check_quotes(work: Work) -> Iterator[Rejection]:
    """Yield the articles with a claim whose quote does not stand where it is said to."""
    from coopwatch.events.claims import check_quotes

    claims = [claim for dossier in work.dossiers for claim in dossier.claims]
    for article in work.articles:
        for wrong in check_quotes(article, claims):
            yield Rejection(
                entry_id=article.entry_id,
                stage="check",
                rule="claim.quote",
                rule_version=extractors.CLAIMS,
                reason=wrong.reason,
                record=wrong.claim.model_dump(mode="json"),
            )
