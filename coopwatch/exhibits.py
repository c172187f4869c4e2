"""What an analyst is shown of an article: its stored text, else that of its kept page, else the feed's."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from pydantic import AwareDatetime

from coopwatch.errors import FetchError
from coopwatch.jobs import ExtractJob
from coopwatch.warehouse.labels import Case
from schemas.records import Article, Failure, Language, Record

if TYPE_CHECKING:
    from coopwatch.fetch import Fetcher


class Exhibit(Record):
    """A text to be judged.

    Attributes:
        language: as found with the text; None where only the feed is left.
        lacks: why it is less than the whole article; empty if it is not.
    """

    title: str
    text: str
    language: Language | None = None
    published_at: AwareDatetime | None = None
    lacks: str = ""


def make_exhibit(
    case: Case, kept: Callable[[], "Fetcher"], extract: Callable[[ExtractJob], Article | Failure]
) -> Exhibit:
    """Return what can be shown of an entry.

    Args:
        case: the entry with what is stored of it.
        kept: gives what answers with the captures that are kept; asked only if no article is stored.
        extract: turns a page into its article; asked only if there is a page.
    """
    entry = case.entry
    if case.title is not None and case.text is not None:
        return Exhibit(
            title=case.title, text=case.text, language=case.language, published_at=entry.published_at
        )
    lacks = "the page was not kept, or not any more"
    try:
        capture = kept().get(entry.url)
    except FetchError as error:
        lacks = f"{lacks} ({error.detail})"
    else:
        found = extract(ExtractJob(entry=entry, capture=capture, source=case.source))
        if isinstance(found, Article):
            return Exhibit(
                title=found.title, text=found.text, language=found.language, published_at=found.published_at
            )
        lacks = f"the page could not be read again ({found.reason})"
    return Exhibit(title=entry.title, text=entry.summary, published_at=entry.published_at, lacks=lacks)
