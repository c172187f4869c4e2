"""The Prefect server of the integration tests serves here, too."""

from tests.integration.conftest import prefect_api

__all__ = ["prefect_api"]
