"""Which alerts changes become: one an event and route, once."""

from coopwatch.alerting import AlertRule, AlertRules, Route, make_alerts, make_reference
from schemas.records import Alert, ChangeKind, Dossier, EventChange
from tests.builders import NOW, make_article, make_dossier

URLS = {"URLS": "json://hook.example"}


def make_rules(*rules: AlertRule) -> AlertRules:
    routes = {"console": Route(kind="console"), "team": Route(kind="apprise", urls_from="URLS")}
    return AlertRules(routes=routes, rules=rules or (AlertRule(id="all", routes=("console", "team")),))


def make_change(kind: ChangeKind = "new_event", revision: int = 1, **rest: str) -> EventChange:
    good = {"event_id": "e-1", "article_id": make_article().article_id} | rest
    return EventChange(kind=kind, revision=revision, **good)


def alert_console(*changes: EventChange, dossier: Dossier | None = None) -> Alert:
    (alert,) = make_alerts(changes, [dossier or make_dossier()], make_rules(), NOW, {})
    return alert


def test_a_change_goes_once_to_a_route_however_many_rules_send_it_there() -> None:
    rules = make_rules(
        AlertRule(id="one", routes=("console",)), AlertRule(id="two", routes=("console", "team"))
    )
    alerts = make_alerts([make_change()], [make_dossier()], rules, NOW, URLS)
    assert [(alert.route, alert.rule) for alert in alerts] == [("console", "one"), ("team", "two")]


def test_a_route_without_addresses_is_off_and_one_with_two_is_told_twice() -> None:
    def routes(urls: str) -> list[str]:
        alerts = make_alerts([make_change()], [make_dossier()], make_rules(), NOW, {"URLS": urls})
        return [alert.route for alert in alerts]

    assert routes("") == ["console"]
    assert routes("json://a json://b") == ["console", "team", "team#2"]


def test_a_new_event_is_announced_once_for_ever_and_the_rest_once_a_revision() -> None:
    assert alert_console(make_change("new_event", 1)).key == alert_console(make_change("new_event", 5)).key
    assert alert_console(make_change("new_source", 2)).key != alert_console(make_change("new_source", 3)).key
    assert alert_console(make_change("new_source", 2)).key == alert_console(make_change("conflict", 2)).key


def test_all_that_a_batch_changed_about_an_event_is_one_message() -> None:
    other = make_article(2)
    changes = [
        make_change("new_source", 2, article_id=other.article_id),
        make_change("new_outcome", 2, detail="document released: Harbour Declaration"),
        make_change("conflict", 2, detail="attendance: 40 → 40 / 50 (soft conflict)"),
    ]
    alert = alert_console(*changes, dossier=make_dossier(make_article(), other))
    assert alert.kind == "conflict"
    assert alert.key == "console:e-1:revision 2"
    assert alert.title == "Sources differ: Opening of the joint ice core laboratory"
    assert alert.body.splitlines()[0] == (
        "attendance: 40 → 40 / 50 (soft conflict); document released: Harbour Declaration; "
        "also reported by The Courier on 2025-06-24"
    )


def test_a_message_says_only_what_the_rules_of_its_route_want() -> None:
    rules = make_rules(
        AlertRule(id="figures", changes=("conflict",), routes=("console",)),
        AlertRule(id="voices", changes=("new_source",), routes=("console", "team")),
    )
    changes = [make_change("new_source", 2), make_change("conflict", 2, detail="attendance: 40 → 50")]
    console, team = make_alerts(changes, [make_dossier()], rules, NOW, URLS)
    assert (console.kind, console.rule, team.kind, team.rule) == (
        "conflict",
        "figures",
        "new_source",
        "voices",
    )
    assert "attendance: 40 → 50" in console.body
    assert "attendance: 40 → 50" not in team.body


def test_a_rule_on_languages_is_told_by_the_articles_of_the_batch() -> None:
    rules = make_rules(AlertRule(id="chinese", languages=("zh",), routes=("console",)))
    chinese = make_article(language="zh")
    alerts = make_alerts([make_change()], [make_dossier(chinese)], rules, NOW, {}, articles=[chinese])
    assert len(alerts) == 1
    assert not make_alerts(
        [make_change()], [make_dossier(chinese)], rules, NOW, {}, articles=[make_article()]
    )


def test_events_of_one_batch_are_told_apart() -> None:
    dossiers = [make_dossier(), make_dossier(event_id="e-2", name="Another")]
    alerts = make_alerts([make_change(), make_change(event_id="e-2")], dossiers, make_rules(), NOW, {})
    assert [alert.event_id for alert in alerts] == ["e-1", "e-2"]


def test_a_receiver_sees_by_which_key_to_tell_a_repeated_delivery() -> None:
    alert = alert_console(make_change())
    assert alert.body.splitlines()[-1] == f"ref {make_reference(alert.key)}"
    assert make_reference(alert.key) != make_reference(alert_console(make_change("new_source", 2)).key)
    assert len(make_reference(alert.key)) == 8


def test_the_message_travels_for_other_formats() -> None:
    alert = alert_console(make_change())
    assert alert.message is not None
    assert alert.message.title == alert.title
    assert Alert.model_validate_json(alert.model_dump_json()) == alert


def test_a_title_from_outside_stays_one_line() -> None:
    alert = alert_console(make_change(), dossier=make_dossier(name="Lab\nBcc: all@example\r\nopens\x00"))
    assert alert.title == "New: Lab Bcc: all＠example opens"
    assert alert.message is not None
    assert "\x00" not in alert.message.model_dump_json()
