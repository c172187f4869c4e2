import io

import pytest

from coopwatch.alerts import AlertRule, AlertRules, Route, make_alerts
from coopwatch.receivers import make_receivers
from schemas.records import Alert, EventChange
from tests.builders import NOW, make_article, make_dossier
from tests.fakes import FakeReceiver, serve_receiver

RULES = AlertRules(
    routes={"console": Route(kind="console"), "team": Route(kind="apprise", urls_from="URLS")},
    rules=(AlertRule(id="all", routes=("console", "team")),),
)


@pytest.fixture
def alert() -> Alert:
    change = EventChange(event_id="e-1", kind="new_event", revision=1, article_id=make_article().article_id)
    return make_alerts([change], [make_dossier()], RULES, NOW, {})[0]


def test_the_console_shows_title_and_body(alert: Alert) -> None:
    stream = io.StringIO()
    receivers = make_receivers(RULES, {}, stream)
    assert receivers["console"](alert) is None
    assert alert.title in stream.getvalue()
    assert set(receivers) == {"console"}


def test_a_web_hook_takes_the_alert(alert: Alert) -> None:
    with serve_receiver(FakeReceiver()) as hook:
        receivers = make_receivers(RULES, {"URLS": hook.url})
        assert receivers["team"](alert) is None
    assert [(post["title"], post["message"]) for post in hook.received] == [(alert.title, alert.body)]


def test_a_receiver_that_is_down_is_said_in_one_line_without_its_address(alert: Alert) -> None:
    with serve_receiver(FakeReceiver(is_down=True)) as hook:
        error = make_receivers(RULES, {"URLS": hook.url})["team"](alert)
    assert error
    assert "503" in error
    assert "hook" not in error
    assert "\n" not in error


def test_an_address_that_apprise_does_not_know_is_said_without_the_address(alert: Alert) -> None:
    error = make_receivers(RULES, {"URLS": "pigeon://secret"})["team"](alert)
    assert error == "1 of the configured Apprise URLs cannot be used"
