"""`coopwatch merge`, `split`, `pin`, `unpin` and `pins`, as an analyst uses them."""

import json
from collections.abc import Callable
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from coopwatch.warehouse import Warehouse
from flows.cli import curating
from schemas.records import Dossier
from tests.builders import NOW, make_article, make_claim, make_coverage, make_event
from tests.integration.warehouse_samples import RUN, make_batch, take_entries

URLS = {number: make_article(number).url for number in range(1, 10)}
IDS = {number: make_article(number).article_id for number in range(1, 10)}
COMMANDS = ("merge", "split", "pin", "unpin", "pins")

Run = Callable[..., Result]


def tell(event_id: str, *numbers: int) -> Dossier:
    many = {"articles": len(numbers), "text_groups": len(numbers), "independent_sources": 1}
    return Dossier(
        event=make_event(event_id=event_id, **many),
        coverage=tuple(make_coverage(make_article(n), event_id=event_id) for n in numbers),
        claims=tuple(make_claim(make_article(n), event_id=event_id) for n in numbers),
    )


@pytest.fixture
def run(sqlite_url: str) -> Run:
    """Run a command on a warehouse with events e-1 (articles 1 and 2) and e-2 (3 and 4)."""
    app = typer.Typer(pretty_exceptions_enable=False)
    for name in COMMANDS:
        app.command(name)(getattr(curating, name))
    with Warehouse.open(sqlite_url) as warehouse:
        take_entries(warehouse, 4)
        dossiers = (tell("e-1", 1, 2), tell("e-2", 3, 4))
        batch = make_batch(*(make_article(n) for n in range(1, 5)), dossiers=dossiers)
        warehouse.write_batch(RUN, batch, (), NOW)

    def invoke(command: str, *arguments: str) -> Result:
        options = ["--warehouse", sqlite_url]
        if command != "pins":
            options += ["--actor", "ada"]
        return CliRunner().invoke(app, [command, *arguments, *options])

    return invoke


def read(result: Result) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_a_merge_says_what_it_moved(run: Run) -> None:
    said = run("merge", "e-2", "e-1", "--note", "one laboratory").stdout
    assert said.startswith("e-2 is merged into e-1: 2 articles moved\n")
    assert "4 articles" in said
    assert "one event already" in str(run("merge", "e-2", "e-1").exception)


def test_a_merge_as_json(run: Run) -> None:
    data = read(run("merge", "e-1", "e-2", "--json"))
    assert data["event"]["event_id"] == data["redirect"]["merged_into"] == "e-1"
    assert data["change"]["actor"] == "ada"
    assert {pin["article_id"] for pin in data["pins"]} == {IDS[3], IDS[4]}


def test_a_split_says_what_became_of_both(run: Run) -> None:
    result = run("split", "e-1", URLS[2], "--note", "a dinner")
    assert "an event of its own now, with 1 article of e-1; 2 pins to keep them apart" in result.stdout
    pins = read(run("pins", "e-1", "--json"))
    assert [(pin["kind"], pin["article_id"], pin["actor"]) for pin in pins] == [
        ("cannot_link", IDS[2], "ada")
    ]


def test_a_split_as_json_gives_the_new_id(run: Run) -> None:
    data = read(run("split", "e-1", IDS[2], "--json"))
    part_id = data["part"]["event_id"]
    assert data["change"]["other_event_id"] == part_id
    assert read(run("pin", URLS[2], part_id, "--json"))["moved"] is None


def test_a_pin_moves_what_is_elsewhere(run: Run) -> None:
    data = read(run("pin", URLS[1], "e-2", "--note", "its place", "--json"))
    assert data["moved"]["article_ids"] == [IDS[1]]
    assert (data["merged"], data["split"]) == (None, None)
    said = run("pin", URLS[2], "e-2").stdout
    assert "e-2 is merged into e-1" in said or "e-1 is merged into e-2" in said


def test_a_pin_that_agrees_moves_nothing(run: Run) -> None:
    said = run("pin", URLS[1], "e-1").stdout
    assert f"{IDS[1]} must link e-1, by ada" in said
    assert "nothing moved" in said


def test_a_pin_off_an_event_splits_it(run: Run) -> None:
    said = run("pin", URLS[1], "e-1", "--cannot-link").stdout
    assert f"{IDS[1]} cannot link e-1" in said
    assert "with 1 article of e-1" in said


def test_pins_end(run: Run) -> None:
    pin_id = read(run("pin", URLS[1], "e-2", "--cannot-link", "--json"))["pin"]["pin_id"]
    assert pin_id in run("pins").stdout
    ended = run("unpin", pin_id, "--note", "a slip")
    assert "ended" in ended.stdout
    assert run("pins").stdout == "nothing is pinned; `coopwatch pin` does it\n"
    assert [pin["pin_id"] for pin in read(run("pins", "--all", "--json"))] == [pin_id]
    assert read(run("pins", "e-1", "--all", "--json")) == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["merge", "e-1", "e-9"], "there is no event 'e-9'"),
        (["split", "e-1", URLS[3]], "is not on e-1"),
        (["split", "e-1", URLS[9]], "there is no article"),
        (["split", "e-1", URLS[1], URLS[2]], "nothing would stay on e-1"),
        (["pin", "no address", "e-1"], "there is no article no address"),
        (["unpin", "p-9"], "no pin 'p-9' is in force"),
        (["pins", "e-9"], "there is no event 'e-9'"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(run: Run, arguments: list[str], said: str) -> None:
    result = run(*arguments)
    assert result.exit_code != 0
    assert said in str(result.exception)
    assert "\n" not in str(result.exception)


@pytest.mark.parametrize("command", COMMANDS)
def test_help_shows_examples(run: Run, command: str) -> None:
    said = run(command, "--help").stdout
    assert f"coopwatch {command}" in said


def test_hostile_notes_cannot_steer_a_terminal(run: Run) -> None:
    said = run("pin", URLS[1], "e-1", "--note", "red \x1b[31m note").stdout
    assert "\x1b" not in said
