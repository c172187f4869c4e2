"""`coopwatch alerts` and `coopwatch digest`: what is told to whom, what waits, and whether all is well."""

import os
from datetime import UTC, datetime
from typing import Annotated, get_args

import typer

from coopwatch.alerting import AlertRules, load_alert_rules, make_reference
from coopwatch.alerting.digest import PeriodKind
from coopwatch.alerting.messages import make_message
from coopwatch.alerting.receivers import word_for
from coopwatch.alerting.routes import COPY_MARK, RouteFormat
from coopwatch.alerting.watching import note_stall
from coopwatch.errors import NoWarehouseError
from coopwatch.reports import clean, to_json
from coopwatch.settings import Settings
from coopwatch.warehouse import Warehouse
from coopwatch.wording import count, fold, shorten
from flows.cli.columns import align
from flows.cli.reading import JsonOption, WarehouseOption, open_warehouse
from flows.cli.running import PREFECT_DEFAULTS, prepare, run_flow
from schemas.records import Alert, AlertStatus, EventChange, Message

app = typer.Typer(no_args_is_help=True, help="Alerts: try the rules, see the outbox, deliver again, check.")

_HEADINGS = ("STATUS", "ROUTE", "KIND", "CREATED", "NEXT", "TRIES", "TITLE", "NOTE")
_TITLE_CHARS = 60
_FORMATS: tuple[RouteFormat, ...] = get_args(RouteFormat)
RouteOption = Annotated[
    str | None, typer.Option(help=f"Only this route; its second address is ROUTE{COPY_MARK}2.")
]


@app.command("test")
def try_rules(
    event: Annotated[str | None, typer.Option(help="Its id; the latest event by default.")] = None,
    send: Annotated[
        str | None, typer.Option(metavar="ROUTE", help="Send it there, marked as a test.")
    ] = None,
    warehouse: WarehouseOption = None,
) -> None:
    """Show which rules want the last change of an event, and the message in every format.

    Examples:
      coopwatch alerts test
      coopwatch alerts test --event brst-1
      coopwatch alerts test --send team
    """
    rules = load_alert_rules(_settings().alerts)
    if send:
        _check_route(send, rules, "--send")
    try:
        with open_warehouse(warehouse) as opened:
            message = _word_last_change(opened, event, rules)
    except NoWarehouseError:  # receivers are tried before the first run
        if event:
            raise
        message = None
    if send:
        _send_test(message or Message(title="coopwatch can reach this route"), send, rules)
    elif message:
        alert = _make_test(message, "test")
        for form in _FORMATS:
            subject, body = word_for(alert, form)
            print(clean(f"\n--- {form}: {subject}\n{body}"))
    else:
        print("no events yet; `coopwatch run` looks for some, and --send ROUTE tries a route without any")


