"""`coopwatch review` and `coopwatch labels` as an analyst meets them: keys, a real terminal, a killed one."""

import fcntl
import json
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from rich.cells import cell_len

from coopwatch.captures import CaptureStore
from coopwatch.review import GUIDELINE, SHOWN_FIRST
from coopwatch.warehouse import CaptureRow, Warehouse
from schemas.records import Batch, FiredPattern, Judgement, TriageRow
from tests.builders import NOW, make_article
from tests.integration.command import Finished, run_coopwatch
from tests.integration.stories import MATCH
from tests.integration.warehouse_samples import (
    HOUR,
    RUN,
    fill_inbox,
    make_feed_entry,
    make_judgement,
    make_membership,
    make_result,
)

pytestmark = pytest.mark.slow

LONG = (
    "\n".join(f"Paragraph {n} of the memorandum on polar research." for n in range(60)) + "\nThe last line."
)
HAN = "两国科技部长在北京签署合作备忘录，" * 30
PAGE = f"<html lang=en><body><article><h1>{MATCH.title}</h1>" + "".join(
    f"<p>{part}</p>" for part in MATCH.body.split("\n\n")
)
HOSTILE = "Ministers\x1b[2J sign \u202ea pact\x9b"
DECISION = "the program:"
PATIENCE_SECONDS = 30.0


def judge(entry_id: int, verdict: str, score: float) -> Judgement:
    fired = FiredPattern(
        facet="cooperation", pattern="memorandum", quote="memorandum", start=20, end=30, weight=2.0
    )
    changes = {
        "verdict": verdict, "score": score, "fired": (fired,), "rules_score": score,
        "thresholds": {"alert": 0.7, "accept": 0.6, "review": 0.4}, "version": "topic/1",
    }  # fmt: skip
    return make_judgement(entry_id).model_copy(update=changes)


@pytest.fixture
def captures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CaptureStore:
    """The store that the command uses."""
    folder = str(tmp_path / "captures")
    monkeypatch.setenv("COOPWATCH_CAPTURES", folder)
    return CaptureStore(folder)


def fill(url: str, captures: CaptureStore) -> None:
    """Write what was decided of five entries: 1 for review, 2 accepted, 3 and 4 discarded, 5 at triage."""
    with Warehouse.open(url) as warehouse:
        entries = [make_feed_entry(n, summary=f"Summary {n}") for n in range(1, 6)]
        fill_inbox(warehouse, entries)
        warehouse.take_pending(RUN, 5, NOW, HOUR)
        articles = (
            make_article(1, title=HOSTILE, text=LONG),
            make_article(2, title="两国签署科技合作备忘录", text=HAN, language="zh"),
        )
        batch = Batch(
            results=(
                *(make_result(a.entry_id, article_id=a.article_id) for a in articles),
                *(make_result(n, outcome="irrelevant", stage="judge") for n in (3, 4)),
                make_result(5, outcome="irrelevant", stage="triage"),
            ),
            judgements=(
                judge(1, "review", 0.5), judge(2, "accept", 0.61),
                judge(3, "discard", 0.1), judge(4, "discard", 0.1),
            ),
            articles=articles,
            memberships=tuple(map(make_membership, articles)),
            triages=(TriageRow(entry_id=5, reason="no act of cooperation", version="topic/1/1"),),
        )  # fmt: skip
        warehouse.write_batch(RUN, batch, (), NOW)
        page = CaptureRow(
            sha256=captures.write(PAGE.encode()), url=entries[2].url, final_url=entries[2].url, status=200,
            headers=(("Content-Type", "text/html; charset=utf-8"),), fetched_at=NOW, purpose="page",
            size_bytes=len(PAGE.encode()),
        )  # fmt: skip
        warehouse.record_captures(RUN, [page], NOW)


@pytest.fixture
def filled_url(sqlite_url: str, captures: CaptureStore) -> str:
    fill(sqlite_url, captures)
    return sqlite_url


def converse(url: str, keys: str, *arguments: str) -> Finished:
    """Review with the keys as lines of standard input."""
    return run_coopwatch("review", "--warehouse", url, *arguments, keys=keys)


