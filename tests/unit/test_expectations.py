"""Every rule is shown failing on one built record, in one batch in which nothing else is wrong."""

import json
import logging
import subprocess
import sys
import warnings
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from expectations.checking import Findings, _make_source, _validate, find_faults
from expectations.frames import make_frames
from expectations.library import ExpectationError, hash_rule, show_value
from schemas.records import Article, Dossier, QualityWarning, Rejection
from tests.builders import NOW, make_article, make_claim, make_coverage, make_dossier, make_event

# the library imports two modules that Python 3.11 deprecates
pytestmark = pytest.mark.filterwarnings(
    "ignore:module 'sre_(constants|parse)' is deprecated:DeprecationWarning"
)

NULL = "expect_column_values_to_not_be_null"
UNIQUE = "expect_column_values_to_be_unique"
LENGTH = "expect_column_value_lengths_to_be_between"
REGEX = "expect_column_values_to_match_regex"
BETWEEN = "expect_column_values_to_be_between"
IN_SET = "expect_column_values_to_be_in_set"
NOT_IN_SET = "expect_column_values_to_not_be_in_set"
PAIR = "expect_column_pair_values_a_to_be_greater_than_b"

LATE = NOW + timedelta(days=1, seconds=1)
FAR = date(2035, 7, 3)
ANCIENT = datetime(1970, 1, 1, tzinfo=UTC)
TWIN = make_article(900)  # shares its ids with bad articles
OTHER = make_article(901)  # covers the event e-other

Changes = dict[str, Any]

BAD_ARTICLES: dict[str, Changes] = {
    f"{NULL}(title)": {"title": " \n"},
    f"{NULL}(text)": {"text": ""},
    f"{NULL}(publisher)": {
        "attribution": make_article().attribution.model_copy(update={"publisher": " "}),
    },
    f"{NULL}(url)": {"url": ""},
    f"{NULL}(compare_url)": {"compare_url": None},
    f"{NULL}(language)": {"language": ""},
    f"{UNIQUE}(article_id)": {"article_id": TWIN.article_id},
    f"{UNIQUE}(entry_id)": {"entry_id": TWIN.entry_id},
    f"{LENGTH}(title)": {"title": "t" * 2_001},
    f"{LENGTH}(text)": {"text": "Subscribe to read on."},
    f"{REGEX}(url)": {"url": "ftp://courier.example/1"},
    f"{REGEX}(compare_url)": {"compare_url": "https:///science"},
    f"{REGEX}(language)": {"language": "English"},
    f"{BETWEEN}(published_at)": {"published_at": LATE},
    f"{BETWEEN}(release_date)": {
        "attribution": make_article().attribution.model_copy(update={"release_date": date(1970, 1, 1)}),
    },
    f"{BETWEEN}(fetched_at)": {"fetched_at": ANCIENT},
    f"{NULL}(published_from)": {"published_from": None},
    f"{IN_SET}(published_from)": {"published_from": "guess"},
    f"{IN_SET}(published_precision)": {"published_precision": "century"},
    f"{NULL}(extractor)": {"extractor": ""},
    f"{BETWEEN}(version)": {"version": 0},
}
BAD_COVERAGE: dict[str, Changes] = {
    f"{NULL}(text_group_id)": {"text_group_id": ""},
    f"{NULL}(publisher)": {"publisher": "\t"},
    f"{NULL}(family)": {"family": ""},
    f"{NULL}(title)": {"title": ""},
    f"{NULL}(url)": {"url": ""},
    f"{IN_SET}(event_id)": {"event_id": "e-nowhere"},
    f"{IN_SET}(role)": {"role": "star"},
    f"{LENGTH}(title)": {"title": "t" * 2_001},
    f"{REGEX}(url)": {"url": "https://courier.example/a b"},
    f"{BETWEEN}(score)": {"score": -0.1},
    f"{BETWEEN}(published_at)": {"published_at": ANCIENT},
}
BAD_CLAIMS: dict[str, Changes] = {
    f"{NULL}(text_group_id)": {"text_group_id": ""},
    f"{NULL}(field)": {"field": ""},
    f"{NULL}(value)": {"value": " "},
    f"{NULL}(quote)": {"quote": "\n\n"},
    f"{NULL}(url)": {"url": ""},
    f"{IN_SET}(coverage_key)": {
        "event_id": "e-other"
    },  # an event of the batch that the article does not cover
    f"{IN_SET}(status)": {"status": "rumour"},
    f"{LENGTH}(quote)": {"quote": "q" * 5_001},
    f"{REGEX}(url)": {"url": "javascript:alert(1)"},
    f"{BETWEEN}(low)": {"low": -1.0},
    f"{PAIR}(high, low)": {"low": 1_000.0, "high": 800.0},
    f"{PAIR}(quote_end, quote_start)": {"quote_start": 40, "quote_end": 10},
}
BAD_EVENTS: dict[str, Changes] = {
    f"{NULL}(name)": {"name": ""},
    f"{UNIQUE}(event_id)": {"event_id": "e-other"},
    f"{LENGTH}(name)": {"name": "n" * 2_001},
    f"{IN_SET}(kind)": {"kind": "party"},
    f"{REGEX}(country)": {"country": "China"},
    f"{BETWEEN}(edition)": {"edition": 2_023},
    f"{BETWEEN}(start_date)": {"start_date": date(1970, 1, 1)},
    f"{BETWEEN}(end_date)": {"end_date": FAR},
    f"{PAIR}(end_date, start_date)": {"start_date": date(2025, 6, 26)},
    f"{BETWEEN}(articles)": {"articles": 0, "text_groups": 0, "independent_sources": 0},
    f"{PAIR}(coverage_rows, articles)": {"articles": 2},
    f"{PAIR}(articles, text_groups)": {"text_groups": 2},
    f"{PAIR}(articles, independent_sources)": {"independent_sources": 2},
    f"{BETWEEN}(revision)": {"revision": 0},
    f"{PAIR}(updated_at, first_seen_at)": {"updated_at": NOW - timedelta(days=2)},
}

