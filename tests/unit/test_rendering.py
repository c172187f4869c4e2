"""Messages in each format: all that is said stands there, and nothing hostile has an effect."""

import re
import unicodedata
from html.parser import HTMLParser

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from coopwatch.alerting.rendering import (
    make_bar,
    render_html,
    render_markdown,
    render_plain,
    render_subject,
)
from coopwatch.alerting.rendering.bars import Bar, read_bar, write_bar
from coopwatch.alerting.rendering.plain import MAX_CHARS
from coopwatch.alerting.rendering.safety import make_href, tidy
from schemas.records import Message, MessageLink

REFERENCE = "1a2b3c4d"
GOOD = "https://courier.example/science/1"
MESSAGE = Message(
    title="New: Opening of the joint laboratory (edition 2)",
    news="reported by The Courier",
    facts=(("Where", "Harbour City, Norway"), ("Attendance", "40 / nearly 50 (soft conflict)")),
    links=(
        MessageLink(publisher="The Courier", title="Laboratory opens", url=GOOD, note="and 3 reprints"),
        MessageLink(publisher="Lake Post", title="افتتاح مختبر", url="https://post.example/?a=1&b=(2)"),
    ),
    more_links=2,
    evidence="coopwatch show e-1",
)
HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '" onmouseover="alert(1)',
    "</bdi></p></body><h1>owned</h1>",
    "[click](https://evil.example/)",
    "![pixel](https://evil.example/p.png)",
    "[click]: https://evil.example/ 'x'",
    "\\[click\\](https://evil.example/)",
    "<https://evil.example/>",
    "<https://evil.example/|The Courier>",
    "https://evil.example/ and www.evil.example",
    "javascript:alert(1) [x](javascript:alert(1))",
    "@everyone @here @channel",
    "<!channel> <!here|x> <@U123> <@&123> <#C12> <!subteam^S1>",
    "&lt;!channel&gt; &#64;everyone &#x5b;x&#x5d;",
    "`code` ```block``` **bold** __bold__ ~~gone~~ ||hidden||",
    "# heading\n\n- list\n\n> quote\n\n---\n\n| a | b |\n|---|---|",
    "1. first\n2. second",
    "line\r\nBcc: all@evil.example\r\n\r\nbody",
    "\x1b[31mred\x1b[0m \x1b]8;;https://evil.example\x07link\x1b]8;;\x07 \x9b2J \x00 \x08\x08",
    "abc\u202egpj.exe\u202c \u2066x\u2069 \u200fmark \u2028line\u2029 \ufeff",
    "\ud800 lone \U000e0041 tag",
    "[[[[[[[[" * 200 + "((((((((" * 200,
)
PINGS = re.compile(r"<[!@#&]|@\S|&#?\w+;")


def spoil(text: str) -> Message:
    """Return a message of which every text is hostile, the addresses included."""
    return Message(
        title=text,
        news=text,
        facts=((text, text),),
        links=(
            MessageLink(publisher=text, title=text, url=GOOD, note=text),
            MessageLink(publisher=text, title=text, url=text),
            MessageLink(publisher=text, title=text, url=f"https://courier.example/{text}"),
        ),
        table=((text, text), (text, text)),
        evidence=text,
    )


def is_steering(text: str) -> bool:
    return any(unicodedata.category(c) in ("Cc", "Cf", "Cs") and c not in "\n\u200c\u200d" for c in text)


