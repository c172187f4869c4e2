"""Whether everything that a run needs is in order; nothing is migrated, sent or fetched.

Each check looks at one thing and says all that it found. What only Prefect can tell is looked at in
`tasks.inspecting`.
"""

import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryFile
from typing import Literal, get_args

from coopwatch.alerting import AlertRules, Route, load_alert_rules
from coopwatch.alerting.receivers import list_unusable
from coopwatch.captures import CaptureError, CaptureStore
from coopwatch.errors import ConfigError, WarehouseError
from coopwatch.settings import PREFIX, Settings
from coopwatch.sources import check_sources, load_sources
from coopwatch.warehouse.engines import parse_url
from coopwatch.warehouse.inspecting import Inspection, inspect_database
from coopwatch.wording import count
from schemas.records import Record

Status = Literal["ok", "off", "warn", "broken"]

FREE_BYTES_WANTED = 1_000_000_000
_STATUSES: tuple[Status, ...] = get_args(Status)
_OTHER_VARIABLES = frozenset(
    {"DEBUG", "TEST_POSTGRES_URL", "SOAK_KILLS", "WORK_POOL"}
)  # no settings of a run
_PROBE = b"written by coopwatch doctor"


class Diagnosis(Record):
    """What is to be said of one thing; `off` is what was left out on purpose."""

    area: str
    status: Status
    note: str


def examine(environment: Mapping[str, str], now: datetime) -> Iterator[Diagnosis]:
    """Look at settings, files, receivers, database, captures and disk, and yield what is found.

    Args:
        environment: what settings and receivers are read from.
        now: the time.
    """
    settings, mistakes = read_settings(environment)
    yield from mistakes
    rules: AlertRules | None = None
    yield from _check_files(settings)
    try:
        rules = load_alert_rules(settings.alerts)
    except ConfigError as error:
        yield Diagnosis(area="alerts", status="broken", note=str(error))
    yield from _check_names(environment, rules)
    if rules:
        yield from _check_receivers(rules, environment)
    yield from _check_database(settings, rules, now)
    yield from _check_captures(settings)
    yield from _check_disk(settings)


def worst(found: Iterable[Diagnosis]) -> Status:
    """Return the gravest status; "ok" where nothing was found."""
    return max((one.status for one in found), key=_STATUSES.index, default="ok")


def read_settings(environment: Mapping[str, str]) -> tuple[Settings, tuple[Diagnosis, ...]]:
    """Return the settings, those that are wrong left at their defaults, and one line a mistake."""
    good: dict[str, str] = {}
    mistakes = []
    for name in Settings.model_fields:
        variable = PREFIX + name.upper()
        if not (given := environment.get(variable)):
            continue
        try:
            Settings.from_environment({variable: given})
        except ConfigError as error:
            mistakes.append(Diagnosis(area="settings", status="broken", note=str(error)))
        else:
            good[variable] = given
    if not mistakes:
        mistakes.append(
            Diagnosis(area="settings", status="ok", note=f"{count(len(good), 'setting')} given, all usable")
        )
    return Settings.from_environment(good), tuple(mistakes)


def _check_names(environment: Mapping[str, str], rules: AlertRules | None) -> Iterator[Diagnosis]:
    """Yield variables that look like ours and are not: a misspelt setting is at its default, silently."""
    known = {PREFIX + name.upper() for name in (*Settings.model_fields, *_OTHER_VARIABLES)}
    known |= {route.urls_from for route in rules.routes.values() if route.urls_from} if rules else set()
    for name in sorted(environment):
        if name.startswith(PREFIX) and name not in known:
            yield Diagnosis(area="settings", status="warn", note=f"{name}: there is no such setting")


def _check_files(settings: Settings) -> Iterator[Diagnosis]:
    problems = check_sources(settings.sources) if settings.sources.is_file() else ()
    for problem in problems:
        yield Diagnosis(area="registry", status="broken", note=problem)
    if not problems:
        yield _try("registry", lambda: f"{count(len(load_sources(settings.sources)), 'source')}")
    yield _try("topic", lambda: _describe_topic(settings.topic))
    yield _try("series", lambda: _describe_series(settings.series))
    yield _try("publishers", lambda: _describe_publishers(settings.publishers))


def _try(area: str, describe: Callable[[], str]) -> Diagnosis:
    try:
        return Diagnosis(area=area, status="ok", note=describe())
    except ConfigError as error:
        return Diagnosis(area=area, status="broken", note=str(error))


def _describe_topic(path: Path) -> str:
    from coopwatch.relevance import load_topic

    topic = load_topic(path)
    return f"{topic.file.id}, {count(len(topic.file.languages), 'language')}"


def _describe_series(path: Path) -> str:
    from coopwatch.events.series import load_series

    load_series(path)
    return str(path)


def _describe_publishers(path: Path) -> str:
    from coopwatch.publishers import load_publishers

    load_publishers(path)
    return str(path)


