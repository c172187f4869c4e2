"""What the topic and the names of countries make of Russian, Arabic, Japanese and Korean text.

That a pattern fires in its example is tested for all languages together; here is what must not fire,
and what depends on inflection, proclitics, writing without blanks, and the many ways to write a pair.
"""

import pytest

from coopwatch.countries import find_countries
from coopwatch.relevance import Topic, load_topic
from coopwatch.settings import CONFIG_DIR


@pytest.fixture(scope="module")
def topic() -> Topic:
    return load_topic(CONFIG_DIR / "topics" / "science_cooperation.yaml")


def quote(topic: Topic, language: str, label: str, text: str) -> list[str]:
    """Return what speaks for a label in a text, without what only keeps others from firing."""
    matcher = topic.matcher_for(language)
    assert matcher is not None
    return [
        text[hit.start : hit.end] for hit in matcher.find(text) if hit.label == label and hit.pattern.weight
    ]


@pytest.mark.parametrize(
    ("language", "label", "text"),
    [
        ("ru", "cooperation", "Генералы довольны военно-техническим сотрудничеством."),
        ("ru", "cooperation", "Прибыл глава Шанхайской организации сотрудничества."),
        ("ru", "cooperation", "Флоты начали совместные учения."),
        ("ru", "science", "Он снимает научно-фантастический сериал."),
        ("ru", "science", "Ученики слушают учения стоиков."),
        ("ar", "cooperation", "زار الأمين العام لمجلس التعاون الكويت."),
        ("ar", "cooperation", "نوقش التعاون العسكري."),
        ("ar", "science", "خرج الرجل بحثا عن أخيه."),
        ("ar", "science", "أصدرت هيئة كبار العلماء فتوى."),
        ("ja", "cooperation", "交流電流を測る。"),
        ("ja", "cooperation", "経済協力開発機構の統計。"),
        ("ja", "cooperation", "共同通信が伝えた。"),
        ("ja", "science", "人気店とのコラボ商品。"),
        ("ja", "science", "地下核実験の跡。"),
        ("ko", "cooperation", "교류전기를 쓴다."),
        ("ko", "cooperation", "방산 협력에 나선다."),
        ("ko", "cooperation", "경제협력개발기구 통계"),
        ("ko", "science", "여야가 양자 회담을 한다."),
        ("ko", "science", "당 혁신위원회가 사퇴했다."),
    ],
)
def test_words_that_only_look_like_it_do_not_count(
    topic: Topic, language: str, label: str, text: str
) -> None:
    assert quote(topic, language, label, text) == []


@pytest.mark.parametrize(
    ("language", "label", "text", "found"),
    [
        ("ru", "cooperation", "о меморандумах о взаимопонимании", ["меморандумах о взаимопонимании"]),
        ("ru", "cooperation", "научно‑техническому сотрудничеству", ["научно‑техническому сотрудничеству"]),
        ("ru", "science", "НИИ, но не нии", ["НИИ"]),
        ("ar", "cooperation", "وبالتعاون العِلميّ", ["وبالتعاون العِلمي"]),
        ("ar", "cooperation", "لمذكرة تفاهم", ["لمذكرة تفاهم"]),
        ("ar", "science", "للعلوم والتكنولوجيا", ["للعلوم والتكنولوجيا"]),
        ("ja", "cooperation", "両大学は学術交流協定の", ["学術交流協定"]),
        ("ja", "international", "８カ国の", ["カ国"]),
        ("ko", "cooperation", "업무협약을 양해각서로", ["업무협약", "양해각서"]),
        ("ko", "cooperation", "공동 연구센터와 공동연구센터에서", ["공동 연구센터", "공동연구센터"]),
    ],
)
def test_forms_of_a_word_are_the_same_word(
    topic: Topic, language: str, label: str, text: str, found: list[str]
) -> None:
    got = quote(topic, language, label, text)
    assert [item for item in got if item in found] == found


@pytest.mark.parametrize(
    ("language", "text", "codes"),
    [
        ("ru", "Российско-китайский центр", ["RU", "CN"]),
        ("ru", "франко-германский проект", ["DE", "FR"]),
        ("ru", "Того же ждут учёные ЮАР и Южной Кореи", ["ZA", "KR"]),
        ("ru", "По словам Китаева, в Латинской Америке", []),
        ("ar", "وبالصين وللصين والمصريون", ["CN", "CN", "EG"]),
        ("ar", "دعم مالي من جنوب أفريقيا", ["ZA"]),
        ("ja", "日米両政府と日・EU", ["JP", "US", "EU", "JP"]),
        ("ja", "25日中国が、タイトルは南極", ["CN"]),
        ("ja", "中国電力の日中の気温", []),
        ("ko", "한·미와 한-EU, 한ㆍ인도", ["KR", "US", "KR", "EU", "KR", "IN"]),
        ("ko", "것이란 기대만큼 통신 수단은 인도적", []),
        ("ko", "한중일 공동", ["KR", "CN", "JP"]),
        ("zh", "中方与沙特，其中日常", ["CN", "SA"]),
        ("zh", "中俄兩國和中日韓", ["CN", "RU", "CN", "JP", "KR"]),
    ],
)
def test_countries_as_news_writes_them(language: str, text: str, codes: list[str]) -> None:
    assert [hit.code for hit in find_countries(text, language)] == codes
