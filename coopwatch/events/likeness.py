"""How like an article is to an event: features, each a number between 0 and 1.

They are weighed by what real coverage taught; see `weights`. When an article was fetched is no feature.
"""

from collections.abc import Iterable
from math import exp

from coopwatch.events.frequencies import multiply
from coopwatch.events.profiles import Profile
from coopwatch.events.spans import Span, count_days_apart

DAYS_AND_WEEKS = {"days": 3.0, "weeks": 30.0}  # closeness of publication falls to a third in so many days
FEATURES = (
    *("text", "lead", "title", "known_title", "crowding"),
    *("days", "weeks", "undated"),
    *("same_day", "other_day", "same_place", "other_place"),
    *("same_parties", "other_parties", "same_kind", "same_pact"),
)
# who makes it is what it is
PACTS = frozenset({"agreement", "accession", "laboratory", "facility"})
_OTHER_DAY_DAYS = 30.0  # event dates so far apart are as different as dates can be


def measure_likeness(wanted: Profile, candidate: Profile) -> dict[str, float]:
    """Return the features, out of FEATURES, that are not 0; each is between 0 and 1."""
    features: dict[str, float] = {}
    if wanted.wordings and candidate.wordings:
        _compare_words(wanted, candidate, features)
    days = count_days_between_reports(wanted, candidate)
    if days is None:
        features["undated"] = 1.0
    else:
        features |= {name: exp(-days / fading) for name, fading in DAYS_AND_WEEKS.items()}
    apart = count_days_between(wanted.dated_spans, candidate.dated_spans)
    if apart == 0:
        features["same_day"] = 1.0
    elif apart is not None and apart > 1:
        features["other_day"] = min(apart / _OTHER_DAY_DAYS, 1.0)
    if wanted.places and candidate.places:
        features["other_place" if wanted.places.isdisjoint(candidate.places) else "same_place"] = 1.0
    _compare_parties(wanted, candidate, features)
    return features


def tell_likeness(wanted: Profile, candidate: Profile, name: str, value: float) -> str:
    """Return, for a person, what a feature is made of."""
    if name in DAYS_AND_WEEKS:
        return f"published {count_days_between_reports(wanted, candidate)} days apart"
    if name == "other_day":
        return f"{count_days_between(wanted.dated_spans, candidate.dated_spans)} days apart"
    told = {
        "undated": "a publication is not dated",
        "same_day": "a day in common",
        "same_place": join(wanted.places & candidate.places),
        "other_place": f"{join(wanted.places)} against {join(candidate.places)}",
        "same_parties": join(wanted.participants & candidate.participants),
        "other_parties": f"{join(wanted.participants)} against {join(candidate.participants)}",
        "same_kind": wanted.kind,
        "same_pact": f"{wanted.kind} of {join(wanted.participants)}",
        "crowding": f"other events are {value:.0%} alike",
        "known_title": f"{value:.0%} of its words are in other texts",
    }
    return told.get(name, f"{value:.0%} alike")


def count_days_between(ours: Iterable[Span], theirs: Iterable[Span]) -> int | None:
    """Return the least distance between two sets of spans; None when one is empty."""
    theirs = tuple(theirs)
    return min((count_days_apart(one, other) for one in ours for other in theirs), default=None)


def count_days_to_reports(wanted: Profile, candidate: Profile) -> int | None:
    """Return the days from the article to the nearest report of the event, or to the event itself."""
    days = [day for span in candidate.dated_spans for day in span.days() or ()]
    known = [*candidate.published, *days]
    return min((abs((ours - day).days) for ours in wanted.published for day in known), default=None)


def count_days_between_reports(wanted: Profile, candidate: Profile) -> int | None:
    """Return the days from the article to the nearest report of the event; None when one is undated."""
    return min(
        (abs((ours - theirs).days) for ours in wanted.published for theirs in candidate.published),
        default=None,
    )


def join(values: Iterable[object]) -> str:
    """Return the values in one line, whatever their order."""
    return ", ".join(sorted(map(str, values)))


def _compare_words(wanted: Profile, candidate: Profile, features: dict[str, float]) -> None:
    """Compare the words of an article with those of the texts of an event, on the mean of the texts.

    The mean is average linkage; the best of them would chain one event to the next.
    """
    (ours,) = wanted.vectors
    texts = len(candidate.vectors)
    known = sum(weight for word, weight in wanted.title_weights.items() if word in candidate.words)
    found = {
        "text": multiply(ours.text, candidate.text_sum) / texts,
        "lead": multiply(ours.lead, candidate.lead_sum) / texts,
        "title": multiply(ours.title, candidate.title_sum) / texts,
        "known_title": known / sum(wanted.title_weights.values()) if known else 0.0,
        "crowding": wanted.frequencies.crowding,
    }
    # rounded, because the order in which words are added up is not the same in every process
    features |= {name: min(round(value, 9), 1.0) for name, value in found.items() if value}


def _compare_parties(wanted: Profile, candidate: Profile, features: dict[str, float]) -> None:
    ours, theirs = wanted.participants, candidate.participants
    is_same_kind = wanted.kind == candidate.kind
    if is_same_kind:
        features["same_kind"] = 1.0
    if not ours or not theirs:
        return
    common = ours & theirs
    if not common or not (ours <= theirs or theirs <= ours):
        features["other_parties"] = 1.0
        return
    # two in common make a pair of partners, one is in many events
    features["same_parties"] = len(common) / len(ours | theirs) if len(common) > 1 else 0.2
    if is_same_kind and wanted.kind in PACTS and len(ours) > 1 and ours == theirs:
        features["same_pact"] = 1.0
