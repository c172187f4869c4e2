"""Lists of feeds, in and out, and `coopwatch sources import | export`."""

import tarfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from coopwatch.errors import CoopwatchError, ParseError
from coopwatch.opml import (
    MAX_OPML_BYTES,
    MAX_OUTLINES,
    Outline,
    format_opml,
    import_outlines,
    parse_opml,
)
from coopwatch.sources import load_sources
from flows.cli import app
from schemas.records import ListingSelectors, Source

NOW = datetime(2025, 6, 25, 12, tzinfo=UTC)


def parse(body: str | bytes) -> list[tuple[str, str]]:
    content = body if isinstance(body, bytes) else body.encode()
    return [(outline.url, outline.name) for outline in parse_opml(content, name="list.opml")]


def make_list(*outlines: str) -> str:
    return f"<?xml version='1.0'?><opml version='2.0'><head/><body>{''.join(outlines)}</body></opml>"


@pytest.mark.parametrize(
    ("outlines", "found"),
    [
        ("", []),
        ("<outline text='A' xmlUrl='https://a.example/rss'/>", [("https://a.example/rss", "A")]),
        (
            '<outline text="Folder"><outline text="A &amp; B" xmlUrl="https://a.example/?x=1&amp;y=2"/></outline>',
            [("https://a.example/?x=1&y=2", "A & B")],
        ),
        ('<OUTLINE TEXT="A" XMLURL="https://a.example/"></OUTLINE>', [("https://a.example/", "A")]),
        ('<outline text="t" title="B" xmlUrl = "https://a.example/"/>', [("https://a.example/", "B")]),
        ('<outline text="t" title=" " xmlUrl="https://a.example/"/>', [("https://a.example/", "t")]),
        ("<outline text='Folder'/><outline text='Folder'></outline>", []),
        ('<!-- <outline text="A" xmlUrl="https://a.example/"/> -->', []),
        (
            '<outline text="A & B" description="a\n<br> b" xmlUrl="https://a.example/?x=1&y=2"/>',
            [("https://a.example/?x=1&y=2", "A & B")],
        ),
        ('<outline text="A "B" C" xmlUrl="https://a.example/"/>', [("https://a.example/", "A")]),
        (
            "<outline text=\"A title='B'\" xmlUrl='https://a.example/'/>",
            [("https://a.example/", "A title='B'")],
        ),
        ('<outline text="A xmlUrl="https://a.example/"/>', [("", "A xmlUrl=")]),
        ('<outline text="A" xmlUrl=""/>', [("", "A")]),
        ('<outline text="A" xmlUrl="https://a.example/" title="no en', [("https://a.example/", "A")]),
        ("<outline text='&l9;&x;' xmlUrl='https://a.example/'/>", [("https://a.example/", "&l9;&x;")]),
        (
            "<outline text='&#27;&#8238;&lt;b&gt;A' xmlUrl='https://a.example/'/>",
            [("https://a.example/", "A")],
        ),
    ],
)
def test_outlines(outlines: str, found: list[tuple[str, str]]) -> None:
    assert parse(make_list(outlines)) == found


def test_entities_are_inert() -> None:
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<!DOCTYPE opml [<!ENTITY l0 "lol">{levels}<!ENTITY x SYSTEM "file:///etc/hostname">]>'
    assert parse(bomb + make_list("<outline text='&l9;&x;' xmlUrl='https://a.example/'/>")) == [
        ("https://a.example/", "&l9;&x;")
    ]


def test_the_declared_character_set_is_used() -> None:
    body = make_list("<outline text='Académie' xmlUrl='https://a.example/'/>")
    assert parse(body.replace("?>", " encoding='iso-8859-1'?>").encode("latin-1"))[0][1] == "Académie"


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("", "not_a_feed"),
        ("<rss/>", "not_a_feed"),
        ("<html><opml></html>", "not_a_feed"),
        ("<opmlx>", "not_a_feed"),
        (b" " * (MAX_OPML_BYTES + 1), "too_large"),
        (make_list("<outline/>" * (MAX_OUTLINES + 1)), "too_large"),
    ],
)
def test_what_is_no_list(body: str | bytes, kind: str) -> None:
    with pytest.raises(ParseError, match=r"^list\.opml: ") as caught:
        parse(body)
    assert caught.value.kind == kind


