from datetime import date

import pytest

from coopwatch.dateline_heads import DatelineDate, resolve_date
from coopwatch.datelines import read_dateline
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


@pytest.mark.parametrize(
    ("line", "wire", "place", "day"),
    [
        ("中新社重庆1月2日电 (记者 王海)两国科学院", "China News Service", "重庆", "2024-01-02"),
        ("【中新社北京一月二日电】两国科学院", "China News Service", "北京", "2024-01-02"),
        ("【中新社北京十二月三十日电】两国科学院", "China News Service", "北京", "2023-12-30"),
        ("（中央社記者王大海巴黎2日專電）兩國科學院", "Central News Agency", "巴黎", "2024-01-02"),
        ("（法新社巴黎2日電）兩國科學院", "AFP", "巴黎", "2024-01-02"),
        ("據新華社北京1月2日電 兩國科學院", "Xinhua", "北京", "2024-01-02"),
        ("据新华社电 两国科学院", "Xinhua", None, None),
        ("塔斯社莫斯科1月2日电 两国科学院", "TASS", "莫斯科", "2024-01-02"),
        ("北京2024年1月2日 /美通社/ -- 两国科学院", "PRNewswire", "北京", "2024-01-02"),
        ("【新華社北京1月2日】両国の科学院", "Xinhua", "北京", "2024-01-02"),
        ("[東京\u3000２日\u3000ロイター] - 両国の科学院", "Reuters", "東京", "2024-01-02"),
        ("【ニューヨーク共同】両国の科学院", "Kyodo", "ニューヨーク", None),
        ("【パリ時事】両国の科学院", "Jiji", "パリ", None),
        ("【AFP=時事】両国の科学院", "Jiji", None, None),
        ("【1月2日 AFP】両国の科学院", "AFP", None, "2024-01-02"),
        ("(베이징=연합뉴스) 두 학술원", "Yonhap", "베이징", None),
        ("(파리 AFP=연합뉴스) 두 학술원", "Yonhap", "파리", None),
        ("[서울=뉴시스] 두 학술원", "Newsis", "서울", None),
        ("[신화망 베이징 1월 2일] 두 학술원", "Xinhua", "베이징", "2024-01-02"),
        ("МОСКВА, 2 янв — РИА Новости. Две академии", "RIA Novosti", "Москва", "2024-01-02"),
        ("Москва. 2 января. INTERFAX.RU - Две академии", "Interfax", "Москва", "2024-01-02"),
        ("Пекин, 2 января /Синьхуа/ -- Две академии", "Xinhua", "Пекин", "2024-01-02"),
        ("2 января, Минск /Корр. БЕЛТА/. Две академии", "BelTA", "Минск", "2024-01-02"),
        ("АСТАНА. КАЗИНФОРМ - Две академии", "Kazinform", "Астана", None),
        ("بكين 2 يناير 2024 (شينخوا) -- الأكاديميتان", "Xinhua", "بكين", "2024-01-02"),
        ("دبي (رويترز) - الأكاديميتان", "Reuters", "دبي", None),
        ("باريس 2-1-2024 (أ ف ب) - الأكاديميتان", "AFP", "باريس", "2024-01-02"),
        ("أبوظبي في 2 يناير / وام / الأكاديميتان", "WAM", "أبوظبي", "2024-01-02"),
        ("الكويت - 2 - 1 (كونا) -- الأكاديميتان", "KUNA", "الكويت", "2024-01-02"),
        ("عمان 2 كانون الثاني (بترا) - الأكاديميتان", "Petra", "عمان", "2024-01-02"),
        ("الرياض 20 جمادى الآخرة 1445 هـ الموافق 02 يناير 2024 م واس", "SPA", "الرياض", "2024-01-02"),
        ("Madrid (EFE).- Dos academias", "EFE", "Madrid", None),
        ("BEIJING, 2 ene (Xinhua) -- Dos academias", "Xinhua", "Beijing", "2024-01-02"),
        ("MADRID, 2 Ene. (EUROPA PRESS) - Dos academias", "Europa Press", "Madrid", "2024-01-02"),
        ("BEIJING, 2 janvier (Xinhua) -- Deux académies", "Xinhua", "Beijing", "2024-01-02"),
        ("BRUXELLES 02/01 (BELGA) = Deux académies", "Belga", "Bruxelles", "2024-01-02"),
        ("(ANSA-AFP) - PARIGI, 02 GEN - Due accademie", "ANSA", "Parigi", "2024-01-02"),
        ("Berlin (dpa/bb) - Zwei Akademien", "dpa", "Berlin", None),
        ("PEKING, 2. Januar 2024 /PRNewswire/ -- Zwei Akademien", "PRNewswire", "Peking", "2024-01-02"),
        ("Lisboa, 02 jan 2024 (Lusa) – Duas academias", "Lusa", "Lisboa", "2024-01-02"),
        ("Praha 2. ledna (ČTK) - Dvě akademie", "ČTK", "Praha", "2024-01-02"),
        ("San Mateo (ANP) - Twee academies", "ANP", "San Mateo", None),
        ("ANKARA (AA) - İki akademi", "Anadolu", "Ankara", None),
        ("Taipei, Jan. 2 (CNA) Two academies", "Central News Agency", "Taipei", "2024-01-02"),
        ("ISLAMABAD, Jan 02 (APP): Two academies", "APP", "Islamabad", "2024-01-02"),
        ("New Delhi [India], January 2 (ANI): Two academies", "ANI", "New Delhi [India]", "2024-01-02"),
        ("ABU DHABI, 2nd January, 2024 (WAM) -- Two academies", "WAM", "Abu Dhabi", "2024-01-02"),
        ("Riyadh, January 02, 2024, SPA -- Two academies", "SPA", "Riyadh", "2024-01-02"),
        ("TEHRAN, IRNA – Two academies", "IRNA", "Tehran", None),
        ("SEOUL, Jan 2 AFP - Two academies", "AFP", "Seoul", "2024-01-02"),
        (
            "HONG KONG SAR - Media OutReach Newswire - 2 January 2024 - Two",
            "Media OutReach",
            "Hong Kong Sar",
            "2024-01-02",
        ),
        ("TORONTO, ON / ACCESSWIRE / January 2, 2024 / Two", "ACCESSWIRE", "Toronto, ON", "2024-01-02"),
        (
            "Toronto, Ontario--(Newsfile Corp. - January 2, 2024) - Two",
            "Newsfile",
            "Toronto, Ontario",
            "2024-01-02",
        ),
        ("BEIJING, Jan. 2, 2024 /Xinhua-AsiaNet/ -- Two", "AsiaNet", "Beijing", "2024-01-02"),
    ],
)
def test_forms_of_the_worlds_agencies(line: str, wire: str, place: str | None, day: str | None) -> None:
    found = read_dateline(line, PUBLISHERS)
    assert found is not None
    assert found.wire is not None
    assert (found.wire.name, found.place) == (wire, place)
    assert (found.date and resolve_date(found.date, PUBLISHED)) == (date.fromisoformat(day) if day else None)
    assert "academ" not in found.quote
    assert "академи" not in found.quote