def _heed_interrupts() -> None:
    """Undo what a shell does to jobs in the background, whose children would ignore interrupts."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Terminal:
    """A program in a terminal of its own."""

    def __init__(self, master: int, process: "subprocess.Popen[bytes]") -> None:
        self._master = master
        self.process = process

    def read_until(self, end: str) -> str:
        """Return what is shown until it ends with something."""
        shown = b""
        while not shown.decode(errors="replace").replace("\r\n", "\n").endswith(end):
            more = self._read()
            assert more, f"{end!r} did not come; shown was:\n{shown.decode(errors='replace')}"
            shown += more
        return shown.decode().replace("\r\n", "\n")

    def read_all(self) -> str:
        """Return what is shown until the program ends."""
        shown = b"".join(iter(self._read, b""))
        self.process.wait(PATIENCE_SECONDS)
        return shown.decode().replace("\r\n", "\n")

    def _read(self) -> bytes:
        """Return what comes next, nothing after the program has ended."""
        ready, _, _ = select.select([self._master], [], [], PATIENCE_SECONDS)
        assert ready, "nothing is shown any more"
        try:
            return os.read(self._master, 65536)
        except OSError:  # so Linux says that the program has closed its side
            return b""

    def press(self, keys: str) -> None:
        """Press keys."""
        os.write(self._master, keys.encode())


@contextmanager
def open_terminal(url: str, *arguments: str, columns: int = 60) -> Iterator[Terminal]:
    """Start a review in a pseudo-terminal."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    environment = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
    process = subprocess.Popen(
        [sys.executable, "-m", "flows.cli", "review", "--warehouse", url, "--author", "ada", *arguments],
        preexec_fn=_heed_interrupts,  # noqa: PLW1509 - no threads run beside it
        stdin=slave, stdout=slave, stderr=slave, env=environment, start_new_session=True,
    )  # fmt: skip
    os.close(slave)
    try:
        yield Terminal(master, process)
    finally:
        process.kill()
        process.wait(30)
        os.close(master)


def ask_about(url: str, number: int, keys: str, *arguments: str) -> Finished:
    return converse(url, keys, f"https://courier.example/science/{number}", *arguments)


def test_answers_become_labels(warehouse_url: str, captures: CaptureStore) -> None:
    fill(warehouse_url, captures)
    done = converse(warehouse_url, "y\nun\nf y y n n\ns\n", "--author", "ada")
    assert done.status == 0, done.err
    with Warehouse.open(warehouse_url) as warehouse:
        given = warehouse.read_labels()
    assert [(label.is_relevant, label.is_uncertain) for label in given] == [
        (True, False), (False, True), (False, False)
    ]  # fmt: skip
    first = given[0]
    assert (first.entry_id, first.title, first.text) == (1, HOSTILE, LONG)
    assert (first.author, first.guideline, first.queue, first.note) == ("ada", GUIDELINE, "uncertain", "")
    assert (first.verdict, first.score, first.version, first.model) == ("review", 0.5, "topic/1", None)
    assert first.facets == {}
    assert given[2].facets == {"science": True, "cooperation": True, "international": False}
    assert "3 labelled: 1 relevant, 2 not, 1 of them uncertain; 1 skipped" in done.out
    assert "coopwatch train" in done.out


def test_the_decision_is_shown_after_the_answer_and_not_before(filled_url: str) -> None:
    with open_terminal(filled_url) as terminal:
        asked = terminal.read_until("\n> ")
        assert "1 of 5 · uncertain" in asked
        assert not re.search("review|accept|discard|0\\.5", asked.partition("y relevant")[0])
        assert DECISION not in asked
        terminal.press("y")
        answered = terminal.read_until("\n> ")
        assert "relevant: the program left it to you" in answered
        assert "the program: review, score 0.50" in answered
        assert "+2.0 cooperation “memorandum”" in answered
        assert "2 of 5" in answered
        terminal.press("q")
        assert "1 labelled: 1 relevant, 0 not" in terminal.read_all()
        assert terminal.process.returncode == 0


