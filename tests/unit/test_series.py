from pathlib import Path

import pytest

from coopwatch.errors import ConfigError
from coopwatch.events.series import Series, SeriesRegistry, load_series, spell_names
from coopwatch.settings import Settings

LAKES = Series(
    id="lakes",
    name="World Conference on Lakes and Rivers",
    kind="conference",
    aliases={"en": ("World Lakes and Rivers Conference",), "zh": ("世界湖泊大会",)},
    acronyms=("WCLR", "WLR"),
)
LAKES_FORUM = Series(id="lakes-forum", name="World Conference on Lakes", kind="conference")
LAKES_COUNCIL = Series(id="lakes-council", name="Lakes Council", kind="conference", is_body=True)
LAKES_DAYS = Series(
    id="lakes-days",
    name="International Lakes|Lake Days",
    kind="conference",
    aliases={
        "ru": ("Международн* дн* озёр",),
        "ar": ("ايام دولية بحيرات",),
        "ko": ("국제 호수 축제",),
        "de": ("International* Seentag*",),
    },
    numbered="year",
    since=2010,
)
REGISTRY = SeriesRegistry.from_series([LAKES, LAKES_FORUM, LAKES_COUNCIL, LAKES_DAYS])


def find(text: str, language: str = "") -> list[tuple[str, str, int | None]]:
    return [
        (hit.series, text[hit.start : hit.end], hit.edition) for hit in REGISTRY.find_hits(text, language)
    ]


@pytest.mark.parametrize(
    "written",
    [
        "World Conference on Lakes and Rivers",
        "WORLD CONFERENCE ON LAKES AND RIVERS",
        "World Conference on Lakes & Rivers",
        "World Conference on the Lakes and the Rivers",
        "World “Conference on Lakes” and Rivers",
        "World Lakes-and-Rivers Conference",
        "世界湖泊大会",
        "世界“湖泊”大会",
    ],
)
def test_a_name_is_found_however_it_is_written(written: str) -> None:
    assert find(f"Experts at the second {written} met.")[0][:2] == ("lakes", written)


@pytest.mark.parametrize(
    ("text", "language", "edition"),
    [
        ("участники вторых Международных дней озёр собрались", "ru", 2),
        ("في الأيام الدولية للبحيرات الثانية", "ar", 2),
        ("제3회 국제호수축제에서", "ko", 3),
        ("auf dem 4. Internationalen Seentag", "de", 4),
        ("Lakes hosts the fifth International Lake Days", "zh", 5),
    ],
)
def test_names_are_inflected(text: str, language: str, edition: int) -> None:
    assert [(series, found) for series, _, found in find(text, language)] == [("lakes-days", edition)]


def test_a_name_may_have_its_ordinal_amid() -> None:
    assert find("世界第十二届湖泊大会") == [("lakes", "世界第十二届湖泊大会", 12)]
    assert find("World 3rd Conference on Lakes (WCL) and Rivers")[0][::2] == ("lakes", 3)
    assert find("世界「湖泊」大會") == [("lakes", "世界「湖泊」大會", None)]


def test_a_body_counts_only_where_it_meets() -> None:
    assert find("the Lakes Council published a map") == []
    assert find("the 12th meeting of the Lakes Council") == [("lakes-council", "Lakes Council", 12)]
    assert [edition for _, _, edition in find("The Lakes Council met. The Lakes Council's 3rd session")] == [
        None,
        3,
    ]
    assert len(find("a Lakes Council meeting")) == 1


def test_the_series_says_what_its_editions_are() -> None:
    assert find("the 7th International Lakes Days 2019")[0][2] == 2019
    assert find("the International Lakes Days 1999")[0][2] is None  # before there were any


@pytest.mark.parametrize(
    "text",
    [
        "a workshop on the sidelines of the World Conference on Lakes and Rivers",
        "en marge de la World Conference on Lakes and Rivers",
        "a side event of the World Lakes and Rivers Conference",
        "世界湖泊大会平行论坛",
        "第三届世界湖泊大会水质高级别论坛",
    ],
)
def test_what_is_held_beside_is_marked(text: str) -> None:
    assert [hit.is_beside for hit in REGISTRY.find_hits(text)] == [True]
    assert not REGISTRY.find_hits("the World Conference on Lakes and Rivers opened")[0].is_beside


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("World Conference on Lakes (WCOL) opened. WCOL is large.", ["lakes-forum"] * 3),
        ("世界湖泊大会（以下简称“湖泊会”）开幕。湖泊会由", ["lakes"] * 3),
        ("Международные дни озёр (далее — МДО) прошли. МДО собрали", ["lakes-days"] * 3),
        ("World Conference on Lakes (UNESCO) opened. UNESCO is large.", ["lakes-forum"]),
        ("World Conference on Lakes (WLR) opened. WLR is large.", ["lakes-forum"]),  # that of another series
        ("WCOL is large.", []),  # what another text introduced
    ],
)
def test_a_text_may_introduce_a_short_name(text: str, found: list[str]) -> None:
    assert [series for series, _, _ in find(text)] == found


def test_the_longest_name_wins() -> None:
    assert find("the World Conference on Lakes met") == [("lakes-forum", "World Conference on Lakes", None)]
    assert [series for series, _, _ in find("the World Conference on Lakes and Rivers met")] == ["lakes"]


@pytest.mark.parametrize(
    "text",
    [
        "the World Conference. On Lakes and Rivers people swim.",
        "World Conference\non Lakes and Rivers",
        "the World Conference on Lakes on Mars Research",  # a longer name, of something else
        "the Underworld Conference on Lakes",
        "the World Conference on Lakes Foundation",
    ],
)
def test_what_only_resembles_a_name_is_none(text: str) -> None:
    assert find(text) == []


