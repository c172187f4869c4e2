"""The Prefect server of the integration tests serves here, too; and what deployments need in a test."""

from tests.integration.conftest import prefect_api
from tests.soak.deployed import desk, server

__all__ = ["desk", "prefect_api", "server"]