def test_lines_fit_the_terminal_and_a_text_cannot_steer_it(filled_url: str) -> None:
    with open_terminal(filled_url, columns=47) as terminal:
        shown = terminal.read_until("\n> ")
        terminal.press("t")
        whole = terminal.read_until("\n> ")
        terminal.press("n")
        shown += terminal.read_until("\n> ")
        terminal.press("?")
        shown += terminal.read_until("\n> ")
    assert "characters more: t)" in shown
    assert "The last line." not in shown
    assert "The last line." in whole
    assert "Ministers�[2J sign �a pact�" in shown
    assert not set("\x1b\x9b\u202e") & set(shown)
    assert "两国科技部长在北京签署合作备忘录" in shown.replace("\n", "")
    assert "In full: " in shown
    lines = [line for line in (shown + whole).splitlines() if "://" not in line and "/docs/" not in line]
    assert max(map(cell_len, lines)) <= 47


def test_keys_without_a_meaning_are_explained_and_arrows_ignored(filled_url: str) -> None:
    with open_terminal(filled_url) as terminal:
        terminal.read_until("\n> ")
        terminal.press("\x1b[A")
        terminal.press("x")
        assert "y relevant · n not" in terminal.read_until("\n> ")
        terminal.press("\x04")  # the end of input
        assert "0 labelled" in terminal.read_all()
    with open_terminal(filled_url) as terminal:
        terminal.read_until("\n> ")
        terminal.process.send_signal(signal.SIGINT)
        assert "0 labelled" in terminal.read_all()
        assert terminal.process.returncode == 0


def test_a_killed_terminal_loses_nothing_and_the_next_goes_on(filled_url: str) -> None:
    with open_terminal(filled_url) as terminal:
        terminal.read_until("\n> ")
        terminal.press("y")
        terminal.read_until("\n> ")
        terminal.process.kill()
    with Warehouse.open(filled_url) as warehouse:
        assert [label.entry_id for label in warehouse.read_labels()] == [1]
    rest = run_coopwatch("review", "--warehouse", filled_url, "--author", "ada", "--json").data
    assert sorted(question["entry_id"] for question in rest) == [2, 3, 4, 5]
    others = run_coopwatch("review", "--warehouse", filled_url, "--author", "bob", "--json").data
    assert len(others) == 5


def test_a_correction_is_a_new_label_that_counts(filled_url: str) -> None:
    done = converse(filled_url, "y\nb\nn\nq\n", "--author", "ada")
    assert "(you said: relevant; another answer corrects it)" in done.out
    assert "1 labelled: 0 relevant, 1 not" in done.out
    with Warehouse.open(filled_url) as warehouse:
        first, second = warehouse.read_labels()
    assert (first.is_relevant, second.is_relevant) == (True, False)
    assert first.compare_url == second.compare_url
    assert (first.note, second.note) == ("", SHOWN_FIRST)


def test_who_looked_at_the_decision_first_is_known(filled_url: str) -> None:
    done = ask_about(filled_url, 2, "o\ny\n", "--author", "ada")
    assert done.out.index(DECISION) < done.out.index("relevant: the program agrees")
    assert "the program had decided" not in done.out  # that would be no agreement
    with Warehouse.open(filled_url) as warehouse:
        (label,) = warehouse.read_labels()
    assert (label.note, label.queue) == (SHOWN_FIRST, "asked")


def test_relevant_without_a_facet_is_refused(filled_url: str) -> None:
    done = ask_about(filled_url, 1, "f\ny\ny\nn\ny\nuy\nf\ny\nq\ny\n", "--author", "ada")
    assert done.out.count("relevant needs all three facets") == 2
    assert "facets: not said" in done.out
    with Warehouse.open(filled_url) as warehouse:
        (label,) = warehouse.read_labels()
    assert (label.is_relevant, label.is_uncertain, label.facets) == (True, False, {})


def test_a_discarded_page_is_read_again_from_its_capture(filled_url: str) -> None:
    done = ask_about(filled_url, 3, "n\n", "--author", "ada")
    assert "Late goal decides the derby" in done.out
    assert "not relevant: the program agrees" in done.out
    assert "the program had decided 1 of them: 1 as you did" in done.out
    with Warehouse.open(filled_url) as warehouse:
        (label,) = warehouse.read_labels()
    assert label.text.startswith("The home side won the derby")
    assert label.text.endswith("never stopped believing in themselves.")
    assert (label.title, label.language) == (MATCH.title, "en")


