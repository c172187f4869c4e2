"""What an article says of its event, as claims that each rest on one sentence."""

from coopwatch.events.editions import is_year
from coopwatch.events.mentions import FoundMention
from coopwatch.events.spans import read_mention, write_span
from schemas.records import Article, Claim, Membership


def make_claims(
    event_id: str, article: Article, membership: Membership, mention: FoundMention
) -> tuple[Claim, ...]:
    """Return the claims that an article makes of the event it is about.

    Fields: edition (an ordinal) or year (for a series that numbers itself by year), dates, place,
    country, participants (codes with commas), kind (of an event without a series), and whatever figures
    the text gives. An article on something beside the event claims only which edition it was.
    """

    def claim(field: str, value: str, quote: str, **rest: object) -> Claim:
        return Claim.model_validate(
            {
                "event_id": event_id,
                "article_id": article.article_id,
                "text_group_id": membership.text_group_id,
                "url": article.url,
                "field": field,
                "value": value,
                "quote": quote,
                **rest,
            }
        )

    claims = []
    quotes = mention.quotes
    if mention.edition is not None:
        field = "year" if is_year(mention.edition) else "edition"
        claims.append(claim(field, str(mention.edition), quotes.get("edition", mention.quote)))
    if mention.role == "sub_event":
        return tuple(claims)
    for date_mention, quote in zip(mention.dates, mention.date_quotes, strict=True):
        span, qualifier = read_mention(date_mention)
        claims.append(claim("dates", write_span(span), quote, qualifier=qualifier))
    if mention.place:
        claims.append(claim("place", mention.place, quotes["place"]))
    if mention.country:
        claims.append(claim("country", mention.country, quotes["country"]))
    if mention.participants:
        claims.append(claim("participants", ",".join(mention.participants), quotes["participants"]))
    if mention.series is None:
        claims.append(claim("kind", mention.kind, quotes["kind"]))
    claims += (
        claim(
            figure.field,
            figure.value,
            figure.quote,
            low=figure.low,
            high=figure.high,
            qualifier=figure.qualifier,
        )
        for figure in mention.figures
    )
    return tuple(claims)
