"""What can be said of image and services without building them: commands, variables and files exist."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from prefect.logging.configuration import DEFAULT_LOGGING_SETTINGS_PATH
from prefect.settings import Settings as PrefectSettings
from prefect.settings.legacy import _get_settings_fields

from coopwatch.alerting import load_alert_rules
from coopwatch.settings import CONFIG_DIR, PREFIX, Settings
from flows.serving import find_deployments, list_variables
from tests.contract.commands import OURS, find_fault, split_script
from tests.soak.deployed import LASTING_LEASES

PROJECT = Path(__file__).parent.parent.parent
COMPOSE = yaml.safe_load((PROJECT / "compose.yaml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
IMAGE = (PROJECT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
# of the shell, Python, PostgreSQL and its image; read by others than us
FOREIGN = {
    "DO_NOT_TRACK", "PATH", "PGPASSWORD", "POSTGRES_DB", "POSTGRES_PASSWORD", "POSTGRES_USER",
    "PYTHONPATH", "PYTHONUNBUFFERED",
}  # fmt: skip


def list_image_variables() -> dict[str, str]:
    """Return what the image sets for all its processes."""
    [line] = re.findall(r"^ENV (.*)$", IMAGE, re.MULTILINE)
    return dict(assignment.split("=", 1) for assignment in line.split())


def list_wanted_variables() -> set[str]:
    """Return the variables that coopwatch.env is for, by the first lines of compose.yaml."""
    return set(
        re.findall(r"^#   ([A-Z_]+)=", (PROJECT / "compose.yaml").read_text(encoding="utf-8"), re.MULTILINE)
    )


def list_variables_of_logging() -> Iterator[str]:
    """Yield the variables that change an item of Prefect's configuration of logging."""

    def walk(content: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[str]:
        for name, value in content.items():
            if isinstance(value, Mapping):
                yield from walk(value, (*path, name))
            else:
                yield "_".join(("PREFECT_LOGGING", *path, name)).upper().replace(".", "_")

    yield from walk(yaml.safe_load(Path(DEFAULT_LOGGING_SETTINGS_PATH).read_text(encoding="utf-8")), ())


def list_commands() -> Iterator[tuple[str, list[str]]]:
    """Yield what image and services run, with where it stands."""
    for line in re.findall(r"^CMD (\[.*\])$", IMAGE, re.MULTILINE):
        yield "Dockerfile", json.loads(line)
    for name, service in SERVICES.items():
        words = service.get("command")
        if words and words[:2] == ["sh", "-c"]:
            for command in split_script(words[2]):
                yield name, command
        elif words:
            yield name, words


def test_every_variable_is_one_that_somebody_reads() -> None:
    named = {*list_image_variables(), *list_wanted_variables(), *list_variables(find_deployments())}
    for service in SERVICES.values():
        named |= set(service.get("environment", {}))
    routes = load_alert_rules(CONFIG_DIR / "alerts.yaml").routes.values()
    known = (
        {PREFIX + name.upper() for name in Settings.model_fields}
        | {route.urls_from for route in routes if route.kind == "apprise"}
        | set(_get_settings_fields(PrefectSettings))
        | set(list_variables_of_logging())
    )
    assert named - known == FOREIGN


@pytest.mark.parametrize(
    ("place", "command"),
    list(list_commands()),
    ids=lambda given: str(given[0] if isinstance(given, list) else given),
)
def test_every_command_is_known(place: str, command: list[str]) -> None:
    assert command[0] in OURS, place
    assert not find_fault(command)


def test_the_image_has_all_that_its_processes_open() -> None:
    ignored, *kept = (PROJECT / ".dockerignore").read_text(encoding="utf-8").split()
    assert ignored == "*"
    in_image = {line.removeprefix("!") for line in kept if line.startswith("!")}
    needed = {"flows", "tasks", "coopwatch", "schemas", "expectations", "migrations"}
    needed |= {"config", "prefect.yaml", "requirements.lock"}
    assert needed <= in_image
    assert all((PROJECT / name).exists() for name in in_image)
    files = [word for _, command in list_commands() for word in command if word.endswith(".yaml")]
    assert files
    assert all((PROJECT / file).is_file() and Path(file).parts[0] in in_image for file in files)


def test_services_name_each_other_and_volumes_that_are_there() -> None:
    for service in SERVICES.values():
        assert set(service.get("depends_on", {})) <= set(SERVICES)
        for volume in service.get("volumes", []):
            assert volume.partition(":")[0] in COMPOSE["volumes"]
        for config in service.get("configs", []):
            assert config["source"] in COMPOSE["configs"]
        for address in (service.get("environment") or {}).values():
            for host in re.findall(r"(?:@|http://)([a-z]+)[:/]", str(address)):
                assert host in SERVICES


def test_the_slots_of_deployments_outlive_the_server() -> None:
    variables = list_image_variables()
    assert LASTING_LEASES.items() <= variables.items()
    kept_at = [volume.partition(":")[2].partition(" ")[0] for volume in SERVICES["server"]["volumes"]]
    assert any(Path(variables["PREFECT_HOME"]).is_relative_to(folder) for folder in kept_at)
