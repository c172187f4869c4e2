"""Dates in sentences: what is a date, of which year, and the date of what."""

import time
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopwatch.dates import find_dates
from schemas.records import DateMention, PartialDate

WEDNESDAY = date(2023, 11, 8)
SEEDS = Path(__file__).resolve().parents[3] / "shared" / "data" / "seeds"


def show_end(day: PartialDate) -> str:
    year = f"{day.year:04}-" if day.year else ""
    return f"{year}{day.month:02}" + (f"-{day.day:02}" if day.day else "")


def show(mention: DateMention) -> str:
    """Write a mention as "2023-11-06/2023-11-07 event"; an open year is left out."""
    ends = show_end(mention.start) + (f"/{show_end(mention.end)}" if mention.end != mention.start else "")
    return f"{ends} {mention.role}"


def read(text: str, language: str = "en", reference: date | None = WEDNESDAY) -> list[str]:
    return [show(mention) for mention in find_dates(text, language, reference)]


# Reference: Wednesday 8 November 2023.
ENGLISH = [
    # how a day is written
    ("The forum opened in Lagos on November 6.", ["2023-11-06 event"]),
    ("The forum opened in Lagos on Nov. 6, 2023.", ["2023-11-06 event"]),
    ("The forum opened in Lagos on 6 November 2023.", ["2023-11-06 event"]),
    ("The forum opened in Lagos on the 6th of November.", ["2023-11-06 event"]),
    ("The forum opened in Lagos on Monday, November 6.", ["2023-11-06 event"]),
    ("The forum opened in Lagos on 6 November (Monday).", ["2023-11-06 event"]),
    ("THE FORUM OPENED ON NOVEMBER 6 IN LAGOS", ["2023-11-06 event"]),
    ("The forum was held on 2023-11-06 in Lagos.", ["2023-11-06 event"]),
    ("The forum was held on 06-Nov-2023 in Lagos.", ["2023-11-06 event"]),
    # ranges
    ("The congress will be held from November 6 to 7, 2023 in Turin.", ["2023-11-06/2023-11-07 event"]),
    ("The congress took place on 6–7 Nov. in Turin.", ["2023-11-06/2023-11-07 event"]),
    ("From November 6th to 7th, chemists met in Turin.", ["2023-11-06/2023-11-07 event"]),
    ("The fair runs Nov 30 to Dec 2, 2024 in Doha.", ["2024-11-30/2024-12-02 event"]),
    ("Turin, 6-7 June 2025", ["2025-06-06/2025-06-07 event"]),
    ("The workshop (December 30 – January 2) is full.", ["2023-12-30/2024-01-02 event"]),
    ("It is on from 28 February to 1 March 2024.", ["2024-02-28/2024-03-01 event"]),
    ("Delegates met on November 6 and 7 in Turin.", ["2023-11-06/2023-11-07 event"]),
    ("Delegates met on 6, 7 and 8 November in Turin.", ["2023-11-06/2023-11-08 event"]),
    ("Panels are held on May 5 and 12 in Turin.", ["2024-05-05 event"]),
    ("The school runs from Monday to Friday in Split.", ["2023-11-06/2023-11-10 event"]),
    ("The project was funded from May 1, 2021 to May 31, 2025.", ["2021-05-01/2025-05-31 background"]),
    # the year that is nearest
    ("The laboratory will be inaugurated on January 5.", ["2024-01-05 event"]),
    ("The treaty was signed on December 20 in Quito.", ["2023-12-20 event"]),
    ("The pact was signed on November 6 last year.", ["2022-11-06 background"]),
    ("The summit will be held on June 11 next year.", ["2024-06-11 event"]),
    ("The pact was signed on November 6 of that year.", []),
    ("The summit will be held on June 1.", ["2024-06-01 event"]),
    ("The summit, which will end on November 6, began late.", ["2023-11-06 event"]),
    # months
    ("The second conference will be held in Chengdu in June 2025.", ["2025-06 event"]),
    ("The congress will convene in May.", ["2024-05 event"]),
    ("The exhibition ran from June to August 2023.", ["2023-06/2023-08 event"]),
    ("Early in April and May of 2016 the probe was launched.", ["2016-05 background"]),
    # weekdays and days counted from today
    ("The laboratory opened on Monday in Lima.", ["2023-11-06 event"]),
    ("The laboratory will open on Monday in Lima.", ["2023-11-13 event"]),
    ("On Monday, the laboratory will open.", ["2023-11-13 event"]),
    ("The laboratory opens on Monday in Lima.", ["2023-11-13 event"]),
    ("The agreement was signed Wednesday in Lima.", ["2023-11-08 event"]),
    ("Ministers met last Friday in Lima.", ["2023-11-03 event"]),
    ("Ministers meet next Friday in Lima.", ["2023-11-10 event"]),
    ("She said Tuesday that it will open on Thursday.", ["2023-11-07 background", "2023-11-09 event"]),
    ("The forum opened in Lima yesterday.", ["2023-11-07 event"]),
    ("The forum opens tomorrow.", ["2023-11-09 event"]),
    ("Today the country is a leader in optics.", []),
    ("The seminar is held every Monday.", []),
    ("The Sunday Times and Black Friday are no days.", []),
    # the date of what
    ("The minister said on October 30 that much remains to be done.", ["2023-10-30 background"]),
    ("Much was achieved, the vice minister said on October 30.", ["2023-10-30 background"]),
    ("He told reporters in Lima on Tuesday that talks go on.", ["2023-11-07 background"]),
    ("At a press conference held on October 30, he praised it.", ["2023-10-30 background"]),
    (
        "On October 30, officials said the conference will open on November 6.",
        ["2023-10-30 background", "2023-11-06 event"],
    ),
    ("The conference was held in Lagos, Nigeria, on November 6, said the dean.", ["2023-11-06 event"]),
    ("The two sides announced on Friday a plan for optics.", ["2023-11-03 background"]),
    ("Applications must be submitted by November 30.", ["2023-11-30 deadline"]),
    ("The deadline for abstracts is 15 January 2024.", ["2024-01-15 deadline"]),
    ("Registration is open until December 1.", ["2023-12-01 deadline"]),
    ("The centre has run tests since October 1.", ["2023-10-01 background"]),
    ("They signed a protocol, effective from August 27.", ["2023-08-27 background"]),
    ("As of October 31, nobody had replied.", ["2023-10-31 background"]),
    ("The idea was born on September 7, 2013 in Astana.", ["2013-09-07 background"]),
    ("The accord was signed on March 4, 2011 in Astana.", ["2011-03-04 background"]),
    ("The photo shows the hall on Nov. 6.", ["2023-11-06 background"]),
    # the date of the text
    ("LAGOS, Nigeria, Nov. 7, 2023 /NewsBeam/ -- The forum opened.", ["2023-11-07 publication"]),
    ("LAGOS, Nov. 7 (Agency) -- The forum opened.", ["2023-11-07 publication"]),
    ("Berlin, 7 November 2023 – The forum opened.", ["2023-11-07 publication"]),
    ("Published: November 7, 2023\nThe forum opened.", ["2023-11-07 publication"]),
    ("November 7, 2023, 10:30 GMT\nThe forum opened.", ["2023-11-07 publication"]),
    ("By Amara Osei | 7 November 2023\nThe forum opened.", ["2023-11-07 publication"]),
    # no dates
    ("Ana Ruiz, 2010 Nobel Laureate in Chemistry, spoke.", []),
    ("The Global Index 2023 names the Top 100 clusters and the top 10.", []),
    ("This year marks the 10th anniversary of the network.", []),
    ("The team won 6-7 and the ratio was 3:11.", []),
    ("Call 11-06-555 or pay 6.11 euros by card.", []),
    ("Between 2013 and 2023 trade doubled.", []),
    ("It may 6 times out of 10 march 7 miles.", []),
    ("A Long March 5 rocket lifted off.", []),
    ("The meeting was moved to February 30 or November 31.", []),
    ("The hall seats 2,023 and cost $6,112.", []),
    ("On November 6, 2000 people gathered in Turin.", ["2023-11-06 event"]),
]  # fmt: skip

