"""config/linking.json → what each feature of likeness counts: a logistic regression, as numbers to read.

Log-odds add up; their probability is the score of a link. `benchmarks/event_weights.py` learns them.
"""

import json
import math
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError, model_validator

from coopwatch.errors import ConfigError
from coopwatch.events.likeness import FEATURES
from coopwatch.settings import CONFIG_DIR
from coopwatch.wording import word_fault
from schemas.records import Record

LINKING = CONFIG_DIR / "linking.json"

Finite = Annotated[float, Field(allow_inf_nan=False)]


class Weights(Record):
    """What was learned, in log-odds.

    Attributes:
        version: names these numbers in the evidence of every link.
        learned_from: the sets of coverage and how many pairs of article and event they gave.
        intercept: of an article and an event that nothing connects; moved so that `linking.LINK` is
            the score at even odds.
        features: by name; see `likeness.FEATURES`.
    """

    version: str = Field(min_length=1)
    learned_from: dict[str, int] = Field(default_factory=dict)
    intercept: Finite
    features: dict[str, Finite]

    @model_validator(mode="after")
    def _check_features(self) -> "Weights":
        if set(self.features) != set(FEATURES):
            raise ValueError(f"must weigh exactly {', '.join(FEATURES)}")
        return self

    def weigh(self, features: Mapping[str, float]) -> float:
        """Return the probability that article and event belong together."""
        return to_probability(
            self.intercept + sum(self.features[name] * value for name, value in features.items())
        )


def to_probability(log_odds: float) -> float:
    """Return the probability of log-odds, whatever their size."""
    return 0.5 * (1.0 + math.tanh(log_odds / 2.0))


@cache
def load_weights(path: Path = LINKING) -> Weights:
    """Read the weights.

    Raises:
        ConfigError: the file cannot be read or is wrong; names the file, the key and what is wrong.
    """
    try:
        return Weights.model_validate(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read: {word_fault(error)}") from None
    except json.JSONDecodeError as error:
        raise ConfigError(f"{path}: not JSON: {error}") from None
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(map(str, first["loc"])) or "the file"
        raise ConfigError(f"{path}: {key}: {first['msg']} (got {first['input']!r:.80})") from None
