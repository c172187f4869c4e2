"""The registry grows: what a new source is called, and how it is written into the file of its author."""

import os
import re
import tempfile
from collections.abc import Container, Iterable, Sequence
from pathlib import Path
from shutil import copymode

import yaml
from babel import Locale
from pydantic import ValidationError

from coopwatch.errors import ConfigError, UrlError
from coopwatch.sources import load_sources, parse_sources
from coopwatch.urls import compare_url
from schemas.records import Source, SourceKind

_MAX_ID_CHARS = 70  # leaves room for a number, see schemas.records.Identifier
_WRITTEN_KEYS = ("id", "name", "kind", "url", "publisher", "language", "country")
_LAST_ITEM = re.compile(r"^( {0,20})- ", re.MULTILINE)
# Country codes that anybody registers a name under, whatever the country; but not below gov.co and the like.
_WORLDWIDE_CODES = """
    ac ai am bz cc cd cm co dj fm gg gl gs io la li ly me ms nu pw sc sh so st tk to tv vc ws
"""
_WORLDWIDE = frozenset(_WORLDWIDE_CODES.split())
_SECOND_LEVELS = frozenset({"ac", "co", "com", "edu", "gob", "gouv", "gov", "govt", "mil", "net", "org"})
_OF_THE_UNITED_STATES = frozenset({"gov", "mil"})
_NO_COUNTRIES = frozenset({"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"})  # codes of CLDR that are none


def find_registered(url: str, sources: Iterable[Source]) -> Source | None:
    """Return the source that has this address already, in whatever spelling."""
    try:
        wanted = compare_url(url)
    except UrlError:
        return None
    return next((source for source in sources if compare_url(source.url) == wanted), None)


def make_source(
    url: str,
    *,
    kind: SourceKind,
    host: str,
    name: str,
    language: str | None,
    country: str | None = None,
    taken: Container[str],
    source_id: str | None = None,
) -> Source:
    """Return a new source, called after its host and published by it, for want of better.

    Args:
        url: of the feed or news sitemap.
        kind: which of them.
        host: whose site it is; a feed may lie elsewhere.
        name: the feed's title, or nothing.
        language: of its articles.
        country: of its publisher; by default what the host names for certain.
        taken: the ids that other sources have.
        source_id: what to call it instead.

    Raises:
        ConfigError: the id is taken, or none.
    """
    if source_id is not None and source_id in taken:
        raise ConfigError(f"id {source_id!r}: another source has it")
    try:
        return Source(
            id=source_id or make_id(host, taken),
            name=name or host,
            kind=kind,
            url=url,
            publisher=host.removeprefix("www."),
            language=language,
            country=country or guess_country(host),
        )
    except ValidationError as error:
        raise ConfigError(f"id {source_id!r}: {error.errors()[0]['msg'].lower()}") from None


def make_id(host: str, taken: Container[str]) -> str:
    """Return an id for a source of a host, with a number if it is taken: news-example-org-2."""
    stem = (
        re.sub(r"[^a-z0-9]+", "-", host.lower().removeprefix("www."))[:_MAX_ID_CHARS].strip("-") or "source"
    )
    number, candidate = 1, stem
    while candidate in taken:
        number += 1
        candidate = f"{stem}-{number}"
    return candidate


def guess_country(host: str) -> str | None:
    """Return the country that the top-level domain of a host names for certain, as ISO 3166."""
    labels = host.lower().split(".")
    domain = labels[-1]
    if domain in _OF_THE_UNITED_STATES:
        return "US"
    if domain in _WORLDWIDE and (len(labels) < 3 or labels[-2] not in _SECOND_LEVELS):
        return None
    code = "GB" if domain == "uk" else domain.upper()
    is_country = re.fullmatch("[A-Z]{2}", code) and code in Locale("en").territories
    return code if is_country and code not in _NO_COUNTRIES else None


def format_entry(source: Source, mark: str, indent: str = "  ") -> str:
    """Return a source as the registry writes one, its bounds and expectations left at their defaults.

    Args:
        source: of kind feed or sitemap.
        mark: how far its address can be trusted; a comment behind it.
        indent: what stands before the dash.
    """
    lines = []
    for key in _WRITTEN_KEYS:
        if value := getattr(source, key):
            line = yaml.safe_dump({key: value}, allow_unicode=True, width=10**6).rstrip("\n")
            lines.append(f"{line}  # {mark}" if key == "url" else line)
    return f"{indent}- " + f"\n{indent}  ".join(lines) + "\n"


def append_sources(path: Path, sources: Sequence[Source], mark: str) -> None:
    """Write sources behind those that a registry has; nothing else of the file changes.

    The new file is read back before it takes the place of the old one, in one step: it is either
    complete and sound, or as it was.

    Args:
        path: the registry; it may not exist yet.
        sources: with ids and addresses that are not in it.
        mark: as for `format_entry`.

    Raises:
        ConfigError: the registry is not sound, before or after; or it cannot be written.
    """
    path = path.resolve()  # a link stays a link
    is_new = not path.exists()
    before: tuple[Source, ...] = () if is_new else load_sources(path)
    content = b"sources:\n" if is_new else path.read_bytes()
    items = _LAST_ITEM.findall(content.decode("utf-8-sig"))
    if not (is_new or items):
        raise ConfigError(f"{path}: key 'sources': written between brackets; a list with dashes is needed")
    indent = items[-1] if items else "  "
    entries = "\n".join(format_entry(source, mark, indent) for source in sources)
    text = ("" if is_new else "\n") + entries
    if b"\r\n" in content:
        text = text.replace("\n", "\r\n")
    if not content.endswith(b"\n"):
        text = "\n" + text
    content += text.encode()
    if parse_sources(content, path) != (*before, *sources):
        raise ConfigError(f"{path}: key 'sources': cannot be appended to as it is laid out")
    _replace(path, content)


def _replace(path: Path, content: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
            new = Path(file.name)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        try:
            if path.exists():
                copymode(path, new)
            new.replace(path)
        finally:
            new.unlink(missing_ok=True)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be written: {error.strerror}") from None
