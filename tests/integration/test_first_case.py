"""The case the project was created from: one conference, its reprints, its neighbours."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.fakes import FakeSite, Story, serve_site
from tests.integration.command import Shell

pytestmark = [pytest.mark.shared, pytest.mark.slow]

SAMPLES = Path(__file__).parent.parent / "samples" / "first_case"
EVENT = "brst-1"


def read_seed(folder: Path, prefix: str) -> str:
    return next(folder.glob(f"seeds/{prefix}_*.txt")).read_text(encoding="utf-8")


def split_title(text: str) -> tuple[str, str]:
    title, _, body = text.partition("\n\n")
    return title, body


class Case:
    """The outlets of the case, published one after the other or all at once."""

    def __init__(self, shared_data: Path) -> None:
        title, body = split_title(read_seed(shared_data, "000"))
        # a file without a line break before its copyright line would glue it to the last paragraph
        self.release = Story("first-brst.html", title, body, datetime(2023, 11, 8, 6, 30, tzinfo=UTC))
        core = body.partition("Related Articles")[0]
        paragraphs = core.split("\n\n")
        self.retitled = Story(
            "a.html",
            "Chongqing welcomes the world of science",
            core.replace("by Admin", "").strip()
            + "\n\nSubscribe to our newsletter\n\n© 2023 Valley Post. All rights reserved.",
            datetime(2023, 11, 8, 9, tzinfo=UTC),
        )
        words = re.split(r"(\s+)", "\n\n".join(paragraphs[1:]))
        self.cut = Story("b.html", title, "".join(words[: 2 * 90 - 1]), datetime(2023, 11, 8, 10, tzinfo=UTC))
        edited = (
            core.replace("by Admin", "")
            .replace("participated in the conference", "took part in the meeting")
            .replace("Also, the", "In addition, the")
            .replace("showing their level", "which shows their level")
            .replace("He foresees", "He expects")
        )
        self.edited = Story(
            "c.html", "BRST opens in Chongqing", edited.strip(), datetime(2023, 11, 9, tzinfo=UTC)
        )
        self.institute = Story(
            "brrc.html",
            "First Belt and Road Conference on Science and Technology Exchange in Chongqing, China",
            read_seed(shared_data, "004"),
            datetime(2023, 12, 2, tzinfo=UTC),
        )
        title, body = split_title((SAMPLES / "chengdu-2025.txt").read_text(encoding="utf-8"))
        self.second = Story("second.html", title, body, datetime(2025, 6, 11, tzinfo=UTC))
        title, body = split_title((SAMPLES / "forum-2023.txt").read_text(encoding="utf-8"))
        self.forum = Story("forum.html", title, body, datetime(2023, 10, 19, tzinfo=UTC))

    def publish_release(self, site: FakeSite) -> None:
        site.publish("ammansun.com", self.release)

    def publish_reprints(self, site: FakeSite) -> None:
        site.publish("valleypost.example", self.retitled)
        site.publish("shorttake.example", self.cut)
        site.publish("deltaherald.example", self.edited)

    def publish_institute(self, site: FakeSite) -> None:
        site.publish("Asian Institute of Technology", self.institute)

    def publish_neighbours(self, site: FakeSite) -> None:
        site.publish("sichuanview.example", self.second)
        site.publish("capitalledger.example", self.forum)


@pytest.fixture
def case(shared_data: Path) -> Case:
    return Case(shared_data)


class Monitor:
    """Runs the command against one site and one warehouse."""

    def __init__(self, shell: Shell, site: FakeSite, warehouse_url: str, folder: Path) -> None:
        self._shell = shell
        self._site = site
        self._warehouse_url = warehouse_url
        self._registry = folder / "sources.yaml"
        self._captures = {"COOPWATCH_CAPTURES": str(folder / "captures")}

    def run(self) -> Any:
        self._registry.write_text(self._site.sources_yaml(), encoding="utf-8")
        done = self._shell.run(
            *("run", "--sources", self._registry, "--warehouse", self._warehouse_url, "--json"),
            environment=self._captures,
        )
        assert done.status == 0, done.err
        summary = done.data
        entries = summary["entries"]
        ends = ("loaded", "irrelevant", "quarantined", "failed", "pending")
        assert summary["carried_over"] + entries["new"] == sum(entries[end] for end in ends)
        return summary

    def read_events(self) -> dict[str, Any]:
        done = self._shell.run("events", "--warehouse", self._warehouse_url, "--json")
        assert done.status == 0, done.err
        return {event["event_id"]: event for event in done.data}

    def show(self, what: str) -> Any:
        done = self._shell.run("show", what, "--warehouse", self._warehouse_url, "--json")
        assert done.status == 0, done.err
        return done.data


def hold_the_event(event: dict[str, Any]) -> None:
    """Hold the final state of the conference against what a careful reader would say of it."""
    assert (event["series"], event["edition"]) == ("brst", 1)
    assert (event["start_date"], event["end_date"]) == ("2023-11-06", "2023-11-07")
    assert (event["place"], event["country"]) == ("Chongqing", "CN")
    assert event["articles"] == 5
    assert event["text_groups"] == 2
    assert event["independent_sources"] == 2

    by_publisher = {row["publisher"]: row for row in event["coverage"]}
    reprints = ("ammansun.com", "valleypost.example", "shorttake.example", "deltaherald.example")
    assert len({by_publisher[name]["text_group_id"] for name in reprints}) == 1
    assert by_publisher["ammansun.com"]["distributor"] == "PRNewswire"
    assert by_publisher["ammansun.com"]["issuer"] == "iChongqing"
    assert by_publisher["Asian Institute of Technology"]["distributor"] is None

    claims = event["claims"]
    attendance = {claim["value"]: claim for claim in claims if claim["field"] == "attendance"}
    assert sorted(attendance) == ["1000", "800"]
    assert (attendance["800"]["low"], attendance["800"]["high"]) == (800, 800)
    assert "800 attendees" in attendance["800"]["quote"]
    assert attendance["1000"]["qualifier"] == "nearly"
    assert attendance["1000"]["high"] == 1000
    assert "nearly one thousand participants" in attendance["1000"]["quote"]
    assert {claim["status"] for claim in attendance.values()} == {"soft_conflict"}

    components = {claim["value"] for claim in claims if claim["status"] == "component"}
    assert components == {"300", "500"}
    countries = [claim for claim in claims if claim["field"] == "countries"]
    assert [claim["value"] for claim in countries] == ["80", "80"]
    assert {claim["status"] for claim in countries} == {"agrees"}
    inherited = [claim for claim in claims if claim["field"] == "dates" and claim["status"] == "inherited"]
    assert [claim["value"] for claim in inherited] == ["2023-11-06/2023-11-07"]


def hold_the_neighbours(events: dict[str, Any]) -> None:
    """The second conference and the Forum are events of their own."""
    assert len(events) == 3
    second = next(event for event in events.values() if event["edition"] == 2)
    assert (second["series"], second["place"], second["start_date"]) == ("brst", "Chengdu", "2025-06-10")
    forum = next(event for event in events.values() if event["edition"] == 3)
    assert (forum["start_date"], forum["end_date"]) == ("2023-10-17", "2023-10-18")
    assert second["articles"] == forum["articles"] == 1


def test_the_coverage_arrives_little_by_little(
    shell: Shell, case: Case, warehouse_url: str, tmp_path: Path
) -> None:
    with serve_site(FakeSite()) as site:
        monitor = Monitor(shell, site, warehouse_url, tmp_path)

        case.publish_release(site)
        summary = monitor.run()
        assert summary["events"] == {"new": 1, "updated": 0}
        assert summary["alerts"]["sent"] == 1
        first = monitor.read_events()[EVENT]
        assert (first["articles"], first["text_groups"], first["independent_sources"]) == (1, 1, 1)

        case.publish_reprints(site)
        summary = monitor.run()
        assert summary["entries"]["loaded"] == 3
        assert summary["alerts"]["sent"] == 0
        reprinted = monitor.read_events()[EVENT]
        counts = (reprinted["articles"], reprinted["text_groups"], reprinted["independent_sources"])
        assert counts == (4, 1, 1)

        case.publish_institute(site)
        summary = monitor.run()
        assert summary["events"] == {"new": 0, "updated": 1}
        assert summary["alerts"]["sent"] == 1  # an independent source joined
        hold_the_event(monitor.read_events()[EVENT])

        case.publish_neighbours(site)
        summary = monitor.run()
        assert summary["events"]["new"] == 2
        events = monitor.read_events()
        hold_the_event(events[EVENT])
        hold_the_neighbours(events)

        again = monitor.run()
        assert again["entries"]["new"] == again["alerts"]["sent"] == 0


def test_the_coverage_arrives_at_once(shell: Shell, case: Case, warehouse_url: str, tmp_path: Path) -> None:
    with serve_site(FakeSite()) as site:
        monitor = Monitor(shell, site, warehouse_url, tmp_path)
        case.publish_neighbours(site)
        case.publish_institute(site)
        case.publish_reprints(site)
        case.publish_release(site)
        summary = monitor.run()
        assert summary["entries"]["loaded"] == 7
        assert summary["alerts"]["sent"] == 3  # one an event
        events = monitor.read_events()
        hold_the_event(events[EVENT])
        hold_the_neighbours(events)

        shown = monitor.show(EVENT)
        assert {relation["other_event_id"] for relation in shown["relations"]} | {
            relation["event_id"] for relation in shown["relations"]
        } == set(events)
        trace = monitor.show(f"{site.url}/shorttake.example/b.html")
        assert trace["membership"]["relation"] in ("same", "derived")
