from datetime import UTC, date, datetime

import pytest

from coopwatch.publishers import load_publishers
from coopwatch.settings import CONFIG_DIR
from coopwatch.wires import Attributed, attribute
from schemas.records import Source

PUBLISHERS = load_publishers(CONFIG_DIR / "publishers.yaml")
SOURCE = Source(
    id="courier", name="The Courier", publisher="courier.example", kind="feed", url="https://courier.example"
)
PUBLISHED = datetime(2024, 3, 6, 8, tzinfo=UTC)
TITLE = "Two academies build an observatory"
BODY = (
    "The academies of Norland and Vesteria signed an agreement on an observatory.\n"
    "Half of the instruments come from each side, and all readings are open to everybody.\n"
    "The first of them go into the water in October."
)
GALLERY = "A picture.\n" * 12


def attribute_text(text: str, byline: str = "") -> Attributed:
    return attribute(TITLE, text, SOURCE, byline, PUBLISHED, publishers=PUBLISHERS)


@pytest.mark.parametrize(
    ("text", "byline", "distributor", "issuer"),
    [
        (BODY, "", None, None),
        (f"ASKEL, March 5, 2024 /PRNewswire/ -- {BODY}", "", "PRNewswire", None),
        (
            f"ASKEL, March 5, 2024 /PRNewswire/ -- A news report from Askel News -- {BODY}",
            "",
            "PRNewswire",
            "Askel News",
        ),
        (
            f"ASKEL, March 5, 2024 /PRNewswire/ --\nReport from Askel News: {BODY}",
            "",
            "PRNewswire",
            "Askel News",
        ),
        (
            f"ASKEL, March 5, 2024 /PRNewswire-Asia/ -- {BODY}\nSOURCE Askel News",
            "",
            "PRNewswire",
            "Askel News",
        ),
        (f"{BODY}\nSOURCE Askel News\nCision View original content:", "", "PRNewswire", "Askel News"),
        (f"ASKEL--(BUSINESS WIRE)--{BODY}\nSource: Askel News", "", "Business Wire", "Askel News"),
        (f"CHONGQING, March 5 (iChongqing) -- {BODY}", "", None, "iChongqing"),
        (f"{BODY}\nProvided by University of Askel", "", None, "University of Askel"),
        (f"{BODY}\nSource: Ministry of Fisheries", "", None, None),  # the source of what, nobody knows
        (f"{BODY}\nProvided by volunteers, the meals were hot.", "", None, None),
        (f"{BODY}\nProvided by Norland, the meals were hot.", "", None, None),
        (f"{BODY}\nSource: Xinhua", "", "Xinhua", None),
        (f"来源：新华社\n{BODY}", "", "Xinhua", None),
        (f"{BODY} (AFP)", "", "AFP", None),
        (f"{BODY}\n/ritzau/", "", "Ritzau", None),
        (f"{BODY} — Bernama", "", "Bernama", None),
        (f"{BODY}\n[Photo/Xinhua]", "", None, None),
        (f"{BODY}\nThe ship in port. (Xinhua/Li Hai)", "", None, None),
        (BODY, "Reuters", "Reuters", None),
        (BODY, "Jane Doe, AFP", "AFP", None),
        (BODY, "aa", None, None),
        (f"By Reuters\n{BODY}", "", "Reuters", None),
        (f"{BODY} The treaty was signed by the Palestinian Authority (PA).", "", None, None),
        (f"By JANE DOE, AP Science Writer\n{BODY}", "", "AP", None),
        (f"Jane Doe and John Roe, Associated Press\n{BODY}", "", "AP", None),
        (f"JANE DOE Associated Press\nMarch 5, 2024 — 7:30pm\n{BODY}", "", "AP", None),
        (f"Jane Doe, Associated Press\n{BODY}", "", None, None),  # as well the author of a picture
        (f"Jane Doe / Reuters\n{BODY}", "", None, None),
        (f"Associated Press Tuesday, March 5, 2024\n{BODY}", "", "AP", None),
        (f"Associated Press\nPORT ASKEL — {BODY}", "", "AP", None),
        (f"Associated Press\n{BODY}", "", None, None),
        (f"Jane Doe, Associated Press\nPORT ASKEL — {BODY}", "", None, None),
        (f"AP Photo/Jane Doe\n{BODY}", "", None, None),
        (f"Jane Doe and John Roe of Norland sign.Jane Doe/Associated Press\n{BODY}", "", None, None),
        (f"Xinhua | Updated: 2024-03-05 10:12\n{BODY}", "", "Xinhua", None),
        (f"(Xinhua) 10:23, March 05, 2024\n{BODY}", "", "Xinhua", None),
        (f"来源：新华网 2024-03-05 10:00\n{BODY}", "", "Xinhua", None),
        (f"Источник: Синьхуа\n{BODY}", "", "Xinhua", None),
        (f"{BODY}\n(Reporting by Jane Doe; Editing by John Roe)", "", "Reuters", None),
        (f"{BODY}\nAFP sn", "", "AFP", None),
        (f"{BODY}\n==Kyodo", "", "Kyodo", None),
        (f"{BODY} Half of it comes from each of the two sides. EFE", "", "EFE", None),
        (
            f"{BODY}\nThe ship lies in the port of Askel on the day of its arrival. (July 13) AP",
            "",
            None,
            None,
        ),
        (f"{BODY}\nAP", "", None, None),
        (f"{BODY}\nCopyright 2024 The Associated Press. All rights reserved.", "", "AP", None),
        (f"{BODY}\n© 2024 Thomson/Reuters. All rights reserved.", "", "Reuters", None),
        (f"{BODY}\n© Reuters / Jane Doe", "", None, None),
        (
            f"{BODY}\nCopyright 2024 by Askel. The Associated Press contributed to this report.",
            "",
            None,
            None,
        ),
        (f"{BODY}\n저작권자(c) 연합뉴스, 무단 전재-재배포 금지", "", "Yonhap", None),
        (f"{GALLERY}PORT ASKEL (AP) — {BODY}", "", "AP", None),
        (f"PORT A (AP) — {BODY}\n" * 2, "", "AP", None),
        (f"{GALLERY}PORT A (AP) — {BODY}\nPORT B (AFP) — {BODY}", "", None, None),
    ],
)
def test_distributor_and_issuer(text: str, byline: str, distributor: str | None, issuer: str | None) -> None:
    found = attribute_text(text, byline).attribution
    assert (found.distributor, found.issuer) == (distributor, issuer)
    assert found.publisher == "courier.example"
    labels = {item.label for item in found.evidence if item.quote}
    assert ("distributor" in labels) == (distributor is not None)
    assert ("issuer" in labels) == (issuer is not None)


