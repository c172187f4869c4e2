"""Which addresses are one article, and which never are."""

import json
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopwatch.errors import UrlError
from coopwatch.urls import MAX_URL_CHARS, absolute_url, compare_url, host_of

# Every address of a row is the same article as the first one.
SAME = {
    "scheme": ("https://paper.example/a/lab", "http://paper.example/a/lab"),
    "case of scheme and host": ("https://paper.example/Lab", "HTTPS://Paper.EXAMPLE/Lab"),
    "www": ("https://paper.example/a", "https://www.paper.example/a"),
    "default ports": ("https://paper.example/a", "https://paper.example:443/a", "http://paper.example:80/a"),
    "empty port": ("https://paper.example/a", "https://paper.example:/a"),
    "dot after the host": ("https://paper.example/a", "https://paper.example./a"),
    "international host": ("https://xn--akademi-cxa.example/", "https://akademiä.example/"),
    "no path": ("https://paper.example/", "https://paper.example", "https://paper.example/?#"),
    "trailing slash": ("https://paper.example/a/lab", "https://paper.example/a/lab/"),
    "doubled slashes": ("https://paper.example/a/lab", "https://paper.example//a///lab"),
    "dot segments": ("https://paper.example/a/lab", "https://paper.example/a/./b/../lab"),
    "index pages": (
        "https://paper.example/a",
        "https://paper.example/a/index.html",
        "https://paper.example/a/index.php",
        "https://paper.example/a/default.aspx",
    ),
    "index page with a query": ("https://paper.example/?id=4", "https://paper.example/index.php?id=4"),
    "fragment": ("https://paper.example/a", "https://paper.example/a#comments", "https://paper.example/a#xtor=RSS-1"),
    "text fragment": ("https://paper.example/a", "https://paper.example/a#:~:text=joint%20laboratory"),
    "empty route": ("https://paper.example/a", "https://paper.example/a#!", "https://paper.example/a#/"),
    "utm": (
        "https://paper.example/a",
        "https://paper.example/a?utm_source=rss&utm_medium=feed&utm_campaign=x",
        "https://paper.example/a?utm_source",
        "https://paper.example/a?UTM_Source=rss",
    ),
    "utm beside an id": ("https://paper.example/a?id=4", "https://paper.example/a?utm_source=rss&id=4"),
    "click ids": (
        "https://paper.example/a",
        "https://paper.example/a?fbclid=IwAR0",
        "https://paper.example/a?gclid=Cj0&gclsrc=aw.ds",
        "https://paper.example/a?msclkid=1&yclid=2&twclid=3&igshid=4",
    ),
    "mail campaigns": ("https://paper.example/a", "https://paper.example/a?mc_cid=1&mkt_tok=3&_hsenc=4"),
    "campaigns of other tools": (
        "https://paper.example/a",
        "https://paper.example/a?mtm_campaign=1&pk_campaign=2&at_medium=3&xtor=RSS-4&wt_mc=5",
    ),
    "campaign names": ("https://paper.example/a", "https://paper.example/a?cmpid=social&ncid=rss&CMP=share_btn_tw"),
    "sharing in Chinese networks": (
        "https://paper.example/a.shtml",
        "https://paper.example/a.shtml?spm=C94212.P4YnMod9m2uD.ENPMkWvfnaiV.1",
        "https://paper.example/a.shtml?from=timeline&isappinstalled=0",
    ),
    "ref to the site itself": (
        "https://paper.example/a",
        "https://paper.example/a?ref=paper.example",
        "https://paper.example/a?ref=www.paper.example",
        "https://paper.example/a?ref=https%3A%2F%2Fpaper.example%2Fhome",
    ),
    "escaped once too often": ("https://paper.example/a?id=4&page=2", "https://paper.example/a?id=4&amp;page=2"),
    "AMP path": (
        "https://paper.example/2023/lab",
        "https://paper.example/2023/lab/amp",
        "https://paper.example/2023/lab/amp/",
        "https://paper.example/amp/2023/lab",
    ),
    "AMP suffix": ("https://paper.example/lab.html", "https://paper.example/lab.amp.html"),
    "AMP suffix alone": ("https://paper.example/lab", "https://paper.example/lab.amp"),
    "AMP query": (
        "https://paper.example/lab",
        "https://paper.example/lab?amp",
        "https://paper.example/lab?amp=1",
        "https://paper.example/lab?outputType=amp",
        "https://paper.example/lab?output=amp&amp_js_v=0.1",
    ),
    "AMP host": ("https://paper.example/lab", "https://amp.paper.example/lab"),
    "AMP cache": (
        "https://www.paper.example/2023/lab",
        "https://www-paper-example.cdn.ampproject.org/c/s/www.paper.example/2023/lab",
        "https://cdn.ampproject.org/v/s/www.paper.example/amp/2023/lab?amp_js_v=0.1",
        "https://www-paper-example.bing-amp.com/c/s/www.paper.example/2023/lab",
    ),
    "AMP cache, id in the query": (
        "https://paper.example/show?id=4",
        "https://paper-example.cdn.ampproject.org/c/s/paper.example/show?id=4&amp_gsa=1",
    ),
    "AMP viewer": (
        "https://www.paper.example/2023/lab",
        "https://www.google.com/amp/s/www.paper.example/2023/lab",
        "https://www.google.co.uk/amp/www.paper.example/2023/lab",
    ),
    "mobile hosts": (
        "https://www.paper.example/lab",
        "https://m.paper.example/lab",
        "https://mobile.paper.example/lab",
        "https://www.m.paper.example/lab",
    ),
    "mobile host behind a language": ("https://en.paper.example/lab", "https://en.m.paper.example/lab"),
    "mobile host below a country": ("https://paper.co.example/lab", "https://m.paper.co.example/lab"),
    "session in the path": (
        "https://paper.example/show?id=4",
        "https://paper.example/show;jsessionid=1A2B3C.node1?id=4",
        "https://paper.example/show;PHPSESSID=abc?id=4",
    ),
    "session of ASP.NET": (
        "https://paper.example/show.aspx?id=4",
        "https://paper.example/(S(lit3py55t21z5v55vlm25s55))/show.aspx?id=4",
    ),
    "session in the query": (
        "https://paper.example/show?id=4",
        "https://paper.example/show?id=4&PHPSESSID=0a1b",
        "https://paper.example/show?jsessionid=7&id=4",
        "https://paper.example/show?id=4&sessionid=0123456789abcdef",
    ),
    "order of parameters": ("https://paper.example/show?a=1&b=2", "https://paper.example/show?b=2&a=1"),
    "empty parameters": ("https://paper.example/show?a=1&b", "https://paper.example/show?a=1&&b=&"),
    "escapes that need not be": ("https://paper.example/~lab/a-b", "https://paper.example/%7Elab/a%2Db"),
    "escapes of marks": ("https://paper.example/it's(1),2", "https://paper.example/it%27s%281%29%2C2"),
    "case of escapes": ("https://paper.example/caf%C3%A9", "https://paper.example/caf%c3%a9"),
    "no escapes": ("https://paper.example/caf%C3%A9?q=%E6%97%A5", "https://paper.example/café?q=日"),
    "space": ("https://paper.example/?q=a%20b", "https://paper.example/?q=a+b"),
    "raw space": ("https://paper.example/a%20b", "https://paper.example/a b"),
    "white space": ("https://paper.example/a", "  https://paper.example/a\n", "https://pa\tper.example/a"),
    "all at once": (
        "https://paper.example/2023/lab?id=4",
        "HTTP://WWW.paper.example:80/amp/2023//lab/index.html?utm_source=rss&id=4&fbclid=1#top",
    ),
}  # fmt: skip

