"""The commands of the documents exist, with the options they are shown with; settings are all listed."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from coopwatch.settings import CONFIG_DIR, PREFIX, Settings
from tests.contract.commands import OURS, find_fault, split_script

PROJECT = Path(__file__).parent.parent.parent
PAGES = sorted([PROJECT / "README.md", *(PROJECT / "docs").glob("*.md")])


def list_commands(page: str) -> list[list[str]]:
    """Return the commands of coopwatch and Prefect in the blocks of a page, and those within its lines."""
    blocks = re.findall(r"```sh\n(.*?)```", page, re.DOTALL)
    within = re.findall(
        r"`((?:coopwatch|prefect) [a-z][^`]*)`", re.sub(r"```.*?```", "", page, flags=re.DOTALL)
    )
    return [
        command for script in (*blocks, *within) for command in split_script(script) if command[0] in OURS
    ]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_that_is_shown_is_known(page: Path) -> None:
    commands = list_commands(page.read_text(encoding="utf-8"))
    faults = {" ".join(command): fault for command in commands if (fault := find_fault(command))}
    assert not faults


def test_the_manual_shows_commands_of_both() -> None:
    commands = list_commands((PROJECT / "docs" / "operations.md").read_text(encoding="utf-8"))
    assert {command[0] for command in commands} == set(OURS)


@pytest.mark.parametrize(
    ("script", "commands"),
    [
        ("A=1 coopwatch serve  # till it ends\nprefect version &", ["coopwatch serve", "prefect version"]),
        ("prefect version && { coopwatch check || prefect automation ls; }",
         ["prefect version", "coopwatch check", "prefect automation ls"]),
        ('coopwatch search "joint laboratory" > found', ["coopwatch search joint laboratory > found"]),
    ],
)  # fmt: skip
def test_scripts_are_split_into_commands(script: str, commands: list[str]) -> None:
    assert [" ".join(command) for command in split_script(script)] == commands


@pytest.mark.parametrize(
    "command",
    [
        ["coopwatch", "dance"],
        ["coopwatch", "sources", "dance"],
        ["coopwatch", "run", "--dance"],
        ["prefect", "dance"],
        ["prefect", "worker", "start", "--dance"],
    ],
    ids=" ".join,
)
def test_a_command_that_nobody_knows_is_found(command: list[str]) -> None:
    assert find_fault(command)


def test_every_setting_is_listed_with_its_default() -> None:
    page, _, _ = (PROJECT / "docs" / "settings.md").read_text(encoding="utf-8").partition("\n## ")
    rows = dict(re.findall(rf"^\| `{PREFIX}([A-Z_]+)` \| ([^|]+) \| [^|]+ \|$", page, re.MULTILINE))
    assert {name.lower() for name in rows} == set(Settings.model_fields)
    for name, shown in rows.items():
        default = getattr(Settings.from_environment({}), name.lower())
        if isinstance(default, Path) and default.is_relative_to(CONFIG_DIR):
            default = Path("config") / default.relative_to(CONFIG_DIR)
        if shown.startswith("`"):
            assert (
                shown.strip("`").lower() == f"{default:g}"
                if isinstance(default, float)
                else str(default).lower()
            )
        elif shown == "–":
            assert not default


@pytest.mark.skipif(not shutil.which("sqlite3"), reason="the shell of SQLite is not installed")
def test_a_parameter_of_the_sqlite_shell_stays_text() -> None:
    page = (PROJECT / "docs" / "warehouse.md").read_text(encoding="utf-8")
    (shown,) = re.findall(r"sqlite3 -box (-cmd .*) var/warehouse\.db", page)
    script = f"sqlite3 {shown} :memory: 'SELECT typeof(:since), :since'"
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "text|2025-06-01\n"
