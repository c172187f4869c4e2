"""The source registry: config/sources.yaml to `Source` records, every problem with its line.

    sources:
      - id: example-news
        name: Example News
        kind: feed
        url: https://news.example.org/rss.xml
        publisher: Example
        poll: {min: 30m, max: 12h}
        expect: {silent_after: 3d, entries_min: 5}

Everything is read as text and typed here, so that `country: NO` is Norway and not a truth value.
"""

import re
from collections.abc import Callable, Iterable
from datetime import timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from cssselect import HTMLTranslator, SelectorError
from pydantic import ValidationError

from coopwatch.errors import ConfigError, UrlError
from coopwatch.urls import absolute_url, compare_url
from schemas.records import ListingSelectors, PollBounds, Source, SourceExpectation

MAX_FILE_BYTES = 2_000_000
MAX_DEPTH = 10
MAX_DURATION = timedelta(days=3650)

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_KEYS = {
    (): Source.model_fields,
    ("poll",): PollBounds.model_fields,
    ("expect",): SourceExpectation.model_fields,
    ("listing",): ListingSelectors.model_fields,
}
_DURATIONS = (("poll", "min"), ("poll", "max"), ("expect", "silent_after"))
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_SHORT_DURATION = re.compile(r"(\d{1,8})\s?([smhdw]?)", re.ASCII)
_ISO_DURATION = re.compile(r"P(?:(\d{1,6})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,7})M)?(?:(\d{1,9})S)?)?", re.ASCII)

_KeyPath = tuple[str, ...]


class _Problem(NamedTuple):
    line: int  # 0 when it concerns the whole file
    text: str


class _UnusableError(Exception):
    """Nothing of the file can be read."""

    def __init__(self, line: int, text: str) -> None:
        super().__init__(text)
        self.problem = _Problem(line, text)


def load_sources(path: Path) -> tuple[Source, ...]:
    """Read the registry.

    Args:
        path: a YAML file: a mapping with the key `sources` that holds a list, or the list itself.

    Raises:
        ConfigError: naming file, line, source and key of the first problem, and how many more there are.
    """
    return _refuse_problems(path, *_read(Path(path)))


def parse_sources(content: bytes, path: Path) -> tuple[Source, ...]:
    """Read what the file is to hold; raises as `load_sources` does."""
    return _refuse_problems(path, *_read_content(content))


def check_sources(path: Path) -> tuple[str, ...]:
    """Return one line per problem of the registry, in the order of the file; none when it is sound.

    What is checked is the form. Whether an address answers is not.
    """
    return tuple(_format(path, problem) for problem in _read(Path(path))[1])


def parse_duration(text: str) -> timedelta:
    """Read "90s", "15m", "6h", "7d", "2w", "PT15M" or a number of seconds.

    Raises:
        ValueError: for anything else, and above ten years.
    """
    if match := _SHORT_DURATION.fullmatch(text.strip()):
        duration = timedelta(**{_UNITS[match[2] or "s"]: int(match[1])})
    else:
        match = _ISO_DURATION.fullmatch(text.strip())
        if match is None or not any(match.groups()):
            raise ValueError(f"no duration such as 90s, 15m, 6h, 7d or PT15M: {text!r}")
        days, hours, minutes, seconds = (int(group or 0) for group in match.groups())
        duration = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
    if duration > MAX_DURATION:
        raise ValueError(f"longer than {MAX_DURATION.days} days: {text!r}")
    return duration


def _refuse_problems(path: Path, sources: list[Source], problems: list[_Problem]) -> tuple[Source, ...]:
    if problems:
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        raise ConfigError(f"{_format(path, problems[0])}{more}")
    return tuple(sources)


def _format(path: Path, problem: _Problem) -> str:
    return f"{path}:{problem.line}: {problem.text}" if problem.line else f"{path}: {problem.text}"


def _read(path: Path) -> tuple[list[Source], list[_Problem]]:
    try:
        with path.open("rb") as file:
            content = file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        return [], [_Problem(0, f"cannot be read: {error.strerror}")]
    return _read_content(content)


def _read_content(content: bytes) -> tuple[list[Source], list[_Problem]]:
    try:
        nodes = _source_nodes(_compose(_decode(content)))
    except _UnusableError as error:
        return [], [error.problem]
    sources: list[Source] = []
    problems: list[_Problem] = []
    first_with: dict[tuple[str, str], _Entry] = {}
    for number, node in enumerate(nodes, 1):
        entry = _Entry(node, number)
        source = entry.read()
        for key, value in entry.identities():
            first = first_with.setdefault((key, value), entry)
            if first is not entry:
                entry.report((key,), f"the source in line {first.line} has the same")
        problems += entry.problems
        if source is not None:
            sources.append(source)
    return sources, sorted(problems)


def _decode(content: bytes) -> str:
    if len(content) > MAX_FILE_BYTES:
        raise _UnusableError(0, f"larger than {MAX_FILE_BYTES} bytes")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _UnusableError(content.count(b"\n", 0, error.start) + 1, "not UTF-8") from None