# No two addresses of a row are the same article.
DIFFERENT = {
    "sid is an article": ("https://paper.example/show?sid=1", "https://paper.example/show?sid=2"),
    "storyId is an article": ("https://paper.example/?storyId=1", "https://paper.example/?storyId=2"),
    "id is an article": ("https://paper.example/?id=1", "https://paper.example/?id=2", "https://paper.example/"),
    "ref is an article": ("https://paper.example/a?ref=1234", "https://paper.example/a?ref=1235", "https://paper.example/a"),
    "ref names another host": ("https://paper.example/a?ref=other.example", "https://paper.example/a"),
    "routes": ("https://paper.example/#!/a/1", "https://paper.example/#!/a/2", "https://paper.example/"),
    "plain routes": ("https://paper.example/#/news/1", "https://paper.example/#/news/2"),
    "source and cid": ("https://paper.example/?source=pr&cid=77", "https://paper.example/?source=pr&cid=78"),
    "source": ("https://paper.example/a?source=pr", "https://paper.example/a?source=wire"),
    "case of the path": ("https://paper.example/A/b", "https://paper.example/a/b"),
    "case of a value": ("https://paper.example/?v=aB", "https://paper.example/?v=ab"),
    "page": ("https://paper.example/a?page=1", "https://paper.example/a?page=2"),
    "language": ("https://paper.example/a?lang=en", "https://paper.example/a?lang=fr"),
    "language hosts": ("https://en.paper.example/a", "https://fr.paper.example/a"),
    "other hosts": ("https://news.paper.example/a", "https://paper.example/a"),
    "other ports": ("https://paper.example:8080/a", "https://paper.example/a"),
    "article number as the query": ("https://paper.example/show?1234", "https://paper.example/show?1235"),
    "article in a path like a mark": ("https://paper.example/!596/", "https://paper.example/!597/"),
    "legacy bytes": ("https://paper.example/?q=%B2%A8", "https://paper.example/?q=%B2%A9"),
    "escaped slash": ("https://paper.example/a%2Fb", "https://paper.example/a/b"),
    "escaped ampersand": ("https://paper.example/?a=1%26b=2", "https://paper.example/?a=1&b=2"),
    "order of equal names": ("https://paper.example/?a=1&a=2", "https://paper.example/?a=2&a=1"),
    "numeric campaign names": ("https://paper.example/?ncid=17", "https://paper.example/?ncid=18"),
    "amp as a number": ("https://paper.example/?amp=17", "https://paper.example/?amp=18"),
    "a section called amp": ("https://paper.example/amp", "https://paper.example/"),
    "a word that ends in amp": ("https://paper.example/revamp", "https://paper.example/rev"),
    "a site called m": ("https://m.co.uk/a", "https://mobile.co.uk/a", "https://co.uk/a"),
    "a site called amp": ("https://www.amp.com.au/a", "https://www.mobile.com.au/a"),
    "short session numbers": ("https://paper.example/?sessionid=12", "https://paper.example/?sessionid=13"),
    "extension": ("https://paper.example/a.html", "https://paper.example/a"),
    "index of something else": ("https://paper.example/index-2.html", "https://paper.example/"),
    "addresses in the path": (
        "https://archive.example/web/2023/https://paper.example/a",
        "https://archive.example/web/2023/https://paper.example/b",
    ),
    "IP addresses": ("http://192.0.2.1/a", "http://192.0.2.2/a", "http://[2001:db8::1]/a"),
}  # fmt: skip


