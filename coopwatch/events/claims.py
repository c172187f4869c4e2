"""What an article says of its event, as claims that each rest on one sentence, found where it stands."""

from collections.abc import Iterable
from typing import NamedTuple

from coopwatch.events.editions import is_year
from coopwatch.events.mentions import FoundMention
from coopwatch.events.spans import read_mention, write_span
from coopwatch.events.speakers import find_speaker
from coopwatch.extractors import CLAIMS as EXTRACTOR
from schemas.records import Article, Claim, Membership


class WrongQuote(NamedTuple):
    """A claim whose quote is not where it says, with the reason."""

    claim: Claim
    reason: str


def make_claims(
    event_id: str, article: Article, membership: Membership, mention: FoundMention
) -> tuple[Claim, ...]:
    """Return the claims that an article makes of the event it is about.

    Fields: edition (an ordinal) or year (for a series that numbers itself by year), dates, place,
    country, participants (codes with commas), kind (of an event without a series), the figures of
    `figures.find_figures`, outcomes.KIND, organisers, participants.ROLE, theme, and next_edition.PART.
    An article on something beside the event claims only which edition it was.
    """
    full = f"{article.title}\n{article.text}"

    def claim(field: str, value: str, quote: str, near: int, **rest: object) -> Claim:
        start = locate(full, quote, near)
        speaker = find_speaker(quote, article.language)
        return Claim.model_validate(
            {
                "event_id": event_id,
                "article_id": article.article_id,
                "text_group_id": membership.text_group_id,
                "url": article.url,
                "field": field,
                "value": value,
                "quote": quote,
                "quote_start": max(start, 0),
                "quote_end": start + len(quote) if start >= 0 else 0,
                "article_version": article.version,
                "extractor": EXTRACTOR,
                "asserted_by": speaker or article.attribution.issuer or article.attribution.publisher,
                **rest,
            }
        )

    claims = []
    quotes, at = mention.quotes, mention.offset
    if mention.edition is not None:
        field = "year" if is_year(mention.edition) else "edition"
        claims.append(claim(field, str(mention.edition), quotes.get("edition", mention.quote), at))
    if mention.role == "sub_event":
        return tuple(claims)
    for date_mention, quote in zip(mention.dates, mention.date_quotes, strict=True):
        span, qualifier = read_mention(date_mention)
        claims.append(claim("dates", write_span(span), quote, date_mention.offset, qualifier=qualifier))
    if mention.place:
        claims.append(claim("place", mention.place, quotes["place"], at))
    if mention.country:
        claims.append(claim("country", mention.country, quotes["country"], at))
    if mention.participants:
        claims.append(claim("participants", ",".join(mention.participants), quotes["participants"], at))
    if mention.series is None:
        claims.append(claim("kind", mention.kind, quotes["kind"], at))
    claims += (
        claim(
            fact.field,
            fact.value,
            fact.quote,
            fact.quote_start,
            low=fact.low,
            high=fact.high,
            unit=fact.unit,
            qualifier=fact.qualifier,
            scope=fact.scope,
        )
        for fact in mention.figures
    )
    return tuple(claims)


def locate(text: str, quote: str, near: int) -> int:
    """Return where a quote stands in a text: what holds `near`, else the first; -1 if it is nowhere."""
    start = text.find(quote, max(0, near - len(quote) + 1), near + len(quote))
    return start if start >= 0 else text.find(quote)


def check_quotes(article: Article, claims: Iterable[Claim]) -> tuple[WrongQuote, ...]:
    """Return the claims of an article that do not rest on the words which they quote.

    Args:
        article: in the version that is loaded.
        claims: any; those of other articles, and of other versions of this one, are passed over.
    """
    full = f"{article.title}\n{article.text}"
    wrong = []
    for claim in claims:
        if (claim.article_id, claim.article_version) != (article.article_id, article.version):
            continue
        start, end = claim.quote_start, claim.quote_end
        if not claim.quote:
            wrong.append(WrongQuote(claim, f"{claim.field}: no quote"))
        elif not 0 <= start < end <= len(full):
            wrong.append(WrongQuote(claim, f"{claim.field}: {start}..{end} is not in the text"))
        elif full[start:end] != claim.quote:
            wrong.append(WrongQuote(claim, f"{claim.field}: the text has other words at {start}..{end}"))
    return tuple(wrong)
