"""Figures in sentences: what is counted, of the event as a whole or of a part, and how exactly."""
# ruff: noqa: E501 - tables of sentences

import time
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopwatch.events.facts import Fact
from coopwatch.events.figures import find_figures

SEEDS = Path(__file__).resolve().parents[3] / "shared" / "data" / "seeds"


def show(figure: Fact) -> str:
    """Write a figure as "attendance over 800"; the qualifier is left out when exact."""
    return " ".join(filter(None, (figure.field, figure.qualifier, figure.unit, figure.value)))


def read(text: str, language: str = "en") -> list[str]:
    return [show(figure) for figure in find_figures(text, language)]


ENGLISH = [
    # everybody
    ("The congress brought 640 attendees to Turin.", ["attendance 640"]),
    ("Nearly one thousand participants filled the hall.", ["attendance nearly 1000"]),
    ("Close to 700 people came to the conference.", ["attendance nearly 700"]),
    ("Some 700 people came to the town on Sunday.", []),
    ("The conference office said that 10,000 young researchers had come to China for short stays.", []),
    ("The forum drew more than 1,500 delegates.", ["attendance over 1500"]),
    ("About 700 people attended the summit.", ["attendance about 700"]),
    ("Some 2 400 guests came to the opening ceremony.", ["attendance about 2400"]),
    ("The expo welcomed up to 900 visitors.", ["attendance up_to 900"]),
    ("The fair was attended by 650.", ["attendance 650"]),
    ("Organisers spoke of an attendance of 1,200.", ["attendance 1200"]),
    ("In all, 430 attended the workshop.", ["attendance 430"]),
    ("Hundreds of delegates met at the congress.", ["attendance vague 200"]),
    ("A hundred and twenty participants registered.", ["attendance 120"]),
    ("Two dozen participants sat round the table.", ["attendance 24"]),
    ("Between 300 and 400 participants are counted.", ["attendance range 300-400"]),
    ("The symposium had 800+ participants.", ["attendance over 800"]),
    ("Over 1.2 thousand representatives gathered for the forum.", ["attendance over 1200"]),
    ("The summit brought together 600 Chinese and foreign guests.", ["attendance 600"]),
    ("It brought together more than 500 scientists.", ["attendance over 500"]),
    ("The meeting, with 90 engineers, was lively.", ["attendance 90"]),
    ("Some 300 delegates from Laos, Peru and Chad joined the congress.", ["attendance about 300"]),
    # parts
    ("Over 250 foreign guests attended the forum.", ["attendance.international over 250"]),
    (
        "Together with 400 domestic experts, the event brought 650 attendees.",
        ["attendance.domestic 400", "attendance 650"],
    ),
    ("It drew 650 participants, including 120 students.", ["attendance 650", "attendance.students 120"]),
    ("Among them were 27 laureates.", ["attendance.laureates 27"]),
    ("It brought together 90 chemists, including 30 students.", ["attendance 90", "attendance.students 30"]),
    ("The forum was attended by 30 ministers and many officials.", ["attendance.ministers 30"]),
    ("It was joined by 30 ministers and 200 experts at the forum.", [
        "attendance.ministers 30", "attendance.experts 200",
    ]),
    ("Another 2,000 participants joined online.", ["attendance.online 2000"]),
    ("The congress has 500 guests from overseas.", ["attendance.international 500"]),
    ("It drew 90 participants.\nAmong them, 20 students and teachers sang.", ["attendance 90"]),
    ("The forum was attended by 90 chemists and physicists.", ["attendance 90"]),
    # countries and organisations
    ("Guests came from over 80 countries.", ["countries over 80"]),
    ("Delegates from more than 80 nations and regions attended.", ["countries over 80"]),
    (
        "The congress drew 900 participants from 45 countries and 12 international organizations.",
        ["attendance 900", "countries 45", "organisations 12"],
    ),
    ("Some 30 countries were represented.", ["countries about 30"]),
    ("Scientists from 60 universities took part.", ["organisations.universities 60"]),
    # agreements, projects, money, years
    ("At the forum the two sides signed 12 agreements.", ["agreements 12"]),
    ("Twelve memoranda were inked.", ["agreements 12"]),
    ("The ministers launched more than 20 joint projects.", ["projects over 20"]),
    ("Some 81 projects have been selected for funding.", ["projects about 81"]),
    ("The partners will fund it with EUR 95 million.", ["funding EUR 95000000"]),
    ("A grant of $2.5 million was announced.", ["funding USD 2500000"]),
    ("Both sides pledged nearly 500 million yuan for laboratories.", ["funding nearly CNY 500000000"]),
    ("The call offers €10 million in funding.", ["funding EUR 10000000"]),
    ("The agreement was extended for another five years.", ["duration_years 5"]),
    ("They signed a five-year cooperation agreement.", ["duration_years 5"]),
    ("They extended the U.S. pact on cooperation in optics for five years.", ["duration_years 5"]),
    # announced only
    ("The forum is expected to attract 1,000 participants.", ["attendance.expected 1000"]),
    ("Some 600 delegates will attend the congress.", ["attendance.expected about 600"]),
    ("The event will bring together scientists from 30 countries.", ["countries.expected 30"]),
    # other events
    ("Last year the forum drew 700 participants.", []),
    ("The previous edition had 500 attendees from 40 countries.", []),
    ("In 2019, 600 delegates attended.", []),
    ("The forum attracts 700 participants every year.", []),
    ("A sub-forum gathered 80 participants.", []),
    ("The one in 2021 was small, but this year 900 delegates attended.", ["attendance 900"]),
    # not figures of an event
    ("It released the Global Index 2023 Top 100 clusters.", []),
    ("Cities were among the top 10 universities worldwide.", []),
    ("This year marks the 10th anniversary of the network.", []),
    ("Ana Ruiz, 2010 Nobel Laureate in Chemistry, attended the forum.", []),
    ("Nearly 80 percent of participants were young.", []),
    ("The trial had 1,200 participants in a hotel.", []),
    ("The line is 300 km long and employs 500 people.", []),
    ("China has signed deals with over 150 countries.", []),
    ("Products from 80 countries were on display.", []),
    ("Calls will bring together partners from at least three countries each.", []),
    ("Teams of scientists from two countries per project attended.", []),
    ("Delegates from 30 countries each gave a talk.", ["countries 30"]),
    ("Two scientists and three ministers attended.", []),
    ("Some 80 Thai delegates attended the forum.", []),
    ("There were 80 delegates from Thailand at the forum.", []),
    ("Trade grew to $5 billion and exports to 3 million euros.", []),
    ("The Group of 77 countries took part.", []),
    ("The 12-year-old won a five-year scholarship.", []),
    ("A COVID-19 experts meeting was held.", []),
    ("The 20-member delegation came by an 800-seat plane.", []),
    ("The country has ties with 160 states and has signed 118 agreements.", []),
    ("The museum welcomed 12,000 visitors.", []),
    ("At the forum 300 participants and 200 guests met.", []),
]  # fmt: skip

