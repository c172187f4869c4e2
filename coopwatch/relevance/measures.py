"""How good verdicts and scores are, against labels: precision, recall, areas, calibration."""

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from schemas.records import Record, Verdict

_BINS = 10
_PASSED = frozenset({"accept", "alert"})


class Scored(NamedTuple):
    """One decision beside what is true.

    Attributes:
        score: from 0 to 1.
        verdict: what was decided.
        is_relevant: what the label says.
        weight: how many items it stands for.
    """

    score: float
    verdict: Verdict
    is_relevant: bool
    weight: float = 1.0


class Measures(Record):
    """What a set of decisions is worth; None where nothing can be told, for want of such items.

    Attributes:
        items: how many decisions.
        relevant: how many of the items are relevant.
        precision: share of the accepted (or alerted) that is relevant.
        recall: share of the relevant that is accepted (or alerted).
        f1: the harmonic mean of the two.
        alerts: how many alerts.
        alert_precision: share of the alerts that is relevant.
        pr_auc: area under the precision-recall curve of the scores, as average precision.
        calibration_error: expected calibration error of the scores, in ten bins.
    """

    items: int
    relevant: int
    precision: float | None
    recall: float | None
    f1: float | None
    alerts: int
    alert_precision: float | None
    pr_auc: float | None
    calibration_error: float | None


def measure(scored: Sequence[Scored]) -> Measures:
    """Measure decisions; shares count every item by its weight."""
    relevant = sum(item.weight for item in scored if item.is_relevant)
    passed = sum(item.weight for item in scored if item.verdict in _PASSED)
    right = sum(item.weight for item in scored if item.verdict in _PASSED and item.is_relevant)
    alerts = [item for item in scored if item.verdict == "alert"]
    return Measures(
        items=len(scored),
        relevant=sum(item.is_relevant for item in scored),
        precision=_share(right, passed),
        recall=_share(right, relevant),
        f1=_share(2 * right, passed + relevant),
        alerts=len(alerts),
        alert_precision=_share(
            sum(item.weight for item in alerts if item.is_relevant), sum(item.weight for item in alerts)
        ),
        pr_auc=measure_pr_auc(scored),
        calibration_error=measure_calibration_error(scored),
    )


def measure_pr_auc(scored: Iterable[Scored]) -> float | None:
    """Return average precision: precision at each score, weighted by what recall it adds.

    Items of one score are taken together, so that their order says nothing.
    """
    ordered = sorted(scored, key=lambda item: -item.score)
    relevant = math.fsum(item.weight for item in ordered if item.is_relevant)
    if not relevant:
        return None
    area = right = taken = 0.0
    pending = 0.0
    for index, item in enumerate(ordered):
        taken += item.weight
        pending += item.weight if item.is_relevant else 0.0
        if index + 1 == len(ordered) or ordered[index + 1].score != item.score:
            right += pending
            area += pending / relevant * (right / taken)
            pending = 0.0
    return round(area, 6)


def measure_calibration_error(scored: Sequence[Scored]) -> float | None:
    """Return how far scores are from the share of relevant items, on average over ten bins of score.

    Guo et al., "On Calibration of Modern Neural Networks", ICML 2017.
    """
    bins: dict[int, list[Scored]] = {}
    for item in scored:
        bins.setdefault(min(_BINS - 1, int(item.score * _BINS)), []).append(item)
    total = math.fsum(item.weight for item in scored)
    if not total:
        return None
    gaps = (
        abs(math.fsum(item.weight * (item.score - item.is_relevant) for item in listed))
        for listed in bins.values()
    )
    return round(math.fsum(gaps) / total, 6)


def _share(part: float, whole: float) -> float | None:
    return round(part / whole, 6) if whole else None