DOUBTFUL_ARTICLES: dict[str, Changes] = {
    f"{NOT_IN_SET}(language)": {"language": "und"},
    f"{LENGTH}(author)": {
        "attribution": make_article().attribution.model_copy(update={"author": "A. Author, " * 20}),
    },
}
DOUBTFUL_EVENTS: dict[str, Changes] = {
    f"{BETWEEN}(days)": {"end_date": date(2025, 12, 24)},
}


def _spoil_coverage(article: Article, event_id: str, changes: Changes) -> Dossier:
    coverage = make_coverage(article, event_id=event_id).model_copy(update=changes)
    return Dossier(event=make_event(event_id=event_id), coverage=(coverage,))


def _spoil_claim(article: Article, event_id: str, changes: Changes) -> Dossier:
    claim = make_claim(article, event_id=event_id).model_copy(update=changes)
    return make_dossier(article, event_id=event_id).model_copy(update={"claims": (claim,)})


def _spoil_event(article: Article, event_id: str, changes: Changes) -> Dossier:
    event = make_event(event_id=event_id).model_copy(update=changes)
    coverage = make_coverage(article, event_id=event.event_id)
    return Dossier(event=event, coverage=(coverage,))


def _build_batch() -> tuple[list[Article], list[Dossier], dict[str, int]]:
    """Return a batch with one bad record a rule among good ones, and the entry at fault by rule."""
    articles, dossiers, fault = [TWIN, OTHER], [make_dossier(OTHER, event_id="e-other")], {}
    for number, (rule, changes) in enumerate((BAD_ARTICLES | DOUBTFUL_ARTICLES).items(), start=1):
        article = make_article(number).model_copy(update=changes)
        articles.append(article)
        fault[f"article.{rule}"] = article.entry_id
    spoilers: list[tuple[str, dict[str, Changes], Callable[[Article, str, Changes], Dossier]]] = [
        ("coverage", BAD_COVERAGE, _spoil_coverage),
        ("claim", BAD_CLAIMS, _spoil_claim),
        ("event", BAD_EVENTS, _spoil_event),
        ("event", DOUBTFUL_EVENTS, _spoil_event),
    ]
    cases = [
        (frame, rule, changes, spoil) for frame, table, spoil in spoilers for rule, changes in table.items()
    ]
    for number, (frame, rule, changes, spoil) in enumerate(cases, start=100):
        article = make_article(number)
        articles.append(article)
        dossiers.append(spoil(article, f"e-{number}", changes))
        fault[f"{frame}.{rule}"] = number
    twice = make_dossier(make_article(500), event_id="e-twice", articles=1)
    articles.append(make_article(500))
    dossiers.append(twice.model_copy(update={"coverage": twice.coverage * 2}))
    fault[f"coverage.{UNIQUE}(coverage_key)"] = 500
    homeless = make_dossier(make_article(501), event_id="e-home")
    lost = make_claim(make_article(501), event_id="e-nowhere")
    articles.append(make_article(501))
    dossiers.append(homeless.model_copy(update={"claims": (lost,)}))
    fault[f"claim.{IN_SET}(event_id)"] = 501
    for number in range(600, 610):
        articles.append(make_article(number))
        dossiers.append(make_dossier(make_article(number), event_id=f"e-{number}"))
    return articles, dossiers, fault


