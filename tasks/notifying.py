"""The steps that tell people something as Prefect tasks, and the receivers that are Prefect blocks."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from prefect.blocks.abstract import NotificationBlock, NotificationError
from prefect.blocks.core import Block
from pydantic import Secret, SecretStr

from coopwatch.alerting.receivers import (
    DEADLINE_SECONDS,
    Receiver,
    call_within,
    hearing_apprise,
    make_receivers,
    mask,
    word_for,
)
from coopwatch.alerting.rules import AlertRules
from coopwatch.alerting.sending import Delivered, send_alerts
from coopwatch.alerting.watching import note_digest, note_trouble
from coopwatch.workspace import Workspace
from schemas.records import Alert, Message
from tasks.monitoring import bind

_LOAD: Any = Block.load  # its type does not tell of `_sync`


def make_all_receivers(rules: AlertRules) -> dict[str, Receiver]:
    """Return the receivers of all routes, those that are Prefect blocks too."""
    blocks = {
        name: partial(_post_to_block, block=route.block, is_markdown=route.format == "markdown")
        for name, route in rules.routes.items()
        if route.block
    }
    return {**make_receivers(rules), **blocks}


def _post_to_block(alert: Alert, *, block: str, is_markdown: bool) -> str | None:
    """Load a notification block and send through it; return why it could not, in one line."""
    subject, body = word_for(alert, "markdown" if is_markdown else "text")
    try:
        # the server is asked every time: a block that is corrected there works at once
        loaded = call_within(DEADLINE_SECONDS, partial(_LOAD, block, _sync=True))
    except TimeoutError as error:
        return f"block {block}: {error}"
    except Exception as error:  # noqa: BLE001 - a missing block is a ValueError, a server that is gone anything
        return f"block {block}: cannot be loaded ({type(error).__name__})"
    if not isinstance(loaded, NotificationBlock):
        return f"block {block}: is no notification block"
    secrets = list(_list_secrets(loaded))
    with hearing_apprise() as heard, loaded.raise_on_failure():
        try:
            call_within(DEADLINE_SECONDS, partial(_notify, loaded, subject, body))
        except NotificationError:
            return f"block {block}: {mask(heard[-1] if heard else 'it was not taken', secrets)}"
        except Exception as error:  # noqa: BLE001 - blocks are the work of many hands
            return f"block {block}: {mask(f'{type(error).__name__}: {error}', secrets)}"
    return None


def _list_secrets(block: NotificationBlock) -> Iterator[str]:
    """Yield what must not be told: secrets, and addresses, which hold tokens."""
    for _, value in block:
        plain = value.get_secret_value() if isinstance(value, Secret | SecretStr) else value
        if isinstance(plain, dict):
            yield from map(str, plain.values())
        elif isinstance(plain, str) and (isinstance(value, Secret | SecretStr) or "://" in plain):
            yield plain


def _notify(block: Any, subject: str, body: str) -> bool:
    block.notify(body, subject, _sync=True)
    return True


def _send_alerts(run: Workspace) -> Delivered:
    return send_alerts(run.warehouse, run.alert_rules, make_all_receivers(run.alert_rules), run.now)


def _note_trouble(run: Workspace) -> tuple[str, ...]:
    return note_trouble(run.warehouse, run.sources.values(), run.alert_rules, run.now())


def _note_digest(run: Workspace, *args: Any, **kwargs: Any) -> Message | None:
    return note_digest(run.warehouse, run.sources.values(), run.alert_rules, *args, now=run.now(), **kwargs)


send = bind(_send_alerts, stage="alert", name="send alerts")
note = bind(_note_trouble, stage="alert", name="note trouble", retries=2)
write_digest = bind(_note_digest, stage="alert", name="write digest", retries=2)