@app.command("list")
def list_alerts(
    *,
    status: Annotated[list[str] | None, typer.Option(help=f"{', '.join(get_args(AlertStatus))}.")] = None,
    route: RouteOption = None,
    into: Annotated[
        str | None, typer.Option(metavar="KEY", help="What went out as this one message.")
    ] = None,
    limit: Annotated[int, typer.Option(help="The latest.", min=1)] = 50,
    warehouse: WarehouseOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the outbox, the latest first.

    Examples:
      coopwatch alerts list --status failed
      coopwatch alerts list --route team --json | jq -r '.[].title'
    """
    known: tuple[AlertStatus, ...] = get_args(AlertStatus)
    wanted = tuple(one for one in known if not status or one in status)
    if wrong := set(status or ()) - set(known):
        raise typer.BadParameter(f"no status {min(wrong)!r}: {', '.join(known)}", param_hint="--status")
    with open_warehouse(warehouse) as opened:
        alerts = opened.read_outbox(wanted, route=route, rolled_into=into, limit=limit)
        counts = opened.count_alerts()
    if not alerts:
        _check_queue(route)
    if as_json:
        print(to_json([alert.model_dump(mode="json") for alert in alerts]))
        return
    if alerts:
        print(clean(align([_HEADINGS, *map(_word_row, alerts)])), end="\n\n")
    print(", ".join(f"{number} {name.replace('_', ' ')}" for name, number in counts.items()))


@app.command()
def retry(route: RouteOption = None, warehouse: WarehouseOption = None) -> None:
    """Let alerts that were given up go out with the next run.

    Examples:
      coopwatch alerts retry
      coopwatch alerts retry --route team
    """
    with open_warehouse(warehouse) as opened:
        again = opened.retry_failed(datetime.now(UTC), route)
    if not again:
        _check_queue(route)
    print(f"{count(again, 'alert')} pending again")


@app.command()
def check(warehouse: WarehouseOption = None) -> None:
    """Tell whether runs still succeed, and alert if they do not; for cron, beside the scheduler.

    Exit status: 0 all is well, 1 no run has succeeded for too long.

    Examples:
      */10 * * * * coopwatch alerts check
    """
    from coopwatch.alerting.receivers import make_receivers
    from coopwatch.alerting.sending import send_alerts

    rules = load_alert_rules(_settings().alerts)
    with open_warehouse(warehouse) as opened:
        last = opened.read_last_success()
        stalled = note_stall(opened, rules, datetime.now(UTC))
        if stalled:
            # whatever keeps runs from working may be Prefect: no blocks here
            delivered = send_alerts(opened, rules, make_receivers(rules), lambda: datetime.now(UTC))
            for problem in delivered.problems:
                typer.echo(problem, err=True)
    print(stalled or (f"last success {last:%Y-%m-%d %H:%M} UTC" if last else "no run yet"))
    if stalled or last is None:
        raise typer.Exit(1)


def digest(
    period: Annotated[str, typer.Argument(metavar="day|week")] = "day",
    until: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The period that had ended then, in UTC.")
    ] = None,
    warehouse: WarehouseOption = None,
) -> None:
    """Send what the last whole day or week brought to the routes that want digests, once.

    Examples:
      coopwatch digest
      coopwatch digest week --until 2026-11-23
    """
    kinds: tuple[PeriodKind, ...] = get_args(PeriodKind)
    kind = next((one for one in kinds if one == period), None)
    if kind is None:
        raise typer.BadParameter(f"{period!r} is neither day nor week", param_hint="PERIOD")
    end = until.replace(tzinfo=UTC) if until else None
    if end and end > datetime.now(UTC):
        raise typer.BadParameter(f"{end:%Y-%m-%d} has not come yet", param_hint="--until")
    prepare(needs_warehouse=True, warehouse_url=warehouse)
    from flows.digest import digest as flow

    result = run_flow(flow, period=kind, until=end, warehouse_url=warehouse)
    if result is None:
        print("nothing to tell")
        return
    message = Message.model_validate(result)
    subject, body = word_for(_make_test(message, "digest"), "text")
    print(clean(f"{subject}\n{body}"))


def _word_last_change(opened: Warehouse, event_id: str | None, rules: AlertRules) -> Message | None:
    """Print which rules want the last change of an event; return what is said of it."""
    dossier = opened.read_dossier(event_id) if event_id else next(iter(opened.read_events(1)), None)
    if dossier is None:
        if event_id:
            raise typer.BadParameter(f"there is no event {event_id!r}; `coopwatch events` lists them")
        return None
    known = opened.read_changes(dossier.event.event_id)
    last = [change for change in known if change.revision == known[-1].revision] or [
        EventChange(
            event_id=dossier.event.event_id,
            kind="new_event",
            revision=dossier.event.revision,
            article_id=dossier.coverage[0].article_id if dossier.coverage else "",
        )
    ]
    articles = opened.read_articles([change.article_id for change in last])
    print(clean(f"last change of {dossier.event.event_id}: {', '.join(change.kind for change in last)}\n"))
    rows = [("RULE", "WANTS OF IT", "ROUTES")]
    for rule in rules.rules:
        kinds = [
            change.kind for change in last if rule.matches(change, dossier, articles.get(change.article_id))
        ]
        rows.append((rule.id, ", ".join(dict.fromkeys(kinds)) or "nothing", ", ".join(rule.routes)))
    active = rules.active_routes(os.environ)
    off = [name for name in rules.routes if name not in active]
    print(clean(align(rows)) + (f"\noff, without an address: {', '.join(off)}" if off else ""))
    return make_message(last, dossier)


def _check_route(route: str, rules: AlertRules, option: str) -> None:
    if route not in rules.routes:
        raise typer.BadParameter(f"there is no route {route!r}: {', '.join(rules.routes)}", param_hint=option)


def _check_queue(queue: str | None) -> None:
    """Refuse the name under which nothing was found if no route has it."""
    if queue:
        rules = load_alert_rules(_settings().alerts)
        _check_route(queue.partition(COPY_MARK)[0], rules, "--route")


def _send_test(message: Message, route: str, rules: AlertRules) -> None:
    for name, value in PREFECT_DEFAULTS.items():
        os.environ.setdefault(name, value)
    if rules.routes[route].kind == "block":
        from tasks.notifying import make_all_receivers as make_receivers
    else:
        from coopwatch.alerting.receivers import make_receivers
    receivers = make_receivers(rules)
    places = [name for name in receivers if name.partition(COPY_MARK)[0] == route]
    if not places:
        raise typer.BadParameter(f"route {route!r} is off: {rules.routes[route].urls_from} is not set")
    is_refused = False
    for place in places:
        error = receivers[place](_make_test(message, place))
        is_refused |= error is not None
        print(f"{place}: {error or 'sent'}")
    if is_refused:
        raise typer.Exit(2)


def _make_test(message: Message, place: str) -> Alert:
    now = datetime.now(UTC)
    key = f"{place}:test:{now:%Y-%m-%dT%H:%M:%S.%f}"
    told = message.model_copy(update={"title": f"Test: {message.title}"}) if place != "digest" else message
    return Alert(
        key=key,
        event_id=None,
        kind="digest",
        rule="test",
        route=place,
        title=told.title,
        body=make_reference(key),
        message=told,
        created_at=now,
        next_attempt_at=now,
    )


def _word_row(alert: Alert) -> tuple[str, ...]:
    note = fold(alert.last_error or "") or (f"into {alert.rolled_into}" if alert.rolled_into else "")
    waits = f"{alert.next_attempt_at:%m-%d %H:%M}" if alert.status == "pending" else "-"
    return (
        alert.status,
        alert.route,
        alert.kind,
        f"{alert.created_at:%m-%d %H:%M}",
        waits,
        str(alert.attempts),
        shorten(alert.title, _TITLE_CHARS),
        note,
    )


def _settings() -> Settings:
    return Settings.from_environment()
