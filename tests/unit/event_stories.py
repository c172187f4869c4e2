"""Stories on events, written for these tests: one conference with its neighbours, and three pacts."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from coopwatch.events.series import SeriesRegistry, load_series
from coopwatch.publishers import Family, Publishers
from coopwatch.settings import Settings
from schemas.records import Article, Attribution, Judgement, Membership
from tests.builders import make_article

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
REGISTRY: SeriesRegistry = load_series(Settings().series)
PUBLISHERS = Publishers({"city": Family(owner="City Information Office", names=("City Info",))}, ())

RELEASE = """
The first Belt and Road Conference on Science and Technology Exchange (BRST) opened in southwest China's
Chongqing Municipality on November 6 with a call to share laboratories. Its motto puts invention before
trade.

A letter of greeting said that the third Belt and Road Forum for International Cooperation, which drew
10,000 delegates, was a success. The tenth anniversary of the Belt and Road Initiative falls in this year,
an official said on October 30.

More than 300 international guests from over 80 countries took part in the meeting, and 500 domestic experts
joined them. The BRST drew 800 attendees in all.
"""
INSTITUTE = """
From November 6th to 7th our director took part in the 1st Belt and Road Conference on Science and
Technology Exchange in Chongqing, China. She spoke on flood forecasts for the delta.

The conference brought together nearly one thousand participants from over 80 nations. A target programme
on science for sustainable development was announced, and our centre will apply for it.
"""
SECOND = """
The second Belt and Road Conference on Science and Technology Exchange opened in Chengdu, China, on June
11, 2025 and closed two days later. Ministers from sixty states signed two dozen agreements on joint
laboratories.

The inaugural BRST was held in Chongqing in November 2023.
"""
FORUM = """
The third Belt and Road Forum for International Cooperation took place in Beijing, China, on October 17
and 18, 2023. Delegations agreed to raise the number of joint laboratories to one hundred.
"""


def make_story(number: int, title: str, text: str, day: date | None = None, **changes: Any) -> Article:
    """Return an article that a site published on a day, or on a day that nobody knows."""
    published = datetime(day.year, day.month, day.day, 8, tzinfo=UTC) if day else None
    return make_article(
        number,
        title=title,
        text="\n".join(" ".join(paragraph.split()) for paragraph in text.strip().split("\n\n")),
        published_at=published,
        published_from="feed" if published else None,
        published_precision="day" if published else None,
        **{"attribution": Attribution(publisher=f"site {number}"), **changes},
    )


def make_judgement(article: Article, **changes: Any) -> Judgement:
    """Return the judgement that lets an article in."""
    good: dict[str, Any] = {
        "entry_id": article.entry_id,
        "verdict": "alert",
        "score": 0.9,
        "facets": {},
        "fired": (),
        "reason": "in scope",
        "topic": "test",
        "version": "1",
    }
    return Judgement.model_validate({**good, **changes})


def make_membership(article: Article, group: str, *, is_reprint: bool = False) -> Membership:
    """Return the place of an article in a text group."""
    return Membership(
        article_id=article.article_id,
        text_group_id=group,
        relation="derived" if is_reprint else "origin",
        reason="derived from the release" if is_reprint else "no other text shares its words",
    )


def tell_first_case() -> dict[str, tuple[Article, Membership]]:
    """Return the release with three reprints, the institute's report, the second conference and the Forum."""
    wire = {
        "attribution": Attribution(
            publisher="Valley Post",
            distributor="PRNewswire",
            issuer="City Info",
            dateline_place="Chongqing",
            release_date=date(2023, 11, 7),
        )
    }
    release = make_story(1, "First BRST opens doors to 80 countries", RELEASE, date(2023, 11, 7), **wire)
    retitled = make_story(2, "Chongqing welcomes the world of science", RELEASE, date(2023, 11, 8), **wire)
    cut = make_story(3, release.title, "\n".join(RELEASE.strip().split("\n")[:2]), date(2023, 11, 9))
    edited = make_story(
        4, "BRST opens", RELEASE.replace("took part", "came along"), date(2023, 11, 8), **wire
    )
    institute = make_story(5, "Our director at the conference in Chongqing", INSTITUTE)
    second = make_story(6, "Chengdu hosts science conference", SECOND, date(2025, 6, 13))
    forum = make_story(7, "Third Belt and Road Forum ends", FORUM, date(2023, 10, 19))
    return {
        "release": (release, make_membership(release, "t-release")),
        "retitled": (retitled, make_membership(retitled, "t-release", is_reprint=True)),
        "cut": (cut, make_membership(cut, "t-release", is_reprint=True)),
        "edited": (edited, make_membership(edited, "t-release", is_reprint=True)),
        "institute": (institute, make_membership(institute, "t-institute")),
        "second": (second, make_membership(second, "t-second")),
        "forum": (forum, make_membership(forum, "t-forum")),
    }


def read_seed(folder: Path, prefix: str) -> str:
    """Return the text of one of the two articles that the project was created from."""
    return next(folder.glob(f"seeds/{prefix}_*.txt")).read_text(encoding="utf-8")
