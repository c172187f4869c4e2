"""Which rule wants which change, and what a mistake in the file is called."""

from pathlib import Path

import pytest

from coopwatch.alerting import AlertRule, AlertRules, Route, load_alert_rules
from coopwatch.errors import ConfigError
from coopwatch.settings import Settings
from schemas.records import ChangeKind, EventChange
from tests.builders import make_article, make_dossier


def make_change(kind: ChangeKind = "new_event", article_id: str = "") -> EventChange:
    article_id = article_id or make_article().article_id
    return EventChange(event_id="e-1", kind=kind, revision=1, article_id=article_id)


@pytest.mark.parametrize(
    ("rule", "wanted"),
    [
        ({}, True),
        ({"changes": ("new_event", "conflict")}, True),
        ({"changes": ("new_source",)}, False),
        ({"kinds": ("laboratory",)}, True),
        ({"kinds": ("conference",)}, False),
        ({"countries": ("NO",)}, True),  # the place
        ({"countries": ("CH",)}, True),  # a participant
        ({"countries": ("BR",)}, False),
        ({"series": ("ices",)}, True),
        ({"series": ("brst",)}, False),
        ({"sources": ("courier-feed",)}, True),  # the source
        ({"sources": ("courier",)}, True),  # the family of the publisher
        ({"sources": ("post", "The Courier")}, False),
        ({"languages": ("zh",)}, True),
        ({"languages": ("zh-Hant", "en")}, True),
        ({"languages": ("zh-Hans",)}, False),
        ({"min_score": 0.9}, True),
        ({"min_score": 0.91}, False),
        ({"countries": ("CH",), "kinds": ("conference",)}, False),
        ({"countries": ("CH",), "kinds": ("laboratory",), "languages": ("zh",)}, True),
    ],
)
def test_a_rule_wants_what_all_its_filters_let_pass(rule: dict[str, object], wanted: bool) -> None:
    made = AlertRule.model_validate({"id": "r", "routes": ("console",), **rule})
    article = make_article(language="zh-Hant", source_id="courier-feed")
    assert made.matches(make_change(), make_dossier(series="ices"), article) is wanted


def test_of_an_article_that_is_not_at_hand_only_the_family_is_known() -> None:
    def wants(**filters: object) -> bool:
        rule = AlertRule.model_validate({"id": "r", "routes": ("console",), **filters})
        return rule.matches(make_change(), make_dossier())

    assert wants(sources=("courier",))
    assert not wants(sources=("courier-feed",))
    assert not wants(languages=("en",))


def test_an_event_that_everybody_left_has_no_score() -> None:
    empty = make_dossier().model_copy(update={"coverage": (), "claims": ()})
    assert AlertRule(id="r", routes=("console",)).matches(make_change("correction"), empty)
    assert not AlertRule(id="r", routes=("console",), min_score=0.1).matches(make_change("correction"), empty)


def test_a_route_has_a_place_for_every_address() -> None:
    rules = AlertRules(
        routes={"console": Route(kind="console"), "team": Route(kind="apprise", urls_from="URLS")}, rules=()
    )
    assert rules.find_places("console", {}) == ("console",)
    assert rules.find_places("team", {}) == ()
    assert rules.find_places("team", {"URLS": "json://one\n  json://two"}) == ("team", "team#2")
    assert rules.active_routes({"URLS": "json://one"}) == {"console", "team"}


def test_the_shipped_rules_load() -> None:
    rules = load_alert_rules(Settings.from_environment({}).alerts)
    assert rules.active_routes({}) == {"console"}
    assert rules.active_routes({"COOPWATCH_ALERT_URLS": "json://x"}) == {"console", "team"}


def test_the_shipped_file_explains_every_filter_and_kind_of_change() -> None:
    text = Settings.from_environment({}).alerts.read_text(encoding="utf-8")
    explained = {line.split()[1] for line in text.splitlines() if line.startswith("#   ")}
    assert set(AlertRule.model_fields) <= explained
    assert set(ChangeKind.__args__) <= set(text.replace(",", " ").split())  # type: ignore[attr-defined]


CONSOLE = "routes: {a: {kind: console}}\n"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "the file: Input should be a valid dictionary"),
        ("routes: [", "not valid YAML"),
        ("rules: []", "routes: Field required"),
        ("routes: {a: {kind: pager}}\nrules: []", "routes.a.kind"),
        ("routes: {a: {kind: apprise}}\nrules: []", "routes.a: 'urls_from'"),
        (f"{CONSOLE}rules: [{{id: r, routes: [b]}}]", "rules.r.routes: there is no route 'b'"),
        (f"{CONSOLE}rules: [{{id: r, routes: []}}]", "rules.0.routes: Tuple should have at least 1 item"),
        (f"{CONSOLE}rules: [{{id: r, routes: [a], to: x}}]", "rules.0.to: Extra inputs"),
        (f"{CONSOLE}rules: [{{id: r, to: x}}]", "rules.0.routes: Field required (and 1 more)"),
        (f"{CONSOLE}rules: [{{id: r, routes: [a], changes: [reprint]}}]", "'new_event', 'new_source'"),
        (f"{CONSOLE}rules: [{{id: r, routes: [a], min_score: 90}}]", "rules.0.min_score: "),
        (f"{CONSOLE}rules: [{{id: r, routes: [a], countries: [Norway]}}]", "rules.0.countries.0: "),
        (f"{CONSOLE}rules: [{{id: r, routes: [a], countries: [NO]}}]", "put it in quotes"),
        (f"{CONSOLE}rules: [{{id: r, routes: [a], languages: [English]}}]", "rules.0.languages.0: "),
        (f"{CONSOLE}rules: [{{id: r, routes: [a]}}, {{id: r, routes: [a]}}]", "id 'r' is used twice"),
        (f"{CONSOLE}rules: []\nnotices: {{silence: [b]}}", "notices.silence: there is no route 'b'"),
    ],
)
def test_a_mistake_is_one_line_that_names_file_and_key(tmp_path: Path, text: str, complaint: str) -> None:
    path = tmp_path / "alerts.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_alert_rules(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert complaint in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"nowhere\.yaml: cannot be read: No such file"):
        load_alert_rules(tmp_path / "nowhere.yaml")


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    path = tmp_path / "alerts.yaml"
    path.write_bytes(b"routes: \xff")
    with pytest.raises(ConfigError, match=r"alerts\.yaml: not UTF-8 text, at byte 8"):
        load_alert_rules(path)
