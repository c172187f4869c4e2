import functools
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coopwatch.errors import ConfigError
from coopwatch.relevance import Topic, load_topic
from coopwatch.relevance.patterns import Hit, Matcher, Near, Pattern
from coopwatch.relevance.topic import Label
from coopwatch.settings import CONFIG_DIR

SMALL = """
id: small
score: {alert: 0.7, accept: 0.6, review: 0.4}
facet: {alert: 0.6, accept: 0.4, review: 0.3}
patterns:
  any:
    international: [UNESCO]
  en:
    science: [physics, {phrase: research, weight: 2}]
    cooperation: [treaty]
    international: [countries]
    negative: [shares]
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "topic.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def shipped() -> Topic:
    return load_topic(CONFIG_DIR / "topics" / "science_cooperation.yaml")


def find(phrase: str, text: str, near: Near | None = None, language: str = "en") -> list[str]:
    matcher = Matcher([("label", Pattern(phrase=phrase, near=near))], language)
    return [text[hit.start : hit.end] for hit in matcher.find(text)]


def test_a_topic_is_read_with_its_version(tmp_path: Path) -> None:
    topic = load_topic(write(tmp_path, SMALL))
    assert topic.file.id == "small"
    assert topic.file.languages == ("en",)
    assert topic.file.patterns["en"]["science"][0] == Pattern(phrase="physics", weight=1)
    assert topic.matcher_for("en-GB") is topic.matcher_for("en")
    assert topic.matcher_for("fr") is None
    assert topic.version == load_topic(write(tmp_path, SMALL)).version
    assert topic.version != load_topic(write(tmp_path, SMALL.replace("weight: 2", "weight: 3"))).version


def test_patterns_of_any_language_count_in_every_language(tmp_path: Path) -> None:
    matcher = load_topic(write(tmp_path, SMALL)).matcher_for("en")
    assert matcher is not None
    assert [hit.label for hit in matcher.find("UNESCO on physics")] == ["international", "science"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("id: small", "id: Not An Id", "id: "),
        ("id: small", "", "id: Field required"),
        ("id: small", "id: small\ncolour: red", "colour: Extra inputs"),
        ("review: 0.4}", "review: 0.9}", "score: Value error, alert must not be below accept"),
        ("alert: 0.7", "alert: 7", "score.alert: "),
        ("weight: 2", "weight: -1", "patterns.en.science.1.weight: "),
        ("weight: 2", "wieght: 2", "patterns.en.science.1.wieght: Extra inputs"),
        ("[treaty]", '["| treaty"]', "patterns.en.cooperation.0.phrase: "),
        ("[treaty]", '["a || b"]', "patterns.en.cooperation.0.phrase: "),
        ("[treaty]", '["“treaty”"]', "does not begin with a letter or digit"),
        ("[treaty]", "[{phrase: treaty, near: {pattern: sign, within: 0}}]", "near.within: "),
        ("[treaty]", "[treaty, treaty]", "patterns.en.cooperation: 'treaty' is there twice"),
        ("[treaty]", "[]", "patterns.en: nothing for 'cooperation'"),
        ("  en:", "  zh-Hant:", "patterns.zh-Hant"),
        ("    cooperation: [treaty]\n", "", "patterns.en: nothing for 'cooperation'"),
        ("    negative:", "    magic: [x]\n    negative:", "patterns.en.magic"),
        ("patterns:", "patterns: [", "not YAML: "),
    ],
)
def test_errors_name_file_and_key(tmp_path: Path, old: str, new: str, message: str) -> None:
    path = write(tmp_path, SMALL.replace(old, new, 1))
    with pytest.raises(ConfigError) as caught:
        load_topic(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"nowhere\.yaml: cannot be read: no such file or directory$"):
        load_topic(tmp_path / "nowhere.yaml")
    (tmp_path / "latin.yaml").write_bytes(b"id: caf\xe9")
    with pytest.raises(ConfigError, match=r"latin\.yaml: cannot be read: not UTF-8$"):
        load_topic(tmp_path / "latin.yaml")


@pytest.mark.parametrize(
    ("phrase", "text", "found"),
    [
        ("treaty", "Treaty, treaty! entreaty treatyish", ["Treaty", "treaty"]),
        ("cooperat*", "Cooperation cooperates; uncooperative", ["Cooperation", "cooperates"]),
        (
            "science and|& technology",
            "science & technology, Science\nand  Technology",
            ["science & technology", "Science\nand  Technology"],
        ),
        ("sci-tech", "sci-tech, sci tech and scitech", ["sci-tech", "sci tech", "scitech"]),
        (
            "joint lab|laborator*",
            "a joint lab, joint laboratories, a joint labour day",
            ["joint lab", "joint laboratories"],
        ),
        ("WHO", "who asked the WHO", ["WHO"]),
        ("R&D|MoU", "R&D and r&d under an mou", ["R&D", "mou"]),
        ("science, technology", "Science, technology and art", ["Science, technology"]),
        ("U.S.", "the U.S. and the us", ["U.S."]),
    ],
)
def test_phrases_match_whole_words(phrase: str, text: str, found: list[str]) -> None:
    assert find(phrase, text) == found


@pytest.mark.parametrize(
    ("text", "is_near"),
    [
        ("they sign a new long treaty", True),
        ("the treaty that they sign", True),
        ("they sign a rather long but not at all bad treaty", False),
        ("they sign", False),
    ],
)
def test_near_counts_words_on_either_side(text: str, is_near: bool) -> None:
    assert bool(find("sign", text, Near(pattern="treaty|treaties", within=4))) is is_near


def test_chinese_is_matched_by_character() -> None:
    assert find("科技|科学技术 合作|交流", "中俄科技合作和科学技术交流", language="zh") == [
        "科技合作",
        "科学技术交流",
    ]
    assert find("签署", "签署了五年协议", Near(pattern="协议", within=6), language="zh") == ["签署"]
    assert find("签署", "签署了为期五年的科学合作协议", Near(pattern="协议", within=6), language="zh") == []


@pytest.mark.parametrize(
    ("language", "phrase", "text", "found"),
    [
        ("de", "*forschung*", "Forschung, Klimaforschungszentrum", ["Forschung", "Klimaforschungszentrum"]),
        ("de", "*forschung", "Raumforschung, Raumforschungs", ["Raumforschung"]),
        (
            "de",
            "neu* *labor|*labore",
            "neues Laserlabor, neue Labore, Neu Laborant",
            ["neues Laserlabor", "neue Labore"],
        ),
        ("de", "*projekt* mit", "Raumfahrtprojekte mit Polen; Projekt ohne", ["Raumfahrtprojekte mit"]),
        ("de", "a|ä straße", "Ä STRASSE, Ä Straße", ["Ä Straße"]),
        (
            "ru",
            "научно-техническ* связ*",
            "Научно‑технические\nсвязи; научные связи",
            ["Научно‑технические\nсвязи"],
        ),
        ("fr", "accord* d'échange", "l'accord d’échange, accords échange", ["accord d’échange"]),
        ("fr", "ONU", "l'ONU, onu", ["ONU"]),
        ("ko", "과학 협력", "과학협력을, 과학 협력; 국제과학\n협력", ["과학협력", "과학 협력", "과학\n협력"]),
        ("ko", "협력*", "협력을 한다", ["협력"]),
        ("ko", "CERN", "CERN과 CERNS", ["CERN"]),
        ("ar", "تعاون علمي", "التعاون العلمي، وبتعاون علمي", ["التعاون العلمي", "وبتعاون علمي"]),
        ("ar", "اتفاق*", "الاتّفاقيّة وإتفاق", ["الاتّفاقيّة", "وإتفاق"]),
        ("ar", "علوم", "العـلوم للعلوم معلوم", ["العـلوم", "للعلوم"]),
        ("zh", "签署 合作 协议", "簽署合作協議,签署合作协议", ["簽署合作協議", "签署合作协议"]),
        ("zh", "人工智能|台湾", "人工智慧人工智能臺灣台灣", ["人工智慧", "人工智能", "臺灣", "台灣"]),
        ("zh", "CERN|5G 技术", "ＣＥＲＮ技术，与5G技術,15G技术", ["ＣＥＲＮ技术", "5G技術"]),
        ("ja", "共同 研究*", "共同研究を", ["共同研究"]),
        ("tr", "işbirliği", "İşbirliği İŞBİRLİĞİ İİİ işbirliği", ["İşbirliği", "İŞBİRLİĞİ", "işbirliği"]),
    ],
)
def test_phrases_match_as_a_language_is_written(
    language: str, phrase: str, text: str, found: list[str]
) -> None:
    assert find(phrase, text, language=language) == found


@pytest.mark.parametrize("phrase", ["-".join("abcdefghijklmn"), " ".join(["a|b|c|d|e"] * 6)])
def test_a_phrase_that_can_be_written_in_too_many_ways_is_named(tmp_path: Path, phrase: str) -> None:
    with pytest.raises(
        ConfigError, match=r"patterns\.en\.cooperation\.0\.phrase: .*can be written in"
    ) as caught:
        load_topic(write(tmp_path, SMALL.replace("[treaty]", f'["{phrase}"]')))
    assert repr(phrase) in str(caught.value)


@functools.cache
def make_matcher(language: str) -> Matcher[str]:
    phrases = {"one": "joint lab*", "two": "LAB", "three": "x 合作"}
    return Matcher([(label, Pattern(phrase=phrase)) for label, phrase in phrases.items()], language)


WORDS = ["Joint", "LAB", "Labs", "-", " ", "\n", "  ", "İ", "ß", "é", "合作", "ـ", "ً", "أ", "x", ","]


@settings(deadline=None)  # the first example compiles the matcher
@given(st.lists(st.sampled_from(WORDS)))
@pytest.mark.parametrize("language", ["en", "zh", "ko", "ar"])
def test_offsets_are_those_of_the_text_as_written(language: str, words: list[str]) -> None:
    text = "".join(words)
    for label, _, start, end in make_matcher(language).find(text):
        written = re.sub(r"[\sـً-]", "", text[start:end])
        assert written == {"one": written, "two": "LAB", "three": "x合作"}[label]
        assert text[start:end].strip() == text[start:end]
        assert label != "one" or re.match("jointlab", written.lower())


def test_in_one_label_the_longer_phrase_wins_and_a_stopper_silences() -> None:
    patterns: list[tuple[Label, Pattern]] = [
        ("cooperation", Pattern(phrase="exchange*")),
        ("cooperation", Pattern(phrase="exchange of students", weight=2)),
        ("cooperation", Pattern(phrase="stock exchange", weight=0)),
        ("cooperation", Pattern(phrase="agreement*", weight=1)),
        ("cooperation", Pattern(phrase="agreement", weight=2, near=Near(pattern="sign*", within=3))),
        ("international", Pattern(phrase="students")),
    ]
    hits: list[Hit[Label]] = Matcher(patterns, "en").find(
        "The exchange of students, the stock exchange, an exchange; an agreement, once agreement signed"
    )
    assert [(hit.label, hit.pattern.phrase, hit.pattern.weight) for hit in hits] == [
        ("cooperation", "exchange of students", 2),
        ("international", "students", 1),
        ("cooperation", "stock exchange", 0),
        ("cooperation", "exchange*", 1),
        ("cooperation", "agreement", 2),
        ("cooperation", "agreement", 2),
    ]


def test_hostile_text_takes_no_time() -> None:
    matcher = Matcher([("label", Pattern(phrase="a* b* c*", near=Near(pattern="d* e*", within=50)))], "en")
    assert matcher.find("a" * 300_000) == []
    assert matcher.find("a b " * 20_000) == []
    assert len(matcher.find("a b c " * 5_000)) == 0
    compounds = Matcher([("label", Pattern(phrase="*b* *b* *b* *b* *bc"))], "de")
    assert compounds.find(f"{'b' * 100} " * 300) == []
    assert compounds.find("b" * 300_000) == []


def test_every_example_of_the_shipped_topic_fires(shipped: Topic) -> None:
    tried = 0
    for language, labels in shipped.file.patterns.items():
        matcher = shipped.matcher_for("en" if language == "any" else language)
        assert matcher is not None
        for label, patterns in labels.items():
            for pattern in patterns:
                if pattern.example is None:
                    continue
                hits = [hit.pattern for hit in matcher.find(pattern.example) if hit.label == label]
                assert pattern in hits, f"{language}.{label}: {pattern.phrase!r} in {pattern.example!r}"
                tried += 1
    assert tried >= 20


def test_the_shipped_topic_speaks_ten_languages(shipped: Topic) -> None:
    assert set(shipped.file.languages) == {"ar", "de", "en", "es", "fr", "ja", "ko", "pt", "ru", "zh"}
