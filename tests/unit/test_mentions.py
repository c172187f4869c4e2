from datetime import date
from pathlib import Path
from typing import Any

import pytest

from coopwatch.countries import find_countries
from coopwatch.events.mentions import FoundMention, find_mentions
from coopwatch.places import find_places
from schemas.records import Article, Attribution, FiredPattern, PartialDate
from tests.unit.event_stories import (
    INSTITUTE,
    REGISTRY,
    make_judgement,
    make_story,
    read_seed,
    tell_first_case,
)


def read(article: Article) -> tuple[FoundMention, ...]:
    return find_mentions(article, make_judgement(article), REGISTRY)


def read_text(title: str, text: str, day: date | None = date(2025, 6, 12), **changes: Any) -> FoundMention:
    return read(make_story(1, title, text, day, **changes))[0]


def days(mention: FoundMention) -> set[tuple[PartialDate, PartialDate]]:
    return {(found.start, found.end) for found in mention.dates}


def day(month: int, number: int, year: int | None = None) -> PartialDate:
    return PartialDate(month=month, day=number, year=year)


def test_a_release_is_about_its_conference_and_names_the_forum_in_passing() -> None:
    release, _ = tell_first_case()["release"]
    main, forum = read(release)
    assert (main.role, main.series, main.edition, main.kind) == ("main", "brst", 1, "conference")
    assert (main.place, main.country) == ("Chongqing", "CN")
    assert days(main) == {(day(11, 6, 2023), day(11, 6, 2023))}
    assert {found.year_from for found in main.dates} == {"dateline"}
    assert (forum.role, forum.series, forum.edition) == ("background", "belt-and-road-forum", 3)
    assert forum.quote.startswith("A letter of greeting")


def test_figures_of_another_event_are_not_claimed_for_this_one() -> None:
    release, _ = tell_first_case()["release"]
    figures = {(figure.field, figure.value) for figure in read(release)[0].figures}
    assert ("attendance", "800") in figures
    assert not {value for _, value in figures} & {"10000", "10", "30"}


def test_a_report_without_a_year_leaves_it_open() -> None:
    mention = read_text("Our director in Chongqing", INSTITUTE, None)
    assert (mention.series, mention.edition) == ("brst", 1)
    assert days(mention) == {(day(11, 6), day(11, 7))}
    assert (mention.place, mention.country) == ("Chongqing", "CN")


def test_every_quote_stands_in_title_or_text() -> None:
    for article, _ in tell_first_case().values():
        for mention in read(article):
            quotes = [mention.quote, *mention.quotes.values(), *mention.date_quotes]
            assert all(quote in f"{article.title}\n{article.text}" for quote in quotes)


def test_an_earlier_edition_that_is_recalled_is_background() -> None:
    second, _ = tell_first_case()["second"]
    main, earlier = read(second)
    assert (main.edition, main.place) == (2, "Chengdu")
    assert (earlier.role, earlier.edition) == ("background", 1)
    assert all(found.start.year == 2025 for found in main.dates)


def test_the_edition_in_the_lead_goes_with_the_name_in_the_title() -> None:
    main, *_ = read(
        make_story(
            1,
            "Chengdu hosts Belt and Road Conference on Science and Technology Exchange",
            "The second BRST opened on June 11, 2025 in Chengdu. The first BRST met in Chongqing in 2023.",
            date(2025, 6, 12),
        )
    )
    assert main.edition == 2


def test_an_edition_that_is_only_recalled_is_not_taken_over() -> None:
    main = read_text(
        "Chengdu hosts Belt and Road Conference on Science and Technology Exchange",
        "Ministers came to Chengdu. The first BRST was held in Chongqing in November 2023.",
    )
    assert (main.series, main.edition) == ("brst", None)


def test_what_happened_years_ago_is_not_what_an_article_is_about() -> None:
    text = "In 2015 a letter greeted the first World Robot Conference. Since then the branch has grown."
    assert read_text("Robots change factories", text).series is None
    assert read_text("Robots change factories", text, date(2016, 1, 5)).edition == 1


@pytest.mark.parametrize(
    "sentence",
    [
        "Officials noted that the third Belt and Road Forum was successfully held.",
        "The laboratory was announced after the third Belt and Road Forum.",
        "It follows a plan made under the third Belt and Road Forum.",
    ],
)
def test_an_article_is_not_about_a_series_that_it_names_in_passing(sentence: str) -> None:
    main, other = read(make_story(1, "Kenya and China open a joint seed laboratory", sentence))
    assert (main.series, main.kind, main.participants) == (None, "laboratory", ("CN", "KE"))
    assert (other.series, other.role) == ("belt-and-road-forum", "background")


