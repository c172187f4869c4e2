import itertools
from datetime import UTC, datetime

import pytest

from coopwatch.origins import Origin, OriginCandidate, find_origin, find_origins, make_candidate
from coopwatch.publishers import load_publishers
from coopwatch.settings import CONFIG_DIR
from coopwatch.wires import attribute
from schemas.records import Article, Precision, Source

PUBLISHERS = load_publishers(CONFIG_DIR / "publishers.yaml")
BODY = "The academies of Norland and Vesteria signed an agreement.\nAll readings are open to everybody."


def make_member(
    article_id: str,
    site: str = "courier.example",
    *,
    issuer: str | None = None,
    distributor: str | None = None,
    has_dateline: bool = False,
    published: str | None = None,
    precision: Precision = "second",
    fetched: str = "2024-03-09",
) -> OriginCandidate:
    return OriginCandidate(
        article_id=article_id,
        site_family=site,
        issuer_family=issuer,
        distributor_family=distributor,
        distributor=distributor,
        has_dateline=has_dateline,
        published_at=datetime.fromisoformat(published).replace(tzinfo=UTC) if published else None,
        published_precision=precision if published else None,
        fetched_at=datetime.fromisoformat(fetched).replace(tzinfo=UTC),
    )


PLAIN = make_member("plain", published="2024-03-05T08:00")
LATER = make_member("later", published="2024-03-06T08:00")
DAY = make_member("day", published="2024-03-05", precision="day")
UNDATED = make_member("undated", fetched="2024-03-08")
UNDATED_LATER = make_member("undated-later", fetched="2024-03-09")
NAMED = make_member("named", distributor="wire", published="2024-03-07T08:00")
DATELINE = make_member("dateline", distributor="wire", has_dateline=True, published="2024-03-07T09:00")
OF_ISSUER = make_member("of-issuer", issuer="city", published="2024-03-08T08:00")
WIRE_SITE = make_member("wire-site", "wire", published="2024-03-08T09:00")
ISSUER_SITE = make_member("issuer-site", "city", published="2024-03-08T10:00")


@pytest.mark.parametrize(
    ("members", "origin", "reason"),
    [
        ([PLAIN], "plain", "the only article of its text"),
        ([DATELINE], "dateline", "opens with the dateline of wire"),
        ([PLAIN, LATER], "plain", "published earliest: 2024-03-05T08:00+00:00"),
        ([PLAIN, DAY], "plain", "published earliest: 2024-03-05T08:00+00:00"),
        ([DAY, LATER], "day", "published earliest: 2024-03-05, of which only the day is known"),
        ([UNDATED, LATER], "later", "published earliest: 2024-03-06T08:00+00:00"),
        ([UNDATED_LATER, UNDATED], "undated", "fetched earliest; no publication is known"),
        ([PLAIN, NAMED], "named", "names wire, whose copy it is, published earliest: 2024-03-07T08:00+00:00"),
        (
            [PLAIN, NAMED, DATELINE],
            "dateline",
            "opens with the dateline of wire, published earliest: 2024-03-07T09:00+00:00",
        ),
        (
            [PLAIN, DATELINE, WIRE_SITE],
            "wire-site",
            "on the distributor's own site (wire), published earliest: 2024-03-08T09:00+00:00",
        ),
        (
            [DATELINE, WIRE_SITE, OF_ISSUER, ISSUER_SITE],
            "issuer-site",
            "on the issuer's own site (city), published earliest: 2024-03-08T10:00+00:00",
        ),
        # that the site is an issuer's is known only if some copy names the issuer
        ([PLAIN, ISSUER_SITE], "plain", "published earliest: 2024-03-05T08:00+00:00"),
    ],
)
def test_the_origin_and_its_reason(members: list[OriginCandidate], origin: str, reason: str) -> None:
    for some in itertools.islice(itertools.permutations(members), 24):
        found = find_origin(some)
        assert (found.article_id, found.reason) == (origin, reason)


