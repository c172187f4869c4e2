"""Which change of an event is told, and by which article."""

import pytest

from coopwatch.events.changes import find_changes
from coopwatch.events.resolution import resolve
from schemas.records import Dossier
from tests.builders import NOW, make_article, make_coverage, make_event

Row = tuple[int, str, str]  # number of the article, text, voice


def tell(*rows: Row) -> Dossier:
    coverage = tuple(
        make_coverage(make_article(number), text_group_id=text, family=voice) for number, text, voice in rows
    )
    return resolve(Dossier(event=make_event(), coverage=coverage), NOW)


SITE = (1, "t-a", "site")


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ((), (SITE,), ("new_event", 1)),
        ((SITE,), (SITE, (2, "t-a", "site")), None),
        ((SITE,), (SITE, (2, "t-b", "post")), ("new_source", 2)),
        ((SITE,), (SITE, (2, "t-b", "site")), None),
        # the original of the old text comes together with a voice that is new: the latter is the news
        ((SITE,), ((1, "t-a", "city"), (2, "t-a", "city"), (3, "t-b", "post")), ("new_source", 3)),
        # the original alone makes no voice more
        ((SITE,), ((1, "t-a", "city"), (2, "t-a", "city")), None),
        # what seemed to be two voices is one
        ((SITE, (2, "t-b", "wire")), ((1, "t-a", "wire"), (2, "t-b", "wire")), None),
        # what seemed to be one voice is two
        (
            ((1, "t-a", "wire"), (2, "t-b", "wire")),
            ((1, "t-a", "wire"), (2, "t-b", "city")),
            ("new_source", 2),
        ),
    ],
)
def test_a_new_event_and_a_new_voice_are_told(
    before: tuple[Row, ...], after: tuple[Row, ...], told: tuple[str, int] | None
) -> None:
    known = {"e-1": tell(*before)} if before else {}
    changes = [(change.kind, change.article_id) for change in find_changes(known, [tell(*after)])]
    assert changes == ([(told[0], make_article(told[1]).article_id)] if told else [])
