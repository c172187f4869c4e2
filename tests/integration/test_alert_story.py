"""The whole story of alerts, from what sites publish to what a receiver gets, on both databases."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from coopwatch.alerting.watching import note_digest
from coopwatch.settings import Settings
from tests.fakes import FakeReceiver, FakeSite, Story, serve_receiver, serve_site
from tests.integration.stage_rig import Desk
from tests.integration.stories import MATCH
from tests.integration.test_corrections import FIRST
from tests.integration.test_stages import OTHER

pytestmark = pytest.mark.slow

NINE = datetime(2025, 5, 8, 9, tzinfo=UTC)  # a Thursday morning
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
REPRINT = replace(FIRST, path="reprint.html", published_at=NINE)
SECOND = Story(
    "sweden-forum.html",
    "Swedish ministers at science and technology cooperation forum with Ghana in Accra",
    "Some 1,500 participants came to Accra on May 6, 2025, when Ghana and Sweden held their forum on science "
    "and technology cooperation, says the Swedish research council, which paid for the stands.\n\n"
    "Ministers of both countries want to see laboratories share what they measure about malaria. A first "
    "group of doctoral students leaves Uppsala for Kumasi this autumn, the council says.\n\n"
    "Researchers praised the meeting as the largest of its kind so far. They hope that the two governments "
    "keep their word on money for joint research beyond the first year.",
    datetime(2025, 5, 8, tzinfo=UTC),
)
KENYA = Story(
    "heat.html",
    "Kenya and Iceland sign agreement on geothermal research cooperation",
    "NAIROBI -- Kenya and Iceland signed an agreement on research cooperation in geothermal energy in "
    "Nairobi on May 9, 2025. Universities of the two countries will drill and measure together.\n\n"
    "The agreement pays for a joint programme of five years, in which engineers learn how hot rock behaves "
    "under pressure. Twelve scientists from Reykjavik will move to Nakuru for it.\n\n"
    "Both science ministers said that the cooperation should make power cheaper in either country.",
    datetime(2025, 5, 9, tzinfo=UTC),
)
VIETNAM = Story(
    "ocean.html",
    "Vietnam and Portugal launch joint ocean science programme",
    "HANOI -- Vietnam and Portugal launched a joint programme in ocean science in Hanoi on May 10, 2025. "
    "Their research ships will follow the same currents for the first time, the two academies said.\n\n"
    "Scientists of both countries want to know how warm water reaches coral reefs. The programme brings "
    "together six institutes and shares all data, under a memorandum of international cooperation.\n\n"
    "Lisbon sends instruments, and Hanoi the crews; the first cruise is planned for spring.",
    datetime(2025, 5, 10, tzinfo=UTC),
)
ALERTS: dict[str, Any] = {
    "routes": {
        "team": {
            "kind": "apprise",
            "urls_from": "TEAM",
            "quiet_hours": {"from": "22:00", "to": "07:00"},
            "limit": {"most": 2, "per": "1h"},
        }
    },
    "rules": [{"id": "all", "routes": ["team"]}],
    "notices": {"digest": ["team"]},
}


@dataclass
class World:
    site: FakeSite
    hook: FakeReceiver
    desk: Desk

    def titles(self) -> list[str]:
        """Return what arrived since the last look."""
        titles = [post["title"] for post in self.hook.received]
        self.hook.received.clear()
        return titles


@pytest.fixture
def world(warehouse_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    with serve_site(FakeSite()) as site, serve_receiver(FakeReceiver()) as hook:
        monkeypatch.setenv("TEAM", hook.url)
        site.publish("voltapost.example", FIRST, MATCH)
        for outlet in ("mirror.example", "research.example"):
            site.publish(outlet, replace(MATCH, path=f"{outlet}.html"))
        registry, alerts = tmp_path / "sources.yaml", tmp_path / "alerts.yaml"
        registry.write_text(site.sources_yaml(), encoding="utf-8")
        alerts.write_text(yaml.safe_dump(ALERTS), encoding="utf-8")
        settings = Settings(
            sources=registry,
            alerts=alerts,
            warehouse_url=warehouse_url,
            captures=str(tmp_path / "captures"),
            allow_private_hosts=frozenset({"127.0.0.1"}),
            extract_workers=1,
        )
        yield World(site, hook, Desk(settings))


def test_everything_arrives_once_in_order_and_a_reprint_never(world: World) -> None:
    site, hook, desk = world.site, world.hook, world.desk

    desk.monitor(NINE)
    [announced] = world.titles()
    assert announced == f"New: {FIRST.title}"

    site.publish("mirror.example", REPRINT)
    assert desk.monitor(NINE + HOUR).entries.loaded == 1
    assert world.titles() == []  # a reprint

    site.publish("research.example", SECOND)
    desk.monitor(NINE + 2 * HOUR)
    [post] = hook.received
    assert world.titles() == [f"Sources differ: {FIRST.title}"]
    assert "attendance: 800" in post["message"]
    assert "1500" in post["message"]
    assert "research.example" in post["message"]  # the source that joined is in the same message

    site.stories["voltapost.example"][0] = replace(
        FIRST,
        title=f"Correction: {FIRST.title}",
        body=FIRST.body.replace("800 participants", "900 participants"),
    )
    desk.monitor(NINE + 5 * HOUR)
    [post] = hook.received
    assert world.titles() == [f"Corrected: Correction: {FIRST.title}"]
    assert "attendance: 800 → 900" in post["message"]

    # in quiet hours it waits
    site.publish("voltapost.example", OTHER)
    for hours in (14, 15, 21):  # 23:00, midnight, 06:00
        desk.monitor(NINE + hours * HOUR)
        assert world.titles() == []
    morning = NINE + 22 * HOUR
    desk.send(morning)
    assert world.titles() == [f"New: {OTHER.title}"]

    # the receiver is down for a day; of two runs at once one has the queue
    hook.is_down = True
    site.publish("voltapost.example", KENYA)
    desk.monitor(morning + HOUR)
    site.publish("research.example", VIETNAM)
    site.publish("mirror.example", replace(KENYA, path="again.html"))
    desk.monitor(morning + 2 * HOUR)
    for hours in (3, 6, 12, 24):
        assert desk.send(morning + hours * HOUR).sent == 0
    assert world.titles() == []
    hook.is_down = False
    back = morning + 26 * HOUR
    with ThreadPoolExecutor(2) as threads:
        sent = [done.sent for done in threads.map(desk.send, (back, back))]
    assert sorted(sent) == [0, 2]
    assert world.titles() == [f"New: {KENYA.title}", f"New: {VIETNAM.title}"]

    # nothing is left, nothing comes again
    desk.monitor(back + 2 * HOUR)
    assert world.titles() == []


def test_what_is_over_the_limit_is_rolled_up_and_a_digest_comes_once(world: World) -> None:
    world.site.publish("voltapost.example", OTHER, KENYA)
    world.site.publish("research.example", VIETNAM)
    world.desk.monitor(NINE)
    first, rolled_up = world.hook.received
    assert first["title"].startswith("New: ")
    assert rolled_up["title"] == "3 alerts in one"
    told = first["title"] + rolled_up["message"]
    assert all(story.title.split()[0] in told for story in (FIRST, OTHER, KENYA, VIETNAM))
    world.titles()

    monday = datetime(2025, 5, 12, 8, tzinfo=UTC)
    for minutes in range(3):
        with world.desk.open(monday + minutes * MINUTE) as run:
            sources = run.sources.values()
            note_digest(run.warehouse, sources, run.alert_rules, "week", until=run.at + 9 * DAY, now=run.at)
        world.desk.send(monday + minutes * MINUTE)
    [digest] = world.hook.received
    assert digest["title"] == "Week 2025-W19: 4 new events, 4 articles"
    for story in (FIRST, OTHER, KENYA, VIETNAM):
        assert story.title in digest["message"]
