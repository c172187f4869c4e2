from datetime import UTC, datetime

import pytest

from coopwatch.jobs import ExtractJob
from coopwatch.relevance import Topic, load_topic
from coopwatch.relevance.triage import is_audited, triage, triage_page, triage_version
from coopwatch.settings import CONFIG_DIR
from schemas.records import Capture, PendingEntry, Source

NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)
MENU = (
    "<nav>"
    + "".join(f"<a href=/{name}>{name}</a> " for name in ("World", "Science", "Sport", "Video"))
    + "</nav>"
)
LABORATORY = """
The two universities opened a joint laboratory on Monday. Researchers from Chile and Norway
will study ice cores there, and the science ministers of both countries signed an agreement on
polar research for five years. The first doctoral students arrive in autumn; the drilling
season begins a month later.
"""
MARKET = """
The old market hall reopened on Saturday after two years of work on its roof. Traders said that
they had missed the place and its customers, and the mayor praised the masons. The hall was
built a century ago by a family of merchants and is open every day but Sunday. There is room
for forty stalls, a bakery and a small kitchen.
"""
ICELANDIC = """
Markaðurinn var opnaður aftur á laugardaginn eftir tveggja ára vinnu við þakið. Kaupmenn
sögðust hafa saknað staðarins og viðskiptavina sinna, og borgarstjórinn hrósaði smiðunum. Húsið
var reist fyrir einni öld og er opið alla daga nema sunnudaga. Þar er rúm fyrir fjörutíu bása,
bakarí og lítið eldhús fyrir gesti og gangandi.
"""


@pytest.fixture(scope="module")
def topic() -> Topic:
    return load_topic(CONFIG_DIR / "topics" / "science_cooperation.yaml")


def make_entry(title: str = "News", summary: str = "", language: str | None = None) -> PendingEntry:
    url = "https://courier.example/1"
    return PendingEntry(
        source_id="courier",
        key="1",
        url=url,
        compare_url=url,
        title=title,
        summary=summary,
        language=language,
        entry_id=7,
        first_seen_at=NOW,
    )


def make_job(text: str, content_type: str = "text/html", body: bytes | None = None) -> ExtractJob:
    entry = make_entry()
    page = f"<html><head><title>The Courier</title></head><body>{MENU}<p>{text}</p></body></html>"
    return ExtractJob(
        entry=entry,
        capture=Capture(
            url=entry.url, final_url=entry.url, status=200, headers=(("Content-Type", content_type),),
            body=page.encode() if body is None else body, fetched_at=NOW,
        ),
        source=Source(id="courier", name="Courier", publisher="Courier", kind="feed", url=entry.url),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "is_kept", "reason"),
    [
        (LABORATORY, True, "signs of every facet"),
        (MARKET, False, "hardly a sign of"),
        (ICELANDIC, False, "the topic has no patterns for language 'is'"),
        ("Nothing.", True, "hardly any text"),
    ],
)
def test_pages_without_a_sign_of_some_facet_are_discarded(
    topic: Topic, text: str, is_kept: bool, reason: str
) -> None:
    decision = triage_page(make_job(text), topic)
    assert (decision.is_kept, decision.is_audited, decision.entry_id) == (is_kept, False, 7)
    assert decision.reason.startswith(reason)
    assert decision.version == triage_version(topic)


def test_an_act_far_from_any_science_is_no_sign_of_cooperation(topic: Topic) -> None:
    filling = "The weather was fine and nobody had anything to say. " * 60
    apart = f"The two countries signed an agreement. {filling} Researchers study physics."
    together = f"The two countries signed an agreement on physics. {filling}"
    assert triage(make_entry(), apart, topic).facets["cooperation"] == 0
    assert triage(make_entry(), together, topic).is_kept


def test_title_and_summary_count_as_well_as_the_page(topic: Topic) -> None:
    assert not triage(make_entry(), MARKET, topic).is_kept
    assert triage(make_entry(title="Chile and Norway open a joint laboratory"), MARKET, topic).is_kept
    assert triage(make_entry(summary="Chile and Norway agree on joint research"), MARKET, topic).is_kept


def test_signs_are_looked_for_in_the_language_of_the_page_and_the_declared_one(topic: Topic) -> None:
    assert triage(make_entry(language="is"), LABORATORY, topic).is_kept
    assert not triage(make_entry(language="en"), ICELANDIC, topic).is_kept
    assert "'is'" in triage(make_entry(language="fo"), ICELANDIC, topic).reason
    assert triage(make_entry(title=""), "12 34 56 " * 100, topic).reason == "its language cannot be told"
    assert triage(make_entry(), LABORATORY, topic, "en") == triage(
        make_entry(language="en"), LABORATORY, topic
    )


@pytest.mark.parametrize("content_type", ["application/pdf", "image/png"])
def test_what_is_no_text_is_left_to_extraction(topic: Topic, content_type: str) -> None:
    assert triage_page(make_job(MARKET, content_type), topic).is_kept


def test_audits_are_a_share_of_what_is_discarded_and_the_same_in_every_run(topic: Topic) -> None:
    urls = [f"https://courier.example/{number}" for number in range(4_000)]
    audited = {url for url in urls if is_audited(url, "v1", 0.02)}
    assert 40 <= len(audited) <= 125
    assert audited == {url for url in urls if is_audited(url, "v1", 0.02)}
    assert audited != {url for url in urls if is_audited(url, "v2", 0.02)}
    assert audited <= {url for url in urls if is_audited(url, "v1", 0.05)}
    assert triage_page(make_job(MARKET), topic, 1.0).is_audited
    assert not triage_page(make_job(LABORATORY), topic, 1.0).is_audited
    assert not any(is_audited(url, "v1", 0.0) for url in urls)


@pytest.mark.parametrize(
    "body",
    [b"<div>" * 200_000, b"<span>word</span> " * 100_000, b"<p " + b"a=b " * 200_000, b"\x00\xff" * 50_000],
)
def test_hostile_pages_are_read(topic: Topic, body: bytes) -> None:
    assert triage_page(make_job("", body=body), topic).version
