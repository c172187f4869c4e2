from pathlib import Path

import pytest

from coopwatch.errors import ConfigError
from coopwatch.events.series import Series, SeriesRegistry, load_series
from coopwatch.settings import Settings

LAKES = Series(
    id="lakes",
    name="World Conference on Lakes and Rivers",
    kind="conference",
    aliases={"en": ("World Lakes and Rivers Conference",), "zh": ("世界湖泊大会",)},
    acronyms=("WCLR", "WLR"),
)
LAKES_FORUM = Series(id="lakes-forum", name="World Conference on Lakes", kind="conference")
REGISTRY = SeriesRegistry.from_series([LAKES, LAKES_FORUM])


def find(text: str) -> list[tuple[str, str, int | None]]:
    return [(hit.series, text[hit.start : hit.end], hit.edition) for hit in REGISTRY.find_hits(text)]


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
    assert len(registry.by_id) >= 25
    named = {
        "the second Belt and Road Conference on Science and Technology Exchange": ("brst", 2),
        "第二届“一带一路”科技交流大会": ("brst", 2),
        "the Third Belt and Road Forum for International Cooperation": ("belt-and-road-forum", 3),
        "the 11th BRICS STI Ministerial Meeting": ("brics-sti-ministerial", 11),
        "the 2025 Zhongguancun Forum": ("zhongguancun-forum", 2025),
        "G20 Research Ministers' Meeting": ("g20-research-ministers", None),
        "the U.S.-China Science and Technology Agreement": ("us-china-sta", None),
    }
    for text, expected in named.items():
        assert [(hit.series, hit.edition) for hit in registry.find_hits(text)] == [expected], text


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
