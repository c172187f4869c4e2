from datetime import date

import pytest

from coopwatch.datelines import DatelineDate, read_dateline, resolve_date
from coopwatch.publishers import load_publishers
from coopwatch.settings import CONFIG_DIR

PUBLISHERS = load_publishers(CONFIG_DIR / "publishers.yaml")
PUBLISHED = date(2024, 1, 3)


@pytest.mark.parametrize(
    ("line", "wire", "place", "day", "rest"),
    [
        (
            "ASKEL, Norland, March 5, 2024 /PRNewswire/ -- Two",
            "PRNewswire",
            "Askel, Norland",
            "2024-03-05",
            "Two",
        ),
        ("ASKEL, Jan. 2 /PRNewswire-AsiaNet / -- Two", "PRNewswire", "Askel", "2024-01-02", "Two"),
        ("ASKEL, Norland, July 25, 2018/PRNewswire-Asia/", "PRNewswire", "Askel, Norland", "2018-07-25", ""),
        ("KYOTO, Jan. 2, 2024 /Kyodo JBN-AsiaNet/ -- Two", "Kyodo JBN", "Kyoto", "2024-01-02", "Two"),
        ("ASKEL--(BUSINESS WIRE)--Two academies", "Business Wire", "Askel", None, "Two academies"),
        ("ASKEL, Jan. 02, 2024 (GLOBE NEWSWIRE) -- Two", "GlobeNewswire", "Askel", "2024-01-02", "Two"),
        ("TORONTO,  26 mai 2020  (GLOBE NEWSWIRE) -- Deux", "GlobeNewswire", "Toronto", "2020-05-26", "Deux"),
        ("NEW YORK (AP) — Two academies", "AP", "New York", None, "Two academies"),
        ("LA CROSSE, Wis. (AP) _ Two academies", "AP", "La Crosse, Wis", None, "Two academies"),
        ("LONDON and BEIJING, Jan 2 (Reuters) - Two", "Reuters", "London and Beijing", "2024-01-02", "Two"),
        ("Dec 31 (Reuters) - Two academies", "Reuters", None, "2023-12-31", "Two academies"),
        ("Paris, 21 déc 2023 (AFP) - Deux académies", "AFP", "Paris", "2023-12-21", "Deux académies"),
        ("BEIJING, Dec. 30 (Xinhua) -- Two", "Xinhua", "Beijing", "2023-12-30", "Two"),
        ("MOSCOW, January 1. /TASS/. Two", "TASS", "Moscow", "2024-01-01", "Two"),
        ("МОСКВА, 1 января. /ТАСС/. Две академии", "TASS", "Москва", "2024-01-01", "Две академии"),
        ("Madrid, 2 ene (EFE).- Dos academias", "EFE", "Madrid", "2024-01-02", "Dos academias"),
        ("(ANSA) - ROMA, 2 GEN - Due accademie", "ANSA", "Roma", "2024-01-02", "Due accademie"),
        ("Berlin (dpa) - Zwei Akademien", "dpa", "Berlin", None, "Zwei Akademien"),
        ("San Diego (tca/dpa) - Two academies", "dpa", "San Diego", None, "Two academies"),
        ("København /ritzau/: To akademier", "Ritzau", "København", None, "To akademier"),
        ("SEOUL, Jan. 2 (Yonhap) -- Two", "Yonhap", "Seoul", "2024-01-02", "Two"),
        ("(서울=연합뉴스) 두 학술원", "Yonhap", "서울", None, "두 학술원"),
        ("【北京＝共同】両国の科学院", "Kyodo", "北京", None, "両国の科学院"),
        ("New Delhi, Jan 2 (PTI) Two academies", "PTI", "New Delhi", "2024-01-02", "Two academies"),
        ("新华社北京1月2日电 两国科学院", "Xinhua", "北京", "2024-01-02", "两国科学院"),
        ("据新华社北京2日电 两国科学院", "Xinhua", "北京", "2024-01-02", "两国科学院"),
        ("中新网12月31日电(记者 王海)两国科学院", "China News Service", None, "2023-12-31", "两国科学院"),
        ("本报重庆2023年12月31日电 两国科学院", None, "重庆", "2023-12-31", "两国科学院"),
    ],
)
def test_datelines(line: str, wire: str | None, place: str | None, day: str | None, rest: str) -> None:
    found = read_dateline(line, PUBLISHERS)
    assert found is not None
    assert found.wire == (PUBLISHERS.find_wire(wire) if wire else None)
    assert found.place == place
    assert (found.date and resolve_date(found.date, PUBLISHED)) == (date.fromisoformat(day) if day else None)
    assert line[found.length :].strip() == rest
    assert line.startswith(found.quote)


def test_a_mark_that_no_wire_claims_names_an_issuer() -> None:
    found = read_dateline("CHONGQING, Nov. 6 (iChongqing) -- Two academies", PUBLISHERS)
    assert found is not None
    assert (found.wire, found.mark) == (None, "iChongqing")


def test_reporters_of_a_chinese_dateline() -> None:
    found = read_dateline("新华社北京1月2日电（记者李晓林、王海）两国科学院", PUBLISHERS)
    assert found is not None
    assert found.reporters == "李晓林、王海"


@pytest.mark.parametrize(
    "line",
    [
        "",
        "The World Health Organization (WHO) - a body of the United Nations - agreed.",
        "The minister told the Associated Press (AP) - and others - that he agreed.",
        "Palestinian Authority (PA) - its ministers said - agreed.",
        "Shares of the maker rose (Reuters) - and fell again.",
        "Askel Inc. (ASKL) -- the maker of instruments -- agreed.",
        "WASHINGTON — Two academies agreed.",
        "On March 5 (PRNewswire reported it later) the academies agreed.",
        "He paid 5 crowns /Xinhua/ for it.",
        "据塔斯社报道，三个国家愿意加入。",
        "11月6日，两国科学院签署协议。",
    ],
)
def test_no_datelines(line: str) -> None:
    assert read_dateline(line, PUBLISHERS) is None


@pytest.mark.parametrize(
    ("year", "month", "day", "published", "expected"),
    [
        (2023, 11, 7, None, date(2023, 11, 7)),
        (None, 11, 7, None, None),
        (None, 12, 30, date(2024, 1, 2), date(2023, 12, 30)),
        (None, 1, 1, date(2023, 12, 31), date(2024, 1, 1)),
        (None, 6, 1, date(2023, 12, 31), None),  # half a year away: no year is near
        (None, None, 30, date(2024, 1, 2), date(2023, 12, 30)),
        (None, 2, 30, date(2024, 2, 2), None),
        (2023, 2, 30, None, None),
    ],
)
def test_missing_parts_come_from_the_publication(
    year: int | None, month: int | None, day: int, published: date | None, expected: date | None
) -> None:
    assert resolve_date(DatelineDate(year=year, month=month, day=day), published) == expected
