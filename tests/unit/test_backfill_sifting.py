"""A stretch is sifted to its end whatever single pages do to the process that looks at them."""

import os
import signal
import time
from pathlib import Path

import pytest

from coopwatch.backfill.pages import Stretch
from coopwatch.backfill.sieve import Look
from coopwatch.backfill.sifting import Sifted, sift
from coopwatch.backfill.survivors import Survivor, keep
from coopwatch.captures import CaptureStore
from coopwatch.jobs import ExtractJob
from coopwatch.settings import Settings
from schemas.records import Failure
from tests.builders import make_article
from tests.unit.test_captures_archive import ArchiveBuilder

HTML = (("Content-Type", "text/html; charset=utf-8"),)
FILLING = "<p>word</p>" * 100  # what is shorter is no article


def write_archive(path: Path, *pages: str) -> Path:
    builder = ArchiveBuilder(path)
    for number, words in enumerate(pages):
        builder.add(f"https://courier.example/{number}", f"{words}|{FILLING}".encode(), headers=HTML)
    return builder.close()


def look_as_told(job: ExtractJob, settings: Settings) -> Survivor | str:
    """Do what the body of the page says."""
    match job.capture.body.decode().partition("|")[0].split():
        case ["discard", *reason]:
            return " ".join(reason)
        case ["hang"]:
            time.sleep(600)
        case ["exit"]:
            os._exit(3)
        case ["exit", "once", path]:
            if not Path(path).exists():
                Path(path).touch()
                os.kill(os.getpid(), signal.SIGKILL)
    return keep(job, make_article(job.entry.entry_id, title=job.entry.url), settings)


def sift_pages(tmp_path: Path, *pages: str, look: Look = look_as_told, batch_size: int = 250) -> Sifted:
    archive = write_archive(tmp_path / "a.warc.gz", *pages)
    settings = Settings(captures=str(tmp_path / "captures"), extract_timeout_seconds=3, batch_size=batch_size)
    return sift(Stretch(item=str(archive), source_id="archive.test"), settings, look=look)


def list_outcomes(sifted: Sifted) -> list[tuple[str, str]]:
    """Return the last part of each survivor's URL, and what it came to."""
    return [
        (
            survivor.entry.url.rpartition("/")[2],
            survivor.outcome.kind if isinstance(survivor.outcome, Failure) else "article",
        )
        for survivor in sifted.survivors
    ]


def test_what_costs_its_process_is_a_failure_and_the_rest_is_sifted(tmp_path: Path) -> None:
    sifted = sift_pages(tmp_path, "keep", "hang", "discard dull", "exit", "keep", "exit")
    assert list_outcomes(sifted) == [
        ("0", "article"),
        ("1", "too_slow"),
        ("3", "crashed"),
        ("4", "article"),
        ("5", "crashed"),
    ]
    assert (sifted.seen, sifted.counts, sifted.is_last, sifted.error) == (6, {"dull": 1}, True, None)
    details = [s.outcome.detail for s in sifted.survivors if isinstance(s.outcome, Failure)]
    assert details[0] == "given up after 3 s"
    assert "exit status 3" in details[1]
    store = CaptureStore(str(tmp_path / "captures"))
    assert all(store.read(survivor.capture.sha256) for survivor in sifted.survivors)


def test_a_page_whose_process_was_killed_by_somebody_else_is_tried_again(tmp_path: Path) -> None:
    sifted = sift_pages(tmp_path, "keep", f"exit once {tmp_path / 'tried'}", "keep")
    assert (tmp_path / "tried").exists()
    assert list_outcomes(sifted) == [("0", "article"), ("1", "article"), ("2", "article")]
    assert sifted.seen == 3


def die(job: ExtractJob, settings: Settings) -> Survivor | str:
    """Take the process along, and whoever comes after it."""
    os.kill(os.getpid(), signal.SIGKILL)
    return "unreached"


def test_a_stretch_of_nothing_but_deaths_ends(tmp_path: Path) -> None:
    sifted = sift_pages(tmp_path, "a", "b", look=die)
    assert list_outcomes(sifted) == [("0", "crashed"), ("1", "crashed")]


@pytest.mark.parametrize("batch_size", [1, 2])
def test_losses_count_into_the_batch_and_what_follows_begins_behind_them(
    tmp_path: Path, batch_size: int
) -> None:
    archive = write_archive(tmp_path / "a.warc.gz", "exit", "keep", "discard dull", "keep")
    settings = Settings(captures=str(tmp_path / "captures"), batch_size=batch_size)
    following: Stretch | None = Stretch(item=str(archive), source_id="archive.test")
    found = []
    while following:
        found.append(sift(following, settings, look=look_as_told))
        following = found[-1].following
    assert all(len(sifted.survivors) <= batch_size for sifted in found)
    assert sum(sifted.seen for sifted in found) == 4
    assert [name for sifted in found for name, _ in list_outcomes(sifted)] == ["0", "1", "3"]


def test_a_file_that_is_not_there_is_an_error_of_its_stretch(tmp_path: Path) -> None:
    missing = tmp_path / "missing.warc.gz"
    sifted = sift(Stretch(item=str(missing), source_id="archive.test"), Settings())
    assert f"{missing}: cannot be read after byte 0" in (sifted.error or "")
    assert (sifted.is_last, sifted.seen, sifted.survivors) == (True, 0, ())