def _check_receivers(rules: AlertRules, environment: Mapping[str, str]) -> Iterator[Diagnosis]:
    yield Diagnosis(area="alerts", status="ok", note=count(len(rules.rules), "rule"))
    for name, route in rules.routes.items():
        status: Status = "ok" if route.is_active(environment) else "off"
        note = _describe_route(route, environment)
        if route.kind == "apprise" and (wrong := list_unusable(route.addresses(environment))):
            status = "warn"
            note += f"; Apprise cannot read number {' and '.join(map(str, wrong))}"
        yield Diagnosis(area=f"route {name}", status=status, note=note)
    if not rules.active_routes(environment):
        yield Diagnosis(area="alerts", status="warn", note="no route is active: nobody hears of anything")


def _describe_route(route: Route, environment: Mapping[str, str]) -> str:
    addresses = route.addresses(environment)
    if route.kind != "apprise":
        return f"{route.kind} {route.block or ''}".strip()
    if not addresses:
        return f"{route.urls_from} is not set"
    return f"{count(len(addresses), 'URL')} in {route.urls_from}"


def _check_database(settings: Settings, rules: AlertRules | None, now: datetime) -> Iterator[Diagnosis]:
    try:
        found = inspect_database(settings.warehouse_url)
    except WarehouseError as error:
        yield Diagnosis(area="database", status="broken", note=str(error))
        return
    if not found.exists:
        file = parse_url(settings.warehouse_url).database if found.url_safe.startswith("sqlite") else None
        yield _foresee("database", found.url_safe, Path(file) if file else None)
        return
    if not found.is_writable:
        yield Diagnosis(area="database", status="broken", note=f"{found.url_safe}: cannot be written to")
    elif not found.is_current:
        yield Diagnosis(
            area="database", status="warn", note=f"{found.url_safe}: the next run will migrate its schema"
        )
    else:
        yield Diagnosis(area="database", status="ok", note=f"{found.url_safe}: schema current, writable")
    if found.is_current:
        yield from _check_contents(found, rules, now)


def _check_contents(found: Inspection, rules: AlertRules | None, now: datetime) -> Iterator[Diagnosis]:
    last, stalled_after = found.last_success, rules.notices.stalled_after if rules else None
    if last is None:
        yield Diagnosis(area="runs", status="warn" if found.runs else "off", note="no run has succeeded yet")
    else:
        is_late = stalled_after is not None and now - last > stalled_after
        note = f"last success {last.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
        yield Diagnosis(area="runs", status="warn" if is_late else "ok", note=note)
    failed, pending = found.alerts.get("failed", 0), found.alerts.get("pending", 0)
    yield Diagnosis(
        area="outbox", status="warn" if failed else "ok", note=f"{pending} pending, {failed} failed"
    )
    quarantined, waiting = found.entries.get("quarantined", 0), found.entries.get("pending", 0)
    yield Diagnosis(area="inbox", status="ok", note=f"{waiting} pending, {quarantined} in quarantine")
    troubled = [one for one in found.sources if one.status in ("failing", "silent")]
    registered = sum(one.status != "retired" for one in found.sources)
    yield Diagnosis(
        area="sources",
        status="warn" if troubled else "ok",
        note=f"{registered} known, {len(troubled)} failing or silent",
    )


def _check_captures(settings: Settings) -> Iterator[Diagnosis]:
    """Yield whether the store takes a body and gives it back; it is deleted again.

    A folder that is not there yet is not made for that: whether it could be is asked of the one around it.
    """
    try:
        store = CaptureStore(settings.captures_url)
        if "://" not in settings.captures_url and not (folder := Path(settings.captures_url)).exists():
            yield _foresee("captures", str(store), folder)
            return
        sha256 = store.write(_PROBE)
        is_kept = store.read(sha256) == _PROBE
        store.delete([sha256], written_before=datetime.max.replace(tzinfo=UTC))
    except (ConfigError, CaptureError) as error:
        yield Diagnosis(area="captures", status="broken", note=str(error))
        return
    status: Status = "ok" if is_kept else "broken"
    note = f"{store}: kept for {settings.captures_keep_days} days"
    yield Diagnosis(area="captures", status=status, note=note if is_kept else f"{store}: gives nothing back")


def _foresee(area: str, name: str, path: Path | None) -> Diagnosis:
    """Say whether the first run can create what is not there; a path is tried in the folder around it."""
    if path:
        try:
            TemporaryFile(dir=_nearest_folder(path)).close()
        except OSError as error:
            note = f"{name}: cannot be created: {error.strerror}"
            return Diagnosis(area=area, status="broken", note=note)
    return Diagnosis(area=area, status="ok", note=f"{name}: the first run will create it")


def _check_disk(settings: Settings) -> Iterator[Diagnosis]:
    for folder in sorted({_nearest_folder(path) for path in _list_places(settings)}):
        free = shutil.disk_usage(folder).free
        status: Status = "ok" if free >= FREE_BYTES_WANTED else "warn"
        yield Diagnosis(area="disk", status=status, note=f"{folder}: {free / 1e9:.1f} GB free")


def _list_places(settings: Settings) -> Iterator[Path]:
    scheme, _, rest = settings.warehouse_url.partition("://")
    if scheme == "sqlite":
        yield Path(rest.removeprefix("/"))
    if "://" not in settings.captures_url:
        yield Path(settings.captures_url)


def _nearest_folder(path: Path) -> Path:
    """Return the folder in which something is, or would be made."""
    return next(folder for folder in path.absolute().parents if folder.is_dir())
