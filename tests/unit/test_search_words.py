import pytest

from coopwatch.search_words import (
    INDEXED_BYTES_MAX,
    TERMS_MAX,
    WORD_CHARACTERS_MAX,
    Term,
    cut_snippet,
    find_accented,
    fold_accents,
    parse_search,
    split_words,
)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Joint laboratories, in 2025!", "joint laboratories in 2025"),
        ("联合实验室", "联合 合实 实验 验室 室"),
        ("聯合實驗室", "联合 合实 实验 验室 室"),
        ("冰", "冰"),
        ("第3届会议", "第 3 届会 会议 议"),
        ("공동연구를", "공동 동연 연구 구를 를"),
        ("レーザー・センター", "レー ーザ ザー ー セン ンタ ター ー"),
        ("ﾚｰｻﾞｰ", "レー ーザ ザー ー"),
        ("Zu\u0308rich ZÜRICH", "zürich zürich"),
        ("أيضاً مؤتمـــر", "أيضا مؤتمر"),
        ("R&D don't C++ snake_case", "r d don t c snake case"),
        ("½ ﬁne", "1 2 fine"),
        ("\x00 \ud800 ' \" * ( )", ""),
        ("", ""),
    ],
)
def test_a_text_is_cut_into_words(text: str, words: str) -> None:
    assert split_words(text) == words


def test_what_is_indexed_of_a_text_is_bounded() -> None:
    many = " ".join(f"word{number}" for number in range(100_000))

    assert len(split_words(many).encode()) < INDEXED_BYTES_MAX
    assert len(split_words("界" * 1_000_000).encode()) < INDEXED_BYTES_MAX
    assert split_words("x" * 1000) == "x" * WORD_CHARACTERS_MAX


@pytest.mark.parametrize(
    ("words", "terms"),
    [
        ("ice cores", [Term(("ice",)), Term(("cores",))]),
        ("ice ICE", [Term(("ice",))]),
        ('"ice cores" Oslo', [Term(("ice", "cores")), Term(("oslo",))]),
        ('"ice cores', [Term(("ice", "cores"))]),
        ("“第3届”", [Term(("第", "3", "届"), is_prefix=True)]),
        ("实验室", [Term(("实验", "验室"))]),
        ("冰", [Term(("冰",), is_prefix=True)]),
        ("ice OR -cores* NEAR(x)", [Term((word,)) for word in ("ice", "or", "cores", "near", "x")]),
        ("!!! \x00 \" ' ''", []),
    ],
)
def test_a_search_is_words_whatever_it_looks_like(words: str, terms: list[Term]) -> None:
    assert list(parse_search(words)) == terms


def test_a_search_is_bounded() -> None:
    many = " ".join(f"word{number}" for number in range(1000))

    assert len(parse_search(many)) == TERMS_MAX
    assert len(parse_search(f'"{many}"')[0].words) == TERMS_MAX


def test_accents_of_latin_words_alone_are_dropped() -> None:
    assert [fold_accents(word) for word in ("zürich", "cooperación", "йод", "がん", "ice")] == [
        "zurich",
        "cooperacion",
        "йод",
        "がん",
        "ice",
    ]
    assert find_accented("zürich ice école") == "zurich ecole"


FILLER = "Nothing of it stands here at all. " * 10


@pytest.mark.parametrize(
    ("words", "text", "snippet"),
    [
        ("laboratory", FILLER + "Both laboratories work.", "laboratories"),
        ("cooperacion", FILLER + "La cooperación crece.", "cooperación"),
        ("实验室", "无关。" * 200 + "两国建立联合实验室。" + "无关。" * 200, "联合实验室"),
        ("冰", "无关。" * 200 + "两国研究冰。", "研究冰"),
        ("absent", FILLER, "Nothing of it"),
    ],
)
def test_a_snippet_shows_where_the_words_are(words: str, text: str, snippet: str) -> None:
    shown = cut_snippet(text, parse_search(words))

    assert snippet in shown
    assert len(shown) < 260


def test_a_snippet_of_nothing_is_nothing() -> None:
    assert cut_snippet("", parse_search("word")) == ""
    assert cut_snippet("...", parse_search("word")) == "..."
