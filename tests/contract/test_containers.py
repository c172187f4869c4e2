"""What can be said of image and services without building them: commands, variables and files exist.

The later tests keep what building and running them has shown to be needed.
"""

import ast
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import prefect
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
# what the Prefect server knows of types of pools
WORKERS = Path(prefect.__file__).parent / "server/api/collections_data/views/aggregate-worker-metadata.json"
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


def test_no_hidden_file_and_no_settings_get_into_the_image() -> None:
    lines = (PROJECT / ".dockerignore").read_text(encoding="utf-8").split()
    last_kept = max(number for number, line in enumerate(lines) if line.startswith("!"))
    assert {"**/.*", "**/*.env"} <= set(lines[last_kept:])  # the last line that fits a file decides


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


def test_packages_are_those_of_the_lock_file_whatever_pip_there_is() -> None:
    [install] = re.findall(r"pip install ([^&\n]*requirements\.lock)", IMAGE)
    # pip 23.0 cannot bring `sqlalchemy[asyncio]` together with the hashes of `sqlalchemy`
    assert {"--require-hashes", "--no-deps"} <= set(install.split())


def test_no_code_needs_to_be_installed() -> None:
    # the image has the code, and no metadata of an installed distribution beside it
    asked = [
        path
        for folder in ("coopwatch", "expectations", "flows", "schemas", "tasks")
        for path in (PROJECT / folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).rpartition(".")[2] in {"version", "metadata", "distribution", "files"}
        and [ast.unparse(argument) for argument in node.args] == ["'coopwatch'"]
    ]
    assert not asked


def test_the_image_writes_where_its_user_may() -> None:
    [home] = re.findall(r"--home-dir (\S+)", IMAGE)
    variables = list_image_variables()
    for name in ("PREFECT_HOME", "PREFECT_SERVER_UI_STATIC_DIRECTORY"):
        assert Path(variables[name]).is_relative_to(home)
    [workdir] = re.findall(r"^WORKDIR (.*)$", IMAGE, re.MULTILINE)
    assert f"ln -s {home} {workdir}/var" in IMAGE
    settings = Settings()
    for default in (settings.data_docs, settings.captures_url, settings.warehouse_url.partition(":///")[2]):
        assert Path(default).parts[0] == "var"


def test_the_image_hides_no_setting_that_the_server_has() -> None:
    assert not [name for name in list_image_variables() if name.startswith(PREFIX)]


def test_the_user_of_the_image_is_a_number_and_not_root() -> None:
    [user] = re.findall(r"^USER (.*)$", IMAGE, re.MULTILINE)
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", user)


def test_services_leave_nothing_behind() -> None:
    ours = {name: service for name, service in SERVICES.items() if service["image"] == "coopwatch"}
    assert set(ours) == {"server", "deploy", "worker"}
    assert all(service["init"] for service in ours.values())  # or processes of runs stay as zombies
    assert not re.search(r"^VOLUME", IMAGE, re.MULTILINE)  # or `deploy` leaves one at every `down`


def test_the_database_is_not_healthy_before_it_is_made() -> None:
    # the first start of the image of PostgreSQL answers by its socket while it still makes the databases
    assert "--host" in SERVICES["database"]["healthcheck"]["test"]
    assert SERVICES["server"]["depends_on"]["database"] == {"condition": "service_healthy"}


def test_the_manual_changes_what_the_pools_of_containers_know() -> None:
    manual = (PROJECT / "docs" / "operations.md").read_text(encoding="utf-8")
    types = {
        kind: worker["default_base_job_configuration"]
        for workers in json.loads(WORKERS.read_text(encoding="utf-8")).values()
        for kind, worker in workers.items()
    }
    [block] = [
        block for block in re.findall(r"```yaml\n(.*?)```", manual, re.DOTALL) if "job_variables" in block
    ]
    changed = yaml.safe_load(block)
    variables = set(changed["definitions"]["pool"]["job_variables"])
    assert variables <= set(types["docker"]["variables"]["properties"])
    [pull] = changed["pull"]
    [workdir] = re.findall(r"^WORKDIR (.*)$", IMAGE, re.MULTILINE)
    assert pull == {"prefect.deployments.steps.set_working_directory": {"directory": workdir}}
    [kubernetes] = re.findall(r"\*\*Kubernetes\.\*\*(.*?)```", manual, re.DOTALL)
    known = set(types["kubernetes"]["variables"]["properties"])
    named = set(re.findall(r"`([a-z]+(?:_[a-z]+)+|namespace|networks|volumes)`", kubernetes))
    assert named - known == {"networks", "volumes", "auto_remove"}
    [path] = re.findall(r"`(job_configuration\.[a-z._]+)`", kubernetes)
    place: Any = types["kubernetes"]
    for name in path.split("."):
        place = place[name]
    assert "env" in place[0]