CHINESE = [
    ("首届科技交流大会11月6日至7日在重庆举行。", ["2023-11-06/2023-11-07 event"]),
    ("首届科技交流大会于2023年11月6日-7日在重庆召开。", ["2023-11-06/2023-11-07 event"]),
    ("大会将于11月30日至12月2日在成都举办。", ["2023-11-30/2023-12-02 event"]),
    ("论坛6日在重庆开幕。", ["2023-11-06 event"]),
    ("论坛6日至7日在重庆举行。", ["2023-11-06/2023-11-07 event"]),
    ("第二届大会将于2025年6月在成都举行。", ["2025-06 event"]),
    ("展会明年6月11日开幕。", ["2024-06-11 event"]),
    ("副部长10月30日表示，大会将于11月6日开幕。", ["2023-10-30 background", "2023-11-06 event"]),
    ("国家科技部10月30日举行新闻发布会。", ["2023-10-30 background"]),
    ("华夏社重庆11月6日电 大会开幕。", ["2023-11-06 publication"]),
    ("实验室今天（11月8日）在昆明揭牌。", ["2023-11-08 event"]),
    ("论坛昨日在昆明闭幕。", ["2023-11-07 event"]),
    ("双方上周五签署了协议。", ["2023-11-03 event"]),
    ("自10月1日以来，平台运行良好。", ["2023-10-01 background"]),
    ("截至10月31日，平台用户达八百万。", ["2023-10-31 background"]),
    ("报名将于11月30日截止。", ["2023-11-30 deadline"]),
    ("二〇二三年十一月六日，大会开幕。", ["2023-11-06 event"]),
    ("协议于2011年3月4日签署。", ["2011-03-04 background"]),
    ("大会为期3日，共8场论坛，涉及5个月的筹备。", []),
    ("2023年全球指数列出前100名，今天的中国开放。", []),
    ("每周一开课，13月40日并不存在。", []),
]  # fmt: skip