CHINESE = [
    ("大会吸引了800名嘉宾参会。", ["attendance 800"]),
    ("来自80多个国家的近千名代表出席大会。", ["countries over 80", "attendance nearly 1000"]),
    ("论坛开幕式约有1,200人参加。", ["attendance about 1200"]),
    ("上千名科学家齐聚本届大会。", ["attendance over 1000"]),
    ("数百位专家学者与会。", ["attendance vague 200"]),
    ("1.2万余名嘉宾出席博览会。", ["attendance over 12000"]),
    ("三百五十名中外嘉宾参加论坛。", ["attendance 350"]),
    ("参加会议的有800人左右。", ["attendance about 800"]),
    ("大会有800名嘉宾，其中外国嘉宾300余名，国内专家500名。", [
        "attendance 800", "attendance.international over 300", "attendance.domestic 500",
    ]),
    ("外国嘉宾300余人参加大会。", ["attendance.international over 300"]),
    ("参会嘉宾共800余名，来自30个国家。", ["attendance over 800", "countries 30"]),
    ("300名外国嘉宾和500名国内专家参加。", ["attendance.international 300", "attendance.domestic 500"]),
    ("来自60个国家和地区、20个国际组织的代表出席论坛。", ["countries 60", "organisations 20"]),
    ("50余国科学家参加论坛。", ["countries over 50"]),
    ("双方签署了12项合作协议。", ["agreements 12"]),
    ("开幕式上20个国际合作项目签约。", ["projects 20"]),
    ("欧盟将投入9500万欧元支持联合研究。", ["funding EUR 95000000"]),
    ("大会期间签约合作项目58项。", ["projects 58"]),
    ("论坛吸引近300名外宾参加。", ["attendance.international nearly 300"]),
    ("协定延长五年。", ["duration_years 5"]),
    ("预计将有600余名代表参会。", ["attendance.expected over 600"]),
    ("上届大会有700名嘉宾参加。", []),
    ("去年，500名代表参加了论坛。", []),
    ("我国与150多个国家签署了合作文件。", []),
    ("第二届大会发布前100名城市，2023年是十周年。", []),
    ("该省有300名科学家，投资产值达5亿元。", []),
    ("两名专家和一位部长出席论坛。", []),
    ("工厂有1200名员工，距城80公里。", []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), ENGLISH)
