"""Learn how common the common words of a language are; what comes out holds hashes of words, no text.

    python -m benchmarks.word_frequencies PAGES.tar.gz TEXTS.jsonl.gz [--out config/frequencies.json]

PAGES holds reviewed news pages of many publishers (*.json with title and body); TEXTS has a line per
Chinese item, with title and text.
"""

import argparse
import gzip
import json
import tarfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from coopwatch.events.frequencies import FREQUENCIES, hash_word
from coopwatch.events.wordings import split_words
from coopwatch.languages import detect_language

LEAST_TEXTS = 40  # of a language
LEAST_SHARE = 0.03  # a word in fewer of its texts is not common
ITEMS = 2000  # of TEXTS, evenly


def read_pages(path: Path) -> Iterator[str]:
    """Yield the reviewed texts."""
    with tarfile.open(path) as archive:
        for member in archive:
            if member.name.endswith(".json") and (file := archive.extractfile(member)):
                for page in json.load(file).values():
                    yield "\n".join([page.get("title") or "", *_flatten(page.get("body") or {})])


def read_items(path: Path) -> Iterator[str]:
    """Yield evenly chosen items."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = lines.readlines()
    for line in rows[:: max(1, len(rows) // ITEMS)]:
        row = json.loads(line)
        yield f"{row['title']}\n{row['text']}"


def count(texts: Iterator[str]) -> dict[str, dict[str, int]]:
    """Return, by language and hash of a word, in how many of a thousand texts it stands."""
    words: dict[str, Counter[str]] = defaultdict(Counter)
    counted: Counter[str] = Counter()
    for text in texts:
        language = (detect_language(text) or "").partition("-")[0]
        counted[language] += 1
        words[language].update({word.casefold() for word in split_words(text)})
    return {
        language: {
            hash_word(word): round(1000 * held / counted[language])
            for word, held in sorted(words[language].items())
            if held / counted[language] >= LEAST_SHARE
        }
        for language in sorted(words)
        if language and counted[language] >= LEAST_TEXTS
    }


def _flatten(part: Any) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    elif isinstance(part, dict):
        for value in part.values():
            yield from _flatten(value)
    elif isinstance(part, list):
        for value in part:
            yield from _flatten(value)


def main() -> None:
    """Count and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("pages", type=Path)
    parser.add_argument("texts", type=Path)
    parser.add_argument("--out", type=Path, default=FREQUENCIES)
    given = parser.parse_args()
    shares = count(text for texts in (read_pages(given.pages), read_items(given.texts)) for text in texts)
    given.out.write_text(json.dumps(shares, indent=0, sort_keys=True) + "\n", encoding="utf-8")
    print({language: len(words) for language, words in shares.items()})


if __name__ == "__main__":
    main()
