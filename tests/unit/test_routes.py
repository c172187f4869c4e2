from datetime import time, timedelta
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from coopwatch.alerting.routes import Notices, Route, find_mistake, name_copy

QUIET = "{kind: console, quiet_hours: {from: 22:00, to: 07:00, zone: Europe/Oslo}}"


def read(text: str) -> Route:
    return Route.model_validate(yaml.safe_load(text))


@pytest.mark.parametrize("text", [QUIET, QUIET.replace("22:00", "'22:00'").replace("07:00", "7:00")])
def test_quiet_hours_are_read_with_and_without_quotes(text: str) -> None:
    quiet = read(text).quiet_hours
    assert quiet
    assert (quiet.start, quiet.end, quiet.zone) == (time(22), time(7), "Europe/Oslo")


def test_every_option_is_read() -> None:
    route = read(
        "{kind: apprise, urls_from: URLS, format: markdown, limit: {most: 20, per: 90m},"
        " escalate_to: {route: ops, after: 45m}}"
    )
    assert route.limit
    assert route.escalate_to
    assert (route.format, route.limit.most, route.limit.per) == ("markdown", 20, timedelta(minutes=90))
    assert (route.escalate_to.route, route.escalate_to.after) == ("ops", timedelta(minutes=45))


@pytest.mark.parametrize(
    ("text", "key", "complaint"),
    [
        ("{kind: pager}", "kind", "Input should be"),
        ("{kind: console, quiet_hours: {from: 22:00}}", "quiet_hours.to", "required"),
        ("{kind: console, quiet_hours: {from: 25:00, to: 7:00}}", "quiet_hours.from", "no time of day"),
        ("{kind: console, quiet_hours: {from: 22:00, to: 7:00, zone: Oslo}}", "quiet_hours.zone", "'Oslo'"),
        (
            "{kind: console, quiet_hours: {from: 22:00, to: 7:00, zone: ../x}}",
            "quiet_hours.zone",
            "no time zone",
        ),
        ("{kind: console, limit: {most: 0}}", "limit.most", "greater than"),
        ("{kind: console, limit: {most: 1, per: soon}}", "limit.per", "no duration such as"),
        ("{kind: console, limit: {most: 1, per: 0s}}", "limit.per", "greater than"),
        ("{kind: console, escalate_to: {route: a, after: 3d}}", "escalate_to.after", "less than"),
        ("{kind: block, block: team}", "block", "match pattern"),
        ("{kind: console, quiet: 1}", "quiet", "Extra inputs"),
    ],
)
def test_a_mistake_names_its_key(text: str, key: str, complaint: str) -> None:
    with pytest.raises(ValidationError) as caught:
        read(text)
    (error,) = caught.value.errors()
    assert ".".join(map(str, error["loc"])) == key
    assert complaint in error["msg"]


@pytest.mark.parametrize(
    ("routes", "notices", "complaint"),
    [
        ({"a": {"kind": "apprise"}}, {}, "routes.a: 'urls_from' belongs to kind apprise, and to no other"),
        ({"a": {"kind": "console", "block": "x/y"}}, {}, "routes.a: 'block' belongs to kind block"),
        ({"a": {"kind": "block", "block": "x/y", "format": "html"}}, {}, "routes.a.format: a block takes"),
        (
            {"a": {"kind": "console", "quiet_hours": {"from": "07:00", "to": "07:00"}}},
            {},
            "routes.a.quiet_hours: 'from' and 'to' are the same",
        ),
        (
            {"a": {"kind": "console", "escalate_to": {"route": "b"}}},
            {},
            "routes.a.escalate_to.route: there is no other route 'b'",
        ),
        (
            {"a": {"kind": "console", "escalate_to": {"route": "a"}}},
            {},
            "routes.a.escalate_to.route: there is no other route 'a'",
        ),
        ({"a#2": {"kind": "console"}}, {}, "routes.'a#2': a name is printable"),
        ({"a": {"kind": "console"}}, {"silence": ["b"]}, "notices.silence: there is no route 'b'"),
        ({"a": {"kind": "console"}}, {"silence": ["a"]}, None),
    ],
)
def test_what_does_not_fit_together_is_said(
    routes: dict[str, Any], notices: dict[str, Any], complaint: str | None
) -> None:
    mistake = find_mistake(
        {name: Route.model_validate(route) for name, route in routes.items()}, Notices.model_validate(notices)
    )
    assert (mistake or "").startswith(complaint or "")
    assert (mistake is None) is (complaint is None)


def test_every_address_of_a_route_is_a_queue_of_its_own() -> None:
    route = Route(kind="apprise", urls_from="URLS")
    assert route.addresses({"URLS": "json://one \n json://two"}) == ("json://one", "json://two")
    assert not route.is_active({})
    assert Route(kind="block", block="slack-webhook/team").is_active({})
    assert [name_copy("team", number) for number in (1, 2)] == ["team", "team#2"]