@pytest.mark.parametrize("addresses", SAME.values(), ids=SAME)
def test_one_article_has_one_comparison(addresses: tuple[str, ...]) -> None:
    assert {address: compare_url(address) for address in addresses} == dict.fromkeys(
        addresses, compare_url(addresses[0])
    )


@pytest.mark.parametrize("addresses", DIFFERENT.values(), ids=DIFFERENT)
def test_different_articles_never_merge(addresses: tuple[str, ...]) -> None:
    for one, other in combinations(addresses, 2):
        assert compare_url(one) != compare_url(other)


def test_rows_do_not_run_into_each_other() -> None:
    site = {compare_url(row[0]) for row in SAME.values()}
    assert compare_url("https://paper.example/a?ref=1234") not in site
    assert len(SAME) >= 36
    assert len(DIFFERENT) >= 18


@pytest.mark.parametrize("address", [a for rows in (SAME, DIFFERENT) for row in rows.values() for a in row])
def test_comparing_again_changes_nothing(address: str) -> None:
    assert compare_url(compare_url(address)) == compare_url(address)


PIECES = st.sampled_from(
    [
        *("a", "amp", "index.html", "..", ".", "m", "www", "mobile", "paper.example", "cdn.ampproject.org"),
        *("c/s/", "%2e", "%25", "%2", "%5B", "[", "]", "é", " ", "+", "/", "//", ".amp", ";jsessionid=1"),
        *("!", "#!", "/#/x", "?id=1", "?", "&", "&amp;", "=", "utm_source=x", "ref="),
        "(S(lit3py55t21z5v55vlm25s55))",
    ]
)
ADDRESSES = st.lists(PIECES | st.text(max_size=4), max_size=12).map("".join)


