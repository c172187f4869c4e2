import io
import logging
import threading
from typing import Any

import pytest

from coopwatch.alerting import AlertRule, AlertRules, Route, make_alerts
from coopwatch.alerting.receivers import (
    KEY_HEADER,
    call_within,
    make_receivers,
    mask,
    word_for,
)
from coopwatch.alerting.routes import RouteFormat
from schemas.records import Alert, EventChange
from tests.builders import NOW, make_article, make_dossier
from tests.fakes import FakeReceiver, serve_receiver

RULE = AlertRule(id="all", routes=("console", "team"))


def make_rules(**team: Any) -> AlertRules:
    return AlertRules(
        routes={"console": Route(kind="console"), "team": Route(kind="apprise", urls_from="URLS", **team)},
        rules=(RULE,),
    )


def make_one(name: str = "Opening of the joint ice core laboratory") -> Alert:
    change = EventChange(event_id="e-1", kind="new_event", revision=1, article_id=make_article().article_id)
    return make_alerts([change], [make_dossier(name=name)], make_rules(), NOW, {})[0]


@pytest.fixture
def alert() -> Alert:
    return make_one()


def test_the_console_shows_title_and_body(alert: Alert) -> None:
    stream = io.StringIO()
    receivers = make_receivers(make_rules(), {}, stream)
    assert receivers["console"](alert) is None
    assert alert.title in stream.getvalue()
    assert set(receivers) == {"console"}


def test_a_web_hook_takes_the_alert_with_its_key(alert: Alert) -> None:
    with serve_receiver(FakeReceiver()) as hook:
        receivers = make_receivers(make_rules(), {"URLS": hook.url})
        assert receivers["team"](alert) is None
        assert receivers["team"](alert.model_copy(update={"key": "team:№ 2"})) is None
    assert (hook.received[0]["title"], hook.received[0]["message"]) == word_for(alert, "text")
    assert hook.keys == [alert.key, "team:№ 2"]
    assert [headers[KEY_HEADER] for headers in hook.headers] == [alert.key, "team:%E2%84%96%202"]


@pytest.mark.parametrize("form", [None, "text", "markdown", "html"])
def test_a_route_says_how_messages_are_worded(form: RouteFormat | None) -> None:
    alert = make_one("<script>x</script> [*_`")
    with serve_receiver(FakeReceiver()) as hook:
        assert make_receivers(make_rules(format=form), {"URLS": hook.url})["team"](alert) is None
    body = hook.received[0]["message"]
    assert body == word_for(alert, form or "text")[1].rstrip()
    assert body.startswith("<!DOCTYPE html>") is (form == "html")
    assert "<script>" not in body


def test_every_address_is_told_independently(alert: Alert) -> None:
    with serve_receiver(FakeReceiver(is_down=True)) as one, serve_receiver(FakeReceiver()) as two:
        receivers = make_receivers(make_rules(), {"URLS": f"{one.url} {two.url}"})
        assert list(receivers) == ["console", "team", "team#2"]
        assert receivers["team"](alert)
        assert receivers["team#2"](alert) is None
    assert (one.requests, two.requests) == (1, 1)


def test_a_receiver_that_is_down_is_said_in_one_line_without_its_address(alert: Alert) -> None:
    with serve_receiver(FakeReceiver(is_down=True)) as hook:
        error = make_receivers(make_rules(), {"URLS": hook.url})["team"](alert)
    assert error
    assert "503" in error
    assert "hook" not in error
    assert "\n" not in error


def test_nobody_there_is_said_without_the_address_and_nothing_is_logged(
    alert: Alert, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        error = make_receivers(make_rules(), {"URLS": "json://user:s3cret@127.0.0.1:9/tokenABC"})["team"](
            alert
        )
    assert error
    for secret in ("user", "s3cret", "127.0.0.1", "tokenABC"):
        assert secret not in error
        assert secret not in caplog.text


def test_who_is_slow_is_waited_for_and_who_never_answers_is_not(alert: Alert) -> None:
    with serve_receiver(FakeReceiver(moods=["slow", "slow"], slow_seconds=1.5)) as hook:
        assert make_receivers(make_rules(), {"URLS": hook.url})["team"](alert) is None
        assert make_receivers(make_rules(), {"URLS": f"{hook.url}?rto=0.2"})["team"](alert)


def test_a_connection_that_breaks_after_it_was_taken_is_a_failure(alert: Alert) -> None:
    with serve_receiver(FakeReceiver(moods=["drop"])) as hook:
        receiver = make_receivers(make_rules(), {"URLS": hook.url})["team"]
        assert receiver(alert)
        assert receiver(alert) is None
    assert hook.keys == [alert.key, alert.key]  # by which it is known for a repetition


def test_an_address_that_apprise_does_not_know_is_said_without_the_address(
    alert: Alert, caplog: pytest.LogCaptureFixture
) -> None:
    error = make_receivers(make_rules(), {"URLS": "pigeon://secret"})["team"](alert)
    assert error == "the configured Apprise URL cannot be used"
    assert "secret" not in caplog.text


@pytest.mark.parametrize(
    ("text", "secret", "expected"),
    [
        ("no json://h.example/T0KEN", "json://h.example/T0KEN", "no ***"),
        ("to h.example:\n error=503", "json://h.example/T0KEN", "to ***: error=503"),
        ("chat 12345, p ss", "tgram://BOT:ABCDEF/12345?x=p%20ssword", "chat ***, p ss"),
        ("p ssword", "tgram://BOT:ABCDEF/12345?x=p%20ssword", "***"),
        ("error json", "json://h", "error json"),
        ("\x1b[31mno\x07\r\nERROR forged \u202etxet", "json://h", "[31mno ERROR forged txet"),
    ],
)
def test_secrets_are_masked(text: str, secret: str, expected: str) -> None:
    assert mask(text, [secret]) == expected


def test_a_call_that_takes_too_long_is_given_up() -> None:
    stop = threading.Event()
    with pytest.raises(TimeoutError, match="no answer within 0 s"):
        call_within(0.05, stop.wait)
    stop.set()
    with pytest.raises(ZeroDivisionError):
        call_within(5, lambda: 1 // 0)


def test_an_alert_without_a_message_is_worded_too(alert: Alert) -> None:
    bare = alert.model_copy(update={"message": None, "body": "<b>& so on"})
    assert word_for(bare, "text") == (alert.title, "<b>& so on")
    assert "&lt;b&gt;&amp; so on" in word_for(bare, "html")[1]