ARTICLES, DOSSIERS, FAULT = _build_batch()
WARNED = {f"article.{rule}" for rule in DOUBTFUL_ARTICLES} | {f"event.{rule}" for rule in DOUBTFUL_EVENTS}


@pytest.fixture(scope="module")
def findings() -> Findings:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "module 'sre_(constants|parse)' is deprecated", DeprecationWarning)
        return find_faults(ARTICLES, DOSSIERS, NOW)


@pytest.fixture(scope="module")
def rejections(findings: Findings) -> tuple[Rejection, ...]:
    return findings.rejections


def test_a_doubtful_record_is_warned_of_and_goes_on(findings: Findings) -> None:
    warned = {(warning.rule, warning.entry_id) for warning in findings.warnings}
    far_off = {FAULT[f"event.{rule}"] for rule in (f"{BETWEEN}(start_date)", f"{BETWEEN}(end_date)")}
    too_long = {(f"event.{BETWEEN}(days)", entry_id) for entry_id in far_off}
    assert warned == {(rule, FAULT[rule]) for rule in WARNED} | too_long
    assert not WARNED & {rejection.rule for rejection in findings.rejections}
    rule = f"event.{BETWEEN}(days)"
    [found] = [warning for warning in findings.warnings if warning.entry_id == FAULT[rule]]
    assert found == QualityWarning(
        entry_id=FAULT[rule],
        rule=rule,
        rule_version=found.rule_version,
        reason="days is 184: should be at most 62",
    )


@pytest.mark.parametrize("rule", sorted(FAULT.keys() - WARNED))
def test_a_bad_record_is_rejected_by_its_rule(rejections: tuple[Rejection, ...], rule: str) -> None:
    found = [rejection for rejection in rejections if rejection.rule == rule]
    assert FAULT[rule] in {rejection.entry_id for rejection in found}
    for rejection in found:
        assert rejection.stage == "check"
        assert "\n" not in rejection.reason
        assert len(rejection.reason) < 250
        json.dumps(rejection.record, allow_nan=False)


def test_a_record_is_rejected_for_nothing_else(rejections: tuple[Rejection, ...]) -> None:
    rules = defaultdict(set)
    for rejection in rejections:
        rules[rejection.entry_id].add(rejection.rule)
    expected = defaultdict(set)
    for rule, entry_id in FAULT.items():
        if rule not in WARNED:
            expected[entry_id].add(rule)
    # what is there twice is at fault twice; a claim of an unknown event has no coverage either
    expected[TWIN.entry_id].add(f"article.{UNIQUE}(article_id)")
    expected[OTHER.entry_id].add(f"event.{UNIQUE}(event_id)")
    expected[501].add(f"claim.{IN_SET}(coverage_key)")
    assert rules == expected


def test_every_rule_is_shown_failing_and_names_a_column_of_its_frame() -> None:
    from expectations.suites import make_suites

    frames = make_frames(ARTICLES, DOSSIERS)
    rules = []
    for name, suite in make_suites().items():
        columns = set(frames[name][0].cells)
        for expectation in suite.expectations:
            kwargs = expectation.configuration.kwargs
            named = [kwargs[key] for key in ("column", "column_A", "column_B") if key in kwargs]
            assert columns.issuperset(named)
            assert expectation.description or not named
            rules += [f"{name}.{expectation.expectation_type}({', '.join(named)})"] if named else []
    assert sorted(rules) == sorted(FAULT)


def test_the_reason_says_which_value_is_wrong_and_what_would_be_right(
    rejections: tuple[Rejection, ...],
) -> None:
    reasons = {rejection.rule: rejection.reason for rejection in rejections}
    assert reasons[f"article.{REGEX}(url)"] == "url is ftp://courier.example/1: must be an http or https URL"
    assert reasons[f"claim.{PAIR}(high, low)"] == "high is 800.0: must not be less than low"
    assert reasons[f"article.{NULL}(title)"] == "title is missing: must not be blank"
    assert reasons[f"claim.{LENGTH}(quote)"].startswith("quote is qqq")
    assert "…: must have 1 to 5000 characters" in reasons[f"claim.{LENGTH}(quote)"]


