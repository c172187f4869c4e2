"""The outlets of the sample newsroom, and how the watcher is told of them."""

from pathlib import Path
from typing import Literal

import yaml

from demo.stories import SITE
from schemas.records import CountryCode, Language, Record

FeedFormat = Literal["rss", "atom", "json", "sitemap", "listing", "none"]
DateMarkup = Literal["json_ld", "meta", "visible", "none"]


class Outlet(Record):
    """One made-up news site under its own path prefix.

    `dates` says where its pages state when they were published, `feed_dates` whether its feed does;
    `feed_path` is where its feed lies and `old_feed_path`, if any, redirects there for good.
    A feed of format `none` is an ordinary page.
    """

    id: str
    name: str
    motto: str
    language: Language
    country: CountryCode
    template: str
    sections: tuple[str, ...]
    dates: DateMarkup
    feed: FeedFormat
    feed_path: str
    feed_dates: bool = True
    old_feed_path: str | None = None

    @property
    def home(self) -> str:
        """The path of the front page."""
        return f"/{self.id}/"

    @property
    def announced_path(self) -> str:
        """The path of the feed that the watcher is told of."""
        return self.home + (self.old_feed_path or self.feed_path)


def load_outlets(path: Path = SITE / "outlets.yaml") -> dict[str, Outlet]:
    """Read the outlets, by id."""
    outlets = [Outlet.model_validate(entry) for entry in yaml.safe_load(path.read_text("utf-8"))["outlets"]]
    return {outlet.id: outlet for outlet in outlets}


def write_sources(path: Path, base_url: str) -> None:
    """Write a source registry for the newsroom that runs at the base URL; every run polls it again."""
    sources = [_describe_source(outlet, base_url) for outlet in load_outlets().values()]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump({"sources": sources}, sort_keys=False, allow_unicode=True), "utf-8")


def _describe_source(outlet: Outlet, base_url: str) -> dict[str, object]:
    kind = outlet.feed if outlet.feed in ("sitemap", "listing") else "feed"
    source: dict[str, object] = {
        "id": outlet.id,
        "name": outlet.name,
        "kind": kind,
        "url": base_url + outlet.announced_path,
        "publisher": outlet.name,
        "language": outlet.language,
        "country": outlet.country,
        "poll": {"min": "0s", "max": "24h"},
        "expect": {"entries_min": 1},
    }
    if kind == "listing":
        source["listing"] = {
            "item": "li.release",
            "link": "a.headline",
            "title": "a.headline",
            "date": "time",
        }
    return source
