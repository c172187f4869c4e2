"""Where alerts go, how they are worded there, and when they may.

routes:
  team:
    kind: apprise
    urls_from: COOPWATCH_ALERT_URLS
    format: markdown
    quiet_hours: {from: "22:00", to: "07:00", zone: Europe/Oslo}
    limit: {most: 20, per: 1h}
    escalate_to: {route: console, after: 30m}
  oncall: {kind: block, block: slack-webhook/oncall}
"""

from collections.abc import Iterator, Mapping
from datetime import time, timedelta
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, ConfigDict, Field

from coopwatch.sources import parse_duration
from schemas.records import NoticeKind, Record

RouteKind = Literal["console", "apprise", "block"]
RouteFormat = Literal["text", "markdown", "html"]

COPY_MARK = "#"  # "team#2" is the second address of route "team"
_SETTING_OF: dict[RouteKind, str] = {"apprise": "urls_from", "block": "block"}
_DAY = timedelta(days=1)


def _read_duration(raw: object) -> object:
    return parse_duration(raw) if isinstance(raw, str) else raw


def _read_time(raw: object) -> object:
    """Undo what YAML 1.1 makes of 22:00 without quotes: a number to the base of 60."""
    if not isinstance(raw, int):
        return raw
    if not 0 <= raw < 24 * 60:
        raise ValueError("no time of day such as 22:00")
    return time(*divmod(raw, 60))


def _check_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        raise ValueError(f"there is no time zone {name!r}; write one like Europe/Oslo or UTC") from None
    return name


Duration = Annotated[timedelta, BeforeValidator(_read_duration), Field(gt=timedelta(0), le=30 * _DAY)]
TimeOfDay = Annotated[time, BeforeValidator(_read_time)]


class QuietHours(Record):
    """When a route gets nothing that can wait; a span whose end comes before its start ends the next day."""

    model_config = ConfigDict(populate_by_name=True)

    start: TimeOfDay = Field(alias="from")
    end: TimeOfDay = Field(alias="to")
    zone: Annotated[str, BeforeValidator(_check_zone)] = "UTC"


class Limit(Record):
    """At most so many messages to a route in any span of time; what is more goes out as one roll-up."""

    most: int = Field(ge=1, le=10_000)
    per: Duration = timedelta(hours=1)


class Escalation(Record):
    """Which route is told when this one has taken nothing for so long."""

    route: str
    after: Annotated[Duration, Field(le=_DAY)] = timedelta(minutes=30)


class Route(Record):
    """Where alerts go.

    Attributes:
        kind: the console, the Apprise URLs that an environment variable holds, or a Prefect block.
        urls_from: the variable; several URLs in it, separated by white space, are told independently.
        block: type and name of a notification block, as in slack-webhook/team.
        format: how messages are worded; what the receiver prefers where it is not set.
        quiet_hours: when what can wait is held back.
        limit: of how many messages.
        escalate_to: who is told of a failure.
    """

    kind: RouteKind
    urls_from: str | None = None
    block: str | None = Field(default=None, pattern=r"^[a-z0-9-]+/[a-z0-9-]+$")
    format: RouteFormat | None = None
    quiet_hours: QuietHours | None = None
    limit: Limit | None = None
    escalate_to: Escalation | None = None

    def addresses(self, environment: Mapping[str, str]) -> tuple[str, ...]:
        """Return what an Apprise route sends to now; a route of another kind has one place."""
        if self.kind == "apprise":
            return tuple(environment.get(self.urls_from or "", "").split())
        return (self.block or self.kind,)

    def is_active(self, environment: Mapping[str, str]) -> bool:
        """Tell whether it can deliver: an Apprise route is off while its variable is unset."""
        return bool(self.addresses(environment))


class Notices(Record):
    """Which routes hear of the pipeline itself, by kind of notice.

    Failures of a route are told where its `escalate_to` says, and roll-ups where their alerts go.
    """

    silence: tuple[str, ...] = ()
    stalled: tuple[str, ...] = ()
    quality: tuple[str, ...] = ()
    digest: tuple[str, ...] = ()
    stalled_after: Duration = timedelta(hours=2)  # without a run that succeeded

    def routes_for(self, kind: NoticeKind) -> tuple[str, ...]:
        """Return the routes that want a kind of notice."""
        return self.by_kind().get(kind, ())

    def by_kind(self) -> dict[NoticeKind, tuple[str, ...]]:
        """Return the routes of every kind that can be asked for."""
        return {
            "silence": self.silence,
            "stalled": self.stalled,
            "quality": self.quality,
            "digest": self.digest,
        }


def name_copy(route: str, number: int) -> str:
    """Return the name under which the outbox keeps what goes to an address of a route, from 1."""
    return route if number == 1 else f"{route}{COPY_MARK}{number}"


def find_mistake(routes: Mapping[str, Route], notices: Notices) -> str | None:
    """Return in one line what is wrong among routes, beginning with the key; None if nothing is."""
    return next(_find_mistakes(routes, notices), None)


def _find_mistakes(routes: Mapping[str, Route], notices: Notices) -> Iterator[str]:
    for name, route in routes.items():
        if COPY_MARK in name or not name.isprintable() or name != name.strip():
            yield f"routes.{name!r}: a name is printable, and has no {COPY_MARK!r}"
        for kind, setting in _SETTING_OF.items():
            if (route.kind == kind) != (getattr(route, setting) is not None):
                yield f"routes.{name}: {setting!r} belongs to kind {kind}, and to no other"
        if route.kind == "block" and route.format == "html":
            yield f"routes.{name}.format: a block takes text or markdown"
        if (quiet := route.quiet_hours) and quiet.start == quiet.end:
            yield f"routes.{name}.quiet_hours: 'from' and 'to' are the same"
        if (target := route.escalate_to) and (target.route not in routes or target.route == name):
            yield f"routes.{name}.escalate_to.route: there is no other route {target.route!r}"
    for kind_of_notice, wanted in notices.by_kind().items():
        for name in wanted:
            if name not in routes:
                yield f"notices.{kind_of_notice}: there is no route {name!r}"