def test_a_value_in_a_reason_steers_no_terminal_and_forges_no_line() -> None:
    assert show_value("a\x1b[31m\nERROR b\u202ec", 80) == "a\ufffd[31m ERROR b\ufffdc"
    assert show_value("中文 é", 3) == "中文 …"


def test_the_version_of_a_rule_is_a_hash_of_what_it_demands(rejections: tuple[Rejection, ...]) -> None:
    from great_expectations.expectations.core.expect_column_values_to_match_regex import (
        ExpectColumnValuesToMatchRegex,
    )

    def version(regex: str) -> str:
        return hash_rule(ExpectColumnValuesToMatchRegex(column="url", regex=regex).configuration)

    assert version("^a") == version("^a") != version("^b")
    assert {len(rejection.rule_version) for rejection in rejections} == {12}


def test_a_good_batch_passes_at_its_limits() -> None:
    at_the_limit = make_article(1, published_at=NOW + timedelta(days=1), text="新" * 60, language="zh-Hant")
    undated = make_article(2, published_at=None, published_from=None)
    dossier = make_dossier(
        at_the_limit, undated, start_date=date(2035, 7, 1), end_date=None, country=None, edition=None
    )
    open_ended = tuple(claim.model_copy(update={"low": 80.0, "high": None}) for claim in dossier.claims)
    dossier = dossier.model_copy(update={"claims": open_ended})
    assert find_faults([at_the_limit, undated], [dossier], NOW) == Findings()


def test_rows_of_articles_outside_the_batch_are_not_its_fault() -> None:
    here, stored = make_article(1), make_article(2)
    dossier = make_dossier(here, stored)
    bad_coverage = dossier.coverage[1].model_copy(update={"title": ""})
    bad_claim = dossier.claims[1].model_copy(update={"quote": ""})
    dossier = dossier.model_copy(
        update={
            "coverage": (dossier.coverage[0], bad_coverage),
            "claims": (dossier.claims[0], bad_claim),
        }
    )
    assert find_faults([here], [dossier], NOW) == Findings()


def test_an_event_is_answered_for_by_the_entries_of_the_batch_that_cover_it() -> None:
    articles = [make_article(number) for number in (1, 2, 3)]
    dossier = make_dossier(*articles)
    bad = dossier.model_copy(update={"event": dossier.event.model_copy(update={"name": ""})})
    found = find_faults([articles[0], articles[2]], [bad], NOW).rejections
    assert [(rejection.entry_id, rejection.rule) for rejection in found] == [
        (1, f"event.{NULL}(name)"),
        (3, f"event.{NULL}(name)"),
    ]
    assert found[0].record["event_id"] == "e-1"


def test_an_expectation_that_cannot_be_evaluated_stops_the_check() -> None:
    import pandas as pd
    from great_expectations import ExpectationSuite
    from great_expectations.expectations.core.expect_column_values_to_not_be_null import (
        ExpectColumnValuesToNotBeNull,
    )

    asset = _make_source().add_dataframe_asset("article")
    batch = asset.add_batch_definition_whole_dataframe("all").get_batch(
        {"dataframe": pd.DataFrame({"title": ["one"]})}
    )
    suite = ExpectationSuite(name="article", expectations=[ExpectColumnValuesToNotBeNull(column="titel")])
    with pytest.raises(ExpectationError, match=r"^article\.expect_.*\(titel\) cannot be evaluated: .*titel"):
        _validate(batch, suite, "BOOLEAN_ONLY", {})


def test_checking_is_quiet_and_leaves_warnings_alone(
    capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    show_warning = warnings.showwarning
    with caplog.at_level(logging.INFO):
        assert find_faults([make_article(1).model_copy(update={"title": ""})], [], NOW).rejections
    assert warnings.showwarning is show_warning
    assert caplog.records == []
    assert capfd.readouterr() == ("", "")


def test_an_empty_batch_does_not_load_the_library() -> None:
    program = (
        "import sys, datetime\n"
        "from expectations.checking import Findings, find_faults\n"
        "from expectations.table_checks import check_tables\n"
        "from expectations.version import gate_version\n"
        "assert gate_version().startswith('gate-')\n"
        "assert find_faults((), (), datetime.datetime.now(datetime.UTC)) == Findings()\n"
        "print([name for name in ('great_expectations', 'pandas', 'numpy') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
