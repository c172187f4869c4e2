import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coopwatch.languages import detect_language, normalize_language

LONG = {
    "en": "The academies of both countries will build an observatory together and share its readings. ",
    "fr": "Les académies des deux pays construiront ensemble un observatoire et partageront ses mesures. ",
    "es": "Las academias de ambos países construirán juntas un observatorio y compartirán sus mediciones. ",
    "de": "Die Akademien beider Länder bauen gemeinsam ein Observatorium und teilen alle seine Messungen. ",
    "ru": "Академии обеих стран вместе построят обсерваторию и поделятся её измерениями. ",
    "ar": "ستبني أكاديميتا البلدين مرصدا مشتركا وستتقاسمان جميع قياساته مع الباحثين من كل الدول. ",
    "ja": "両国の科学院は共同で観測所を建設し、すべてのデータを共有する。",
    "zh": "两国科学院将共同建设一座观测站，并与全世界的研究人员共享所有观测数据。",
    "ko": "두 나라의 학술원은 함께 관측소를 세우고 모든 관측 자료를 공유하기로 합의했다. ",
}


@pytest.mark.parametrize("language", LONG)
def test_words_beat_the_declaration(language: str) -> None:
    assert detect_language(LONG[language] * 4, declared="nl") == language


@pytest.mark.parametrize(
    ("title", "language"),
    [
        ("Reunión en Madrid sobre ciencia y tecnología", "es"),
        ("Chongqing hosts a conference on science and technology", "en"),
        ("首届科技交流大会在重庆开幕", "zh"),
        ("Россия и Китай договорились о сотрудничестве", "ru"),
    ],
)
def test_titles(title: str, language: str) -> None:
    assert detect_language(title) == language


@pytest.mark.parametrize(
    ("text", "declared", "expected"),
    [("", "en-GB", "en"), ("12 345 678", "pt_BR", "pt"), ("", None, None), ("", "english, probably", None)],
)
def test_the_declaration_stands_where_words_leave_it_open(
    text: str, declared: str | None, expected: str | None
) -> None:
    assert detect_language(text, declared) == expected


@pytest.mark.parametrize(
    ("tag", "code"),
    [
        ("en", "en"),
        ("EN-us", "en"),
        ("zh-Hans-CN", "zh"),
        ("zh_TW", "zh"),
        ("iw", "he"),
        ("nb-NO", "no"),
        ("fil", "fil"),
        ("x", None),
        ("", None),
        (None, None),
    ],
)
def test_tags(tag: str | None, code: str | None) -> None:
    assert normalize_language(tag) == code


@given(st.text(max_size=400))
@settings(max_examples=100, deadline=None)
def test_any_text_is_read(text: str) -> None:
    language = detect_language(text)
    assert language is None or normalize_language(language) == language
