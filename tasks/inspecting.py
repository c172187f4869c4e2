"""What Prefect can tell the doctor: server, work pool, workers."""

import asyncio
from collections.abc import Iterator

import httpx
from prefect import __version__, get_client
from prefect.client.orchestration import PrefectClient
from prefect.exceptions import ObjectNotFound
from prefect.settings import PREFECT_API_URL

from coopwatch.doctor import Diagnosis
from coopwatch.wording import count
from tasks.settings import hide_secrets

WORK_POOL = "coopwatch"
_PATIENCE_SECONDS = 10.0


def examine_prefect() -> Iterator[Diagnosis]:
    """Yield whether the server answers, and whether somebody works for it.

    Without a server runs by hand still work: each brings its own.
    """
    api = PREFECT_API_URL.value()
    if not api:
        yield Diagnosis(
            area="prefect", status="off", note="no server: PREFECT_API_URL is not set; nothing is scheduled"
        )
        return
    try:
        yield from asyncio.run(_ask(api))
    except (httpx.HTTPError, OSError, TimeoutError) as error:
        reason = str(error) or type(error).__name__
        yield Diagnosis(area="prefect", status="broken", note=f"{hide_secrets(api)}: {reason}")


async def _ask(api: str) -> list[Diagnosis]:
    async with get_client(httpx_settings={"timeout": _PATIENCE_SECONDS}) as client:
        version = await asyncio.wait_for(client.api_version(), _PATIENCE_SECONDS)
        is_same = version.split(".")[:2] == __version__.split(".")[:2]
        note = f"{hide_secrets(api)}: version {version}" + ("" if is_same else f", here {__version__}")
        server = Diagnosis(area="prefect", status="ok" if is_same else "warn", note=note)
        return [
            server,
            await _ask_for_pool(client),
            await _ask_for_deployments(client),
            await _ask_for_leases(client),
        ]


async def _ask_for_pool(client: PrefectClient) -> Diagnosis:
    try:
        pool = await client.read_work_pool(WORK_POOL)
        workers = await client.read_workers_for_work_pool(WORK_POOL)
    except ObjectNotFound:
        note = f"there is no pool {WORK_POOL!r}; `coopwatch serve` needs none"
        return Diagnosis(area="work pool", status="off", note=note)
    online = [worker for worker in workers if worker.status == "ONLINE"]
    paused = ", paused" if pool.is_paused else ""
    note = f"{WORK_POOL} ({pool.type}{paused}), {count(len(online), 'worker')} online"
    return Diagnosis(area="work pool", status="ok" if online and not paused else "warn", note=note)


async def _ask_for_deployments(client: PrefectClient) -> Diagnosis:
    ours = [one for one in await client.read_deployments() if "coopwatch" in one.tags]
    active = sum(not one.paused for one in ours)
    note = f"{count(len(ours), 'deployment')}, {active} active"
    return Diagnosis(area="deployments", status="ok" if active else "warn", note=note)


async def _ask_for_leases(client: PrefectClient) -> Diagnosis:
    """Tell whether a server that restarts still knows who holds the slot of a deployment."""
    try:
        answer = await client.request("GET", "/admin/settings")
    except (ObjectNotFound, httpx.HTTPStatusError):  # Prefect Cloud keeps that to itself
        return Diagnosis(area="leases", status="off", note="the server does not tell where it keeps them")
    storage = str(answer.json().get("server", {}).get("concurrency", {}).get("lease_storage", "unknown"))
    if storage.endswith(".memory"):
        note = "in the server's memory: a power cut may block a deployment; see docs/operations.md"
        return Diagnosis(area="leases", status="warn", note=note)
    return Diagnosis(area="leases", status="ok", note=f"kept by {storage}")
