"""One extractor, in whatever environment it is installed: reads pages when told to, and times itself.

    python comparison_reader.py NAME PAGES.json

Every line of the standard input names the first page to read and the one to stop before; the answer is a line
of JSON with the processor time it took and what was found. Only to run this project it imports any of it.
"""

import contextlib
import io
import json
import logging
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

Found = tuple[str | None, str | None, object]  # title, text, day of publication


def make_reader(name: str) -> Callable[[str, str], Found]:
    """Import an extractor, and return how it reads a page of an address.

    Raises:
        ValueError: nobody knows it.
    """
    match name:
        case "coopwatch":
            from benchmarks.extraction import Reviewed, read_by_coopwatch

            now = datetime.now(UTC)

            def read(url: str, page: str) -> Found:
                found = read_by_coopwatch(Reviewed(url, now, page.encode(), "", "", now))
                return found.title, found.text, found.day

        case "trafilatura":
            from trafilatura import bare_extraction

            def read(url: str, page: str) -> Found:
                document: Any = bare_extraction(page, url=url, with_metadata=True)
                return (document.title, document.text, document.date) if document else ("", "", "")

        case "news-please":
            please = import_module("newsplease").NewsPlease

            def read(url: str, page: str) -> Found:
                article = please.from_html(page, url=url, fetch_images=False)
                return article.title, article.maintext, article.date_publish

        case "mediacloud-metadata":
            mcmetadata = import_module("mcmetadata")

            def read(url: str, page: str) -> Found:
                found = mcmetadata.extract(url, html_text=page)
                return found["article_title"], found["text_content"], found["publication_date"]

        case "newspaper4k":
            newspaper = import_module("newspaper")

            def read(url: str, page: str) -> Found:
                article = newspaper.Article(url, fetch_images=False)
                article.download(input_html=page)
                article.parse()
                return article.title, article.text, article.publish_date

        case _:
            raise ValueError(name)
    return read


def read_day(moment: object) -> str:
    """Return the day of whatever an extractor calls a date, in ISO 8601; nothing if it has none."""
    if isinstance(moment, datetime | date):
        return moment.isoformat()[:10]
    return str(moment or "")[:10]


def main() -> None:
    """Answer until the input ends."""
    name, path = sys.argv[1:]
    logging.disable(logging.CRITICAL)
    answers = sys.stdout
    pages = json.loads(Path(path).read_text(encoding="utf-8"))
    with contextlib.redirect_stdout(io.StringIO()):
        read = make_reader(name)
        for line in sys.stdin:
            first, end = map(int, line.split())
            found, failed = [], 0
            wall, processor = time.perf_counter(), time.process_time()
            for url, page in pages[first:end]:
                try:
                    found.append(read(url, page))
                except Exception:  # noqa: BLE001 - a page that breaks an extractor is one it does not read
                    failed += 1
                    found.append(("", "", ""))
            answer = {
                "wall": time.perf_counter() - wall,
                "processor": time.process_time() - processor,
                "failed": failed,
                "found": [(title or "", text or "", read_day(day)) for title, text, day in found],
            }
            print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main()
