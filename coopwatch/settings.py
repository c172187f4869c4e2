"""The settings of one run, read once from the environment."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Self

from pydantic import Field, ValidationError

from coopwatch.errors import ConfigError
from schemas.records import Record

PREFIX = "COOPWATCH_"
_PACKAGE = Path(__file__).resolve().parent
_BESIDE = _PACKAGE.parent / "config"
CONFIG_DIR = _BESIDE if _BESIDE.is_dir() else _PACKAGE / "_config"  # in a checkout, else in a wheel


class Settings(Record):
    """Everything that can be set from outside; each field NAME is read from COOPWATCH_NAME."""

    warehouse_url: str = "sqlite:///var/warehouse.db"
    sources: Path = CONFIG_DIR / "sources.yaml"
    topic: Path = CONFIG_DIR / "topics" / "science_cooperation.yaml"
    series: Path = CONFIG_DIR / "series.yaml"
    publishers: Path = CONFIG_DIR / "publishers.yaml"
    alerts: Path = CONFIG_DIR / "alerts.yaml"
    allow_private_hosts: frozenset[str] = frozenset()
    contact: str = ""  # a mail address or page, put into the User-Agent
    fetch_threads: int = Field(default=16, ge=1, le=256)
    fetch_per_host: int = Field(default=2, ge=1)
    fetch_timeout_seconds: float = Field(default=60.0, gt=0)  # total, for one URL with its redirects
    fetch_idle_seconds: float = Field(default=15.0, gt=0)  # between two bytes, and to connect
    fetch_max_bytes: int = Field(default=20_000_000, ge=1)  # after decompression
    fetch_obey_robots: bool = True  # robots.txt of every host, for pages and listing pages
    captures: str | None = None  # folder or fsspec URL of this warehouse alone; see captures_url
    captures_keep_days: int = Field(default=90, ge=0)
    texts_keep_days: int | None = Field(default=None, ge=1)  # for ever unless said; quotes are kept anyway
    data_docs: Path = Path("var/data_docs")  # folder that `check` builds its pages in
    extract_workers: int = Field(default_factory=lambda: min(os.cpu_count() or 1, 8), ge=1)
    extract_timeout_seconds: float = Field(default=20.0, gt=0)  # for one page
    triage_audit_share: float = Field(default=0.02, ge=0, le=1)  # of discarded pages, worked on all the same
    batch_size: int = Field(default=250, ge=1, le=1000)  # entries worked on at once
    max_attempts: int = Field(default=5, ge=1)  # of fetching one entry

    @property
    def captures_url(self) -> str:
        """Where captures are kept: as set, else in a folder of this warehouse alone.

        That is beside a SQLite file, and in var/ for a database on a server.
        """
        if self.captures:
            return self.captures
        scheme, _, rest = self.warehouse_url.partition("://")
        if scheme == "sqlite":
            return str(Path(rest.removeprefix("/")).with_suffix(".captures"))
        name = rest.partition("?")[0].rpartition("/")[2]
        return f"var/{name}.captures"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Self:
        """Read the settings.

        Raises:
            ConfigError: a variable has a value that cannot be used; the error names it.
        """
        environment = os.environ if environment is None else environment
        given: dict[str, object] = {}
        for name in cls.model_fields:
            raw = environment.get(PREFIX + name.upper())
            if raw is None or raw == "":
                continue
            given[name] = (
                frozenset(part.strip().lower() for part in raw.split(",") if part.strip())
                if name == "allow_private_hosts"
                else raw
            )
        try:
            return cls.model_validate(given)
        except ValidationError as error:
            first = error.errors()[0]
            variable = PREFIX + str(first["loc"][0]).upper()
            raise ConfigError(f"{variable}={first['input']!r}: {first['msg']}") from None

    def override(self, **given: object) -> Self:
        """Return these settings with those of the given ones that are not None."""
        return self.model_validate(
            {**dict(self), **{name: value for name, value in given.items() if value is not None}}
        )
