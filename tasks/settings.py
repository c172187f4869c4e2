"""Settings that the environment of a run lacks, from the variables and secrets of the Prefect server.

`COOPWATCH_WAREHOUSE_URL` is looked for as the variable `coopwatch_warehouse_url` and, first, as the block
`secret/coopwatch-warehouse-url`. The same goes for what alerts.yaml names, such as `COOPWATCH_ALERT_URLS`.
"""

import asyncio
import os
from collections.abc import Mapping

import httpx
from prefect import get_client
from prefect.client.orchestration import PrefectClient
from prefect.settings import PREFECT_API_URL

from coopwatch.errors import ConfigError
from coopwatch.settings import PREFIX, Settings
from tasks.logs import set_log_levels

_AT_MOST = 200  # variables that a server lists at once


async def read_settings(**given: object) -> Settings:
    """Return the settings of a flow run; to be called once, at its start.

    What the server has and the environment lacks becomes part of the environment of this process, which is
    that of one run: what starts from here, such as the workers that extract, finds it there as well.

    Args:
        given: parameters of the flow, which win where they are not None.

    Raises:
        ConfigError: a value cannot be used; the error names its variable.
    """
    set_log_levels()
    async with get_client() as client:
        found = await find_values(client, os.environ)
    os.environ.update(found)
    return Settings.from_environment().override(**given)


async def find_server_values(environment: Mapping[str, str]) -> dict[str, str]:
    """Return what `find_values` does, of the server that is configured; nothing where none is.

    Without one Prefect would start a temporary server to ask, which the flow does anyway.

    Raises:
        ConfigError: a value is neither text nor a number, or the server does not answer.
    """
    if not (api := PREFECT_API_URL.value()):
        return {}
    try:
        async with get_client() as client:
            return await find_values(client, environment)
    except (httpx.HTTPError, OSError) as error:
        reason = str(error) or type(error).__name__
        raise ConfigError(
            f"PREFECT_API_URL={hide_secrets(api)}: the server does not answer: {reason}"
        ) from error


async def find_values(client: PrefectClient, environment: Mapping[str, str]) -> dict[str, str]:
    """Return what the server has that an environment lacks, by the name of the environment's variable.

    Two requests, and one more for every secret that is used; no other secret of the server is read.

    Raises:
        ConfigError: a variable or secret holds something other than text or a number.
    """
    variables, secrets = await asyncio.gather(
        client.read_variables(limit=_AT_MOST),
        client.read_block_documents_by_type("secret", include_secrets=False),
    )
    found: dict[str, object] = {}
    for variable in variables:
        name = variable.name.upper().replace("-", "_")
        if _is_wanted(name, environment):
            found[name] = variable.value
    for secret in secrets:
        name = (secret.name or "").upper().replace("-", "_")
        if _is_wanted(name, environment):
            block = await client.read_block_document_by_name(
                secret.name or "", "secret", include_secrets=True
            )
            found[name] = block.data.get("value")
    return {name: _as_text(name, value) for name, value in found.items()}


def _is_wanted(name: str, environment: Mapping[str, str]) -> bool:
    return name.startswith(PREFIX) and not environment.get(name)


def _as_text(name: str, value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str | int | float):
        return str(value)
    raise ConfigError(f"{name}: the value on the Prefect server is neither text nor a number")


def hide_secrets(api: str) -> str:
    """Return the address of a server without the user, password and query in it."""
    return str(httpx.URL(api).copy_with(userinfo=b"", query=None))
