"""Who stands behind a text: publisher, distributor, issuer, author, and who is only cited.

    publisher     runs the site; from the source registry
    distributor   the agency or release service whose copy this is: dateline, credit, sign-off
    issuer        whose release it is: "SOURCE …", "A news report from …"
    author        the persons of the byline
    cited         agencies that the text quotes; they are never the distributor for that

Each role carries the words it rests on. Those words leave the text, and so does site furniture.
"""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from coopwatch.credits import (
    Trace,
    find_citations,
    find_distributor,
    find_issuer,
    is_credit_line,
    is_stamp,
    strip_credits,
)
from coopwatch.dateline_heads import resolve_date
from coopwatch.datelines import Dateline, read_dateline
from coopwatch.furniture import strip_furniture
from coopwatch.persons import find_persons, is_byline
from coopwatch.publishers import Publishers, fold_name
from coopwatch.urls import host_of
from schemas.records import Attribution, Evidence, Record, Source

LEADING_LINES = 8  # among which headline, byline and dateline stand
LATE_LINES = 45  # among which a dateline may still stand, after galleries and captions

_REPORT_FROM = re.compile(
    r"\s{0,3}(?:(?:a|the)\s)?(?:news\s)?(?:report|release|story)\s(?:from|by)\s([^\n.!?–—:]{2,60}?)"
    r"\s{0,3}(?:[–—:]|--|\s-)\s{0,3}",
    re.IGNORECASE,
)


class Attributed(Record):
    """The roles, and the text without furniture and without the lines that the roles rest on."""

    attribution: Attribution
    text: str


class _Lead(NamedTuple):
    """A text taken apart at its top."""

    lines: list[str]  # what remains of the text
    bylines: tuple[str, ...] = ()
    dateline: Dateline | None = None
    reported_by: Trace | None = None  # whom "A news report from …" names


def attribute(
    title: str,
    text: str,
    source: Source,
    byline: str,
    published: datetime | None,
    *,
    publishers: Publishers,
    site_names: tuple[str, ...] = (),
) -> Attributed:
    """Find out who stands behind a text.

    Args:
        title: the article's title; a copy of it at the top of the text is furniture.
        text: paragraphs, one a line.
        source: where the article was found; it names the publisher.
        byline: as the page or feed gives it; may be empty.
        published: gives a dateline without a year its year.
        publishers: the wires and families that are known.
        site_names: what the site calls itself; no person is called that.
    """
    site_names = (*site_names, source.publisher, source.name)
    lead = _read_lead(
        [line for raw in text.split("\n") if (line := raw.strip())], title, publishers, site_names
    )
    bylines = [stated for stated in (byline.strip(), *lead.bylines) if stated]
    distributor = (
        _carried_by(lead.dateline)
        or find_distributor(bylines, lead.lines, publishers)
        or _released_on(source, publishers)
    )
    wire = publishers.find_wire(distributor.name) if distributor else None
    is_release = wire is not None and wire.kind == "release"
    body = "\n".join(strip_furniture(strip_credits(lead.lines, publishers)))
    cited = find_citations(body, wire, publishers)
    traces = {
        "publisher": Trace(source.publisher, f"source {source.id}"),
        "distributor": distributor,
        "issuer": lead.reported_by
        or _issued_by(lead.dateline)
        or find_issuer(lead.lines, publishers, is_release=is_release),
        "author": _find_author(bylines, publishers, site_names),
        "dateline_place": _placed_by(lead.dateline),
        "release_date": _released_by(lead.dateline, published),
    }
    found = [(role, trace) for role, trace in traces.items() if trace]
    evidence = [
        Evidence(label=role, value=trace.name, quote=trace.quote)
        for role, trace in (*found, *(("cited_agency", trace) for trace in cited))
    ]
    attribution = Attribution.model_validate(
        {role: trace.name for role, trace in found}
        | {"cited_agencies": tuple(trace.name for trace in cited), "evidence": tuple(evidence)}
    )
    return Attributed(attribution=attribution, text=body)


def _read_lead(lines: list[str], title: str, publishers: Publishers, site_names: tuple[str, ...]) -> _Lead:
    """Take headline, bylines and dateline off the top of a text."""
    kept: list[str] = []
    bylines: list[str] = []
    for index, line in enumerate(lines[:LEADING_LINES]):
        if dateline := read_dateline(line, publishers):
            return _open(dateline, kept, lines[index:], bylines)
        after = lines[index + 1] if index + 1 < len(lines) else ""
        if is_credit_line(line, after, publishers) or is_byline(line, publishers, site_names):
            bylines.append(line)
        elif bylines and is_stamp(line):
            continue
        elif fold_name(line) != fold_name(title):
            kept.append(line)
    lines = [*kept, *lines[LEADING_LINES:]]
    late = [
        (index, dateline)
        for index, line in enumerate(lines[:LATE_LINES])
        if (dateline := read_dateline(line, publishers)) and dateline.wire and dateline.place
    ]
    if len(late) == 1:  # several open the items of a round-up
        index, dateline = late[0]
        return _open(dateline, lines[:index], lines[index:], bylines)
    return _Lead(lines, tuple(bylines))


def _open(dateline: Dateline, above: list[str], lines: list[str], bylines: list[str]) -> _Lead:
    """Take the dateline off the first line, and what a release service writes after it."""
    if dateline.reporters:
        bylines = [*bylines, dateline.reporters]
    rest = [text for text in (lines[0][dateline.length :].strip(), *lines[1:]) if text]
    reported = _REPORT_FROM.match(rest[0]) if rest else None
    if reported:
        rest[0] = rest[0][reported.end() :]
    named = Trace(reported[1].strip(), reported[0].strip()) if reported else None
    return _Lead([*above, *rest], tuple(bylines), dateline, named)


def _carried_by(dateline: Dateline | None) -> Trace | None:
    return Trace(dateline.wire.name, dateline.quote) if dateline and dateline.wire else None


def _released_on(source: Source, publishers: Publishers) -> Trace | None:
    """Return the release service whose own site the source is."""
    wire = publishers.find_wire_of_site(source.publisher) or publishers.find_wire_of_site(host_of(source.url))
    return Trace(wire.name, f"source {source.id}") if wire else None


def _issued_by(dateline: Dateline | None) -> Trace | None:
    """Return the name in a dateline that no wire claims."""
    return Trace(dateline.mark, dateline.quote) if dateline and dateline.mark and not dateline.wire else None


def _placed_by(dateline: Dateline | None) -> Trace | None:
    return Trace(dateline.place, dateline.quote) if dateline and dateline.place else None


def _released_by(dateline: Dateline | None, published: datetime | None) -> Trace | None:
    day = published.date() if published else None
    released = resolve_date(dateline.date, day) if dateline and dateline.date else None
    return Trace(released.isoformat(), dateline.quote) if dateline and released else None


def _find_author(bylines: Sequence[str], publishers: Publishers, site_names: tuple[str, ...]) -> Trace | None:
    for stated in bylines:
        if persons := find_persons(stated, publishers, site_names):
            return Trace(", ".join(persons), stated)
    return None
