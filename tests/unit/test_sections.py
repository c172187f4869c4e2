from datetime import date

import pytest

from coopwatch.events.reports import ReadArticle, read_articles
from coopwatch.events.sections import find_sections, is_a_digest
from tests.builders import make_article
from tests.unit.event_stories import REGISTRY, make_judgement, make_story

BRST = """
The second Belt and Road Conference on Science and Technology Exchange opened in Chengdu, China, on June 11,
2025. Ministers of many states came, and two dozen agreements were signed on its first day.
"""
FORUM = """
The World Science Forum will meet in Lima on July 1, 2025. Its programme has forty sessions on open data, and
young chemists may apply for grants until the end of this week.
"""
RECALLED = """
The third Belt and Road Forum for International Cooperation took place in Beijing on October 17, 2023. It
agreed to raise the number of joint laboratories to one hundred, which took its hosts two years.
"""
DIGEST = """
Glacier pact

Norland and Brazil signed an agreement on ice cores on June 10, 2025 in Lima. Both academies will pay half of
what the drilling costs, and their students will take turns in the laboratory.

New telescope

France and Japan opened a telescope on June 9, 2025 in Chile. It looks for planets of near stars, and twenty
universities of both countries share the hours of its nights.
"""


def read(title: str, *paragraphs: str, day: date | None = date(2025, 6, 12)) -> ReadArticle:
    article = make_story(1, title, "\n\n".join(paragraphs), day)
    (found,) = read_articles([article], {1: make_judgement(article)}, REGISTRY)
    return found


def test_a_section_on_another_series_is_a_report_of_its_own() -> None:
    found = read("Second BRST opens in Chengdu", BRST, FORUM)
    main, other = (report.mention for report in found.reports)
    assert (main.series, main.edition, main.role) == ("brst", 2, "main")
    assert (other.series, other.place, other.role) == ("world-science-forum", "Lima", "preview")
    assert found.background == ()
    assert "lima" not in found.reports[1].wording.title


def test_what_is_quoted_from_a_section_stands_in_the_article_where_it_says() -> None:
    found = read("Second BRST opens in Chengdu", BRST, FORUM)
    full = f"{found.article.title}\n{found.article.text}"
    mention = found.reports[1].mention
    assert mention.quote in full
    assert full[mention.offset :].startswith("World Science Forum")
    for dated in mention.dates:
        assert full[dated.offset :].startswith(dated.quote)


@pytest.mark.parametrize("day", [date(2025, 6, 12), None])
def test_what_is_recalled_is_background(day: date | None) -> None:
    found = read("Second BRST opens in Chengdu", BRST, RECALLED, day=day)
    assert [report.mention.series for report in found.reports] == ["brst"]
    assert [mention.series for mention in found.background] == ["belt-and-road-forum"]


def test_a_digest_is_about_its_sections() -> None:
    found = read("Science digest: the week in cooperation", DIGEST)
    assert [report.mention.name for report in found.reports] == ["Glacier pact", "New telescope"]
    assert [report.mention.kind for report in found.reports] == ["agreement", "facility"]


def test_headings_alone_do_not_make_a_digest() -> None:
    assert len(read("Two neighbours draw closer", DIGEST).reports) == 1


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Weekly round-up of research", True),
        ("科技合作一周要闻", True),
        ("Wochenrückblick Forschung", True),
        ("Дайджест науки", True),
        ("Minister digests defeat", False),
        ("Joint laboratory opens", False),
    ],
)
def test_what_a_digest_is_called(title: str, expected: bool) -> None:
    assert is_a_digest(make_article(title=title)) is expected


def test_sections_of_nothing_and_of_very_much() -> None:
    assert find_sections(make_article(text="")) == ()
    assert len(find_sections(make_article(text="\n".join(["A sentence of some length. " * 10] * 500)))) == 30