@pytest.mark.parametrize(
    ("members", "family"),
    [
        ([PLAIN], "courier.example"),
        ([PLAIN, make_member("earlier", "post.example", published="2024-03-01T08:00")], "post.example"),
        ([PLAIN, NAMED], "wire"),  # a reprint is in the voice of the agency, not of its site
        ([PLAIN, WIRE_SITE], "courier.example"),  # nobody says that it is the wire's
        ([PLAIN, DATELINE, WIRE_SITE], "wire"),
        ([DATELINE, WIRE_SITE, OF_ISSUER], "city"),  # who distributes a release does not say it
        ([DATELINE, OF_ISSUER, ISSUER_SITE], "city"),
        ([make_member("a", issuer="city"), make_member("b", issuer="port", has_dateline=True)], "port"),
        (
            [
                make_member("a", "port", published="2024-03-09T08:00"),
                make_member("b", issuer="city", published="2024-03-05T08:00"),
                make_member("c", issuer="port", published="2024-03-06T08:00"),
            ],
            "port",  # whose own site has it
        ),
    ],
)
def test_a_text_has_one_voice(members: list[OriginCandidate], family: str) -> None:
    for some in itertools.permutations(members):
        assert find_origin(some).family == family


def test_equal_articles_are_told_apart_by_their_ids() -> None:
    assert find_origin([make_member("b"), make_member("a")]).article_id == "a"


@pytest.mark.parametrize(
    ("publisher", "host", "text", "expected"),
    [
        ("ichongqing.info", "ichongqing.info", BODY, ("chongqing", None, None, False)),
        ("iChongqing", "mirror.example", BODY, ("chongqing", None, None, False)),
        ("The Courier", "news.cn", BODY, ("xinhua", None, None, False)),
        ("The Courier", "www.courier.example", BODY, ("the courier", None, None, False)),
        ("www.courier.example", "www.courier.example", BODY, ("courier.example", None, None, False)),
        (
            "courier.example",
            "courier.example",
            f"ASKEL, March 5, 2024 /PRNewswire/ -- A news report from iChongqing: {BODY}",
            ("courier.example", "chongqing", "cision", True),
        ),
        (
            "courier.example",
            "courier.example",
            f"ASKEL (AP) — {BODY}",
            ("courier.example", None, "associated_press", True),
        ),
        (
            "courier.example",
            "courier.example",
            f"{BODY}\nSource: Xinhua",
            ("courier.example", None, "xinhua", False),
        ),
        (
            "courier.example",
            "courier.example",
            f"新华社北京3月5日电 {BODY}",
            ("courier.example", None, "xinhua", True),
        ),
    ],
)
def test_candidates_are_made_of_articles(
    publisher: str, host: str, text: str, expected: tuple[str, str | None, str | None, bool]
) -> None:
    found = make_candidate(make_article("a-1", publisher, f"https://{host}/1", text), PUBLISHERS)
    assert (found.site_family, found.issuer_family, found.distributor_family, found.has_dateline) == expected


def make_article(article_id: str, publisher: str, url: str, text: str) -> Article:
    now = datetime(2024, 3, 6, tzinfo=UTC)
    source = Source(id="s", name="S", publisher=publisher, kind="feed", url="https://feed.example/")
    attributed = attribute("", text, source, "", now, publishers=PUBLISHERS)
    return Article(
        article_id=article_id,
        entry_id=1,
        source_id="s",
        url=url,
        compare_url=url,
        title="T",
        text=attributed.text,
        language="en",
        published_at=now,
        published_from="meta",
        published_precision="second",
        fetched_at=now,
        attribution=attributed.attribution,
        extractor="test",
    )


def test_a_better_original_that_arrives_later_takes_the_place() -> None:
    dateline = "ASKEL, March 5, 2024 /PRNewswire/ -- A news report from iChongqing: "
    reprint = make_article("a-1", "courier.example", "https://courier.example/1", dateline + BODY)
    own = make_article("a-2", "ichongqing.info", "https://www.ichongqing.info/1", BODY)
    other = make_article("a-3", "courier.example", "https://courier.example/3", BODY)
    before = find_origins({"t-1": [reprint], "t-2": []}, PUBLISHERS)
    assert before == {
        "t-1": Origin(article_id="a-1", reason="opens with the dateline of PRNewswire", family="chongqing")
    }
    after = find_origins({"t-1": [reprint, reprint, own], "t-2": [other]}, PUBLISHERS)
    assert after["t-1"].article_id == "a-2"
    assert after["t-1"].reason.startswith("on the issuer's own site (chongqing)")
    assert after["t-2"] == Origin(
        article_id="a-3", reason="the only article of its text", family="courier.example"
    )
