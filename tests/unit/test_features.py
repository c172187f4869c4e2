import math

import pytest

from coopwatch.relevance.features import FACET_FEATURES, find_terms, measure_facets
from schemas.records import Judgement
from tests.builders import make_article


@pytest.mark.parametrize(
    ("language", "title", "text", "present", "absent"),
    [
        ("en", "Ice cores", "", {"ice", "ice cores", "title: ice cores"}, {"ic", "title: ice cores drilled"}),
        ("fr", "L'eau", "Été 2024", {"l eau", "été"}, {"2024", "Été"}),
        ("zh", "联合实验", "", {"联", "联 合", "title: 实 验"}, {"联 合 实"}),
        ("zh-Hant", "聯合", "AI 研究", {"聯 合", "ai", "ai 研"}, {"a"}),
        ("ko", "공동 연구", "", {"공 동", "동 연"}, {"공동"}),
    ],
)
def test_terms_are_words_or_characters(
    language: str, title: str, text: str, present: set[str], absent: set[str]
) -> None:
    terms = find_terms(make_article(language=language, title=title, text=text)).keys()
    assert present <= terms
    assert not absent & terms


def test_a_term_counts_by_the_logarithm_of_its_occurrences() -> None:
    terms = find_terms(make_article(title="Ice", text="Ice on ice. Ice."))
    assert terms["ice"] == 1 + math.log(4)
    assert terms["on"] == terms["title: ice"] == 1


@pytest.mark.parametrize(("language", "lead"), [("en", 600), ("zh", 150)])
def test_only_title_and_lead_are_read(language: str, lead: int) -> None:
    text = "." * lead + "unread"
    assert "unread" not in find_terms(make_article(language=language, text=text))
    assert "unread" in find_terms(make_article(language=language, text=text[6:]))


def judged(**changes: object) -> Judgement:
    good: dict[str, object] = {
        "entry_id": 1,
        "verdict": "review",
        "score": 0.3,
        "facets": {"international": 0.5, "science": 0.9, "cooperation": 0.6},
        "prominent": {"science": 0.8, "cooperation": 0.2, "international": 0.4},
        "fired": (),
        "reason": "",
        "topic": "t",
        "version": "1",
    }
    return Judgement.model_validate({**good, **changes})


def test_facet_features_go_by_name_and_not_by_order() -> None:
    found = dict(zip(FACET_FEATURES, measure_facets(judged()), strict=True))
    assert found["science"] == 0.9
    assert found["cooperation in title and lead"] == 0.2
    assert found["weakest facet"] == 0.5
    assert found["weakest facet in title and lead"] == 0.2
    assert found["rules"] == 0.3
    assert found["against it"] == pytest.approx(1 - 0.3 / (0.9 * 0.6 * 0.5) ** (1 / 3))


def test_an_article_without_facets_has_features_of_nothing() -> None:
    nothing = judged(score=0.0, facets={}, prominent={})
    assert measure_facets(nothing) == (0.0,) * len(FACET_FEATURES)