@given(
    st.lists(
        st.sampled_from(["<outline ", "xmlUrl=", "'", '"', "https://a.example/", " ", ">", "&", "<!--", "é"])
    )
)
def test_no_list_breaks_the_reader(pieces: list[str]) -> None:
    body = f"<opml>{''.join(pieces)}"
    outlines = parse_opml(body.encode(), name="list.opml")
    assert len(outlines) <= body.count("<outline ")
    import_outlines(outlines, [])


def test_a_list_of_open_quotes_is_read_in_linear_time() -> None:
    assert parse("<opml>" + "<outline '\"" * MAX_OUTLINES) == []
    assert parse("<opml><outline " + "a" * 1_000_000) == []
    assert parse("<opml><outline " + " " * 1_000_000) == []


# --- becoming sources


def make(source_id: str, url: str, **facts: str | ListingSelectors | None) -> Source:
    known: dict[str, object] = {"name": "A", "kind": "feed", "publisher": "A"}
    return Source.model_validate({**known, "id": source_id, "url": url, **facts})


def test_outlines_become_sources() -> None:
    again = "https://academy.example/atom?utm_source=x"
    outlines = [
        Outline(url="http://www.Academy.example/rss", name="Academy", language="en-us"),
        Outline(url="https://academy.example/atom", name="Second", language="nonsense!"),
        Outline(url="https://feeds.example/4711", site_url="https://ministry.gov.in/news", language="hi"),
        Outline(url="https://ledger.example/rss/", name="Known"),
        Outline(url=again, name="Again"),
        Outline(url="feed://academy.example/rss", name="Other scheme"),
        Outline(url="", name="Broken"),
        Outline(url="https://b.example/", language="pt-BR", categories=("/a/b", "/country/BR")),
    ]  # fmt: skip
    found = import_outlines(outlines, [make("ledger", "https://www.ledger.example/rss")])
    assert [
        (one.id, one.name, one.url, one.publisher, one.language, one.country) for one in found.sources
    ] == [
        ("academy-example", "Academy", "http://www.academy.example/rss", "academy.example", "en", None),
        ("academy-example-2", "Second", "https://academy.example/atom", "academy.example", None, None),
        ("ministry-gov-in", "ministry.gov.in", "https://feeds.example/4711", "ministry.gov.in", "hi", "IN"),
        ("b-example", "b.example", "https://b.example/", "b.example", "pt-BR", "BR"),
    ]  # fmt: skip
    assert [(skipped.what, skipped.reason) for skipped in found.skipped] == [
        ("https://ledger.example/rss/", "in the registry already, as ledger"),
        (again, "twice in the list"),
        ("feed://academy.example/rss", "not an absolute http(s) URL"),
        ("Broken", "no address that can be read"),
    ]


CHINESE = {"language": "zh", "country": "CN"}
BRAZILIAN = {"language": "pt-BR", "country": "BR"}


def test_what_a_list_can_hold_comes_back() -> None:
    sources = [
        make("a-example", "https://a.example/?x=1&y=2", name="A & \"B\" <c> 'd'", publisher="a.example"),
        make(
            "b-example",
            "https://b.example/",
            name="新华网",
            language="zh",
            country="CN",
            publisher="b.example",
        ),
        make("c-example", "https://c.example/", name="C", **BRAZILIAN, publisher="c.example"),
        make("d", "https://d.example/", kind="sitemap"),
        make("e", "https://e.example/", kind="listing", listing=ListingSelectors(item="li")),
    ]
    body = format_opml(sources, title="Ours & yours", now=NOW)
    assert body.startswith(b"<?xml version='1.0' encoding='utf-8'?>\n<opml version=\"2.0\">")
    assert b"<dateCreated>Wed, 25 Jun 2025 12:00:00 GMT</dateCreated>" in body
    outlines = parse_opml(body, name="list.opml")
    assert outlines[1].categories == ("/country/CN", "/language/zh")
    found = import_outlines(outlines, [])
    assert found.sources == tuple(sources[:3])
    assert found.skipped == ()


