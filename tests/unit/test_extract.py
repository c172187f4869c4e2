import html
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import trafilatura
from hypothesis import given, settings
from hypothesis import strategies as st

from coopwatch.errors import ExtractError
from coopwatch.extract import (
    EXTRACTOR,
    MAX_CHARACTERS,
    MAX_ELEMENTS,
    decode_page,
    extract_article,
    extract_text,
)
from coopwatch.jobs import ExtractJob
from schemas.records import Attribution, Capture, PendingEntry, Source

PAGES = Path(__file__).parent.parent / "samples" / "pages"
NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)
URL = "https://harbourcourier.example/science/ocean-observatory-4711"
BODY = "".join(
    f"<p>The observatory carries instrument number {number}, which records currents, salt and carbon in the "
    "deep water off Port Askel for researchers of both countries.</p>"
    for number in range(1, 6)
)


def make_job(
    body: bytes | str, *, content_type: str = "text/html", url: str = URL, **entry: Any
) -> ExtractJob:
    return ExtractJob(
        entry=PendingEntry(
            source_id="courier",
            key="k",
            url=url,
            compare_url=url,
            entry_id=7,
            first_seen_at=NOW,
            **entry,
        ),
        capture=Capture(
            url=url,
            final_url=url,
            status=200,
            headers=(("Content-Type", content_type),),
            body=body.encode() if isinstance(body, str) else body,
            fetched_at=NOW,
        ),
        source=Source(
            id="courier",
            name="Harbour Courier",
            publisher="Harbour Courier",
            kind="feed",
            url=URL,
            language="en",
        ),
    )


def page(head: str = "", body: str = BODY) -> str:
    return f"<html><head>{head}</head><body><article>{body}</article></body></html>"


def test_release_page_becomes_attributed_article() -> None:
    article = extract_article(make_job((PAGES / "release.html").read_bytes()))

    assert article.title == "Norland and Vesteria to run joint ocean observatory"
    assert article.text.startswith("The academies of Norland and Vesteria signed an agreement on Monday")
    assert article.text.endswith(
        "a summer school for young scientists from eleven countries follows a year later."
    )
    assert len(article.text.split("\n")) == 4
    assert article.language == "en"  # though the page declares French
    assert article.published_at == datetime(2024, 3, 6, 6, 15, tzinfo=UTC)
    assert (article.published_from, article.published_precision) == ("json_ld", "second")
    assert article.url == URL  # though the page declares its home page canonical
    assert article.extractor == EXTRACTOR
    evidence = {item.label: item.quote for item in article.attribution.evidence}
    assert article.attribution.model_copy(update={"evidence": ()}) == Attribution(
        publisher="Harbour Courier",
        distributor="PRNewswire",
        issuer="Askel Newsroom",
        cited_agencies=("Xinhua",),
        author=None,
        dateline_place="Port Askel, Norland",
        release_date=date(2024, 3, 5),
    )
    assert evidence["distributor"] == "PORT ASKEL, Norland, March 5, 2024 /PRNewswire/ --"
    assert evidence["issuer"] == "A news report from Askel Newsroom --"
    assert "according to Xinhua" in (evidence["cited_agency"] or "")


def test_chinese_agency_page_in_a_legacy_charset() -> None:
    article = extract_article(make_job((PAGES / "agency_zh.html").read_bytes()))

    assert article.title == "中国与北岛签署极地科研合作协议"
    assert article.text.startswith("中国与北岛的科研机构20日在北京签署协议")
    assert article.text.endswith("国际合作是唯一的道路。")
    assert article.language == "zh"
    assert (article.published_from, article.published_precision) == ("meta", "day")
    assert article.attribution.distributor == "Xinhua"
    assert article.attribution.cited_agencies == ("TASS",)
    assert article.attribution.author == "李晓林, 王海"
    assert article.attribution.release_date == date(2024, 5, 20)


def test_identity_is_that_of_the_comparison_url() -> None:
    plain, tracked = (extract_article(make_job(page(), url=url)) for url in (URL, URL + "?utm_source=feed"))

    assert plain.article_id == tracked.article_id
    assert plain.entry_id == 7
    assert plain.source_id == "courier"


