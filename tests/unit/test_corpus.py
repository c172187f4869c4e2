import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from coopwatch.errors import ConfigError
from coopwatch.relevance.corpus import hash_examples, read_corpus, read_examples, read_labelled
from coopwatch.settings import CONFIG_DIR
from schemas.records import Label
from tests.builders import NOW


def line(**changes: Any) -> str:
    good = {
        "id": "en-1",
        "kind": "article",
        "series": "ice",
        "split": "train",
        "label": 1,
        "uncertain": False,
        "science": 1,
        "cooperation": 1,
        "international": 1,
        "hard": False,
        "case": "laboratory",
        "title": "Two academies share a drill",
        "text": "They drill together.",
        "provenance": "synthetic",
        "guideline": "1.0",
    }
    return json.dumps({**good, **changes}, ensure_ascii=False)


def label(minutes: int = 0, **changes: Any) -> Label:
    good: dict[str, Any] = {
        "label_id": f"l-{minutes}",
        "url": "https://courier.example/1",
        "compare_url": "courier.example/1",
        "title": "Two academies share a drill",
        "text": "They drill together.",
        "language": "en",
        "is_relevant": True,
        "author": "ada",
        "guideline": "1.0",
        "labelled_at": NOW + timedelta(minutes=minutes),
        "queue": "uncertain",
    }
    return Label.model_validate({**good, **changes})


def test_the_language_is_the_name_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "en.jsonl").write_text(line() + "\n")
    (tmp_path / "zh.jsonl").write_text(line(id="zh-1", split="test", label=0, title="冰芯") + "\n")
    english, chinese = read_corpus(tmp_path)
    assert (english.language, english.is_relevant, english.is_frozen) == ("en", True, False)
    assert (chinese.language, chinese.is_relevant, chinese.is_frozen) == ("zh", False, True)
    assert english.article.title == "Two academies share a drill"


def test_a_line_can_name_its_language(tmp_path: Path) -> None:
    file = tmp_path / "mine.jsonl"
    file.write_text(line(language="zh-Hant", provenance="real"))
    (example,) = read_examples(file)
    assert (example.language, example.origin) == ("zh-Hant", "real")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (line(label=2), "en.jsonl:2: label"),
        (line(splitt="train"), "en.jsonl:2: splitt"),
        ("{", "en.jsonl:2: Invalid JSON"),
        ("[]", "en.jsonl:2:"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "en.jsonl").write_text(line() + "\n" + text + "\n")
    with pytest.raises(ConfigError, match=said) as caught:
        read_corpus(tmp_path)
    assert "\n" not in str(caught.value)


def test_no_corpus_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no examples"):
        read_corpus(tmp_path)
    with pytest.raises(ConfigError, match=r"cannot be read: no such file or directory$"):
        read_examples(tmp_path / "none.jsonl")
    (tmp_path / "fr.jsonl").write_bytes(b"\xff")
    with pytest.raises(ConfigError, match=r"cannot be read: not UTF-8$"):
        read_examples(tmp_path / "fr.jsonl")


def test_the_shipped_corpus_can_be_read() -> None:
    examples = read_corpus(CONFIG_DIR / "training")
    assert len({example.example_id for example in examples}) == len(examples)
    learnt = {example.series for example in examples if not example.is_frozen}
    assert not learnt & {example.series for example in examples if example.is_frozen}


def test_the_latest_label_of_an_author_counts() -> None:
    labelled = read_labelled([label(5, is_relevant=False), label(1), label(3)])
    assert labelled.conflicts == 0
    assert [example.is_relevant for example in labelled.examples] == [False]


def test_authors_who_contradict_each_other_are_left_out_and_counted() -> None:
    other = label(9, compare_url="courier.example/2")
    labelled = read_labelled([label(1), label(2, author="bo", is_relevant=False), other])
    assert labelled.conflicts == 1
    assert len(labelled.examples) == 1


def test_an_author_can_settle_a_conflict() -> None:
    said = [label(1), label(2, author="bo", is_relevant=False), label(3, author="bo")]
    assert read_labelled(said).conflicts == 0
    assert len(read_labelled(said).examples) == 1


def test_one_doubt_makes_an_example_uncertain() -> None:
    (example,) = read_labelled([label(1, is_uncertain=True), label(2, author="bo")]).examples
    assert example.is_uncertain
    assert example.origin == "real"


def test_a_tenth_of_the_addresses_is_frozen_for_good() -> None:
    labels = [label(number, compare_url=f"courier.example/{number}") for number in range(1000)]
    frozen = {example.example_id for example in read_labelled(labels).examples if example.is_frozen}
    assert 70 < len(frozen) < 130
    again = read_labelled(label(5000, compare_url=one.compare_url, author="bo") for one in labels)
    assert {example.example_id for example in again.examples if example.is_frozen} == frozen


def test_the_hash_knows_labels_and_not_order() -> None:
    one, other = (read_labelled([label(1, compare_url=url)]).examples[0] for url in ("a", "b"))
    turned = other.model_copy(update={"is_relevant": False})
    assert hash_examples([one, other]) == hash_examples([other, one]) != hash_examples([one, turned])
