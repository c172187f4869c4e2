"""What is released, launched, signed and opened, by the name of the object."""
# ruff: noqa: E501 - tables of sentences

import pytest

from coopwatch.events.outcomes import MAX_OUTCOMES, find_outcomes

CASES = [
    ("en", "The congress released the Harbour Declaration on Open Seas, calling for calm.", [
        ("outcomes.document", "Harbour Declaration on Open Seas"),
    ]),
    ("en", "The Tidal Action Plan and the Reef Report were released in Lima.", [
        ("outcomes.document", "Tidal Action Plan"), ("outcomes.document", "Reef Report"),
    ]),
    ("en", "The Coral Fellowship Programme, which runs for ten years, was officially launched.", [
        ("outcomes.programme", "Coral Fellowship Programme"),
    ]),
    ("en", "The two sides signed a memorandum of understanding on ice cores.", [
        ("outcomes.agreement", "memorandum of understanding on ice cores"),
    ]),
    ("en", "Chile and Japan opened a joint observatory for dust in Arica on Monday.", [
        ("outcomes.centre", "joint observatory for dust in Arica"),
    ]),
    ("en", "The minister issued a statement saying “we are very glad about this plan”.", []),
    ("en", "The two sides plan to sign an agreement on ice cores.", []),
    ("en", "The agency released a report.", []),
    ("en", "Last year the two sides signed an agreement on ice cores.", []),
    ("fr", "Le Chili et la France ont signé un accord de coopération scientifique.", [
        ("outcomes.agreement", "accord de coopération scientifique"),
    ]),
    ("fr", "Un laboratoire commun de glaciologie a été inauguré mardi.", [
        ("outcomes.centre", "laboratoire commun de glaciologie"),
    ]),
    ("es", "Ambos países firmaron un convenio sobre energía solar.", [
        ("outcomes.agreement", "convenio sobre energía solar"),
    ]),
    ("pt", "Os dois países assinaram um acordo de cooperação espacial.", [
        ("outcomes.agreement", "acordo de cooperação espacial"),
    ]),
    ("de", "Beide Seiten unterzeichneten ein Abkommen über Polarforschung.", [
        ("outcomes.agreement", "Abkommen über Polarforschung"),
    ]),
    ("ru", "Стороны подписали меморандум о полярных исследованиях.", [
        ("outcomes.agreement", "меморандум о полярных исследованиях"),
    ]),
    ("ar", "وقع الجانبان مذكرة تفاهم حول الطاقة الشمسية.", [
        ("outcomes.agreement", "مذكرة تفاهم حول الطاقة الشمسية"),
    ]),
    ("zh", "大会发布《海洋观测倡议》。", [("outcomes.document", "海洋观测倡议")]),
    ("zh", "双方签署了冰芯研究合作备忘录。", [("outcomes.agreement", "冰芯研究合作备忘录")]),
    ("en", "Membership opens training courses of the laboratory in Lund to Maltese citizens.", []),
    ("en", "The ministers opened a Centre for Polar Ice in Oslo.", [("outcomes.centre", "Centre for Polar Ice in Oslo")]),
    ("zh", "中智联合天文中心正式揭牌。", [("outcomes.centre", "中智联合天文中心")]),
    ("zh", "双方将签署冰芯研究合作备忘录。", []),
    ("zh", "双方签署了15项合作协议。", []),
    ("zh-Hant", "大會發布《海洋觀測倡議》。", [("outcomes.document", "海洋觀測倡議")]),
    ("ja", "両国は極地研究に関する覚書に署名した。", [("outcomes.agreement", "極地研究に関する覚書")]),
    ("ko", "양측은 극지 연구에 관한 양해각서를 체결했다.", [("outcomes.agreement", "극지 연구에 관한 양해각서")]),
    ("xx", "They signed an agreement on ice cores.", []),
]  # fmt: skip


@pytest.mark.parametrize(("language", "text", "expected"), CASES)
def test_outcomes(language: str, text: str, expected: list[tuple[str, str]]) -> None:
    assert [(fact.field, fact.value) for fact in find_outcomes(text, language)] == expected


@pytest.mark.parametrize(("language", "text", "expected"), CASES)
def test_the_name_stands_at_its_offset(language: str, text: str, expected: object) -> None:
    for fact in find_outcomes(text, language):
        assert text[fact.offset :].startswith(fact.value)
        assert fact.quote == text


def test_a_sentence_has_few_outcomes() -> None:
    text = " and the ".join(f"Harbour Plan {letter}" for letter in "ABCDEFGHIJ")
    assert len(find_outcomes(f"They released the {text}.", "en")) <= MAX_OUTCOMES


@pytest.mark.parametrize(
    "piece", ["released the ", "Harbour ", "Harbour Plan ", "签署合作", "「」", "signed “", "a plan was "]
)
@pytest.mark.parametrize("language", ["en", "fr", "zh", "ja"])
def test_repeats_do_not_explode(piece: str, language: str) -> None:
    find_outcomes(piece * (2000 // len(piece)), language)
