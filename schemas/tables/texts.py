"""Articles, and the texts that they share."""

from sqlalchemy import BigInteger, Date, Float, ForeignKey, Index, Integer, Table, UniqueConstraint

from schemas import records
from schemas.columns import CleanJson, CleanText, Id, KeyText, UtcDateTime
from schemas.tables.base import key, may, metadata, must, values

article = Table(
    "article",
    metadata,
    key("article_no", Id, "a short number, for the fingerprints"),
    must("article_id", CleanText, "computed from the address"),
    must("entry_id", Id, "the entry it was fetched for", ForeignKey("entry.entry_id")),
    must("source_id", CleanText, "the source that listed it", ForeignKey("source.source_id")),
    must("url", CleanText, "where it can be read"),
    must("compare_url", KeyText, "its address for comparison"),
    must("title", CleanText, "its headline"),
    must("text", CleanText, "its text, free of site furniture"),
    must("words", Integer, "length of the text; a CJK character counts as a word"),
    must("language", CleanText, "the language of the text"),
    may("published_at", UtcDateTime, "when the site published it"),
    may("published_from", CleanText, f"where that date was found: {values(records.PublishedFrom)}"),
    may("published_precision", CleanText, f"how exact it is: {values(records.Precision)}"),
    may("dated", Date, "the day it was released or, failing that, published"),
    must("fetched_at", UtcDateTime, "when it was fetched"),
    must("publisher", CleanText, "who runs the site"),
    may("distributor", CleanText, "the wire or release service that carried it there"),
    may("issuer", CleanText, "whose release it is"),
    must("cited_agencies", CleanJson, "agencies that it quotes without being their copy"),
    may("author", CleanText, "the person or desk that signs it"),
    may("dateline_place", CleanText, "the place in its dateline"),
    may("release_date", Date, "the date in its dateline"),
    must("attribution_evidence", CleanJson, "what the attribution rests on"),
    must("extractor", CleanText, "name and version of what extracted it"),
    must("version", Integer, "counts corrections of the text", default="1"),
    must("loaded_at", UtcDateTime, "when it was first loaded"),
    UniqueConstraint("article_id"),
    comment="Articles whose text was accepted",
)

text_group = Table(
    "text_group",
    metadata,
    key("text_group_id", CleanText, "computed from the article that founded it"),
    must(
        "origin_article_id", CleanText, "the original, as far as is known", ForeignKey("article.article_id")
    ),
    must("origin_reason", CleanText, "why that one is taken for the original", default="''"),
    must("created_at", UtcDateTime, "when it was founded"),
    comment="One row a text: an original with its reprints is one voice",
)

membership = Table(
    "membership",
    metadata,
    key("article_id", CleanText, "the article", ForeignKey("article.article_id")),
    must("text_group_id", CleanText, "its text", ForeignKey("text_group.text_group_id")),
    must("relation", CleanText, f"its place in the group: {values(records.Relation)}"),
    may("matched_article_id", CleanText, "the article it was recognised by"),
    may("containment", Float, "share of the shorter text that is in the longer"),
    must("shared_fingerprints", Integer, "fingerprints shared with that article"),
    must("reason", CleanText, "why, in one line"),
    Index(None, "text_group_id", "article_id"),
    comment="Which text an article carries",
)

fingerprint = Table(
    "fingerprint",
    metadata,
    key("hash", BigInteger, "sampled hash of a shingle, signed"),
    key("article_no", Integer, "article.article_no; unchecked, to stay small and quick"),
    sqlite_with_rowid=False,
    comment="Index from shingles to the articles that hold them",
)

article_version = Table(
    "article_version",
    metadata,
    key("article_id", CleanText, "the article", ForeignKey("article.article_id")),
    key("version", Integer, "its version; the latest is the one in article"),
    must("title", CleanText, "its headline then"),
    must("text", CleanText, "its text then"),
    must("extractor", CleanText, "name and version of what extracted it"),
    must("fetched_at", UtcDateTime, "when it was fetched"),
    must("replaced_at", UtcDateTime, "when a corrected text was found in its place"),
    comment="Ledger of corrected articles, as they stood before",
)

boilerplate = Table(
    "boilerplate",
    metadata,
    key("host", CleanText, "the site"),
    key("hash", BigInteger, "hash of a shingle, signed"),
    must("articles", Integer, "in how many of its articles it was found"),
    must("last_seen_at", UtcDateTime, "when it was last found"),
    sqlite_with_rowid=False,
    comment="Shingles that recur across articles of a site: not what an article is about",
)

boilerplate_host = Table(
    "boilerplate_host",
    metadata,
    key("host", CleanText, "the site"),
    must("articles", Integer, "how many of its articles were looked at"),
    comment="How much is known of the boilerplate of a site",
)
