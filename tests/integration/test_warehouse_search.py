"""Full-text search on both databases: what is loaded is found, what is typed breaks nothing."""

import pytest

from coopwatch.search_words import split_words
from coopwatch.warehouse import Warehouse
from coopwatch.warehouse.engines import parse_url
from coopwatch.warehouse.migrating import migrate
from coopwatch.warehouse.rejudging import Rejudgement
from schemas.records import Article, Batch
from tests.builders import NOW, make_article, make_dossier
from tests.integration.warehouse_samples import HOUR, RUN, make_batch, make_result, take_entries

TEXTS = {
    1: ("en", "A joint laboratory for ice cores", "Both academies run laboratories in the north."),
    2: ("es", "La cooperación científica crece", "Un centro nuevo abre en Córdoba."),
    3: ("zh", "两国建立联合实验室", "双方将共同研究冰芯。"),
    4: ("ja", "共同研究センター開設", "氷の研究を行う。"),
    5: ("ko", "공동연구를 시작", "양국은 실험실을 연다."),
    6: ("ru", "Совместные лаборатории", "Учёные двух стран изучают лёд."),
    7: ("de", "Neue Forschungszentren in Zürich", "Die Zentren öffnen im Mai."),
    8: ("ar", "مؤتمر علمي دولي", "ناقش المؤتمر التعاون أيضاً."),
    9: ("fr", "Les chercheurs coopèrent", "Un accord de coopération fut signé à Genève."),
    10: ("pt", "Investigações conjuntas", "A universidade coopera."),
}


def write(number: int) -> Article:
    language, title, text = TEXTS[number]
    published_at = NOW - number * HOUR
    return make_article(number, language=language, title=title, text=text, published_at=published_at)


@pytest.fixture
def loaded(warehouse: Warehouse) -> Warehouse:
    take_entries(warehouse, len(TEXTS))
    first = write(1)
    warehouse.write_batch(RUN, make_batch(*map(write, TEXTS), dossiers=(make_dossier(first),)), (), NOW)
    return warehouse


def find(warehouse: Warehouse, words: str, **options: object) -> list[int]:
    numbers = {write(number).article_id: number for number in TEXTS}
    found = warehouse.search(words, 10, **options)  # type: ignore[arg-type]
    return sorted(numbers[one.article_id] for one in found)


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        ("laboratory", [1]),
        ("LABORATORIES north", [1]),
        ('"ice cores"', [1]),
        ('"cores ice"', []),
        ("ice absent", []),
        ("científica", [2]),
        ("cientifica", [2]),
        ("Cordoba", [2]),
        ("联合实验室", [3]),
        ("聯合實驗室", [3]),
        ("实验", [3]),
        ("验实", []),
        ("冰", [3]),
        ("芯", [3]),
        ("研究", [3, 4]),
        ("センター", [4]),
        ("연구", [5]),
        ("лёд", [6]),
        ("лаборатории", [6]),
        ("zurich", [7]),
        ("Zürich", [7]),
        ("مؤتمر", [8]),
        ("أيضا", [8]),
        ("geneve", [9]),
        ("universidade", [10]),
    ],
)
def test_words_are_found_in_every_language(loaded: Warehouse, words: str, numbers: list[int]) -> None:
    assert find(loaded, words) == numbers


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("cooperaciones científicas", 2),
        ("лаборатория", 6),
        ("Forschungszentren", 7),
        ("coopération", 9),
        ("the laboratory", 1),
    ],
)
def test_postgres_knows_the_endings_of_a_language(postgres_url: str, words: str, number: int) -> None:
    with Warehouse.open(postgres_url) as warehouse:
        take_entries(warehouse, len(TEXTS))
        warehouse.write_batch(RUN, make_batch(*map(write, TEXTS)), (), NOW)

        assert number in find(warehouse, words)
        assert number in find(warehouse, words, language=TEXTS[number][0])


def test_what_is_found_tells_where_it_stands_and_what_it_is_about(loaded: Warehouse) -> None:
    (found,) = loaded.search("laboratory", 10)
    article = write(1)

    assert (found.article_id, found.title, found.url) == (article.article_id, article.title, article.url)
    assert (found.publisher, found.published_at) == ("The Courier", article.published_at)
    assert found.snippet == "Both academies run laboratories in the north."
    assert found.event_ids == ("e-1",)
    assert found.rank > 0


def test_a_word_in_the_title_weighs_more(warehouse: Warehouse) -> None:
    take_entries(warehouse, 3)
    articles = [
        make_article(1, title="Something else", text="Lasers are named here."),
        make_article(2, title="Lasers", text="Something else is told here."),
        make_article(3, title="Neither", text="Nothing."),
    ]
    warehouse.write_batch(RUN, make_batch(*articles), (), NOW)

    assert [found.title for found in warehouse.search("lasers", 10)] == ["Lasers", "Something else"]
    assert [found.title for found in warehouse.search("lasers", 1)] == ["Lasers"]


def test_language_and_day_narrow_a_search(loaded: Warehouse) -> None:
    assert find(loaded, "研究", language="ja") == [4]
    assert find(loaded, "研究", since=NOW - 3 * HOUR) == [3]


@pytest.mark.parametrize(
    "words",
    [
        "",
        "   ",
        '"',
        "'; DROP TABLE article; --",
        "laboratory\x00",
        "NEAR(",
        "* AND -",
        "a:b",
        "title:",
        "\\",
        "(((",
        "\ud800",
        "x" * 100_000,
        "& | ! <-> :*",
        "%s %(x)s :wanted",
        "界" * 5000,
        "😀",
    ],
)
def test_nothing_that_is_typed_breaks_a_search(loaded: Warehouse, words: str) -> None:
    assert len(loaded.search(words, 10)) <= 1
    assert find(loaded, "laboratory") == [1]


def test_a_corrected_article_is_found_by_its_new_words_only(loaded: Warehouse) -> None:
    corrected = write(1).model_copy(
        update={"title": "A joint observatory", "text": "For stars.", "version": 2}
    )

    loaded.write_batch(RUN, make_batch(corrected), (), NOW + HOUR)

    assert find(loaded, "laboratory") == []
    assert find(loaded, "observatory stars") == [1]


def test_what_is_out_of_scope_by_now_is_not_found(loaded: Warehouse) -> None:
    dropped = make_result(1, outcome="irrelevant", stage="judge", article_id=write(1).article_id)
    loaded.write_rejudged(RUN, Rejudgement(batch=Batch(results=(dropped,))), NOW + HOUR)

    assert find(loaded, "laboratory") == []


def test_the_migration_indexes_what_was_stored_before(loaded: Warehouse, warehouse_url: str) -> None:
    migrate(parse_url(warehouse_url), "0006")

    with Warehouse.open(warehouse_url) as warehouse:
        assert find(warehouse, "laboratory") == [1]
        assert find(warehouse, "联合实验室") == [3]


def test_a_text_of_a_million_different_words_is_loaded(warehouse: Warehouse) -> None:
    take_entries(warehouse, 1)
    huge = "".join(chr(0x4E00 + number * 7919 % 20_000) for number in range(300_000))
    assert len(split_words(huge)) > 50_000

    article = make_article(1, title="Große Überschrift", text=huge, language="zh")
    warehouse.write_batch(RUN, make_batch(article), (), NOW)

    assert [found.title for found in warehouse.search("uberschrift", 5)] == ["Große Überschrift"]