def test_english(text: str, expected: list[str]) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(("text", "expected"), CHINESE)
def test_chinese(text: str, expected: list[str]) -> None:
    assert read(text, "zh-Hans") == expected


@pytest.mark.parametrize(
    ("words", "low", "high"),
    [
        ("800", 800, 800),
        ("over 800", 800, None),
        ("nearly 800", 720, 800),
        ("about 800", 720, 880),
        ("up to 800", None, 800),
        ("700 to 800", 700, 800),
        ("hundreds of", 200, None),
    ],
)
def test_a_figure_has_the_bounds_that_its_words_allow(
    words: str, low: float | None, high: float | None
) -> None:
    (figure,) = find_figures(f"The forum had {words} participants.", "en")
    assert (figure.low, figure.high) == (low, high)


def test_the_quote_is_the_sentence_and_the_offset_is_that_of_the_number() -> None:
    text = "It was cold. Dr. Wu said over 800 participants came.\nThey came from 30 countries."
    first, second = find_figures(text, "en")
    assert first.quote == "Dr. Wu said over 800 participants came."
    assert text.startswith("800", first.offset)
    assert second.quote == "They came from 30 countries."
    assert text.startswith("30", second.offset)


OTHERS = [
    ("fr", "Le salon a réuni plus de 640 participants de 30 pays.", ["attendance over 640", "countries 30"]),
    ("fr", "Près d'un millier d'experts venus de 41 pays ont participé au colloque.", [
        "attendance nearly 1000", "countries 41",
    ]),
    ("fr", "Le congrès a accueilli 300 invités étrangers.", ["attendance.international 300"]),
    ("fr", "Les deux rives ont signé douze accords.", ["agreements 12"]),
    ("fr", "La région financera la station à hauteur de 9,5 millions d'euros.", ["funding EUR 9500000"]),
    ("fr", "L'accord est prolongé pour cinq ans.", ["duration_years 5"]),
    ("fr", "Le sommet réunira 1 200 délégués.", ["attendance.expected 1200"]),
    ("fr", "L'an dernier, le forum avait réuni 500 participants.", []),
    ("fr", "Le musée a accueilli 12 000 visiteurs.", []),
    ("es", "El foro reunió a más de 1.500 participantes de 45 países.", ["attendance over 1500", "countries 45"]),
    ("es", "Unos 300 científicos asistieron al congreso.", ["attendance about 300"]),
    ("es", "La empresa invertirá 3 mil millones de euros en el telescopio.", ["funding EUR 3000000000"]),
    ("es", "El foro del año pasado reunió a 700 participantes.", []),
    ("pt", "A conferência reuniu cerca de 640 participantes de 30 países.", ["attendance about 640", "countries 30"]),
    ("pt", "O estado investirá 2,5 milhões de dólares no laboratório.", ["funding USD 2500000"]),
    ("de", "An der Tagung nahmen rund 640 Forscher aus 30 Ländern teil.", ["attendance about 640", "countries 30"]),
    ("de", "Der Kongress zählte 1.200 Teilnehmer, darunter 120 Studenten.", [
        "attendance 1200", "attendance.students 120",
    ]),
    ("de", "Zwölf Abkommen wurden unterzeichnet.", ["agreements 12"]),
    ("ru", "В форуме приняли участие более 640 участников из 41 страны.", ["attendance over 640", "countries 41"]),
    ("ru", "На обсерваторию выделено 2,5 млрд рублей.", ["funding RUB 2500000000"]),
    ("ru", "В прошлом году форум собрал 500 человек.", []),
    ("ar", "شارك في المؤتمر أكثر من 640 مشارك من 41 دولة.", ["attendance over 640", "countries 41"]),
    ("ar", "وقع الجانبان 12 اتفاقية.", ["agreements 12"]),
    ("ja", "会議には41カ国から約640人が参加した。", ["countries 41", "attendance about 640"]),
    ("ja", "政府は天文台に1億2000万円を助成する。", ["funding JPY 120000000"]),
    ("ja", "昨年の会議には500人が参加した。", []),
    ("ko", "포럼에는 41개국에서 640여 명이 참석했다.", ["countries 41", "attendance over 640"]),
    ("ko", "이번 행사에는 해외 전문가 300명이 참가했다.", ["attendance.international 300"]),
    ("ko", "양측은 12건의 업무협약을 체결했다.", ["agreements 12"]),
    ("zh-Hant", "大會吸引了640名嘉賓參會，來自41個國家。", ["attendance 640", "countries 41"]),
    ("zh", "该国派出由300人组成的代表团参加大会，代表团共320人。", []),
    ("xx", "800 participants from 80 countries attended the forum.", []),
]  # fmt: skip


