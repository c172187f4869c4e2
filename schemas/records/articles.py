"""Articles, who stands behind them, and the texts that they share."""

from datetime import date
from typing import Literal

from pydantic import AwareDatetime

from schemas.records.base import Evidence, Identifier, Language, Record

PublishedFrom = Literal["feed", "json_ld", "meta", "url", "byline", "dateline"]
Precision = Literal["second", "day"]
Relation = Literal["origin", "same", "derived"]


class Attribution(Record):
    """Who stands behind a text: four different roles, and who is merely cited.

    `publisher` runs the site; `distributor` is the wire or release service that carried the
    text there; `issuer` is whose release it is; `cited_agencies` are agencies that the text
    quotes without being their copy.
    """

    publisher: str
    distributor: str | None = None
    issuer: str | None = None
    cited_agencies: tuple[str, ...] = ()
    author: str | None = None
    dateline_place: str | None = None
    release_date: date | None = None
    evidence: tuple[Evidence, ...] = ()


class Article(Record):
    """The article of one entry; `text` is free of site furniture and is what gets fingerprinted."""

    article_id: str
    entry_id: int
    source_id: Identifier
    url: str
    compare_url: str
    title: str
    text: str
    language: Language
    published_at: AwareDatetime | None = None
    published_from: PublishedFrom | None = None
    published_precision: Precision | None = None
    fetched_at: AwareDatetime
    attribution: Attribution
    extractor: str
    version: int = 1  # counts corrections of the text

    @property
    def dated(self) -> date | None:
        """The day the text was released or, failing that, published."""
        if self.attribution.release_date:
            return self.attribution.release_date
        return self.published_at.date() if self.published_at else None


class StoredText(Record):
    """A text that grouping compares against: stored earlier, or earlier in the same batch."""

    article_id: str
    text_group_id: str
    title: str
    text: str
    language: Language
    dated: date | None = None


class GroupOrigin(Record):
    """The article that a text group is taken to come from, and why."""

    text_group_id: str
    article_id: str
    reason: str


class Membership(Record):
    """An article's place in a text group: the origin, the same text, or a derived one."""

    article_id: str
    text_group_id: str
    relation: Relation
    matched_article_id: str | None = None
    containment: float | None = None
    shared_fingerprints: int = 0
    reason: str