@pytest.mark.parametrize(
    ("body", "content_type", "kind"),
    [
        (b"%PDF-1.7 ...", "application/pdf", "no_text"),
        (b"%PDF-1.7 ...", "text/html", "no_text"),
        (b'{"a": 1}', "application/json", "no_text"),
        (b"\x89PNG\r\n", "image/png", "no_text"),
        (b"<?xml version='1.0'?><rss><channel/></rss>", "application/rss+xml", "no_text"),
        (b"", "text/html", "no_text"),
        (b"<html><body><p>Please enable JavaScript.</p></body></html>", "text/html", "no_text"),
        (
            page(body="<p>A notice of a dozen words is not an article, whatever one says.</p>"),
            "text/html",
            "no_text",
        ),
        (page(body="<p>" + "<span>word</span> " * MAX_ELEMENTS + "</p>"), "text/html", "too_complex"),
        ("word " * MAX_CHARACTERS, "text/plain", "too_complex"),
    ],
)
def test_what_holds_no_article_is_refused(body: bytes | str, content_type: str, kind: str) -> None:
    with pytest.raises(ExtractError) as caught:
        extract_article(make_job(body, content_type=content_type))
    assert caught.value.kind == kind
    assert caught.value.url == URL


def test_plain_text_is_an_article() -> None:
    text = "BEIJING, Nov. 6 (Xinhua) -- " + "\n".join(
        f"Station {number} of the joint network sent its first readings of salt and carbon today."
        for number in range(5)
    )
    article = extract_article(
        make_job(text, content_type="text/plain; charset=utf-8", title="Stations report")
    )
    assert article.title == "Stations report"
    assert article.text.startswith("Station 0 of the joint network")
    assert article.attribution.distributor == "Xinhua"


@pytest.mark.parametrize("title", ["", "As the feed has it"])
def test_a_page_without_title_takes_the_feeds_or_its_first_line(title: str) -> None:
    article = extract_article(make_job(page(), title=title))
    assert article.title == (title or article.text.split("\n")[0])
    assert article.text.startswith("The observatory carries instrument number 1")


LINKED = '<script type="application/ld+json">{{"@type": "NewsArticle", "datePublished": "{}"}}</script>'


@pytest.mark.parametrize(
    ("head", "body", "url", "fed", "expected"),
    [
        (
            LINKED.format("2024-05-02T10:00:00Z"),
            BODY,
            URL,
            datetime(2024, 5, 1, 9, tzinfo=UTC),
            ("feed", 1, "second"),
        ),
        (
            LINKED.format("2024-05-02T10:00:00Z"),
            BODY,
            URL,
            datetime(2024, 5, 1, tzinfo=UTC),
            ("feed", 1, "day"),
        ),
        (
            LINKED.format("2024-05-02T10:00:00Z")
            + '<meta property="article:published_time" content="2024-05-03">',
            BODY,
            URL,
            None,
            ("json_ld", 2, "second"),
        ),
        (
            '<meta property="article:published_time" content="2024-05-03">',
            BODY,
            URL,
            None,
            ("meta", 3, "day"),
        ),
        (
            "",
            '<time datetime="2024-05-04T10:00:00+02:00">today</time>' + BODY,
            URL,
            None,
            ("meta", 4, "second"),
        ),
        ("", BODY, "https://harbourcourier.example/2024/05/05/observatory", None, ("url", 5, "day")),
        ("", '<p class="date">6 May 2024</p>' + BODY, URL, None, ("byline", 6, "day")),
        (
            "",
            BODY.replace("<p>", "<p>ASKEL, May 7, 2024 /PRNewswire/ -- ", 1),
            URL,
            None,
            ("dateline", 7, "day"),
        ),
        # what lies after the fetch, or long before the web, is passed over
        (LINKED.format("2024-05-02T10:00:00Z"), BODY, URL, NOW + timedelta(days=2), ("json_ld", 2, "second")),
        (LINKED.format("1970-01-01"), BODY, URL, NOW + timedelta(days=2), None),
        (LINKED.format("soon"), BODY, URL, None, None),
    ],
)
def test_publication_is_taken_from_the_best_source(
    head: str, body: str, url: str, fed: datetime | None, expected: tuple[str, int, str] | None
) -> None:
    article = extract_article(make_job(page(head, body), url=url, published_at=fed))
    found = article.published_at and (
        article.published_from,
        article.published_at.day,
        article.published_precision,
    )
    assert found == expected


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("Çağrı: “déjà vu”".encode(), "text/html; charset=iso-8859-1"),
        ("Çağrı".encode("utf-16"), "text/html"),
        ("Çağrı".encode("cp1254"), "text/html; charset=windows-1254"),
        (b'<meta charset="windows-1254">' + "Çağrı".encode("cp1254"), "text/html"),
        (("Совместная лаборатория двух академий открылась во вторник. " * 20).encode("cp1251"), "text/html"),
        (
            ("两国科学院周二开设了一个联合实验室，四十名科学家将在那里工作。" * 20).encode("gb18030"),
            "text/html",
        ),
    ],
)
def test_decoding(body: bytes, content_type: str) -> None:
    decoded = decode_page(body, content_type)
    assert any(word in decoded for word in ("Çağrı", "лаборатория двух академий", "四十名科学家将在那里工作"))