@pytest.mark.parametrize(
    ("sentence", "cited"),
    [
        ("The sea is one, the minister said, according to Xinhua.", ("Xinhua",)),
        ("Xinhua reported that the sea is one.", ("Xinhua",)),
        ("The minister told Reuters and TASS that the sea is one.", ("Reuters", "TASS")),
        ("据新华社报道，大海是一体的。", ("Xinhua",)),
        ("По данным ТАСС, море одно.", ("TASS",)),
        ("The new offices of Reuters stand beside the harbour.", ()),
        ("A TASSIE devil was born, the zoo said.", ()),
    ],
)
def test_a_cited_agency_is_never_the_distributor(sentence: str, cited: tuple[str, ...]) -> None:
    found = attribute_text(f"{BODY}\n{sentence}").attribution
    assert sorted(found.cited_agencies) == sorted(cited)
    assert found.distributor is None
    assert all(item.quote == sentence for item in found.evidence if item.label == "cited_agency")


@pytest.mark.parametrize(
    ("text", "byline"),
    [
        (f"BEIJING, March 5 (Xinhua) -- {BODY}", ""),
        (f"新华社北京3月5日电 {BODY}", ""),
        (f"據新華社北京3月5日電 {BODY}", ""),
        (f"Пекин, 5 марта /Синьхуа/ -- {BODY}", ""),
        (f"بكين 5 مارس 2024 (شينخوا) -- {BODY}", ""),
        (f"[신화망 베이징 3월 5일] {BODY}", ""),
        (f"【新華社北京3月5日】{BODY}", ""),
        (f"{BODY}（新华社）", ""),
        (BODY, "신화통신"),
        (BODY, "XINHUA"),
    ],
)
def test_one_agency_has_one_name_in_every_script(text: str, byline: str) -> None:
    assert attribute_text(text, byline).attribution.distributor == "Xinhua"


def test_everything_on_a_release_services_own_site_is_its_copy() -> None:
    source = SOURCE.model_copy(update={"publisher": "eurekalert.org"})
    found = attribute(TITLE, f"{BODY}\nSource: University of Askel", source, "", None, publishers=PUBLISHERS)
    assert (found.attribution.distributor, found.attribution.issuer) == ("EurekAlert", "University of Askel")


def test_an_agency_does_not_cite_itself_in_its_own_copy() -> None:
    found = attribute_text(
        f"ASKEL, March 5 (Xinhua) -- {BODY}\nThe minister told Xinhua so. Reuters reported it."
    )
    assert found.attribution.distributor == "Xinhua"
    assert found.attribution.cited_agencies == ("Reuters",)


@pytest.mark.parametrize(
    ("text", "byline", "author"),
    [
        (BODY, "Jane Doe and Admin", "Jane Doe"),
        (f"By Jane Doe\n{BODY}", "Admin", "Jane Doe"),
        (f"by Admin\n{BODY}", "courier.example", None),
        (f"ASKEL, March 5 (Xinhua) -- {BODY}", "Xinhua", None),
    ],
)
def test_authors_are_persons(text: str, byline: str, author: str | None) -> None:
    found = attribute_text(text, byline)
    assert found.attribution.author == author
    assert found.text == BODY


@pytest.mark.parametrize(
    ("dateline", "place", "released"),
    [
        ("PORT ASKEL, Norland, March 5, 2024 /PRNewswire/ -- ", "Port Askel, Norland", date(2024, 3, 5)),
        ("PORT ASKEL, March 5 (Xinhua) -- ", "Port Askel", date(2024, 3, 5)),
        ("PORT ASKEL (AP) — ", "Port Askel", None),
    ],
)
def test_place_and_release_date_come_from_the_dateline(
    dateline: str, place: str, released: date | None
) -> None:
    found = attribute_text(dateline + BODY)
    assert (found.attribution.dateline_place, found.attribution.release_date) == (place, released)
    assert found.text == BODY


def test_what_roles_rest_on_and_furniture_leave_the_text() -> None:
    text = "\n".join(
        [
            TITLE,
            "by Admin",
            f"PORT ASKEL, March 5, 2024 /PRNewswire/ — A news report from Askel News – {BODY}",
            "For more information, please visit:",
            "Photo –",
            "Cision View original content:",
            "SOURCE Askel News",
            "Related Articles",
            "Ten harbours worth a visit",
            "© 2022 The Courier | All Rights Reserved",
        ]
    )
    assert attribute_text(text).text == BODY


def test_a_text_without_words_has_no_roles() -> None:
    found = attribute_text("\n \n")
    assert found.text == ""
    assert found.attribution.distributor is None
