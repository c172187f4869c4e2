"""Who distributed a text: found on real wire items, on real pages and on reprints of one event.

    python -m benchmarks.wires [--show found|missed|wrong] [--half 0|1]

Wire items are fixtures of Superdesk; whose they are follows from their file names (`FIXTURES`). The
copies of one item count once. An item is "marked" if a name of its agency stands anywhere in its text:
without a mark nothing can be found. Pages and reprints have no labels: for them the finds are printed,
with the words they rest on, and so are texts that name an agency in their first or last lines without
one being found; `--half` restricts both to half of the texts, dealt by hash, to keep the other unseen.
"""

import argparse
import csv
import gzip
import hashlib
import html
import json
import re
import tarfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from lxml import etree

from benchmarks.extraction import read_pages
from coopwatch.publishers import Publishers, load_publishers
from coopwatch.settings import CONFIG_DIR
from coopwatch.wires import Attributed, attribute
from schemas.records import Evidence, Source

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT.parent / "shared" / "data"
LEAST_CHARACTERS = 120  # of an item; a shorter one is a headline or a caption
LEAST_OPENING = 45  # characters of the first line of a plain item that is text
NEAR_LINES = 4  # at the top and at the end of a text, in which a mark is looked for that was not found
PARAGRAPH = " ### "  # between the paragraphs of the reprints

FIXTURES = (
    (r"asianet_5\.", "Kyodo JBN"),
    (r"asianet_\d+\.", "PRNewswire"),
    (r"globenewswire/", "GlobeNewswire"),
    (r"businesswire/|fixture\.1\.ts", "Business Wire"),
    (r"reuters|ninjs[25]\.json|fixtures/video\.xml", "Reuters"),
    (r"fixtures/ap/|/ap[_-]|/ap\.xml|/anpa-|ninjsEx|ntb_newsml_g2", "AP"),
    (r"/afp|aap-finance\.xml", "AFP"),
    (r"/dpa|IPTC7901", "dpa"),
    (r"/ansa", "ANSA"),
    (r"/efe", "EFE"),
    (r"/tass", "TASS"),
    (r"/kyodo", "Kyodo"),
    (r"/ats", "Keystone-SDA"),
    (r"/anp_belga", "ANP"),
    (r"/stt", "STT"),
    (r"ritzau|mapping_test\.xml|/nitf_test\.xml", "Ritzau"),
    (r"/tt_newsml", "TT"),
    (r"/ana1", "ANA-MPA"),
    (r"/pa\d\.xml", "PA Media"),
    (r"handle_invalid_fields", "The Canadian Press"),
    (r"nitf-ntb", "NTB"),
    (r"/aap[-_.]|fixtures/(?:1487|612f|bob_)", "AAP"),
)
_BODIES = frozenset({"body.content", "DataContent", "inlineXML", "inlineData"})
_TEXT_KEYS = frozenset({"body_html", "body", "body_xhtml", "body_text", "nitf", "content"})
_BREAK = re.compile(
    r"(?i)<br\s*/?>|</?(?:p|div|h\d|hl\d|li|td|tr|block|pre|headline|dateline|byline)\b[^<>]{0,300}>"
)
_ENVELOPE = re.compile(r"[\^#$%&*:=]|NNNN|AP-WF-|KWS-|ec[ap]\d|\d{6} |\d{6}$|\W*$")
_TAG = re.compile(r"</?[A-Za-z!?][^<>]{0,600}>")


class Text(NamedTuple):
    """A text whose distributor is looked for."""

    name: str
    publisher: str
    lines: tuple[str, ...]
    agency: str | None = None  # whose it is, where that is known


def read_fixtures(path: Path) -> list[Text]:
    """Return the wire items whose agency is known, each distinct text once."""
    texts: dict[str, Text] = {}
    with tarfile.open(path, "r|gz") as tar:
        for member in tar:
            if "/fixtures/" not in member.name or "binary_" in member.name:
                continue
            agency = next((name for pattern, name in FIXTURES if re.search(pattern, member.name)), None)
            if agency and (file := tar.extractfile(member)):
                for lines in _read_bodies(file.read()):
                    if sum(map(len, lines)) >= LEAST_CHARACTERS:
                        text = Text(member.name.rpartition("/")[2], "wire.invalid", tuple(lines), agency)
                        texts.setdefault(_key_of(text), text)
    return list(texts.values())