@pytest.mark.parametrize(
    ("title", "text", "role"),
    [
        ("World Science Forum opens", "The World Science Forum opened on June 11, 2025 in Lima.", "main"),
        ("World Science Forum nears", "The World Science Forum opens on July 1, 2025 in Lima.", "preview"),
        ("World Science Forum to be held in Lima", "Experts look forward to it.", "preview"),
        (
            "Young chemists meet",
            "On the sidelines of the World Science Forum young chemists met in Lima.",
            "sub_event",
        ),
    ],
)
def test_the_role_of_a_mention(title: str, text: str, role: str) -> None:
    assert read_text(title, text).role == role


def test_a_preview_claims_only_what_is_expected() -> None:
    preview = read_text(
        "World Science Forum nears", "The World Science Forum will draw 900 participants in Lima."
    )
    assert preview.role == "preview"
    assert [(figure.field, figure.value) for figure in preview.figures] == [("attendance.expected", "900")]


@pytest.mark.parametrize(
    ("title", "kind", "participants"),
    [
        ("China, U.S. extend agreement on science and technology", "agreement", ("CN", "US")),
        ("Brazil joins CERN as associate member", "accession", ("BR", "CERN")),
        ("Russia and China to jointly build lunar research station", "facility", ("CN", "RU")),
        ("China, Russia ink accord on a research station", "agreement", ("CN", "RU")),
        ("Serbian delegation visits Hungarian laser laboratory", "delegation", ("HU", "RS")),
        ("EU and Japan launch joint programme for young researchers", "programme", ("EU", "JP")),
        ("中美科技合作协定续签", "agreement", ("CN", "US")),
    ],
)
def test_kind_and_parties_of_an_event_without_a_series(
    title: str, kind: str, participants: tuple[str, ...]
) -> None:
    mention = read_text(title, "Nothing else is known.", language="zh" if "中" in title else "en")
    if mention.series is None:
        assert mention.name == title
    assert (mention.kind, mention.participants) == (kind, participants)


def test_what_put_an_article_in_scope_tells_its_kind_when_title_and_lead_do_not() -> None:
    article = make_story(1, "Two neighbours draw closer", "One. Two. Three. Four. They signed a memorandum.")
    start = len(article.title) + 1 + article.text.index("signed")
    fired = FiredPattern(
        facet="cooperation",
        pattern="pact",
        quote="signed a memorandum",
        start=start,
        end=start + 19,
        weight=1,
    )
    mention, *_ = find_mentions(article, make_judgement(article, fired=(fired,)), REGISTRY)
    assert (mention.kind, mention.quote) == ("agreement", "They signed a memorandum.")


def test_the_place_of_another_edition_is_not_the_place_of_this_one() -> None:
    mention = read_text(
        "What the second science exchange conference agreed",
        "The second Belt and Road Conference on Science and Technology Exchange, on June 11 and 12, 2025, "
        "was a good deal larger than the first one in Chongqing.",
    )
    assert (mention.edition, mention.place) == (2, None)


def test_a_dateline_says_where_the_reporter_is_and_not_where_the_event_is() -> None:
    wire: dict[str, Any] = {"attribution": Attribution(publisher="x", dateline_place="Beijing")}
    mention = read_text(
        "Letter to World Science Forum", "A letter was sent to the World Science Forum.", **wire
    )
    assert mention.place is None
    mention = read_text("World Science Forum", "The World Science Forum opened in Lima and Beijing.", **wire)
    assert mention.place == "Lima"


@pytest.mark.parametrize(
    ("sentence", "place", "country"),
    [
        ("It opened in Chongqing, China.", "Chongqing", "CN"),
        ("It opened in southwest China’s Chongqing Municipality on Monday.", "Chongqing", "CN"),
        ("It was held in Chengdu, Sichuan Province, China.", "Chengdu", "CN"),
        ("It was held in the Brazilian city of Belém do Pará.", "Belém", "BR"),
        ("It took place in Xi'an on Friday.", "Xi'an", "CN"),
        ("It met in Geneva Monday.", "Geneva", "CH"),
        ("It met in the United States.", None, "US"),
    ],
)
def test_where_a_sentence_puts_something(sentence: str, place: str | None, country: str | None) -> None:
    assert [(hit.place, hit.country) for hit in find_places(sentence)][:1] == [(place, country)]


