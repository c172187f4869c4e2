"""Which article of a text group is the original, as far as is known, and why; and whose voice the text is.

Reprints follow an order: the issuer's own site, the distributor's own site, a copy that opens with its
agency's dateline, one that names issuer or distributor in any other way, then the earliest published,
then the earliest fetched. What one copy says of issuer and distributor holds for the text, and so for
the others: a site that is the issuer's own seldom says so itself. Hence a text has one voice: that of its
issuer; failing one, of the wire that distributed it; failing a wire, of the site of the original.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from pydantic import AwareDatetime

from coopwatch.publishers import Publishers
from coopwatch.urls import host_of
from schemas.records import Article, Attribution, Precision, Record

_FAR = date.max  # of an article that nobody dated


class OriginCandidate(Record):
    """What an article says about where its text came from; families as `Publishers` finds them."""

    article_id: str
    site_family: str  # of the site it stands on
    issuer_family: str | None = None
    distributor_family: str | None = None
    distributor: str | None = None
    has_dateline: bool = False  # whether the distributor was found in a dateline
    published_at: AwareDatetime | None = None
    published_precision: Precision | None = None
    fetched_at: AwareDatetime


class Origin(Record):
    """The original of a text, why that article is taken for it, and whose voice the text is."""

    article_id: str
    reason: str
    family: str


def find_origins(groups: Mapping[str, Iterable[Article]], publishers: Publishers) -> dict[str, Origin]:
    """Return the original of every text group.

    Args:
        groups: the known members of each, stored ones and those of the batch, by the group's id; an
            article that is there twice counts as it comes last.
        publishers: the wires and families that are known.
    """
    origins = {}
    for group, articles in groups.items():
        members = {article.article_id: make_candidate(article, publishers) for article in articles}
        if members:
            origins[group] = find_origin(tuple(members.values()))
    return origins


def make_candidate(article: Article, publishers: Publishers) -> OriginCandidate:
    """Return what an article says about where its text came from.

    The site's family is that of its publisher's name or, if no family claims the name, of its host; a
    publisher that no family claims by either stands for itself.
    """
    attribution = article.attribution
    issuer, distributor = attribution.issuer, attribution.distributor
    return OriginCandidate(
        article_id=article.article_id,
        site_family=_find_site_family(attribution.publisher, host_of(article.url), publishers),
        issuer_family=publishers.family_of_name(issuer) if issuer else None,
        distributor_family=publishers.family_of_name(distributor) if distributor else None,
        distributor=distributor,
        has_dateline=_has_dateline(attribution),
        published_at=article.published_at,
        published_precision=article.published_precision,
        fetched_at=article.fetched_at,
    )


def find_origin(members: Sequence[OriginCandidate]) -> Origin:
    """Return the original among the articles of one text group; their order does not matter.

    Of two that were published on one day, the one whose time is known comes first: the other's day may
    have ended.

    Args:
        members: all that is known of the group; at least one.
    """
    issuers = {member.issuer_family for member in members} - {None}
    distributors = {member.distributor_family for member in members} - {None}

    def order(member: OriginCandidate) -> tuple[int, date, bool, float, float, str]:
        published = member.published_at
        return (
            _rank(member, issuers, distributors),
            published.date() if published else _FAR,
            member.published_precision != "second",
            published.timestamp() if published else 0.0,
            member.fetched_at.timestamp(),
            member.article_id,
        )

    ranked = sorted(members, key=order)
    first = ranked[0]
    reason = _word_reason(first, _rank(first, issuers, distributors), is_alone=len(members) == 1)
    issuer = first.site_family if first.site_family in issuers else None
    family = (
        issuer
        or next((member.issuer_family for member in ranked if member.issuer_family), None)
        or next((member.distributor_family for member in ranked if member.distributor_family), None)
        or first.site_family
    )
    return Origin(article_id=first.article_id, reason=reason, family=family)


def _find_site_family(publisher: str, host: str, publishers: Publishers) -> str:
    of_host = publishers.family_of_name(host)
    is_claimed = of_host != host.removeprefix("www.")
    is_known = publishers.is_organization(publisher) or not is_claimed
    return publishers.family_of_name(publisher) if is_known else of_host


def _rank(member: OriginCandidate, issuers: set[str | None], distributors: set[str | None]) -> int:
    if member.site_family in issuers:
        return 0
    if member.site_family in distributors:
        return 1
    if member.has_dateline:
        return 2
    return 3 if member.issuer_family or member.distributor_family else 4


def _word_reason(member: OriginCandidate, rank: int, *, is_alone: bool) -> str:
    carrier = member.distributor or member.issuer_family
    why = (
        f"on the issuer's own site ({member.site_family})",
        f"on the distributor's own site ({member.site_family})",
        f"opens with the dateline of {carrier}",
        f"names {carrier}, whose copy it is",
        "",
    )[rank]
    if is_alone:
        return why or "the only article of its text"
    if member.published_at is None:
        return f"{why}, fetched earliest" if why else "fetched earliest; no publication is known"
    exactly = member.published_at.isoformat(timespec="minutes")
    day = member.published_at.date().isoformat()
    when = exactly if member.published_precision == "second" else f"{day}, of which only the day is known"
    return f"{why}, published earliest: {when}" if why else f"published earliest: {when}"


def _has_dateline(attribution: Attribution) -> bool:
    """Tell whether what names the distributor also gives the place or day of a dateline."""
    quotes: dict[str, set[str]] = {"distributor": set(), "dateline_place": set(), "release_date": set()}
    for item in attribution.evidence:
        if item.label in quotes and item.quote:
            quotes[item.label].add(item.quote)
    return bool(quotes["distributor"] & (quotes["dateline_place"] | quotes["release_date"]))
