"""Delivering alerts from the outbox to where people read them."""

import logging
import os
import sys
from collections.abc import Callable, Mapping
from typing import TextIO

from coopwatch.alerts import AlertRules, Route
from schemas.records import Alert

Receiver = Callable[[Alert], str | None]
"""Delivers one alert; returns None, or in one line why it could not."""


def make_receivers(
    rules: AlertRules, environment: Mapping[str, str] = os.environ, stream: TextIO | None = None
) -> dict[str, Receiver]:
    """Return a receiver for every active route.

    Args:
        rules: the routes.
        environment: holds the Apprise URLs.
        stream: what the console route writes to; standard error by default, so that standard
            output stays free for results.
    """
    active = rules.active_routes(environment)
    return {
        name: _make_receiver(route, environment, stream)
        for name, route in rules.routes.items()
        if name in active
    }


def _make_receiver(route: Route, environment: Mapping[str, str], stream: TextIO | None) -> Receiver:
    if route.kind == "console":
        return lambda alert: _print_alert(alert, stream or sys.stderr)
    return _ApprisePost(environment[route.urls_from or ""].split())


def _print_alert(alert: Alert, stream: TextIO) -> None:
    indented = "\n".join(f"    {line}" for line in alert.body.splitlines())
    stream.write(f"\n  ALERT  {alert.title}\n{indented}\n")
    stream.flush()


class _ApprisePost:
    """Sends through Apprise, which says why it failed only to its log."""

    def __init__(self, urls: list[str]) -> None:
        import apprise

        self._apprise = apprise.Apprise()
        self._refused = sum(not self._apprise.add(url) for url in urls)
        self._why = _LastWarning()

    def __call__(self, alert: Alert) -> str | None:
        if self._refused:
            return f"{self._refused} of the configured Apprise URLs cannot be used"
        log = logging.getLogger("apprise")
        log.addHandler(self._why)
        try:
            sent = self._apprise.notify(title=alert.title, body=alert.body)
        finally:
            log.removeHandler(self._why)
        return None if sent else self._why.take() or "a receiver did not take it"


class _LastWarning(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self._text: str | None = None

    def emit(self, record: logging.LogRecord) -> None:
        self._text = " ".join(record.getMessage().split())[:300]

    def take(self) -> str | None:
        text, self._text = self._text, None
        return text
