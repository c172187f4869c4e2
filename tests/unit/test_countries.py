from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coopwatch.countries import find_countries, load_more_names
from coopwatch.errors import ConfigError


@pytest.mark.parametrize(
    ("language", "text", "named"),
    [
        ("en", "South Korea; the French and U.S. teams", "KR South Korea, FR French, US U.S."),
        ("en", "United\nStates, a Hong-Kong lab", "US United\nStates, HK Hong-Kong"),
        ("en", "China's, China-EU, China.", "CN China, CN China, EU EU, CN China"),
        ("en", "the South China Morning Post, the Indian Ocean, Latin America", ""),
        ("en", "us, polish, a turkey, Indiana, Chinatown, Nigerian", "NG Nigerian"),
        ("en", "US$5, a Japan-based firm, the India-born author", ""),
        ("en", "Michael Jordan met officials of Jordan", "JO Jordan"),
        ("en", "Nigeria and Niger, Guinea-Bissau", "NG Nigeria, NE Niger, GW Guinea-Bissau"),
        ("en", "İİİ Türkiye", "TR Türkiye"),
        ("fr", "le Chili, chercheurs japonais", "CL Chili, JP japonais"),
        ("fr", "l'accord franco-allemand", "FR franco-allemand, DE franco-allemand"),
        ("de", "Südkoreas Labor und französische Forscher", "KR Südkoreas, FR französische"),
        ("ru", "учёные Китая и российские коллеги", "CN Китая, RU российские"),
        ("ar", "التعاون بين الصين والسعودية وألمانيا", "CN الصين, SA السعودية, DE ألمانيا"),
        ("zh", "中美科技合作,与沙特阿拉伯和意大利", "CN 中美, US 中美, SA 沙特阿拉伯, IT 意大利"),
        ("zh-Hant", "與義大利、韓國簽署", "IT 義大利, KR 韓國"),
        ("ja", "タイムとタイと、フランスの研究者", "TH タイ, FR フランス"),
        ("ko", "프랑스와 독일의 연구자", "FR 프랑스, DE 독일"),
        ("sw", "Kenya na Italy", "KE Kenya, IT Italy"),
        ("und", "Kenya", "KE Kenya"),
    ],
)  # fmt: skip
def test_countries_are_named_as_a_language_writes_them(language: str, text: str, named: str) -> None:
    hits = find_countries(text, language)
    assert ", ".join(f"{hit.code} {text[hit.start : hit.end]}" for hit in hits) == named


@given(st.text(alphabet=st.sampled_from("Frances Ita-lyİß\n中法國の、 ")))
@settings(deadline=None)  # the first example reads the names
def test_offsets_are_those_of_the_text(text: str) -> None:
    for hit in find_countries(f"{text} France", "fr"):
        written = f"{text} France"[hit.start : hit.end]
        assert written == written.strip()
        assert hit.code != "FR" or written.lower().startswith("fran")


def test_every_name_of_the_shipped_file_is_found() -> None:
    for language, listed in load_more_names().items():
        for codes, names in listed.items():
            wanted = set() if codes == "-" else set(codes.split())
            for name in names:
                found = {hit.code for hit in find_countries(name.removesuffix("*"), language)}
                assert found == wanted, f"{language}.{codes}: {name!r} names {found}"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("[", "not YAML"),
        ("- en", "not a mapping of languages"),
        ("en: [CN]", "en: not a mapping of countries"),
        ("en: {NO: [Norsk]}", "en.False: not one or more ISO codes, nor '-'; quote NO"),
        ("en: {Chile: [Chile]}", "en.Chile: not one or more ISO codes"),
        ("en: {CL: Chile}", "en.CL: not a list of names"),
        ("en: {CL: [Chi*le]}", "en.CL: not a list of names"),
        ("en: {CL: ['*']}", "en.CL: not a list of names"),
    ],
)
def test_errors_name_file_and_key(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "countries.yaml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_more_names(path)
    assert str(caught.value).startswith(f"{path}: {message}")
    assert "\n" not in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"nowhere\.yaml: cannot be read"):
        load_more_names(tmp_path / "nowhere.yaml")
