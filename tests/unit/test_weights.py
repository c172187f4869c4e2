import json
from pathlib import Path

import pytest

from coopwatch.errors import ConfigError
from coopwatch.events.likeness import FEATURES
from coopwatch.events.weights import LINKING, Weights, load_weights, to_probability


def test_what_is_shipped_can_be_read_and_weighs_every_feature() -> None:
    weights = load_weights()
    assert set(weights.features) == set(FEATURES)
    assert weights.version
    assert all(weights.features[name] >= 0 for name in ("text", "title", "days", "same_day", "same_parties"))
    assert all(weights.features[name] <= 0 for name in ("other_day", "other_place", "other_parties"))


def test_contributions_add_up() -> None:
    weights = Weights(
        version="1", intercept=-2, features=dict.fromkeys(FEATURES, 0.0) | {"text": 4.0, "days": 1.0}
    )
    assert weights.weigh({"text": 0.5, "days": 1.0}) == pytest.approx(to_probability(1.0))


@pytest.mark.parametrize("log_odds", [-1e9, -3.0, 0.0, 3.0, 1e9])
def test_probabilities_stay_between_nothing_and_certainty(log_odds: float) -> None:
    assert 0 <= to_probability(log_odds) <= 1
    assert to_probability(log_odds) + to_probability(-log_odds) == pytest.approx(1)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"intercept": "much"}, "intercept"),
        ({"features": {"text": 1}}, "must weigh exactly"),
        ({"other": 1}, "other"),
    ],
)
def test_what_is_wrong_with_the_file_is_told_in_one_line(
    tmp_path: Path, change: dict[str, object], told: str
) -> None:
    file = tmp_path / "linking.json"
    file.write_text(json.dumps(json.loads(LINKING.read_text(encoding="utf-8")) | change), encoding="utf-8")
    with pytest.raises(ConfigError, match=told) as raised:
        load_weights(file)
    assert "\n" not in str(raised.value)


def test_a_file_that_is_not_there_or_no_json(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        load_weights(tmp_path / "none.json")
    (tmp_path / "bad.json").write_text("{", encoding="utf-8")
    with pytest.raises(ConfigError, match="not JSON"):
        load_weights(tmp_path / "bad.json")
