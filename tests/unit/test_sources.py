"""The registry: what is read, and what is said of a bad one."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from coopwatch.errors import ConfigError
from coopwatch.settings import CONFIG_DIR
from coopwatch.sources import MAX_FILE_BYTES, check_sources, load_sources, parse_duration
from flows.cli.columns import align
from flows.cli.sources import app
from schemas.records import ListingSelectors, PollBounds, Record, Source, SourceExpectation

SOUND = """\
sources:
  - id: harbour-courier
    name: Harbour Courier, science
    kind: feed
    url: https://courier.example/science.rss
    publisher: Harbour Courier
    language: no
    country: NO
    poll: {min: 30m, max: PT12H}
    expect: {silent_after: 3d, entries_min: 5}

  # a listing page
  - id: wire.releases
    name: Release Wire
    kind: listing
    url: https://wire.example/releases?topic=News Item
    publisher: Release Wire
    listing:
      item: "div.release"
      title: h3
  - {id: ledger, name: Ledger, kind: sitemap, url: "http://ledger.example/news.xml", publisher: Ledger}
"""


@pytest.fixture
def registry(tmp_path: Path) -> Path:
    return tmp_path / "sources.yaml"


def test_a_sound_registry_is_read(registry: Path) -> None:
    registry.write_text(SOUND)
    assert check_sources(registry) == ()
    assert load_sources(registry) == (
        Source(
            id="harbour-courier",
            name="Harbour Courier, science",
            kind="feed",
            url="https://courier.example/science.rss",
            publisher="Harbour Courier",
            language="no",
            country="NO",
            poll=PollBounds(min=timedelta(minutes=30), max=timedelta(hours=12)),
            expect=SourceExpectation(silent_after=timedelta(days=3), entries_min=5),
        ),
        Source(
            id="wire.releases",
            name="Release Wire",
            kind="listing",
            url="https://wire.example/releases?topic=News%20Item",
            publisher="Release Wire",
            listing=ListingSelectors(item="div.release", title="h3"),
        ),
        Source(
            id="ledger",
            name="Ledger",
            kind="sitemap",
            url="http://ledger.example/news.xml",
            publisher="Ledger",
        ),
    )


def test_a_bare_list_and_a_byte_order_mark_are_fine(registry: Path) -> None:
    registry.write_bytes(b"\xef\xbb\xbf" + SOUND.removeprefix("sources:\n").encode())
    assert [source.id for source in load_sources(registry)] == ["harbour-courier", "wire.releases", "ledger"]


def entry(**changes: str | None) -> str:
    """Write one source in lines 2 to 6, with the changes in that order from line 7 on; None leaves out."""
    good = {"id": "a", "name": "A", "kind": "feed", "url": "https://a.example/rss", "publisher": "A"}
    values = {key: value for key, value in {**good, **changes}.items() if value is not None}
    return "sources:\n  - " + "\n    ".join(f"{key}: {value}" for key, value in values.items()) + "\n"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (entry(pol="{min: 5m}"), "7: source 'a': key 'pol': unknown key (did you mean 'poll'?)"),
        (entry(poll="{mni: 5m}"), "7: source 'a': key 'poll.mni': unknown key (did you mean 'min'?)"),
        (entry(colour="red"), "7: source 'a': key 'colour': unknown key"),
        (entry(url=None), "2: source 'a': key 'url': missing"),
        (entry(id=None), "2: source '#1': key 'id': missing"),
        (entry(publisher=""), "6: source 'a': key 'publisher': has no value"),
        (entry(id="Not An Id"), "2: source 'Not An Id': key 'id': "),
        (
            entry(kind="fed"),
            "4: source 'a': key 'kind': input should be 'feed', 'sitemap' or 'listing', not 'fed'",
        ),
        (
            entry(url="ftp://a.example/"),
            "5: source 'a': key 'url': not an absolute http(s) URL: 'ftp://a.example/'",
        ),
        (entry(language="english"), "7: source 'a': key 'language': "),
        (entry(country="Norway"), "7: source 'a': key 'country': "),
        (entry(name="[a, b]"), "3: source 'a': key 'name': input should be a valid string"),
        (entry(poll="15m"), "7: source 'a': key 'poll': a mapping of keys to values is needed"),
        (
            entry(poll="{min: 5x}"),
            "7: source 'a': key 'poll.min': no duration such as 90s, 15m, 6h, 7d or PT15M: '5x'",
        ),
        (
            entry(poll="{min: 2d, max: 1d}"),
            "7: source 'a': key 'poll': min must not be negative nor larger than max",
        ),
        (entry(expect="{entries_min: many}"), "7: source 'a': key 'expect.entries_min': "),
        (entry(kind="listing"), "2: source 'a': 'listing' selectors are needed by kind listing"),
        (entry(listing="{item: li}"), "2: source 'a': 'listing' selectors are needed by kind listing"),
        (entry(kind="listing", listing="{link: a}"), "7: source 'a': key 'listing.item': missing"),
        (
            entry(kind="listing", listing="{item: 'li['}"),
            "7: source 'a': key 'listing.item': no CSS selector: 'li['",
        ),
        (
            entry(kind="listing", listing="{item: li, link: 'a::attr(href)'}"),
            "7: source 'a': key 'listing.link': no CSS selector: 'a::attr(href)'",
        ),
        (entry() + "    name: B\n", "3: source 'a': key 'name': given again in line 7"),
        (
            entry() + entry(url="https://b.example/rss").removeprefix("sources:\n"),
            "7: source 'a': key 'id': the source in line 2 has the same",
        ),
        (
            entry() + entry(id="b", url="http://www.a.example/rss/").removeprefix("sources:\n"),
            "10: source 'b': key 'url': the source in line 2 has the same",
        ),
        ("sources:\n  - just text\n", "2: source '#1': a mapping of keys to values is needed"),
        ("", "1: key 'sources': a list of sources is needed"),
        ("sources: []", "1: key 'sources': a list of sources is needed"),
        ("sources: {a: b}", "1: key 'sources': a list of sources is needed"),
        ("feeds:\n- id: a\n", "1: key 'feeds': only one key, 'sources', is known here"),
        ("sources:\n\t- id: a\n", "2: invalid YAML: "),
        ("sources: [\n{id: a\n", "3: invalid YAML: "),
        ("--- a\n--- b\n", "2: invalid YAML: "),
        ("sources: &all [1]\nmore: *all\n", "2: an alias (*all); write the values out"),
        ("[" * 100_000, "1: nested more than 10 deep"),
    ],
)
def test_a_problem_is_named_with_file_line_source_and_key(registry: Path, text: str, problem: str) -> None:
    registry.write_text(text)
    found = check_sources(registry)
    assert [line for line in found if line.startswith(f"{registry}:{problem}")], found
    assert all("\n" not in line for line in found)
    with pytest.raises(ConfigError) as caught:
        load_sources(registry)
    assert str(caught.value).startswith(found[0])


def test_all_problems_are_found_at_once_in_the_order_of_the_file(registry: Path) -> None:
    registry.write_text(
        entry(kind="fed", pol="5m", url="nowhere")
        + entry(id="b", country="Norway").removeprefix("sources:\n")
    )
    assert [line.split(":")[1] for line in check_sources(registry)] == ["4", "5", "7", "13"]
    with pytest.raises(ConfigError, match=r"key 'kind'.* \(and 3 more\)$"):
        load_sources(registry)


def test_a_bomb_of_aliases_is_not_built(registry: Path) -> None:
    levels = [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    registry.write_text("\n".join(["a0: &a0 [boom]", *levels]))
    assert check_sources(registry) == (f"{registry}:2: an alias (*a0); write the values out",)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    missing = tmp_path / "missing.yaml"
    assert check_sources(missing) == (f"{missing}: cannot be read: No such file or directory",)
    assert check_sources(tmp_path) == (f"{tmp_path}: cannot be read: Is a directory",)
    latin = tmp_path / "latin.yaml"
    latin.write_bytes("sources:\n  - name: Académie\n".encode("latin-1"))
    assert check_sources(latin) == (f"{latin}:2: not UTF-8",)
    large = tmp_path / "large.yaml"
    large.write_bytes(b"#" * (MAX_FILE_BYTES + 1))
    assert check_sources(large) == (f"{large}: larger than {MAX_FILE_BYTES} bytes",)


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("90s", timedelta(seconds=90)),
        ("90", timedelta(seconds=90)),
        ("15m", timedelta(minutes=15)),
        ("6 h", timedelta(hours=6)),
        ("7d", timedelta(days=7)),
        ("2w", timedelta(weeks=2)),
        ("PT15M", timedelta(minutes=15)),
        ("P1DT6H", timedelta(days=1, hours=6)),
        ("0", timedelta(0)),
    ],
)
def test_durations(text: str, duration: timedelta) -> None:
    assert parse_duration(text) == duration


@pytest.mark.parametrize("text", ["", "m", "-5m", "1.5h", "5 minutes", "P", "PT", "1h30m", "99999999w", "٣m"])
def test_what_is_no_duration(text: str) -> None:
    with pytest.raises(ValueError, match=r"no duration|longer than"):
        parse_duration(text)


# --- the shipped registry


SHIPPED = CONFIG_DIR / "sources.yaml"
GROUPS = {
    "release and press services": {"prnewswire", "globenewswire", "eurekalert-technology"},
    "international organisations": {"unesco", "iaea", "un-news-ar", "international-science-council"},
    "international laboratories": {"cern", "iter", "eso", "esa-space-news"},
    "space agencies": {"nasa-releases", "jaxa", "cnes", "dlr", "asi"},
    "ministries": {"uk-science-ministry", "swiss-research", "france-diplomatie", "us-state", "eu-research"},
    "academies and learned bodies": {"twas", "cnrs-journal", "jst-science-portal"},
    "foreign policy": {"the-diplomat", "swp", "theprint-diplomacy", "scmp-diplomacy"},
    "science outlets": {"nature", "scidev", "nplus1", "sciencenet", "orf-science", "sinc"},
}
REGIONS = {
    "China": ({"CN"}, {"zh", "en"}),
    "Russia": ({"RU"}, {"ru"}),
    "India": ({"IN"}, {"en"}),
    "Arab countries": ({"AE", "BH", "DZ", "EG", "MA", "OM", "SA"}, {"ar"}),
    "Africa": ({"ET", "KE", "RW", "ZA"}, {"en"}),
    "Latin America": ({"BR", "CL", "CO", "CU", "MX"}, {"es", "pt"}),
    "United States": ({"US"}, {"en"}),
    "Europe": ({"AT", "CH", "DE", "FR", "GB", "IT", "NO"}, {"de", "fr", "it", "no"}),
}


def test_the_shipped_registry_is_sound_and_broad() -> None:
    sources = load_sources(SHIPPED)
    assert len(sources) >= 80
    assert len({source.language for source in sources}) >= 12
    assert len({source.country for source in sources}) >= 30
    assert {source.kind for source in sources} >= {"feed", "listing"}


@pytest.mark.parametrize("group", GROUPS)
def test_the_shipped_registry_has_every_kind_of_publisher(group: str) -> None:
    assert GROUPS[group] <= {source.id for source in load_sources(SHIPPED)}


@pytest.mark.parametrize("region", REGIONS)
def test_the_shipped_registry_has_every_region_in_its_languages(region: str) -> None:
    countries, languages = REGIONS[region]
    there = [source for source in load_sources(SHIPPED) if source.country in countries]
    assert countries == {source.country for source in there}
    assert languages <= {source.language for source in there}


def test_the_shipped_sources_have_bounds_and_expectations() -> None:
    for source in load_sources(SHIPPED):
        silent_after = source.expect.silent_after
        assert source.language is not None, source.id
        assert silent_after is not None, source.id
        assert timedelta(minutes=15) <= source.poll.min <= timedelta(hours=1), source.id
        assert 3 * source.poll.max <= silent_after, f"{source.id}: would be silent before it is asked again"


def test_every_shipped_address_says_how_far_it_can_be_trusted() -> None:
    lines = [line for line in SHIPPED.read_text(encoding="utf-8").splitlines() if "url: " in line]
    assert len(lines) == len(load_sources(SHIPPED))
    unmarked = [
        line for line in lines if not re.search(r"  # (listed|unverified|answered \d{4}-\d\d-\d\d)$", line)
    ]
    assert unmarked == []


# --- what the documentation says


DOCUMENTATION = (CONFIG_DIR.parent / "docs" / "sources.md").read_text(encoding="utf-8")


def test_the_documented_entries_are_sound(registry: Path) -> None:
    (shown,) = re.findall(r"```yaml\n(.*?)```", DOCUMENTATION, re.DOTALL)
    registry.write_text(shown)
    assert [source.kind for source in load_sources(registry)] == ["feed", "listing"]


def test_every_key_is_documented() -> None:
    nested: dict[str, type[Record]] = {
        "poll": PollBounds,
        "expect": SourceExpectation,
        "listing": ListingSelectors,
    }
    plain = set(Source.model_fields) - set(nested)
    assert {key for key in plain if f"| `{key}` |" not in DOCUMENTATION} == set()
    rows = [line for line in DOCUMENTATION.splitlines() if line.startswith("| `")]
    for key, record in nested.items():
        documented = " ".join(row for row in rows if row.startswith(f"| `{key}."))
        assert {name for name in record.model_fields if f".{name}`" not in documented} == set(), key


def test_every_command_is_documented() -> None:
    named = set(re.findall(r"^\| `coopwatch sources ([a-z]+)", DOCUMENTATION, re.MULTILINE))
    commands = {
        command.name or getattr(command.callback, "__name__", "") for command in app.registered_commands
    }
    assert named == commands


# --- the commands


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, list(arguments))
    return result.exit_code, result.output


def test_the_registry_is_checked(registry: Path) -> None:
    registry.write_text(SOUND)
    assert run("check", str(registry)) == (0, f"{registry}: 3 sources, all in order\n")
    registry.write_text(entry(url="nowhere"))
    problem = f"{registry}:5: source 'a': key 'url': not an absolute http(s) URL: 'nowhere'\n"
    assert run("check", str(registry)) == (2, problem)


def test_the_registry_is_listed(registry: Path) -> None:
    registry.write_text(SOUND.replace("name: Ledger, kind", "name: 新华网, language: zh, kind"))
    status, said = run("list", str(registry))
    assert status == 0
    assert said.splitlines() == [
        "ID               KIND     LANGUAGE  COUNTRY  PUBLISHER",
        "harbour-courier  feed     no        NO       Harbour Courier",
        "wire.releases    listing  -         -        Release Wire",
        "ledger           sitemap  zh        -        Ledger",
    ]


def test_columns_are_as_wide_as_they_look() -> None:
    assert align([("新华网", "1"), ("a", "2")]) == "新华网  1\na       2"