def read_site_texts(path: Path) -> list[Text]:
    """Return the reviewed bodies of real pages."""
    texts = []
    for page in read_pages(path):
        host = page.url.split("/")[2]
        texts.append(Text(page.url, host, tuple(page.text.split("\n"))))
    return texts


def read_reprints(path: Path) -> list[Text]:
    """Return the articles on one event."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as rows:
        return [
            Text(row["id"], row["publisher"], tuple(row["text"].split(PARAGRAPH)))
            for row in csv.DictReader(rows)
        ]


def _read_bodies(content: bytes) -> Iterator[list[str]]:
    """Yield the lines of every body in a NITF, NewsML, JSON or plain wire file."""
    content = content.strip().removeprefix(b"export const fixture1 = `\n")
    if b"\0" in content[:2_000]:
        return
    if content.startswith(b"<"):
        root = etree.fromstring(content, etree.XMLParser(recover=True, resolve_entities=False))
        for body in root.iter() if root is not None else ():
            if _is_body(body) and not any(_is_body(above) for above in body.iterancestors()):
                yield _split(etree.tostring(body, encoding="unicode", with_tail=False))
    elif content[:1] in b"[{":
        for body in _find_texts(json.loads(content)):
            yield _split(body)
    else:
        plain = content.decode("utf-8", errors="replace")
        yield _open_envelope(
            [line for raw in re.split(r"[\r\n\x00-\x08\x0b-\x1f]+", plain) if (line := raw.strip())]
        )


def _open_envelope(lines: list[str]) -> list[str]:
    """Return a plain item without what only its transport needs, and no site shows."""
    while lines and (len(lines[0]) < LEAST_OPENING or _ENVELOPE.match(lines[0])):
        lines = lines[1:]
    while lines and _ENVELOPE.match(lines[-1]):
        lines = lines[:-1]
    return lines


def _is_body(element: Any) -> bool:
    return isinstance(element.tag, str) and etree.QName(element).localname in _BODIES


def _find_texts(tree: Any) -> Iterator[str]:
    for key, value in tree.items() if isinstance(tree, dict) else enumerate(tree):
        if isinstance(value, str) and key in _TEXT_KEYS:
            yield value
        elif isinstance(value, dict | list):
            yield from _find_texts(value)


def _split(markup: str) -> list[str]:
    text = _TAG.sub("", _BREAK.sub("\n", html.unescape(_BREAK.sub("\n", markup))))
    return [" ".join(line.split()) for line in text.split("\n") if line.strip()]


def _key_of(text: Text) -> str:
    letters = "".join(character for line in text.lines for character in line if character.isalnum())
    return hashlib.sha256(letters.encode()).hexdigest()


def find_roles(text: Text, publishers: Publishers) -> Attributed:
    """Attribute a text as a run does, without what a page's metadata would add."""
    source = Source(
        id="benchmark",
        name=text.publisher,
        kind="feed",
        url="https://feed.invalid/",
        publisher=text.publisher,
    )
    return attribute(text.lines[0], "\n".join(text.lines), source, "", None, publishers=publishers)


