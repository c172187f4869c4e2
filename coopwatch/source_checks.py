"""Whether the sources still are what the registry says: what is silent, has moved, died, or shuts us out.

`review_health` is pure; `ask_robots` and `look_for_feeds` ask the sites, each host in its own turn.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Literal, get_args
from urllib.parse import urlsplit

from coopwatch.errors import FetchError, UrlError
from coopwatch.fairness import host_key, run_fairly
from coopwatch.robots import read_robots
from coopwatch.warehouse import SourceHealth
from coopwatch.wording import count, shorten
from schemas.records import Capture, Record, Source

Trouble = Literal["registry", "died", "moved", "robots", "failing", "silent", "gaps"]

DIED_AFTER = timedelta(days=3)  # of nothing but failures: longer than sites are down for
LOOKED_FOR_AT_MOST = 20  # feeds of sources that died, in one check
_THREADS = 8
_NOTE_CHARS = 200
_ORDER: tuple[Trouble, ...] = get_args(Trouble)


class SourceFinding(Record):
    """Something about a source that an operator should look at.

    Attributes:
        source_id: the source; empty where the registry cannot tell which one.
        trouble: what kind of thing it is.
        note: one line for a person.
        suggestion: an address to write into the registry.
    """

    source_id: str
    trouble: Trouble
    note: str
    suggestion: str | None = None


class SourceReport(Record):
    """What a check of the sources found, the gravest first."""

    sources: int
    findings: tuple[SourceFinding, ...] = ()

    @property
    def counts(self) -> "SourceFindingCounts":
        """The report in counts, for the ledger of runs."""
        found = [finding.trouble for finding in self.findings]
        return SourceFindingCounts(
            sources=self.sources, findings={one: found.count(one) for one in _ORDER if one in found}
        )


class SourceFindingCounts(Record):
    """How many sources were checked, and how much of what was found."""

    sources: int
    findings: dict[Trouble, int]


def make_report(sources: int, findings: Iterable[SourceFinding]) -> SourceReport:
    """Return the report of what was found."""
    ordered = sorted(findings, key=lambda one: (_ORDER.index(one.trouble), one.source_id))
    return SourceReport(sources=sources, findings=tuple(ordered))


def review_health(rows: Iterable[SourceHealth]) -> Iterator[SourceFinding]:
    """Yield what the polls of registered sources have shown."""
    for row in rows:
        if row.status == "retired":
            continue
        if row.last_error is not None:
            yield _review_failure(row)
        elif row.status == "silent":
            yield SourceFinding(
                source_id=row.source_id,
                trouble="silent",
                note=f"nothing new for {_word_days(row.silent_for)}",
            )
        if row.current_url is not None:
            yield SourceFinding(
                source_id=row.source_id,
                trouble="moved",
                note="it is polled where its permanent redirects lead",
                suggestion=row.current_url,
            )
        if row.open_gaps:
            yield SourceFinding(
                source_id=row.source_id,
                trouble="gaps",
                note=f"{count(row.open_gaps, 'gap')} in its history; backfill fills them",
            )


def ask_robots(
    sources: Sequence[Source], get: Callable[[str], Capture], claim: Callable[[str, int], float]
) -> tuple[SourceFinding, ...]:
    """Ask the sites of sources for their robots.txt, once each; return those that shut us out.

    A feed is polled whatever robots.txt says, since it is there for that; what it forbids of a feed's
    site concerns the pages, which are fetched from its host as a rule.

    Args:
        sources: of the registry.
        get: fetches one URL, and raises FetchError.
        claim: see `coopwatch.fairness.run_fairly`.
    """
    by_root: dict[str, list[Source]] = {}
    for source in sources:
        by_root.setdefault(_root_of(source.url), []).append(source)

    def ask(root: str) -> list[SourceFinding]:
        answer: Capture | FetchError
        try:
            answer = get(f"{root}/robots.txt")
        except FetchError as error:
            answer = error
        robots = read_robots(answer)
        found = []
        for source in by_root[root]:
            try:
                robots.check(source.url if source.kind == "listing" else f"{root}/")
            except FetchError as error:
                found.append(SourceFinding(source_id=source.id, trouble="robots", note=_note(error.detail)))
        return found

    outcomes = run_fairly(by_root, ask, key=host_key, threads=_THREADS, per_key=1, claim=claim)
    return tuple(finding for found in outcomes for finding in found)


def look_for_feeds(
    findings: Iterable[SourceFinding],
    sources: Mapping[str, Source],
    get: Callable[[str], Capture],
    now: datetime,
) -> tuple[SourceFinding, ...]:
    """Look where the feeds of sources that died may be now, and suggest it.

    Args:
        findings: of all kinds; those of other kinds are returned as they are.
        sources: the registry, by id.
        get: fetches one URL when its host can bear it, and raises FetchError.
        now: the time of the check.
    """
    from coopwatch.discovery import discover

    done = []
    left = LOOKED_FOR_AT_MOST
    for finding in findings:
        source = sources.get(finding.source_id)
        if finding.trouble != "died" or source is None or source.kind == "listing" or not left:
            done.append(finding)
            continue
        left -= 1
        try:
            found = discover(f"{_root_of(source.url)}/", get=get, now=now).finding
        except UrlError as error:
            done.append(finding.model_copy(update={"note": f"{finding.note}; {_note(error.detail)}"}))
            continue
        suggestion = found.url if found.url != source.url and found.entries else None
        done.append(finding.model_copy(update={"suggestion": suggestion}))
    return tuple(done)


def ask_politely(get: Callable[[str], Capture], claim: Callable[[str, int], float], url: str) -> Capture:
    """Fetch a URL when its host can bear it.

    Raises:
        FetchError: there is no answer, or one with an error status.
    """
    while (wait_seconds := claim(host_key(url), 0)) > 0:
        time.sleep(wait_seconds)
    return get(url)


def word_report(report: SourceReport) -> str:
    """Return what was found in one line."""
    counts = ", ".join(f"{number} {trouble}" for trouble, number in report.counts.findings.items())
    return f"{count(report.sources, 'source')} checked: {counts or 'all in order'}"


def _review_failure(row: SourceHealth) -> SourceFinding:
    well_until = row.last_success_at or row.first_polled_at
    failing_for = row.as_of - well_until if well_until else timedelta(0)
    return SourceFinding(
        source_id=row.source_id,
        trouble="died" if failing_for > DIED_AFTER else "failing",
        note=f"for {_word_days(failing_for)}: {_note(row.last_error or '')}",
    )


def _root_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _word_days(span: timedelta | None) -> str:
    span = span or timedelta(0)
    return f"{span / timedelta(hours=1):.0f} h" if span < timedelta(days=2) else count(span.days, "day")


_note = partial(shorten, limit=_NOTE_CHARS)
