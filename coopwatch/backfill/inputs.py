"""What a backfill is asked for: refused, where it cannot work, before anything is opened or made."""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from pydantic import TypeAdapter, ValidationError

from coopwatch.backfill.archives import find_archives
from coopwatch.backfill.listing import check_list
from coopwatch.errors import ConfigError
from coopwatch.urls import absolute_url
from coopwatch.warehouse.quarantine import ARCHIVES
from schemas.records import Identifier

Kind = Literal["warc", "sitemap", "urls", "gaps"]


def check_inputs(kind: Kind, inputs: Sequence[str], source_id: str | None = None) -> None:
    """Refuse what cannot be backfilled from; nobody else is asked, as for what a remote pattern names.

    Args:
        kind: what the inputs are.
        inputs: paths, globs or URLs; none for gaps.
        source_id: of the source that entries get, if one is wished for.

    Raises:
        ConfigError: a file is not there or no list, or a source is called what no archive may be called.
        UrlError: a sitemap has no address that can be fetched.
    """
    if source_id is not None:
        _check_source_id(source_id)
    match kind:
        case "warc":
            find_archives([pattern for pattern in inputs if "://" not in pattern])
        case "sitemap":
            for url in inputs:
                absolute_url(url)
        case "urls":
            for path in inputs:
                check_list(Path(path))
        case "gaps":
            pass


def _check_source_id(source_id: str) -> None:
    if not source_id.startswith(ARCHIVES):  # it would be taken for one that is polled
        raise ConfigError(f"source {source_id!r}: must begin with {ARCHIVES!r}")
    try:
        TypeAdapter(Identifier).validate_python(source_id)
    except ValidationError:
        raise ConfigError(
            f"source {source_id!r}: at most 80 lower-case letters, digits, '-', '_' and '.'"
        ) from None