@pytest.mark.parametrize(
    "sentence",
    [
        "They work in Artificial Intelligence.",
        "It grew in Africa.",
        "It met in November.",
        "He sat in Lecture Hall Two.",
    ],
)
def test_what_is_no_town(sentence: str) -> None:
    assert find_places(sentence) == ()


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("The U.S. and the Republic of Korea", ["US", "KR"]),
        ("Sino-Russian ties", ["CN", "RU"]),
        ("help us; China-based; US$5; South China Sea; Michael Jordan", []),
        ("Türkiye, Côte d’Ivoire and Ivory Coast", ["TR", "CI", "CI"]),
        ("the European Union", ["EU"]),
    ],
)
def test_countries_in_a_text(text: str, codes: list[str]) -> None:
    assert [hit.code for hit in find_countries(text, "en")] == codes


def test_countries_in_the_language_of_the_text() -> None:
    assert [hit.code for hit in find_countries("Alemania y los Estados Unidos", "es")] == ["DE", "US"]


@pytest.mark.shared
def test_both_seeds_are_about_the_first_conference(shared_data: Path) -> None:
    for prefix in ("000", "004"):
        title, _, text = read_seed(shared_data, prefix).partition("\n\n")
        mention = read_text(title, text, None)
        assert (mention.series, mention.edition, mention.place) == ("brst", 1, "Chongqing")


LAKES_EN = """
The 3rd Lake Science Forum (LSF) opened in Oslo, Norway, on June 11, 2025. Norway and Kenya host it together.

The LSF drew 420 participants. Unlike the World Science Forum with its 1,200 participants, LSF is small.
"""
LAKES_ZH = "第三届国际湖泊科学大会（简称“湖泊大会”）6月11日在昆明开幕。来自38个国家的420名代表出席湖泊大会。"


@pytest.mark.parametrize(
    ("title", "text", "language", "name", "place"),
    [
        ("Lake researchers meet in Oslo", LAKES_EN, "en", "Lake Science Forum (LSF)", "Oslo"),
        ("湖泊科学家齐聚昆明", LAKES_ZH, "zh", "国际湖泊科学大会（湖泊大会）", "Kunming"),
    ],
)
def test_a_meeting_of_no_known_series_has_the_name_that_its_text_gives_it(
    title: str, text: str, language: str, name: str, place: str
) -> None:
    mention = read_text(title, text, language=language)
    assert (mention.series, mention.name, mention.edition) == (None, name, 3)
    assert (mention.kind, mention.role, mention.place) == ("conference", "main", place)
    assert mention.quotes["name"] in f"{title}\n{' '.join(text.split())}"
    assert [fact.value for fact in mention.figures if fact.field == "attendance"] == ["420"]


def test_a_meeting_with_a_name_of_its_own_may_be_what_an_article_is_about() -> None:
    text = """
    The Lake Science Forum (LSF) opened in Oslo on June 11, 2025. As at the World Science Forum in Lima, its
    guests came from all continents; the World Science Forum sent a greeting.
    """
    main, other = read(make_story(1, "Lake Science Forum opens", text, date(2025, 6, 12)))
    assert (main.name, main.place, main.role) == ("Lake Science Forum (LSF)", "Oslo", "main")
    assert (other.series, other.role) == ("world-science-forum", "background")


def test_what_a_text_abbreviates_is_not_the_series_of_that_acronym() -> None:
    text = "The Water Safety Forum (WSF) opened in Oslo on June 11, 2025. WSF 2025 has 300 guests."
    (mention,) = read(make_story(1, "Water experts meet", text, date(2025, 6, 12)))
    assert (mention.series, mention.name) == (None, "Water Safety Forum (WSF)")


def test_figures_of_a_meeting_with_a_name_of_its_own_are_not_those_of_another_event() -> None:
    text = """
    The first Belt and Road Conference on Science and Technology Exchange opened in Chongqing on November 6,
    2023.

    The Lake Science Forum (LSF) had drawn 3,000 participants. The BRST drew 800 participants.
    """
    mention = read_text("First BRST opens", " ".join(text.split()), date(2023, 11, 7))
    assert mention.series == "brst"
    assert [fact.value for fact in mention.figures if fact.field == "attendance"] == ["800"]


def test_an_agreement_keeps_its_headline_where_it_was_signed_at_a_forum() -> None:
    text = "Norway and Kenya signed an agreement on June 11, 2025 at the Lake Science Forum (LSF) in Oslo."
    mention = read_text("Norway and Kenya sign lake pact", text)
    assert (mention.kind, mention.name) == ("agreement", "Norway and Kenya sign lake pact")
    assert (mention.place, mention.participants) == ("Oslo", ("KE", "NO"))