@given(st.binary(max_size=300), st.text(max_size=40))
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_decoded(body: bytes, content_type: str) -> None:
    assert isinstance(decode_page(body, content_type), str)


def wrap(title: str, text: str) -> str:
    paragraphs = "".join(f"<p>{html.escape(part)}</p>" for part in text.split("\n\n"))
    head = f"<title>{html.escape(title)}</title>"
    return f"<html><head>{head}</head><body><div class='post'>{paragraphs}</div></body></html>"


@pytest.mark.shared
def test_first_seed(shared_data: Path) -> None:
    text = next((shared_data / "seeds").glob("000_*.txt")).read_text(encoding="utf-8")
    job = make_job(wrap(text.partition("\n")[0], text), author="Admin").model_copy(
        update={"source": Source(id="s", name="ammansun.com", publisher="ammansun.com", kind="feed", url=URL)}
    )
    article = extract_article(job)
    roles = article.attribution
    assert (roles.publisher, roles.distributor, roles.issuer) == ("ammansun.com", "PRNewswire", "iChongqing")
    assert roles.cited_agencies == ("Xinhua",)
    assert roles.release_date == date(2023, 11, 7)
    assert roles.author is None
    assert article.text.startswith("The first Belt and Road Conference")
    assert article.text.endswith("said on October 30.")
    for furniture in (
        "Admin",
        "Photo –",
        "Cision",
        "Related Articles",
        "© 2022",
        "please visit",
        "PRNewswire",
    ):
        assert furniture not in article.text


@pytest.mark.shared
def test_second_seed(shared_data: Path) -> None:
    text = next((shared_data / "seeds").glob("004_*.txt")).read_text(encoding="utf-8")
    article = extract_article(make_job(wrap("A conference in Chongqing", text)))
    assert article.text == "\n".join(" ".join(part.split()) for part in text.split("\n\n"))
    roles = article.attribution
    assert (roles.distributor, roles.issuer, roles.cited_agencies, roles.author) == (None, None, (), None)
    assert roles.release_date is None


def test_menus_and_scripts_do_not_hide_the_text_and_the_page_stays_whole() -> None:
    paragraphs = "".join(
        f"<p>Sentence {number} of the report on both observatories.</p>" for number in range(60)
    )
    menu = "<nav><ul>" + "<li><a href='/'>Menu entry</a></li>" * 50 + "</ul></nav>"
    script = "<script>var text = 'never an article';</script>"
    tree = trafilatura.load_html(
        f"<html><body>{menu}{script}<article>{paragraphs}</article><footer>Imprint</footer></body></html>"
    )
    assert tree is not None
    elements = len(list(tree.iter()))
    text = extract_text(tree)
    assert text.count("Sentence") == 60
    assert not {"Menu entry", "never an article", "Imprint"} & set(text.split("\n"))
    assert len(list(tree.iter())) == elements


def test_a_text_that_only_linked_data_has_in_full_is_found() -> None:
    sentences = " ".join(f"Sentence {number} of the report on both observatories." for number in range(60))
    data = json.dumps({"@type": "NewsArticle", "articleBody": sentences})
    page = f"<html><body><script type='application/ld+json'>{data}</script><p>Teaser.</p></body></html>"
    assert "Sentence 59" in extract_text(trafilatura.load_html(page))