def test_of_a_page_that_was_not_kept_the_feed_is_shown(filled_url: str) -> None:
    done = ask_about(filled_url, 4, "y\n", "--author", "ada")
    assert "Summary 4" in done.out
    assert "title and summary of the feed only: the page was not kept" in done.out
    assert "relevant: the program DISAGREES" in done.out
    with Warehouse.open(filled_url) as warehouse:
        (label,) = warehouse.read_labels()
    assert (label.title, label.text, label.language) == ("Entry 4", "Summary 4", "und")


def test_what_triage_dropped_can_be_asked_about(filled_url: str) -> None:
    done = ask_about(filled_url, 5, "n\n", "--author", "ada")
    assert "the program: discard, before extraction: no act of cooperation" in done.out
    with Warehouse.open(filled_url) as warehouse:
        (label,) = warehouse.read_labels()
    assert (label.verdict, label.score) == ("discard", None)


def test_the_queue_is_printed_for_programs(filled_url: str) -> None:
    done = run_coopwatch("review", "--json", "--size", "3", "--warehouse", filled_url, "--author", "ada")
    assert [question["queue"] for question in done.data] == ["uncertain", "uncertain", "random"]
    assert done.data[0]["entry_id"] == 1
    assert done.data[0]["facets"] == {"science": 0.5, "cooperation": 0.25}
    chinese = run_coopwatch(
        "review", "--json", "--language", "zh", "--warehouse", filled_url, "--author", "a"
    )
    assert [question["entry_id"] for question in chinese.data] == [2]
    lots = run_coopwatch("review", "--json", "--queue", "random", "--warehouse", filled_url, "--author", "a")
    assert [question["queue"] for question in lots.data] == ["random"] * 5


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("--language", "Chinese"), "'Chinese' is not the tag of a language"),
        (("--author", " \t"), "--author"),
        (("--queue", "asked"), "asked"),
        (("--size", "0"), "--size"),
        (("https://never.example/seen",), "https://never.example/seen"),
    ],
)
def test_what_cannot_work_is_said(sqlite_url: str, arguments: tuple[str, ...], complaint: str) -> None:
    done = run_coopwatch("review", "--warehouse", sqlite_url, *arguments)
    assert done.status == 2
    assert complaint in done.err
    assert "Traceback" not in done.err


def test_an_empty_warehouse_has_nothing_to_ask_or_list(sqlite_url: str) -> None:
    assert "nothing to ask" in converse(sqlite_url, "", "--author", "ada").out
    done = run_coopwatch("labels", "--warehouse", sqlite_url)
    assert (done.status, done.out) == (0, "no labels yet; `coopwatch review` asks for some\n")
    assert run_coopwatch("labels", "--json", "--warehouse", sqlite_url).data["labels"] == []


def test_labels_are_listed_counted_and_compared(filled_url: str) -> None:
    for author, answers in (("ada", "ynn"), ("bob", "nnu")):
        for number, key in zip((1, 2, 4), answers, strict=True):
            assert ask_about(filled_url, number, f"{key}\nn\n", "--author", author).status == 0
    ask_about(filled_url, 1, "y\n", "--author", "bob")  # a correction

    done = run_coopwatch("labels", "--warehouse", filled_url)
    assert done.status == 0
    assert len(re.findall(r"^\d{4}-\d\d-\d\d", done.out, re.MULTILINE)) == 7
    assert "7, of which 6 stand" in done.out
    assert "2 relevant, 4 not; 1 uncertain" in done.out
    assert "6 asked" in done.out
    assert "agrees on 2 of the 4 that it had decided" in done.out
    assert "ada and bob agree on 3 of 3 (kappa 1.00); of the certain ones on 2 of 2 (kappa 1.00)" in done.out
    assert "\x1b" not in done.out

    data = run_coopwatch("labels", "--json", "--warehouse", filled_url).data
    assert len(data["labels"]) == 7
    assert data["labels"][0]["text"] == LONG
    assert data["authors"][0]["kappa"] == 1.0
    assert data["languages"] == {"en": 2, "zh": 2, "und": 2}


def test_a_review_starts_without_what_it_does_not_need() -> None:
    heavy = {"prefect", "trafilatura", "sklearn", "numpy", "pandas", "great_expectations"}
    found = f"sorted({heavy} & set(sys.modules))"
    code = f"import sys, json, flows.cli.review, flows.cli.labels; print(json.dumps({found}))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert json.loads(done.stdout) == []
