"""Delivering alerts from the outbox to where people read them."""

import logging
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import copy_context
from functools import partial
from threading import Thread
from typing import Any, TextIO
from urllib.parse import quote, unquote

from coopwatch.alerting.references import make_reference
from coopwatch.alerting.rendering import render_html, render_markdown, render_plain, render_subject
from coopwatch.alerting.rendering.markdown import escape_markdown
from coopwatch.alerting.rendering.safety import tidy
from coopwatch.alerting.routes import Route, RouteFormat, name_copy
from coopwatch.alerting.rules import AlertRules
from schemas.records import Alert, Message

Receiver = Callable[[Alert], str | None]
"""Delivers one alert; returns None, or in one line why it could not."""

READ_TIMEOUT_SECONDS = 30.0  # who is slow may have taken it: waiting is better than repeating
DEADLINE_SECONDS = 120.0  # for one alert, however slowly the answer drips
KEY_HEADER = "Idempotency-Key"  # draft-ietf-httpapi-idempotency-key-header
KEY_FIELD = "key"
_ERROR_CHARS = 300
_PAGE_CHARS = 30_000  # who has less room takes no page of HTML, and cut markup is broken markup
_SECRET_MIN_CHARS = 4  # shorter parts of an address would mask common words
_URL_MARKS = re.compile(r"[:/?&=@,;+\s]+")


def make_receivers(
    rules: AlertRules, environment: Mapping[str, str] = os.environ, stream: TextIO | None = None
) -> dict[str, Receiver]:
    """Return a receiver for every queue of the active routes, those of blocks aside.

    Every address of an Apprise route has a queue of its own, so that what one took is not sent to it
    again because another one refused it.

    Args:
        rules: the routes.
        environment: holds the Apprise URLs.
        stream: what the console route writes to; standard error by default, so that standard
            output stays free for results.
    """
    receivers: dict[str, Receiver] = {}
    for name, route in rules.routes.items():
        if route.kind == "console":
            receivers[name] = partial(print_alert, stream=stream, form=route.format)
        elif route.kind == "apprise":
            for number, url in enumerate(route.addresses(environment), 1):
                receivers[name_copy(name, number)] = _ApprisePost(url, route)
    return receivers


def word_for(alert: Alert, form: RouteFormat) -> tuple[str, str]:
    """Return subject and body of an alert in a format; the reference at the end tells a repetition."""
    message = alert.message or Message(title=alert.title, news=alert.body)
    if alert.message is None and form == "text":
        return alert.title, alert.body
    render = {"text": render_plain, "markdown": render_markdown, "html": render_html}[form]
    return render_subject(message), render(message, make_reference(alert.key))


def print_alert(alert: Alert, stream: TextIO | None = None, form: RouteFormat | None = None) -> None:
    """Write an alert to a terminal."""
    subject, body = word_for(alert, form or "text")
    indented = "\n".join(f"    {line}" for line in body.splitlines())
    out = stream or sys.stderr
    out.write(f"\n  ALERT  {subject}\n{indented}\n")
    out.flush()


def list_unusable(urls: Iterable[str]) -> tuple[int, ...]:
    """Return which of some Apprise URLs, counted from 1, Apprise cannot read; nothing is sent."""
    with hearing_apprise():
        return tuple(number for number, url in enumerate(urls, 1) if _open_plugin(url) is None)


def mask(text: str, secrets: Iterable[str]) -> str:
    """Return text on one line, without any part of the secrets and without what steers a terminal."""
    parts: set[str] = set()
    for secret in secrets:
        raw = [secret, *_URL_MARKS.split(secret)[1:]]  # what comes first is the scheme
        parts.update(part for one in raw for part in (one, unquote(one)) if len(part) >= _SECRET_MIN_CHARS)
    masked = tidy(text)
    for part in sorted(parts, key=len, reverse=True):
        masked = masked.replace(part, "***")
    return masked[:_ERROR_CHARS]


@contextmanager
def hearing_apprise() -> Iterator[list[str]]:
    """Collect what Apprise warns of, its only word on why it failed, and keep it off other logs."""
    heard: list[str] = []
    log = logging.getLogger("apprise")
    ear = _Ear(heard)
    propagates = log.propagate
    log.addHandler(ear)
    log.propagate = False  # they name addresses
    try:
        yield heard
    finally:
        log.propagate = propagates
        log.removeHandler(ear)


def call_within(seconds: float, call: Callable[[], Any]) -> Any:
    """Return what a call returns.

    Raises:
        TimeoutError: it took longer; it goes on in its thread, which does not keep the process alive.
    """
    results: list[Any] = []
    errors: list[Exception] = []

    def work() -> None:
        try:
            results.append(call())
        except Exception as error:  # noqa: BLE001 - raised again in the thread that waits
            errors.append(error)

    thread = Thread(target=copy_context().run, args=(work,), daemon=True)
    thread.start()
    thread.join(seconds)
    if errors:
        raise errors[0]
    if not results:
        raise TimeoutError(f"no answer within {seconds:.0f} s")
    return results[0]


class _ApprisePost:
    """Sends to one address through Apprise."""

    def __init__(self, url: str, route: Route) -> None:
        self._url = url
        self._form = route.format
        self._plugin: Any = None  # made at the first use: Apprise is slow to import

    def __call__(self, alert: Alert) -> str | None:
        with hearing_apprise() as heard:
            self._plugin = self._plugin or _open_plugin(self._url)
            if self._plugin is None:
                return "the configured Apprise URL cannot be used"
            try:
                sent = call_within(DEADLINE_SECONDS, partial(self._post, alert))
            except TimeoutError as error:
                return str(error)
        return None if sent else mask(heard[-1] if heard else "it was not taken", [self._url])

    def _post(self, alert: Alert) -> bool:
        import apprise

        plugin = self._plugin
        if self._form or plugin.body_maxlen < _PAGE_CHARS:
            plugin.notify_format = apprise.NotifyFormat(self._form or "text")
        form: RouteFormat = plugin.notify_format.value
        title, body = word_for(alert, form)
        if plugin.title_maxlen <= 0:  # Apprise would put it into the body as it is
            if form == "markdown":
                body = f"**{escape_markdown(title)}**\n\n{body}"
            title = title if form == "text" else ""
        if "headers" in plugin.template_kwargs:
            plugin.headers[KEY_HEADER] = quote(alert.key, safe=":#@")
        if "payload" in plugin.template_kwargs:
            plugin.payload_extras[KEY_FIELD] = alert.key
        post = apprise.Apprise()
        post.add(plugin)
        return bool(post.notify(title=title, body=body, body_format=plugin.notify_format))


def _open_plugin(url: str) -> Any:
    import apprise

    plugin = apprise.Apprise.instantiate(url)
    if plugin is None:
        return None
    if plugin.socket_read_timeout == apprise.URLBase.socket_read_timeout:  # the address sets none (rto=)
        plugin.socket_read_timeout = READ_TIMEOUT_SECONDS
    if plugin.overflow_mode == apprise.OverflowMode.UPSTREAM:
        # a service that refuses what is too long would refuse it for ever, and parts could arrive alone
        plugin.overflow_mode = apprise.OverflowMode.TRUNCATE
    return plugin


class _Ear(logging.Handler):
    def __init__(self, heard: list[str]) -> None:
        super().__init__(logging.WARNING)
        self._heard = heard

    def emit(self, record: logging.LogRecord) -> None:
        self._heard.append(record.getMessage())
