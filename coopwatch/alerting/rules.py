"""Which change alerts whom: the content of alerts.yaml."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import Field, ValidationError

from coopwatch.alerting.routes import Notices, Route, find_mistake, name_copy
from coopwatch.errors import ConfigError
from schemas.records import (
    Article,
    ChangeKind,
    CountryCode,
    Dossier,
    EventChange,
    EventKind,
    Language,
    Record,
)


class AlertRule(Record):
    """Which changes of which events go to which routes; an empty filter lets everything pass.

    Attributes:
        id: names the rule.
        changes: kinds of changes.
        kinds: kinds of events.
        countries: of the place, or of a participant.
        series: ids of the registry of series.
        sources: who brought the change: the id of a source, or the family of a publisher.
        languages: of the article that brought the change; `zh` lets `zh-Hant` pass, too.
        min_score: the least relevance, from 0 to 1, that the best coverage of the event must have.
        routes: where the change goes.
    """

    id: str = Field(min_length=1)
    changes: tuple[ChangeKind, ...] = ()
    kinds: tuple[EventKind, ...] = ()
    countries: tuple[CountryCode, ...] = ()
    series: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    languages: tuple[Language, ...] = ()
    min_score: float = Field(default=0.0, ge=0, le=1)
    routes: tuple[str, ...] = Field(min_length=1)

    def matches(self, change: EventChange, dossier: Dossier, article: Article | None = None) -> bool:
        """Tell whether the rule wants to hear of this change.

        Args:
            change: the change.
            dossier: the event that changed.
            article: the one that brought the change. Where it is not at hand no language is wanted, and
                a source is known by its family only.
        """
        event = dossier.event
        return (
            (not self.changes or change.kind in self.changes)
            and (not self.kinds or event.kind in self.kinds)
            and (not self.countries or not {event.country, *event.participants}.isdisjoint(self.countries))
            and (not self.series or event.series in self.series)
            and (not self.sources or not _name_voices(change, dossier, article).isdisjoint(self.sources))
            and (not self.languages or (article is not None and self._wants_language(article.language)))
            and (not self.min_score or _best_score(dossier) >= self.min_score)
        )

    def _wants_language(self, language: str) -> bool:
        return language in self.languages or language.partition("-")[0] in self.languages


class AlertRules(Record):
    """The content of alerts.yaml."""

    routes: dict[str, Route]
    rules: tuple[AlertRule, ...]
    notices: Notices = Notices()

    def active_routes(self, environment: Mapping[str, str]) -> frozenset[str]:
        """Return the routes that can deliver."""
        return frozenset(name for name, route in self.routes.items() if route.is_active(environment))

    def find_places(self, route: str, environment: Mapping[str, str]) -> tuple[str, ...]:
        """Return a name for every address of a route; none while it is off."""
        addresses = self.routes[route].addresses(environment)
        return tuple(name_copy(route, number) for number in range(1, len(addresses) + 1))


def load_alert_rules(path: Path) -> AlertRules:
    """Read the rules and routes of alerts.

    Raises:
        ConfigError: the file cannot be read, a key is wrong, or a rule names an unknown route.
    """
    try:
        rules = AlertRules.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: not UTF-8 text, at byte {error.start}") from None
    except yaml.YAMLError as error:
        raise ConfigError(f"{path}: not valid YAML: {' '.join(str(error).split())}") from None
    except ValidationError as error:
        raise ConfigError(f"{path}: {_word_mistake(error)}") from None
    if mistake := find_mistake(rules.routes, rules.notices) or _find_mistake(rules):
        raise ConfigError(f"{path}: {mistake}")
    return rules


def _find_mistake(rules: AlertRules) -> str | None:
    seen: set[str] = set()
    for rule in rules.rules:
        if rule.id in seen:
            return f"rules: id {rule.id!r} is used twice"
        seen.add(rule.id)
        for name in rule.routes:
            if name not in rules.routes:
                return f"rules.{rule.id}.routes: there is no route {name!r}"
    return None


def _word_mistake(error: ValidationError) -> str:
    """Return the first of the mistakes that pydantic found, with its key, on one line."""
    first, *others = error.errors()
    key = ".".join(map(str, first["loc"])) or "the file"
    hint = _hint(first["input"])
    more = f" (and {len(others)} more)" if others else ""
    return " ".join(f"{key}: {first['msg']}{hint}{more}".split())


def _hint(given: Any) -> str:
    """Explain what YAML 1.1 makes of Norway: the bare word NO is its way to say false."""
    return "; a bare NO or ON means false or true here: put it in quotes" if isinstance(given, bool) else ""


def _name_voices(change: EventChange, dossier: Dossier, article: Article | None) -> set[str]:
    families = {row.family for row in dossier.coverage if row.article_id == change.article_id}
    return families | ({article.source_id} if article else set())


def _best_score(dossier: Dossier) -> float:
    return max((row.score for row in dossier.coverage), default=0.0)