@pytest.mark.shared
def test_the_lists_of_a_public_directory(shared_data: Path) -> None:
    """Every address is found that a plain search finds, although many a list is no well-formed XML."""
    lists, addresses, skipped = 0, 0, 0
    registered: list[Source] = []
    with tarfile.open(shared_data / "sources" / "opml.tar.gz") as archive:
        for member in archive:
            file = archive.extractfile(member) if member.name.endswith(".opml") else None
            if file is None:
                continue
            body = file.read()
            outlines = parse_opml(body, name=member.name)
            assert len(outlines) == body.count(b"xmlUrl="), member.name
            assert all(outline.url for outline in outlines), member.name
            found = import_outlines(outlines, registered)
            assert len(found.sources) + len(found.skipped) == len(outlines)
            registered += found.sources
            lists, addresses, skipped = lists + 1, addresses + len(outlines), skipped + len(found.skipped)
    assert (lists, addresses) == (118, 1572)
    assert len(registered) == addresses - skipped
    assert len({source.id for source in registered}) == len(registered) > 700


# --- the commands


def run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["sources", *arguments])
    if isinstance(result.exception, CoopwatchError):
        return 2, "", str(result.exception)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout, result.stderr


def test_a_list_is_imported_and_exported(tmp_path: Path) -> None:
    opml, registry = tmp_path / "in.opml", tmp_path / "sources.yaml"
    opml.write_text(
        make_list(
            "<outline text='A' xmlUrl='https://a.example/rss'/>",
            "<outline text='A again' xmlUrl='http://a.example/rss'/>",
            "<outline text='B' xmlUrl='https://b.example/rss' language='fr'/>",
        )
    )
    assert run("import", str(opml), "--file", str(registry)) == (
        0, f"skipped http://a.example/rss: twice in the list\n{registry}: 2 added, 1 skipped\n", "",
    )  # fmt: skip
    assert [(source.id, source.language) for source in load_sources(registry)] == [
        ("a-example", None),
        ("b-example", "fr"),
    ]
    assert registry.read_text().count("# unverified") == 2
    written = registry.read_text()
    status, said, _ = run("import", str(opml), "--file", str(registry))
    assert (status, said.splitlines()[-1]) == (0, f"{registry}: 0 added, 3 skipped")
    assert registry.read_text() == written

    out = tmp_path / "out.opml"
    assert run("export", str(out), "--file", str(registry)) == (0, "", "2 feeds exported\n")
    assert [outline.name for outline in parse_opml(out.read_bytes(), name="out")] == ["A", "B"]
    with registry.open("a") as file:
        file.write("\n  - {id: c, name: C, kind: sitemap, url: 'https://c.example/', publisher: C}\n")
    status, said, noted = run("export", "--file", str(registry))
    assert status == 0
    assert said.startswith("<?xml")
    assert noted.splitlines()[1] == "1 sitemaps and listing pages left out: OPML has feeds only"


@pytest.mark.parametrize("body", ["<rss/>", ""])
def test_what_is_no_list_is_not_imported(tmp_path: Path, body: str) -> None:
    opml, registry = tmp_path / "in.opml", tmp_path / "sources.yaml"
    opml.write_text(body)
    assert run("import", str(opml), "--file", str(registry)) == (2, "", f"{opml}: the document is not OPML")
    assert not registry.exists()