def test_an_acronym_needs_the_name_or_an_edition() -> None:
    assert find("WLR opened today") == []
    assert find("the third WLR opened") == []  # three letters stand for many things
    assert find("the third WCLR opened") == [("lakes", "WCLR", 3)]
    assert find("WCLR opened today") == []
    both = find("the World Lakes and Rivers Conference (WLR) ended; the WLR was large")
    assert [text for _, text, _ in both] == ["World Lakes and Rivers Conference", "WLR", "WLR"]


def test_an_acronym_may_carry_its_number() -> None:
    assert find("WCLR28 begins") == [("lakes", "WCLR", 28)]
    assert find("WCLR2024 begins") == [("lakes", "WCLR", 2024)]


def test_the_shipped_registry_knows_the_series_of_the_field() -> None:
    registry = load_series(Settings().series)
    assert len(registry.by_id) >= 80
    named = {
        "the second Belt and Road Conference on Science and Technology Exchange": ("brst", 2),
        "第二届“一带一路”科技交流大会": ("brst", 2),
        "the Third Belt and Road Forum for International Cooperation": ("belt-and-road-forum", 3),
        "the 11th BRICS STI Ministerial Meeting": ("brics-sti-ministerial", 11),
        "the 2025 Zhongguancun Forum": ("zhongguancun-forum", 2025),
        "G20 Research Ministers' Meeting": ("g20-research-ministers", None),
        "the U.S.-China Science and Technology Agreement": ("us-china-sta", None),
        "第三屆「一帶一路」國際合作高峰論壇": ("belt-and-road-forum", 3),
        "на 73-м Международном астронавтическом конгрессе": ("astronautical-congress", 73),
        "la 45.ª Reunión Consultiva del Tratado Antártico": ("antarctic-treaty-meeting", 45),
        "المؤتمر العالمي للأرصاد الجوية التاسع عشر": ("meteorological-congress", 19),
        "首届“中国－拉美和加勒比国家航天合作论坛”": ("china-lac-space", 1),
        "第12届中国—东盟技术转移与创新合作大会": ("china-asean-technology-transfer", 12),
        "the 11th China—Arab States BDS Cooperation Forum": ("china-arab-beidou", 11),
        "第9回世界科学フォーラム": ("world-science-forum", 9),
        "제30차 국제천문연맹 총회에서": ("iau-general-assembly", 30),
        "die 73. Lindauer Nobelpreisträgertagung": ("lindau-meetings", 73),
        "Thirty-fifth ITER Council": ("iter-council", 35),
    }
    for text, expected in named.items():
        language = "de" if text.startswith("die") else ""
        assert [(hit.series, hit.edition) for hit in registry.find_hits(text, language)] == [expected], text


def test_every_shipped_name_is_found_as_its_own_series() -> None:
    registry = load_series(Settings().series)
    for series in registry.by_id.values():
        for language, name in series.names_by_language:
            for spelling in spell_names(name):
                hits = registry.find_hits(f"{spelling} meeting" if series.is_body else spelling, language)
                assert {hit.series for hit in hits} == {series.id}, (series.id, spelling)


@pytest.mark.parametrize(
    ("text", "series"),
    [
        ("the Third Belt and Road Forum for International Cooperation", ["belt-and-road-forum"]),
        ("the 2024 Belt and Road Journalists Forum", []),
        ("the 7th Lindau Meeting of Nobel Laureates on Economic Sciences", ["lindau-economics"]),
        ("the BRICS Science, Technology and Innovation Ministerial Meeting", ["brics-sti-ministerial"]),
        ("the ASEAN Ministerial Meeting on Science and Technology", ["asean-sti-ministerial"]),
        ("the UN Ocean Decade Conference", ["ocean-decade-conference"]),
        ("the World Robot Conference and the World Internet Conference", []),
    ],
)
def test_near_names_stay_apart(text: str, series: list[str]) -> None:
    registry = load_series(Settings().series)
    assert [hit.series for hit in registry.find_hits(text)] == series


GOOD = "series:\n  - {id: lakes, name: Lakes Conference, kind: conference}\n"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("series: [", "not YAML"),
        ("lakes: 1\n", "series:"),
        ("- 1\n", "series:"),
        ("series:\n  - {id: Lakes!, name: Lakes, kind: conference}\n", "series[0].id"),
        ("series:\n  - {id: lakes, name: Lakes, kind: party}\n", "series[0].kind"),
        ("series:\n  - {id: lakes, name: Lakes, kind: conference, alias: x}\n", "series[0].alias"),
        ("series:\n  - {id: lakes, name: Lakes, kind: conference, aliases: {english: [a]}}\n", "english"),
        (GOOD + "  - {id: lakes, name: Rivers, kind: conference}\n", "lakes: the id is used twice"),
        (GOOD + "  - {id: b, name: the lakes-conference, kind: conference}\n", "also a name of lakes"),
        (GOOD + "  - {id: b, name: '!!', kind: conference}\n", "no word"),
        (GOOD + "  - {id: b, name: B*x, kind: conference}\n", "not a phrase"),
        (GOOD + "  - {id: b, name: Lake|Lakes Conference, kind: conference}\n", "also a name of lakes"),
        (
            GOOD + "  - {id: b, name: B, kind: conference, acronyms: [X]}\n"
            "  - {id: c, name: C, kind: conference, acronyms: [X]}\n",
            "also an acronym of b",
        ),
    ],
)
def test_a_wrong_registry_is_refused_with_file_and_key(tmp_path: Path, content: str, says: str) -> None:
    file = tmp_path / "series.yaml"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_series(file)
    assert str(caught.value).startswith(f"{file}: ")
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_registry_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"nowhere\.yaml: cannot be read"):
        load_series(tmp_path / "nowhere.yaml")