def comparison_of(url: str) -> str | None:
    try:
        return compare_url(url)
    except UrlError:
        return None


@given(ADDRESSES)
def test_whatever_can_be_compared_stays_as_it_is(address: str) -> None:
    compared = comparison_of(f"https://{address}")
    if compared is not None:
        assert compare_url(compared) == compared
        assert compared.isascii()
        assert compared.isprintable()


@given(ADDRESSES)
def test_an_absolute_url_is_stable_and_plain(address: str) -> None:
    try:
        url = absolute_url(address, "https://paper.example/section/page?x=1")
    except UrlError:
        return
    assert absolute_url(url) == url
    assert url.isascii()
    assert host_of(url)


def test_ref_that_names_the_feed_is_tracking() -> None:
    link = "https://paper.example/a?ref=digest.example"
    assert compare_url(link, feed_url="https://www.digest.example/rss") == "https://paper.example/a"
    assert compare_url(link, feed_url="https://other.example/rss") == compare_url(link)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("b.html", "https://paper.example/news/b.html"),
        ("/b.html", "https://paper.example/b.html"),
        ("?page=2", "https://paper.example/news/a.html?page=2"),
        ("//cdn.example/b", "https://cdn.example/b"),
        ("HTTP://Other.Example:80/B?x=1#top", "http://other.example/B?x=1"),
        ("https://other.example/#!/a/1", "https://other.example/#!/a/1"),
        ("https://other.example", "https://other.example/"),
        (" https://other.example/a b ", "https://other.example/a%20b"),
        ("https://other.example/ü?q=日", "https://other.example/%C3%BC?q=%E6%97%A5"),
        ("https://other.example/100%", "https://other.example/100%25"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("https://other.example/a?x=1&amp;y=2", "https://other.example/a?x=1&y=2"),
        ("https://other.example/a?utm_source=rss", "https://other.example/a?utm_source=rss"),
        ("http://[2001:db8::0:1]:8080/a", "http://[2001:db8::1]:8080/a"),
    ],
)
def test_links_become_absolute(raw: str, expected: str) -> None:
    assert absolute_url(raw, "https://paper.example/news/a.html") == expected


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "news/a.html",
        "paper.example/a",
        "javascript:alert(1)",
        "mailto:desk@paper.example",
        "ftp://paper.example/a",
        "file:///etc/passwd",
        "http://",
        "http:///a",
        "https://user:secret@paper.example/",
        "https://paper.example\\@other.example/",
        "https://paper.example:0/",
        "https://paper.example:99999/",
        "https://[::1/",
        "https://[fe80::1%25eth0]/",
        "https://-paper.example/",
        "https://paper..example/",
        f"https://{'a' * 64}.example/",
        "https://pa per.example/",
        "https://paper.example/" + "a" * MAX_URL_CHARS,
    ],
)
def test_what_cannot_be_fetched_is_refused(raw: str) -> None:
    with pytest.raises(UrlError) as caught:
        absolute_url(raw)
    assert caught.value.kind == "bad_url"


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://WWW.Paper.Example:8080/a", "www.paper.example"),
        ("http://bücher.example", "xn--bcher-kva.example"),
        ("http://[2001:DB8::1]/", "2001:db8::1"),
        ("http://192.0.2.1/", "192.0.2.1"),
    ],
)
def test_host(url: str, host: str) -> None:
    assert host_of(url) == host


@pytest.mark.shared
def test_the_cases_of_other_libraries(shared_data: Path) -> None:
    """Inputs that the libraries call the same are mostly the same here; none is lost to an exception."""
    rows = [json.loads(line) for line in (shared_data / "urls" / "url_cases.jsonl").read_text().splitlines()]
    pairs = [
        (comparison_of(row["input"]), comparison_of(row["expected"][0]))
        for row in rows
        if row.get("func") in ("canonicalize_url", "normalize_url", "clean_url")
        and isinstance(row["expected"][0], str)
    ]
    readable = [(one, other) for one, other in pairs if one is not None and other is not None]
    same = sum(one == other for one, other in readable)
    assert all(compare_url(one) == one for one, _ in readable)
    assert same >= 0.8 * len(readable) > 50, f"{same} of {len(readable)} canonical forms are recognised"