@pytest.mark.parametrize(("language", "text", "expected"), OTHERS)
def test_other_languages(language: str, text: str, expected: list[str]) -> None:
    assert read(text, language) == expected


@pytest.mark.shared
@pytest.mark.parametrize(
    ("prefix", "expected"),
    [
        (
            "000_",
            {
                "attendance 800",
                "attendance.international over 300",
                "attendance.domestic 500",
                "countries over 80",
            },
        ),
        ("004_", {"attendance nearly 1000", "countries over 80"}),
    ],
)
def test_seed_articles(prefix: str, expected: set[str]) -> None:
    paths = sorted(SEEDS.glob(f"{prefix}*.txt"))
    if not paths:
        pytest.skip(f"no seed articles in {SEEDS}")
    assert set(read(paths[0].read_text("utf-8"))) == expected


PIECES = [
    "over", "nearly", "one", "hundred", "thousand", "1,500", "800", "2010", "participants", "countries",
    "from", "signed", "agreements", "€", "million", "including", "years", "-", ",", ".", " ", " and ", "近",
    "千", "多", "名", "专家", "个国家", "来自", "参加", "亿元", "\n",
]  # fmt: skip


@given(
    st.lists(st.sampled_from(PIECES), max_size=40).map(" ".join),
    st.sampled_from(["en", "zh", "fr", "ar", "ja", "ko", "xx"]),
)
def test_any_mixture_is_read_without_error(text: str, language: str) -> None:
    figures = find_figures(text, language)
    assert all(figure.quote in text for figure in figures)
    assert all(one.offset <= two.offset for one, two in pairwise(figures))


@pytest.mark.parametrize(
    "piece",
    [
        "1,", "1,111,", "1 111 ", "one hundred ", "800 participants ", "800 participants. ", "over ",
        "including ", "from 80 countries and ", "800 a b c d e ", "€5 million ", "近千名专家参加",
        "来自80个国家", "百",
    ],
)  # fmt: skip
@pytest.mark.parametrize("language", ["en", "zh", "de", "ru", "ja"])
def test_repeats_take_linear_time(piece: str, language: str) -> None:
    text = piece * (100_000 // len(piece))
    begun = time.process_time()
    assert len(find_figures(text, language)) <= 100
    assert time.process_time() - begun < 10  # quadratic would take many minutes