@pytest.mark.parametrize(
    ("line", "issuer"),
    [
        ("CHONGQING, Nov. 6 (iChongqing) -- Two academies", "iChongqing"),
        ("CHONGQING, China (iChongqing) - Two academies", "iChongqing"),
        ("ASKEL, Nov. 6 (Askel News) -- Two academies", "Askel News"),
        ("ASKEL (Askel.com) - Two academies", "Askel.com"),
        ("科技日报北京11月6日电 两国科学院", "科技日报"),
        ("本报北京11月6日电 两国科学院", None),
    ],
)
def test_a_mark_that_no_wire_claims_names_an_issuer(line: str, issuer: str | None) -> None:
    found = read_dateline(line, PUBLISHERS)
    assert found is not None
    assert (found.wire, found.mark) == (None, issuer)


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
        "新华社电视台11月6日报道两国科学院。",
        "新华社记者11月6日从会议获悉。",
        "On Nov. 6, Reuters - a wire - told of two academies.",
        "In Askel, Xinhua - the agency - told of two academies.",
        "6 января РИА Новости сообщило, что академии подписали соглашение.",
        "وفي 6 نوفمبر ذكرت وام - الأكاديميتان",
        "서울에서 11월 6일 연합뉴스 기자는 말했다.",
        "The President of Norland in Port Askel, Vesteria, on June 10. (Jane Doe/TASS via Getty Images)",
        "JANE DOE/AFP/Getty Images",
        "Jane Doe (AP)",
        "[ AP - two academies",
        "Norland and Vesteria, Jan. 2, 2024. (Xinhua/Li Hai)",
        "ASKEL (Askel) - Two academies",
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
