"""`coopwatch train` as an analyst runs it, in a process of its own."""

from pathlib import Path
from typing import Any

import pytest

from coopwatch.relevance.corpus import Example
from coopwatch.warehouse import Warehouse
from schemas.records import Label
from tests.builders import NOW
from tests.integration.command import Finished, run_coopwatch
from tests.unit.learning import make_examples
from tests.unit.test_corpus import line

pytestmark = pytest.mark.slow
TOPIC = "science_cooperation"


def write_corpus(folder: Path, examples: list[Example]) -> Path:
    folder.mkdir()
    rows = [
        line(
            id=example.example_id,
            series=example.series,
            split="test" if example.is_frozen else "train",
            label=int(example.is_relevant),
            title=example.title,
            text=example.text,
        )
        for example in examples
    ]
    (folder / "en.jsonl").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return folder


def muddle(examples: list[Example]) -> list[Example]:
    return [
        one if one.is_frozen else one.model_copy(update={"is_relevant": number % 4 < 2})
        for number, one in enumerate(examples)
    ]


def make_label(number: int, author: str, **changes: Any) -> Label:
    good: dict[str, Any] = {
        "label_id": f"l-{author}-{number}",
        "url": f"https://courier.example/{number}",
        "compare_url": f"courier.example/{number}",
        "title": "Norway and Kenya open a joint laboratory for ice cores",
        "text": "",
        "language": "en",
        "is_relevant": True,
        "author": author,
        "guideline": "1.0",
        "labelled_at": NOW,
        "queue": "uncertain",
    }
    return Label.model_validate({**good, **changes})


def train(url: str, corpus: Path, *arguments: str) -> Finished:
    return run_coopwatch("train", "--warehouse", url, "--corpus", corpus, *arguments)


def test_a_model_is_trained_replaced_and_refused(sqlite_url: str, tmp_path: Path) -> None:
    good = write_corpus(tmp_path / "good", make_examples())

    tried = train(sqlite_url, good, "--dry-run")
    assert tried.status == 0, tried.err
    assert "would be activated: against the rules alone" in tried.out
    assert "synthetic en" in tried.out
    assert "nothing here is measured on real articles" in tried.out
    assert "fitting the model" in tried.err
    with Warehouse.open(sqlite_url) as opened:
        assert opened.read_active_model(TOPIC) is None

    first = train(sqlite_url, good, "--author", "ada", "--json")
    assert first.status == 0, first.err
    assert first.data["status"] == "active"
    assert first.data["created_by"] == "ada"
    assert first.data["is_written"] is True
    assert "weights" not in first.data
    with Warehouse.open(sqlite_url) as opened:
        active = opened.read_active_model(TOPIC)
        assert active
        assert active.model_version == first.data["model_version"]

    again = train(sqlite_url, good)
    assert again.status == 0, again.err
    assert f"{active.model_version} is active already" in again.out

    worse = train(sqlite_url, write_corpus(tmp_path / "worse", muddle(make_examples())))
    assert worse.status == 1, worse.err
    assert "refused: against the active model" in worse.out
    with Warehouse.open(sqlite_url) as opened:
        still = opened.read_active_model(TOPIC)
    assert still == active


def test_labels_of_analysts_are_learnt_from(sqlite_url: str, tmp_path: Path) -> None:
    with Warehouse.open(sqlite_url) as opened:
        opened.write_labels(
            [
                *(make_label(number, "ada") for number in range(30)),
                make_label(0, "bo", is_relevant=False),
            ]
        )
    done = train(sqlite_url, write_corpus(tmp_path / "corpus", make_examples()), "--json")
    assert done.status == 0, done.err
    assert done.data["conflicts"] == 1
    counts = done.data["metrics"]["examples"]
    assert counts["real relevant"] + counts.get("real relevant frozen", 0) == 29


def test_what_cannot_work_is_one_line(sqlite_url: str, tmp_path: Path) -> None:
    few = train(sqlite_url, write_corpus(tmp_path / "few", make_examples(20)))
    assert few.status == 2
    assert few.err.splitlines()[-1].startswith("coopwatch: too few examples")
    none = train(sqlite_url, tmp_path / "none")
    assert none.status == 2
    assert "no examples" in none.err
    assert none.out == ""
