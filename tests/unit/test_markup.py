"""Hostile bytes to text."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from coopwatch.markup import decode_body, plain_text, repair_xml


@pytest.mark.parametrize(
    ("body", "content_type", "text"),
    [
        ("é日".encode(), None, "é日"),
        ("é日".encode(), "text/html; charset=gbk", "é日"),
        ("é".encode("latin-1"), "text/html", "é"),
        ("日本".encode("euc-jp"), "text/html; charset=EUC-JP", "日本"),
        ("<meta charset='shift_jis'>日本".encode("cp932"), None, "<meta charset='shift_jis'>日本"),
        ("é".encode("utf-8-sig"), "text/html; charset=latin-1", "é"),
        ("é".encode("utf-16"), None, "é"),
        ("“é日”".encode() + b"\xe6\x97", None, "“é日”�"),  # cut in the middle of a character
        (b"\x93quoted\x94", "text/html; charset=utf-8", "“quoted”"),
        (b"a\xff", "text/html; charset=idna", "aÿ"),
        (b"", None, ""),
    ],
)
def test_decoding(body: bytes, content_type: str | None, text: str) -> None:
    assert decode_body(body, content_type) == text


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("plain", "plain"),
        ("<p>One</p><p>two</p>", "One two"),
        ("H<sub>2</sub>O<br>and <b>more</b>", "H2O and more"),
        ("AT&amp;T &amp;amp; R&D", "AT&T & R&D"),
        ("&lt;b&gt;escaped twice&lt;/b&gt;", "escaped twice"),
        ("p < 0.05, <Ti3C2> and a<b and c<d", "p < 0.05, <Ti3C2> and a<b and c<d"),
        ("<img alt='a > b' src=x>text", "text"),
        ("cut <a href='https://a.example", "cut"),
        ("<style>p {}</style>a<script>b()</script>c", "a c"),
        ("a<!-- hidden -->b<!-- open", "ab"),
        ("a\u202eb\u2066c\u200bd\x00e\ud800f\ufeffg\u00adh", "abcdefgh"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        (" a\n\t b\u00a0\u2028c ", "a b c"),
        ("&#x202E;a&#99999999999;", "a"),
        ("", ""),
    ],
)
def test_plain_text(markup: str, text: str) -> None:
    assert plain_text(markup, 100) == text


def test_plain_text_is_cut() -> None:
    assert plain_text("word " * 100, 12) == "word word wo"


@given(st.text(alphabet="<>&;#x\"'!-/ apbscript0\u202e", max_size=200))
def test_plain_text_is_one_clean_line(markup: str) -> None:
    text = plain_text(markup, 50)
    assert len(text) <= 50
    assert text == " ".join(text.split())
    assert "\u202e" not in text


@pytest.mark.parametrize(
    ("text", "xml"),
    [
        ("<a>R&D &amp; &eacute; &nope; &#233; &#xE9;</a>", "<a>R&amp;D &amp; é &amp;nope; &#233; &#233;</a>"),
        ("<a>&#0;\x0b&#xD800;</a>", "<a></a>"),
        ("<a href='?x=1&y=2'/>", "<a href='?x=1&amp;y=2'/>"),
        ("noise <?xml version='1.0'?><!-- c --><a/>", "<a/>"),
        ("<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>", "<a>&amp;x;</a>"),
        ("<!DOCTYPE a><!ENTITY x SYSTEM 'file:///x'><a/>", "<a/>"),
        ("<a><![CDATA[<b> & </b>]]></a>", "<a><![CDATA[<b> & </b>]]></a>"),
        ("<a><![CDATA[open", "<a><![CDATA[open]]>"),
        ("<a>&AMP;&LT;b></a>", "<a>&amp;&lt;b></a>"),
        ("<a>\r\n\r<![CDATA[\r]]></a>", "<a>\n\n<![CDATA[\n]]></a>"),
        ("no tag", ""),
    ],
)
def test_xml_is_mended(text: str, xml: str) -> None:
    assert repair_xml(text) == xml


@given(st.text(alphabet="<>&;#!?[]-xaCDTEOYP ", max_size=200))
def test_nothing_declares_an_entity_any_more(text: str) -> None:
    mended = repair_xml(f"<!DOCTYPE a [<!ENTITY x 'boom'>]><a>{text}&x;</a>")
    parsed = (
        etree.fromstring(mended, etree.XMLParser(recover=True, resolve_entities=True)) if mended else None
    )
    assert parsed is None or "boom" not in "".join(parsed.itertext())


@pytest.mark.parametrize(
    "flood", ["<!--", "<![CDATA[", "<!DOCTYPE", "<!DOCTYPE [", "<?", "&", "<", "<a b='", "&#9"]
)
def test_floods_take_linear_time(flood: str) -> None:
    text = flood * 100_000
    started = time.process_time()
    repair_xml(text)
    plain_text(text, 100_000)
    assert time.process_time() - started < 5
