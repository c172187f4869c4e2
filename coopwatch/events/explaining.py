"""Why an article is on an event, and what other events it names, as evidence on its coverage."""

from collections.abc import Iterator

from coopwatch.events.linking import LinkDecision
from coopwatch.events.references import find_precedents, name_reference
from coopwatch.events.relations import SPEAKS_OF, word_subject
from coopwatch.events.reports import ReadArticle, Report
from coopwatch.events.resolution import NAMED
from coopwatch.events.wordings import write_wording
from schemas.records import Evidence, Membership


def explain_link(
    read: ReadArticle, report: Report, membership: Membership, decision: LinkDecision
) -> Iterator[Evidence]:
    """Yield the reasons for the link of an article to an event, each with its sentence where it has one.

    Args:
        read: the article.
        report: what it reports of this event.
        membership: its place in a text group.
        decision: the link.
    """
    mention = report.mention
    subject = word_subject(mention.series or mention.kind, mention.edition)
    yield Evidence(label=SPEAKS_OF, value=subject, quote=mention.quote)
    if quote := mention.quotes.get("name"):
        yield Evidence(label=NAMED, value=mention.name, quote=quote)
    yield write_wording(report.wording)
    if membership.relation != "origin":
        yield Evidence(label="text", value=f"{membership.text_group_id}, {membership.reason}")
    yield from decision.evidence
    yield from find_precedents(read.article)
    for other in read.mentions:
        if other is not mention and other.series is not None:
            label = name_reference(read.article, mention, other)
            yield Evidence(label=label, value=word_subject(other.series, other.edition), quote=other.quote)
