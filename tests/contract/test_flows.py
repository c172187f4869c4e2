"""What has to stay in step around the flows: deployments, entry points, names."""

import importlib
import inspect
import sys
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
import yaml
from prefect import Flow

PROJECT = Path(__file__).parent.parent.parent
DEPLOYMENTS = yaml.safe_load((PROJECT / "prefect.yaml").read_text(encoding="utf-8"))["deployments"]


@pytest.mark.parametrize("deployment", DEPLOYMENTS, ids=lambda deployment: deployment["name"])
def test_every_deployment_names_an_existing_flow_and_valid_parameters(deployment: dict[str, Any]) -> None:
    file, _, name = deployment["entrypoint"].partition(":")
    assert (PROJECT / file).is_file()
    flow = getattr(importlib.import_module(file.removesuffix(".py").replace("/", ".")), name)
    assert isinstance(flow, Flow)
    known = inspect.signature(flow.fn).parameters
    assert set(deployment.get("parameters", {})) <= set(known)


def test_no_module_in_flows_hides_another_package() -> None:
    """Prefect's loader puts flows/ in front of sys.path, where its stems would shadow packages."""
    stems = {path.stem for path in (PROJECT / "flows").iterdir() if not path.name.startswith("__")}
    ours = {path.name for path in PROJECT.iterdir() if (path / "__init__.py").is_file()}
    installed = set(metadata.packages_distributions())
    assert not stems & (ours | set(sys.stdlib_module_names))
    assert not stems & (installed - {"flows"})