OTHERS = [
    ("fr", "Le colloque s'est tenu à Lyon du 6 au 7 novembre 2023.", ["2023-11-06/2023-11-07 event"]),
    ("fr", "Le ministre a déclaré le 1er novembre que tout va bien.", ["2023-11-01 background"]),
    ("es", "El foro se celebró del 6 al 7 de noviembre de 2023 en Quito.", ["2023-11-06/2023-11-07 event"]),
    ("es", "La cumbre será inaugurada el 5 de enero en Quito.", ["2024-01-05 event"]),
    ("de", "Die Tagung fand vom 6. bis zum 7. November 2023 in Jena statt.", ["2023-11-06/2023-11-07 event"]),
    ("de", "Die Konferenz wird am 6. November eröffnet.", ["2023-11-06 event"]),
    ("it", "Il forum si è svolto il 2023-11-06 a Torino.", ["2023-11-06 background"]),
    ("ja", "会議は11月6日に開かれた。", ["2023-11-06 event"]),
]


@pytest.mark.parametrize(("text", "expected"), ENGLISH)
def test_english(text: str, expected: list[str]) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(("text", "expected"), CHINESE)
def test_chinese(text: str, expected: list[str]) -> None:
    assert read(text, "zh-Hans") == expected


@pytest.mark.parametrize(("language", "text", "expected"), OTHERS)
def test_other_languages(language: str, text: str, expected: list[str]) -> None:
    assert read(text, language) == expected


