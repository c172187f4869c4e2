import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopwatch.plain_text import MAX_TAGS, read_plain_text

_WORDS = st.lists(st.text("abcdefghijklmnopqrstuvwxyzäéжで", min_size=1, max_size=9), min_size=1, max_size=30)


@pytest.mark.parametrize(
    ("page", "lines"),
    [
        ("<title>Één</title><script>let x = '<p>'</script><style>p{}</style>text", ["Één", "text"]),
        ("<nav>Menu</nav><p>Glace &amp; neige<p>Zwei<footer>Imprint</footer>", ["Glace & neige", "Zwei"]),
        ("<P CLASS='x'>big</P><SCRIPT>no</SCRIPT><Script>no</script>tags", ["big", "tags"]),
        ("<div\n class='x'>on\n  two\tlines</div\n>", ["on two lines"]),
        ("one<br>two<br/>three", ["one", "two", "three"]),
        ("a wo<b>r</b>d in <span class='x'>parts</span><img src=x>", ["a word in parts"]),
        ("<p>the <a href=/x>joint laboratory</a> opens today</p>", ["the joint laboratory opens today"]),
        ("<li><a href=/x>Other news of the day</a></li><p>text", ["text"]),
        ("<li><a href=/x><h3>Other news</h3><p>of the day</p></a> 12:30</li><p>text", ["12:30", "text"]),
        ("<h1><a href=/x>The title</a></h1><p>text", ["The title", "text"]),
        ("<a name=top><p>" + "never closed " * 200 + "<p>and on", [("never closed " * 200)[:-1], "and on"]),
        ("<p>p < 0.05 and <3 and a<b>c</b>", ["p < 0.05 and <3 and ac"]),
        ("<!-- <p>no</p> -- > no -->yes<!---->yes<!-- > -->yes", ["yesyesyes"]),
        ("<nav><p>of a menu that is never closed", ["of a menu that is never closed"]),
        ("<nav>no</nav><p>text<svg/><!-- never closed <p>text", ["text", "text"]),
        ("<p>text</p", ["text"]),
        ("&lt;p&gt; &#231;a&#99999999999; &nosuch;", ["<p> ça &nosuch;"]),
        ("", []),
    ],
)
def test_the_text_of_a_page_is_its_blocks_without_scripts_menus_and_teasers(
    page: str, lines: list[str]
) -> None:
    found = read_plain_text(page.encode(), "text/html").split("\n")
    assert [line for line in found if line] == lines


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "iso-8859-1", "utf-16", "utf-16-le"])
def test_the_text_of_a_page_is_read_in_any_encoding(encoding: str) -> None:
    page = "<html><title>Één</title><nav>Menu</nav><p>Glace &amp; neige"
    text = read_plain_text(page.encode(encoding), f"text/html; charset={encoding}")
    assert text.split() == ["Één", "Glace", "&", "neige"]


def test_chinese_is_read_in_its_own_encoding() -> None:
    page = "<title>联合实验室</title><script>'<'</script><p>两国科学家合作。"
    for encoding in ("gb18030", "big5", "utf-8"):
        written = page if encoding != "big5" else page.replace("联", "聯").replace("实验", "實驗")
        written = written.replace("两国", "兩國").replace("学", "學") if encoding == "big5" else written
        text = read_plain_text(written.encode(encoding), f"text/html; charset={encoding}")
        assert "".join(text.split()) == written.replace("<title>", "").replace("</title>", "").replace(
            "<script>'<'</script><p>", ""
        )


def test_plain_text_is_left_as_it_is() -> None:
    assert read_plain_text(b"<p>as it is", "text/plain") == "<p>as it is"


@given(
    st.lists(_WORDS, min_size=1, max_size=8),
    st.sampled_from(["p", "div", "li", "section", "x-text", "TD"]),
    st.sampled_from(
        [
            "",
            "<script>var a = '</p><p>'</script>",
            "<!-- <a href=x> -->",
            "<svg><title>x</title></svg>",
            "<nav>",
        ]
    ),
)
def test_no_word_outside_of_links_is_lost(paragraphs: list[list[str]], tag: str, between: str) -> None:
    page = between.join(f"<{tag} class='y'>{' '.join(words)}</{tag}>" for words in paragraphs)
    text = read_plain_text(f"<html><body>{page}</body></html>".encode(), "text/html")
    assert text.split() == [word for words in paragraphs for word in words]


@pytest.mark.parametrize(
    "bit",
    ["<", "<!--", "<script", "<div>", "<nav><svg><footer><select>", "<a ", "<a>x", "&", "&#9", "<p a='"],
)
def test_what_a_hostile_page_takes_does_not_grow_faster_than_the_page(bit: str) -> None:
    def measure(characters: int) -> float:
        page = (bit * (characters // len(bit))).encode()
        began = time.process_time()
        read_plain_text(page, "text/html")
        return time.process_time() - began

    assert measure(2_000_000) < 40 * max(measure(200_000), 0.01)


def test_no_more_tags_are_read_than_a_page_can_have() -> None:
    text = read_plain_text(b"<p>x" * (MAX_TAGS + 100), "text/html")
    assert len(text.split()) == MAX_TAGS - 1
