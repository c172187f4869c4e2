from datetime import timedelta
from pathlib import Path

import pytest

from coopwatch.alerts import (
    GIVE_UP_AFTER_ATTEMPTS,
    AlertRule,
    AlertRules,
    Route,
    decide_retry,
    load_alert_rules,
    make_alerts,
    word_alert,
)
from coopwatch.errors import ConfigError
from coopwatch.settings import Settings
from schemas.records import ChangeKind, EventChange
from tests.builders import NOW, make_article, make_claim, make_dossier

URLS = {"URLS": "json://hook.example"}


def make_rules(*rules: AlertRule) -> AlertRules:
    routes = {"console": Route(kind="console"), "team": Route(kind="apprise", urls_from="URLS")}
    return AlertRules(routes=routes, rules=rules or (AlertRule(id="all", routes=("console", "team")),))


def make_change(kind: ChangeKind = "new_event", revision: int = 1) -> EventChange:
    return EventChange(event_id="e-1", kind=kind, revision=revision, article_id=make_article().article_id)


@pytest.mark.parametrize(
    ("rule", "wanted"),
    [
        ({}, True),
        ({"changes": ("new_source",)}, False),
        ({"kinds": ("laboratory",)}, True),
        ({"kinds": ("conference",)}, False),
        ({"countries": ("CH",)}, True),  # a participant
        ({"countries": ("BR",)}, False),
        ({"series": ("brst",)}, False),
    ],
)
def test_a_rule_wants_what_its_filters_let_pass(rule: dict[str, object], wanted: bool) -> None:
    made = AlertRule.model_validate({"id": "r", "routes": ("console",), **rule})
    assert made.matches(make_change(), make_dossier()) is wanted


def test_a_change_goes_once_to_a_route_however_many_rules_send_it_there() -> None:
    rules = make_rules(
        AlertRule(id="one", routes=("console",)), AlertRule(id="two", routes=("console", "team"))
    )
    alerts = make_alerts([make_change()], [make_dossier()], rules, NOW, URLS)
    assert [(alert.route, alert.rule) for alert in alerts] == [("console", "one"), ("team", "two")]


def test_a_route_without_addresses_is_off() -> None:
    alerts = make_alerts([make_change()], [make_dossier()], make_rules(), NOW, {})
    assert [alert.route for alert in alerts] == ["console"]


def test_a_new_event_is_announced_once_for_ever_and_a_source_once_a_revision() -> None:
    def key_of(change: EventChange) -> str:
        (alert,) = make_alerts([change], [make_dossier()], make_rules(), NOW, {})
        return alert.key

    assert key_of(make_change("new_event", 1)) == key_of(make_change("new_event", 5))
    assert key_of(make_change("new_source", 2)) != key_of(make_change("new_source", 3))


def test_the_message_says_what_where_when_how_many_voices_and_where_it_stands() -> None:
    article, other = make_article(1), make_article(2)
    dossier = make_dossier(article, other)
    dossier = dossier.model_copy(
        update={
            "claims": (
                make_claim(article, status="soft_conflict"),
                make_claim(
                    other, value="50", low=45.0, high=50.0, qualifier="nearly", status="soft_conflict"
                ),
                make_claim(article, field="attendance.students", value="7", status="component"),
            )
        }
    )
    title, body = word_alert(make_change(), dossier)
    assert title == "New: Opening of the joint ice core laboratory"
    assert "laboratory · 2025-06-24 · Harbour City, NO" in body
    assert "2 independent sources, 2 texts, 2 articles" in body
    assert "attendance: 40 / nearly 50 (soft conflict, 40 to 50)" in body
    assert "students" not in body
    assert article.url in body


def test_a_title_from_outside_stays_one_line() -> None:
    title, _ = word_alert(make_change(), make_dossier(name="Lab\nBcc: all@example\r\nopens"))
    assert title == "New: Lab Bcc: all@example opens"


def test_delivery_backs_off_and_is_given_up_after_days() -> None:
    delays = []
    for attempt in range(1, GIVE_UP_AFTER_ATTEMPTS):
        again = decide_retry(attempt, NOW)
        assert again is not None
        delays.append(again - NOW)
    assert delays == sorted(delays)
    assert delays[0] == timedelta(minutes=1)
    assert sum(delays, timedelta()) > timedelta(days=1)
    assert decide_retry(GIVE_UP_AFTER_ATTEMPTS, NOW) is None


def test_the_shipped_rules_load() -> None:
    rules = load_alert_rules(Settings.from_environment({}).alerts)
    assert rules.active_routes({}) == {"console"}
    assert rules.active_routes({"COOPWATCH_ALERT_URLS": "json://x"}) == {"console", "team"}


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("routes: [", "not valid YAML"),
        ("rules: []", "routes: Field required"),
        ("routes: {a: {kind: pager}}\nrules: []", "routes.a.kind"),
        ("routes: {a: {kind: apprise}}\nrules: []", "routes.a: 'urls_from'"),
        (
            "routes: {a: {kind: console}}\nrules: [{id: r, routes: [b]}]",
            "rules.r.routes: there is no route 'b'",
        ),
        ("routes: {a: {kind: console}}\nrules: [{id: r, routes: [a], to: x}]", "rules.0.to: Extra inputs"),
        (
            "routes: {a: {kind: console}}\nrules: [{id: r, routes: [a]}, {id: r, routes: [a]}]",
            "id 'r' is used twice",
        ),
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