def _compose(text: str) -> yaml.Node | None:
    """Parse YAML to nodes that know their lines; without aliases, by which a small file can explode."""
    depth = 0
    try:
        for event in yaml.parse(text, _LOADER):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            line = event.start_mark.line + 1 if event.start_mark else 0
            if isinstance(event, yaml.AliasEvent):
                raise _UnusableError(line, f"an alias (*{event.anchor}); write the values out")
            if depth > MAX_DEPTH:
                raise _UnusableError(line, f"nested more than {MAX_DEPTH} deep")
        return yaml.compose(text, _LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise _UnusableError(
            mark.line + 1 if mark else 0, f"invalid YAML: {error.problem or error.context}"
        ) from None
    except yaml.YAMLError as error:
        raise _UnusableError(0, f"invalid YAML: {' '.join(str(error).split())}") from None


def _source_nodes(root: yaml.Node | None) -> list[yaml.Node]:
    sources = root
    if isinstance(root, yaml.MappingNode):
        sources = None
        for key, value in root.value:
            if key.value != "sources" or sources is not None:
                raise _UnusableError(
                    key.start_mark.line + 1, f"key {key.value!r}: only one key, 'sources', is known here"
                )
            sources = value
    if not isinstance(sources, yaml.SequenceNode) or not sources.value:
        raise _UnusableError(
            1 if root is None else root.start_mark.line + 1, "key 'sources': a list of sources is needed"
        )
    return list(sources.value)


class _Entry:
    """One source as written: its values as text, and the line of each key."""

    def __init__(self, node: yaml.Node, number: int) -> None:
        self.line = node.start_mark.line + 1
        self.lines: dict[_KeyPath, int] = {}
        self.problems: list[_Problem] = []
        self.reported: set[_KeyPath] = set()
        self.label = _scalar_of(node, "id") or f"#{number}"
        self.values = self._plain(node, ())

    def report(self, path: _KeyPath, text: str) -> None:
        """Note a problem of a key, the first one of each key only."""
        if path in self.reported:
            return
        self.reported.add(path)
        line = next(
            (self.lines[path[:n]] for n in range(len(path), 0, -1) if path[:n] in self.lines), self.line
        )
        where = f"key {'.'.join(path)!r}: " if path else ""
        self.problems.append(_Problem(line, f"source {self.label!r}: {where}{text}"))

    def read(self) -> Source | None:
        """Type the values; None when something is wrong with them."""
        if not isinstance(self.values, dict):
            self.report((), "a mapping of keys to values is needed")
            return None
        self._replace(("url",), absolute_url)
        for duration in _DURATIONS:
            self._replace(duration, parse_duration)
        for name in ListingSelectors.model_fields:
            self._replace(("listing", name), _check_selector)
        try:
            source = Source.model_validate(self.values)
        except ValidationError as error:
            for detail in error.errors():
                path = tuple(str(part) for part in detail["loc"])
                self.report(path, _describe(path, detail["type"], detail["msg"], detail["input"]))
            return None
        return None if self.problems else source

    def identities(self) -> Iterable[tuple[str, str]]:
        """Yield what no other source may have as well."""
        values = self.values if isinstance(self.values, dict) else {}
        if isinstance(values.get("id"), str):
            yield "id", values["id"]
        if isinstance(values.get("url"), str) and ("url",) not in self.reported:
            yield "url", compare_url(values["url"])

    def _plain(self, node: yaml.Node, path: _KeyPath) -> Any:
        if isinstance(node, yaml.SequenceNode):
            return [self._plain(child, path) for child in node.value]
        if not isinstance(node, yaml.MappingNode):
            if node.tag.endswith(":null"):
                self.report(path, "has no value")
            return node.value
        values: dict[str, Any] = {}
        for key, child in node.value:
            inner = (*path, str(key.value))
            self.lines.setdefault(inner, key.start_mark.line + 1)
            if inner[-1] in values:
                self.report(inner, f"given again in line {key.start_mark.line + 1}")
            values[inner[-1]] = self._plain(child, inner)
        return values

    def _replace(self, path: _KeyPath, convert: Callable[[str], object]) -> None:
        """Convert a text in place; report what is wrong with it."""
        holder = self.values
        for part in path[:-1]:
            holder = holder.get(part) if isinstance(holder, dict) else None
        if not isinstance(holder, dict) or not isinstance(holder.get(path[-1]), str):
            return
        try:
            holder[path[-1]] = convert(holder[path[-1]])
        except UrlError as error:
            self.report(path, f"{error.detail}: {holder[path[-1]]!r}")
        except (ValueError, SelectorError) as error:
            self.report(path, str(error))


def _scalar_of(node: yaml.Node, key: str) -> str | None:
    pairs = node.value if isinstance(node, yaml.MappingNode) else []
    return next((v.value for k, v in pairs if k.value == key and isinstance(v, yaml.ScalarNode)), None)


def _check_selector(selector: str) -> str:
    try:
        HTMLTranslator().css_to_xpath(selector)
    except SelectorError as error:
        raise ValueError(f"no CSS selector: {selector!r} ({error})") from None
    return selector


def _describe(path: _KeyPath, kind: str, message: str, value: object) -> str:
    """Say in our words what the record's validation found."""
    if kind == "missing":
        return "missing"
    if kind == "extra_forbidden":
        close = get_close_matches(path[-1], list(_KEYS.get(path[:-1], ())), n=1)
        return "unknown key" + (f" (did you mean {close[0]!r}?)" if close else "")
    if kind == "model_type":
        return "a mapping of keys to values is needed"
    if kind == "value_error":
        return message.removeprefix("Value error, ")
    return f"{message[:1].lower()}{message[1:]}, not {value!r}"[:200]