class Page(HTMLParser):
    """What a browser would make of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.hrefs: list[str] = []
        self.text = ""
        self.isolated: list[str] = []
        self._open: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes.update(name for name, _ in attrs)
        self.hrefs += [value or "" for name, value in attrs if name == "href"]
        if tag not in {"meta", "br"}:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._open and self._open[-1] == "bdi":
            self.isolated.append(data)


def is_expected(href: str, text: str) -> bool:
    """Tell whether a link is one of those that `spoil` asks for."""
    return href.startswith("https://courier.example/") or href == make_href(text)


def list_tokens(markdown: str) -> list[Token]:
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(markdown)
    return [*tokens, *(child for token in tokens for child in token.children or ())]


def list_hrefs(markdown: str) -> list[str]:
    return [str(token.attrs["href"]) for token in list_tokens(markdown) if token.type == "link_open"]


def test_plain_text_says_everything_in_order() -> None:
    assert render_subject(MESSAGE) == MESSAGE.title
    assert render_plain(MESSAGE, REFERENCE).splitlines() == [
        "reported by The Courier",
        "Where: Harbour City, Norway",
        "Attendance: 40 / nearly 50 (soft conflict)",
        "The Courier: Laboratory opens, and 3 reprints",
        GOOD,
        "Lake Post: افتتاح مختبر",
        "https://post.example/?a=1&b=%282%29",
        "and 2 more texts",
        "coopwatch show e-1",
        "ref 1a2b3c4d",
    ]


def test_markdown_says_everything_and_links_what_it_should() -> None:
    markdown = render_markdown(MESSAGE, REFERENCE)
    assert list_hrefs(markdown) == [link_of(link) for link in MESSAGE.links]
    text = "".join(t.content for t in list_tokens(markdown) if t.type in ("text", "code_inline"))
    for said in (MESSAGE.news, "Where:", "Harbour City, Norway", "and 3 reprints", "and 2 more texts"):
        assert said in text
    assert "coopwatch show e-1" in text
    assert text.endswith("ref 1a2b3c4d")
    lists = [token for token in list_tokens(markdown) if token.type == "bullet_list_open"]
    assert len(lists) == 2


def test_html_says_everything_and_links_what_it_should() -> None:
    page = Page(render_html(MESSAGE, REFERENCE))
    assert page.hrefs == [link_of(link) for link in MESSAGE.links]
    for said in (MESSAGE.title, MESSAGE.news, "Where", "Harbour City, Norway", "Lake Post", "and 3 reprints"):
        assert said in page.isolated
    assert "and 2 more texts" in page.text
    assert page.text.rstrip().endswith("coopwatch show e-1 · ref 1a2b3c4d")
    assert "viewport" in render_html(MESSAGE)


def link_of(link: MessageLink) -> str:
    return link.url.replace("(", "%28").replace(")", "%29")


def test_a_right_to_left_headline_is_isolated() -> None:
    page = Page(render_html(MESSAGE))
    assert "افتتاح مختبر" in page.isolated


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_hostile_has_an_effect_in_plain_text(text: str) -> None:
    plain = render_plain(spoil(text), REFERENCE)
    subject = render_subject(spoil(text))
    assert not is_steering(plain)
    assert not is_steering(subject)
    assert len(subject.splitlines()) <= 1
    assert not PINGS.search(plain + subject)
    assert "<" not in plain
    # a line for news, a fact, two rows, at most two for each link, evidence, what is left out, reference
    assert len(plain.split("\n")) <= 13
    assert plain.split("\n")[-1] == f"ref {REFERENCE}"
    plain.encode()


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_hostile_has_an_effect_in_markdown(text: str) -> None:
    markdown = render_markdown(spoil(text), REFERENCE)
    tokens = list_tokens(markdown)
    assert all(is_expected(href, text) for href in list_hrefs(markdown))
    assert {token.type for token in tokens} <= {
        "paragraph_open",
        "paragraph_close",
        "bullet_list_open",
        "bullet_list_close",
        "list_item_open",
        "list_item_close",
        "inline",
        "text",
        "text_special",
        "softbreak",
        "strong_open",
        "strong_close",
        "link_open",
        "link_close",
        "code_inline",
    }
    assert max(token.level for token in tokens) <= 4
    assert not is_steering(markdown)
    assert not PINGS.search(markdown)
    # what services look for by patterns of their own, whatever is escaped
    unlinked = re.sub(r"\]\(([^()]*)\)", lambda link: "" if is_expected(link[1], text) else link[0], markdown)
    assert "](" not in unlinked
    assert not re.search(r"(?i)https?://|\bwww\.", unlinked)
    markdown.encode()


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_hostile_has_an_effect_in_html(text: str) -> None:
    html = render_html(spoil(text), REFERENCE)
    page = Page(html)
    harmless = Page(render_html(spoil("harmless"), REFERENCE))
    assert set(page.tags) <= set(harmless.tags)
    assert page.tags.count("h1") == 1
    assert page.attributes == harmless.attributes
    assert all(is_expected(href, text) for href in page.hrefs)
    assert not is_steering(html)
    html.encode()


@pytest.mark.parametrize(
    ("url", "href"),
    [
        (GOOD, GOOD),
        ("http://courier.example/a b", "http://courier.example/a%20b"),
        ('https://courier.example/"><script>', "https://courier.example/%22%3E%3Cscript%3E"),
        (
            "https://courier.example/a)[b](c|d`e'f*g",
            "https://courier.example/a%29%5Bb%5D%28c%7Cd%60e%27f%2Ag",
        ),
        ("https://courier.example/@desk?a=1&lt;b=2", "https://courier.example/%40desk?a=1&lt%3Bb=2"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("javascript:alert(1)", None),
        ("JaVaScRiPt://courier.example/%0aalert(1)", None),
        ("data:text/html,x", None),
        ("//courier.example/", None),
        ("/relative", None),
        ("https://courier.example@evil.example/", None),
        ("https://", None),
        ("", None),
        ("https://courier.example/" + "a" * 100_000, None),
    ],
)
def test_only_web_addresses_become_links(url: str, href: str | None) -> None:
    assert make_href(url) == href


def test_a_text_without_a_usable_address_is_named_all_the_same() -> None:
    message = Message(title="x", links=(MessageLink(publisher="Post", title="Opens", url="ftp://x/"),))
    assert render_plain(message) == "Post: Opens"
    assert render_markdown(message).endswith("- Post: Opens")
    page = Page(render_html(message))
    assert page.hrefs == []
    assert "Opens" in page.isolated


def test_joiners_that_shape_letters_stay() -> None:
    assert tidy("می\u200cخواهم") == "می\u200cخواهم"


def test_a_plain_message_leaves_links_out_rather_than_be_long() -> None:
    link = MessageLink(publisher="Post", title="A headline " * 8, url=GOOD + "/" + "x" * 200)
    message = MESSAGE.model_copy(update={"links": (link,) * 8, "more_links": 3})
    plain = render_plain(message, REFERENCE)
    assert len(plain) <= MAX_CHARS
    shown = plain.count("https://")
    assert 0 < shown < 8
    assert f"and {11 - shown} more texts" in plain
    # no address is cut
    assert all(line == link.url for line in plain.splitlines() if line.startswith("https://"))


TABLE = (
    ("Event", "Where", "Articles"),
    ("Opening of the laboratory", "Norway", make_bar(10, 20)),
    ("第三届国际科技合作大会", "China", make_bar(20, 20)),
    ("<b>x</b>", "–", make_bar(0, 20)),
)


def test_a_table_is_drawn_with_its_bars() -> None:
    message = Message(title="Week 26", table=TABLE)
    head, first, second, third = render_plain(message).splitlines()
    assert head.split() == ["Event", "Where", "Articles"]
    assert first.endswith("Norway  ████████ 10")
    assert second.endswith("████████████████ 20")
    assert third.endswith("–       0")
    markdown = render_markdown(message)
    assert "- **第三届国际科技合作大会** Where China · Articles ████████████████ 20" in markdown
    page = Page(render_html(message))
    assert page.tags.count("table") == 4  # the table, and one a bar
    assert 'width="80%"' in render_html(message)
    assert "<b>x</b>" in page.isolated


@pytest.mark.parametrize(
    ("cell", "bar"),
    [
        ("bar:3/10", Bar(3, 10)),
        ("bar:30/10", Bar(30, 10)),
        ("bar:1/0", Bar(1, 0)),
        ("bar:3", None),
        ("bar:-3/10", None),
        ("x bar:3/10", None),
        ("bar:99999999999/1", None),
    ],
)
def test_a_cell_that_says_so_is_a_bar(cell: str, bar: Bar | None) -> None:
    assert read_bar(cell) == bar
    if bar:
        assert bar.measure(16) in range(17)


def test_a_bar_of_something_shows() -> None:
    assert write_bar(Bar(1, 1000)) == "█ 1"
    assert write_bar(Bar(0, 1000)) == "0"


@pytest.mark.parametrize("render", [render_plain, render_markdown])
def test_an_empty_message_is_no_trouble(render) -> None:  # type: ignore[no-untyped-def]
    assert render(Message(title="x")) == ""
    assert Page(render_html(Message(title="x"))).tags.count("h1") == 1
    assert render_html(Message(title="x", table=(("a", "b"),)))
    assert not render(Message(title="x", table=()))