def test_without_a_reference_the_year_stays_open_and_weekdays_are_left_out() -> None:
    text = "Opened on Monday, November 6 to 7, the forum closed on Tuesday. It was held on May 4, 2021."
    first, second = find_dates(text, "en", None)
    assert (show(first), first.year_from) == ("11-06/11-07 event", None)
    assert (show(second), second.year_from) == ("2021-05-04 event", "text")


@pytest.mark.parametrize(
    ("written", "year", "year_from"),
    [
        ("November 6", 2023, "publication"),
        ("January 5", 2024, "publication"),
        ("June 30", 2024, "publication"),
        ("November 6, 2019", 2019, "text"),
        ("February 29", 2024, "publication"),
    ],
)
def test_a_year_is_written_or_the_one_that_puts_the_day_nearest(
    written: str, year: int, year_from: str
) -> None:
    (mention,) = find_dates(f"It opened on {written}.", "en", date(2023, 12, 31))
    assert (mention.start.year, mention.year_from) == (year, year_from)


def test_the_quote_is_the_words_of_the_date() -> None:
    text = "Zoë’s centre opens: from 6 to 7 November 2023, or on Friday."
    dates = find_dates(text, "en", WEDNESDAY)
    assert [mention.quote for mention in dates] == ["6 to 7 November 2023", "Friday"]
    assert all(text[m.offset : m.offset + len(m.quote)] == m.quote for m in dates)


@pytest.mark.shared
@pytest.mark.parametrize(
    ("prefix", "reference", "expected"),
    [
        (
            "000_",
            date(2023, 11, 7),
            ["2023-11-07 publication", "2023-11-06 event", "2023-11-06 event", "2023-10-30 background"],
        ),
        ("004_", None, ["11-06/11-07 event"]),
        ("004_", date(2023, 12, 2), ["2023-11-06/2023-11-07 event"]),
    ],
)
def test_seed_articles(prefix: str, reference: date | None, expected: list[str]) -> None:
    paths = sorted(SEEDS.glob(f"{prefix}*.txt"))
    if not paths:
        pytest.skip(f"no seed articles in {SEEDS}")
    assert read(paths[0].read_text("utf-8"), "en", reference) == expected


PIECES = [
    "November", "Nov. ", "6", "7th", "31", " to ", "–", ", ", "2023", "Monday", " on ", "said", "held",
    "年", "月", "日", "11", "至", "（", ")", "\n", " ", ".", "/", "-", "de ", "novembre",
    "by ", "２", "十", "一", "월 ", "일", "ноября ", "в ", "среду", "نوفمبر", " و",
    "令和", "から", "먼저", "昨日",
]  # fmt: skip


@given(
    st.lists(st.sampled_from(PIECES), max_size=30).map("".join),
    st.sampled_from(["en", "zh", "fr", "de", "es", "ru", "ar", "pt", "ja", "ko", "xx"]),
    st.none() | st.dates(),
)
def test_any_mixture_is_read_without_error(text: str, language: str, reference: date | None) -> None:
    mentions = find_dates(text, language, reference)
    assert all(text.startswith(mention.quote, mention.offset) for mention in mentions)
    assert all(one.offset + len(one.quote) <= two.offset for one, two in pairwise(mentions))


@pytest.mark.parametrize(
    "piece",
    [
        "November 6, ",
        "6 ",
        "6, 7, ",
        "Nov ",
        "Monday to ",
        "November 6 said ",
        "11月6日",
        "1月",
        "2023年",
        "日",
        " ",
        "6/7/",
        "6월 7일 ",
        "6 نوفمبر ",
        "в среду ",
    ],
)
@pytest.mark.parametrize("language", ["en", "zh", "de", "ru", "ar", "ja", "ko"])
def test_repeats_take_linear_time(piece: str, language: str) -> None:
    text = piece * (100_000 // len(piece))
    begun = time.process_time()
    assert len(find_dates(text, language, WEDNESDAY)) <= 200
    assert time.process_time() - begun < 10  # quadratic would take many minutes
