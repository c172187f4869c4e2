from pathlib import Path

import pytest

from coopwatch.errors import ConfigError
from coopwatch.publishers import load_publishers
from coopwatch.settings import CONFIG_DIR

PUBLISHERS = load_publishers(CONFIG_DIR / "publishers.yaml")
FAMILIES = """
families:
  alpha: {owner: Alpha Trust, names: [Alpha News, alpha.example]}
  beta: {owner: Beta Trust, names: [Beta News]}
wires:
  - {name: Alpha Wire, kind: agency, family: alpha, marks: [ALPHA]}
"""


@pytest.mark.parametrize(
    ("publisher", "distributor", "issuer", "family"),
    [
        ("ammansun.com", "PRNewswire", "iChongqing", "chongqing"),
        ("cqnews.net", None, None, "chongqing"),
        ("English.News.cn", None, None, "xinhua"),
        ("China Daily", "Xinhua", None, "xinhua"),
        ("People’s Daily Online", None, None, "peoples_daily"),
        ("CGTN", None, None, "china_media_group"),
        ("央视新闻", None, None, "china_media_group"),
        ("courier.example", "AP", None, "associated_press"),
        ("courier.example", "Business Wire", None, "business_wire"),
        ("www.courier.example", None, None, "courier.example"),
        ("The  Amman Sun", None, None, "the amman sun"),
        ("Asian Institute of Technology", None, None, "asian institute of technology"),
        ("courier.example", "PRNewswire", "University of Askel", "university of askel"),
        ("english.news.cn", None, None, "xinhua"),
        ("www.gov.cn", None, None, "china_gov"),
        ("askel.gov.cn", None, None, "askel.gov.cn"),
        ("phys.org", None, None, "science_x"),
        ("cordis.europa.eu", None, None, "european_union"),
        ("联合早报", None, None, "sph_media"),
        ("ＣＧＴＮ", None, None, "china_media_group"),
    ],
)
def test_whose_voice_a_text_is(
    publisher: str, distributor: str | None, issuer: str | None, family: str
) -> None:
    assert PUBLISHERS.family_of_name(issuer or distributor or publisher) == family


@pytest.mark.parametrize(
    ("mark", "wire"),
    [
        ("PRNewswire", "PRNewswire"),
        ("PRNewswire-AsiaNet", "PRNewswire"),
        ("Kyodo JBN-AsiaNet", "Kyodo JBN"),
        ("Xinhua-AsiaNet", "AsiaNet"),
        ("Xinhua/Jane Doe", None),
        ("新华社", "Xinhua"),
        ("新華社", "Xinhua"),
        ("Синьхуа", "Xinhua"),
        ("شينخوا", "Xinhua"),
        ("신화통신", "Xinhua"),
        ("Xinhua via AP", "Xinhua"),
        ("tca/dpa", "dpa"),
        ("Globe Newswire", "GlobeNewswire"),
        ("Askel", None),
        ("-", None),
    ],
)
def test_marks(mark: str, wire: str | None) -> None:
    found = PUBLISHERS.find_wire_in(mark)
    assert (found.name if found else None) == wire


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("families: [", "while parsing"),
        ("", "the file: Input should be"),
        (
            FAMILIES.replace("kind: agency", "kind: paper"),
            "wires.0.kind: Input should be 'agency' or 'release'",
        ),
        (FAMILIES.replace("marks: [ALPHA]", "marks: []"), "wires.0.marks: "),
        (FAMILIES.replace("owner: Beta Trust, ", ""), "families.beta.owner: Field required"),
        (FAMILIES + "colour: red", "colour: Extra inputs are not permitted"),
        (FAMILIES.replace("family: alpha", "family: gamma"), "wires.0.family: there is no family 'gamma'"),
        (
            FAMILIES.replace("Beta News", "ALPHA NEWS"),
            "families.beta.names: 'ALPHA NEWS' is also a name of alpha",
        ),
        (
            FAMILIES.replace("name: Alpha Wire", "name: Beta News"),
            "wires.0.name: 'Beta News' is a name of family beta",
        ),
        (
            FAMILIES + "  - {name: Beta Wire, kind: release, family: beta, marks: [Alpha]}",
            "wires.1.marks: 'Alpha' is also a mark of Alpha Wire",
        ),
    ],
)
def test_mistakes_in_the_file_are_named(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "publishers.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_publishers(file)
    assert str(caught.value).startswith(f"{file}: {message}")
    assert "\n" not in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"missing\.yaml: No such file"):
        load_publishers(tmp_path / "missing.yaml")