def measure_fixtures(texts: list[Text], publishers: Publishers, show: str | None) -> None:
    """Print, for each agency, how many of its items are recognised, and how many of others as its."""
    total, marked, right, wrong = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    for text in texts:
        agency = text.agency or ""
        found = find_roles(text, publishers).attribution.distributor
        total[agency] += 1
        marked[agency] += is_marked(text, publishers)
        right[agency] += found == agency
        outcome = "found" if found == agency else "wrong" if found else "missed"
        if found and found != agency:
            wrong[found] += 1
        if outcome == show:
            print(f"    {text.name}: {agency}, {found}: {' | '.join(text.lines[:3])[:150]}")
            print(f"        … {' | '.join(text.lines[-2:])[-150:]}")
    print(f"{'wire items':<20}{'items':>7}{'marked':>8}{'right':>7}{'of others':>11}")
    for name in sorted({*total, *wrong}):
        print(f"{name:<20}{total[name]:>7}{marked[name]:>8}{right[name]:>7}{wrong[name]:>11}")
    all_right, all_found = right.total(), right.total() + wrong.total()
    print(
        f"precision {all_right}/{all_found} = {all_right / max(1, all_found):.3f}; "
        f"recall of marked {all_right}/{marked.total()} = {all_right / max(1, marked.total()):.3f}, "
        f"of all {all_right}/{total.total()} = {all_right / max(1, total.total()):.3f}"
    )


def is_marked(text: Text, publishers: Publishers) -> bool:
    """Tell whether any name of its agency stands in a text."""
    wire = publishers.find_wire(text.agency or "")
    names = (wire.name, *wire.marks, *wire.cited_as) if wire else (text.agency or "",)
    return any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", "\n".join(text.lines)) for name in names)


def measure_finds(name: str, texts: list[Text], publishers: Publishers, show: str | None) -> None:
    """Print how often which distributor is found where none is known, and what was perhaps missed."""
    found, near = Counter[str](), 0
    marks = "|".join(
        sorted({re.escape(mark) for wire in publishers.wires for mark in wire.marks if len(mark) > 1})
    )
    pattern = re.compile(rf"(?<!\w)(?:{marks})(?!\w)")
    for text in texts:
        attribution = find_roles(text, publishers).attribution
        if attribution.distributor:
            found[attribution.distributor] += 1
            if show == "found":
                quotes = [_word(item) for item in attribution.evidence if item.label == "distributor"]
                print(f"    {text.publisher}: {', '.join(quotes)}")
        else:
            edges = " | ".join((*text.lines[:NEAR_LINES], *text.lines[-NEAR_LINES:]))
            if hit := pattern.search(edges):
                near += 1
                if show == "missed":
                    cut = edges[max(0, hit.start() - 70) : hit.end() + 70]
                    print(f"    {text.publisher}: {cut}   [cites {', '.join(attribution.cited_agencies)}]")
    print(
        f"{name}: {found.total()} of {len(texts)} have a distributor "
        f"({', '.join(f'{wire} {count}' for wire, count in found.most_common())}); "
        f"{near} others name one in their first or last {NEAR_LINES} lines"
    )


def _word(evidence: Evidence) -> str:
    return f"{evidence.value}: {evidence.quote}"


def main() -> None:
    """Read the command line and print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n\n")[0])
    parser.add_argument("--wires", type=Path, default=DATA / "wire" / "wire-formats.tar.gz")
    parser.add_argument("--pages", type=Path, default=DATA / "pages" / "fundus.tar.gz")
    parser.add_argument("--reprints", type=Path, default=DATA / "syndication" / "helsinki_articles.csv.gz")
    parser.add_argument("--show", choices=("found", "missed", "wrong"), help="print these texts as well")
    parser.add_argument("--half", type=int, choices=(0, 1), help="look at one half of pages and reprints")
    arguments = parser.parse_args()
    for path in (arguments.wires, arguments.pages, arguments.reprints):
        if not path.is_file():
            parser.error(f"no such file: {path}")
    publishers = load_publishers(CONFIG_DIR / "publishers.yaml")
    measure_fixtures(read_fixtures(arguments.wires), publishers, arguments.show)
    for name, texts in (
        ("pages", read_site_texts(arguments.pages)),
        ("reprints", read_reprints(arguments.reprints)),
    ):
        dealt = [
            text
            for text in texts
            if arguments.half is None or int(_key_of(text)[:8], 16) % 2 == arguments.half
        ]
        measure_finds(name, dealt, publishers, arguments.show)


if __name__ == "__main__":
    main()
