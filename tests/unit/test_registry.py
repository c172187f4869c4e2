"""The registry grows, and stays as its author laid it out."""

import stat
from pathlib import Path

import pytest

from coopwatch.errors import ConfigError
from coopwatch.registry import (
    append_sources,
    find_registered,
    format_entry,
    guess_country,
    make_id,
    make_source,
)
from coopwatch.sources import load_sources
from schemas.records import PollBounds, Source

COMMENTED = """\
# Kept by hand.

sources:
  # --- Near
  - id: courier     # the oldest
    name: "Harbour Courier"
    kind: feed
    url: https://courier.example/rss
    publisher: Courier

  # --- Far: nothing yet
"""


def make(source_id: str = "ledger", url: str = "https://ledger.example/rss", name: str = "Ledger") -> Source:
    return Source(
        id=source_id, name=name, kind="feed", url=url, publisher="ledger.example", language="no", country="NO"
    )


@pytest.fixture
def registry(tmp_path: Path) -> Path:
    path = tmp_path / "sources.yaml"
    path.write_text(COMMENTED)
    return path


def test_a_source_is_written_behind_what_is_there(registry: Path) -> None:
    append_sources(registry, [make()], "answered 2025-06-02")
    assert registry.read_text() == COMMENTED + (
        """
  - id: ledger
    name: Ledger
    kind: feed
    url: https://ledger.example/rss  # answered 2025-06-02
    publisher: ledger.example
    language: 'no'
    country: 'NO'
"""
    )
    assert load_sources(registry)[1] == make()


@pytest.mark.parametrize(
    ("before", "start"),
    [
        (COMMENTED.replace("\n  ", "\n"), "\n- id: ledger\n  name: Ledger\n"),
        (COMMENTED.replace("\n  ", "\n      "), "\n      - id: ledger\n        name: Ledger\n"),
        (COMMENTED.rstrip(), "\n\n  - id: ledger\n"),
        (COMMENTED.replace("\n", "\r\n"), "\r\n  - id: ledger\r\n"),
        ("\ufeff" + COMMENTED, "\n  - id: ledger\n"),
        (COMMENTED.removeprefix("# Kept by hand.\n\nsources:\n"), "\n  - id: ledger\n"),
    ],
    ids=["flush", "deep", "no last line end", "CRLF", "byte order mark", "bare list"],
)
def test_the_layout_is_kept(tmp_path: Path, before: str, start: str) -> None:
    path = tmp_path / "sources.yaml"
    path.write_bytes(before.encode())
    append_sources(path, [make(), make("other", "https://other.example/rss")], "unverified")
    after = path.read_bytes().decode()
    assert after.startswith(before)
    assert after[len(before) :].startswith(start)
    assert [source.id for source in load_sources(path)] == ["courier", "ledger", "other"]


def test_a_registry_that_does_not_exist_is_begun(tmp_path: Path) -> None:
    path = tmp_path / "new" / "sources.yaml"
    append_sources(path, [make()], "unverified")
    assert path.read_text().startswith("sources:\n  - id: ledger\n")
    assert load_sources(path) == (make(),)


@pytest.mark.parametrize(
    "name",
    [
        "no",
        "- a: [b, {c: d}] # not a comment",
        "quoted \"twice\" 'and' once\\",
        "新华网 科技 · أخبار",
        "&anchor *alias !!tag %directive @at `tick",
        "null",
        "2025-06-02",
        "x" * 500,
    ],
)
def test_no_name_gets_out_of_its_value(registry: Path, name: str) -> None:
    append_sources(registry, [make(name=name)], "unverified")
    assert load_sources(registry)[1].name == name


@pytest.mark.parametrize(
    ("before", "sources", "problem"),
    [
        (COMMENTED, [make("courier")], "key 'id': the source in line 5 has the same"),
        (
            COMMENTED,
            [make(url="http://www.courier.example/rss/")],
            "key 'url': the source in line 5 has the same",
        ),
        (COMMENTED + "  - id: [\n", [make()], "invalid YAML"),
        (
            "sources: [{id: a, name: A, kind: feed, url: 'https://a.example/', publisher: A}]\n",
            [make()],
            "dashes",
        ),
        (COMMENTED + "...\n", [make()], "invalid YAML"),
        (
            COMMENTED,
            [make().model_copy(update={"poll": PollBounds(min=PollBounds().max)})],
            "cannot be appended to",
        ),
    ],
)
def test_a_registry_that_would_not_be_sound_stays_as_it_was(
    tmp_path: Path, before: str, sources: list[Source], problem: str
) -> None:
    path = tmp_path / "sources.yaml"
    path.write_text(before)
    with pytest.raises(ConfigError, match=problem):
        append_sources(path, sources, "unverified")
    assert path.read_text() == before
    assert list(tmp_path.iterdir()) == [path]


def test_links_and_permissions_are_kept(tmp_path: Path, registry: Path) -> None:
    registry.chmod(0o640)
    link = tmp_path / "link.yaml"
    link.symlink_to(registry)
    append_sources(link, [make()], "unverified")
    assert link.is_symlink()
    assert stat.S_IMODE(registry.stat().st_mode) == 0o640
    assert len(load_sources(registry)) == 2


def test_a_folder_is_no_registry(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        append_sources(tmp_path, [make()], "unverified")


def test_the_entry_of_a_source_without_language_and_country() -> None:
    source = Source(id="a", name="A", kind="sitemap", url="https://a.example/news.xml", publisher="A")
    assert "language" not in format_entry(source, "listed")
    assert "country" not in format_entry(source, "listed")


@pytest.mark.parametrize(
    ("host", "taken", "made"),
    [
        ("www.esa.example", set(), "esa-example"),
        ("esa.example", {"esa-example"}, "esa-example-2"),
        ("esa.example", {"esa-example", "esa-example-2"}, "esa-example-3"),
        ("[2001:db8::1]", set(), "2001-db8-1"),
        ("xn--fiqs8s.example", set(), "xn-fiqs8s-example"),
        ("a" * 100 + ".example", set(), "a" * 70),
        ("-", set(), "source"),
    ],
)
def test_ids(host: str, taken: set[str], made: str) -> None:
    assert make_id(host, taken) == made


@pytest.mark.parametrize(
    ("host", "country"),
    [
        ("academy.ac.cn", "CN"),
        ("www.bbc.co.uk", "GB"),
        ("www.nasa.gov", "US"),
        ("dst.gov.in", "IN"),
        ("minciencias.gov.co", "CO"),
        ("startup.co", None),
        ("site.io", None),
        ("university.edu", None),
        ("research.europa.eu", None),
        ("www.esa.int", None),
        ("example.org", None),
        ("127.0.0.1", None),
        ("localhost", None),
        ("x.zz", None),
    ],
)
def test_a_country_is_guessed_only_where_it_is_certain(host: str, country: str | None) -> None:
    assert guess_country(host) == country


def test_a_registered_address_is_found_in_other_spellings() -> None:
    assert find_registered("http://www.ledger.example/rss/?utm_source=x", [make()]) == make()
    assert find_registered("https://ledger.example/atom", [make()]) is None
    assert find_registered("no address", [make()]) is None


@pytest.mark.parametrize(
    ("source_id", "problem"), [("ledger", "another source has it"), ("Not An Id", "pattern")]
)
def test_an_id_that_cannot_be_used_is_refused(source_id: str, problem: str) -> None:
    with pytest.raises(ConfigError, match=problem):
        make_source(
            "https://a.example/rss", kind="feed", host="a.example", name="A", language=None,
            taken={"ledger"}, source_id=source_id,
        )  # fmt: skip
