"""A review at the terminal: questions are shown, keys answer them, every label is kept at once."""

import shutil
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import NamedTuple, get_args

from coopwatch.exhibits import Exhibit
from coopwatch.review import GUIDELINE, SHOWN_FIRST, Question, make_label_id
from coopwatch.warehouse import Warehouse
from coopwatch.warehouse.labels import Case
from flows.cli import questions as words
from flows.cli.keys import Keys
from schemas.records import Facet, Label

_WIDTH_MAX = 100  # longer lines are hard to read
_ANSWERS = {"y": True, "n": False}
_FACETS: tuple[Facet, ...] = get_args(Facet)


class Answer(NamedTuple):
    """What an analyst says of one article; `is_blind` if without a look at the program's decision."""

    is_relevant: bool
    is_uncertain: bool
    facets: dict[Facet, bool]
    is_blind: bool


class Session:
    """One analyst's way through a queue.

    Args:
        questions: what is asked.
        warehouse: where the labels go, each as soon as it is given.
        exhibit: gives what is shown of an entry.
        keys: the answers.
        author: who labels.
    """

    def __init__(
        self,
        questions: Sequence[Question],
        warehouse: Warehouse,
        exhibit: Callable[[Case], Exhibit],
        *,
        keys: Keys,
        author: str,
    ) -> None:
        self._questions = questions
        self._warehouse = warehouse
        self._exhibit = exhibit
        self._author = author
        self._keys = keys
        self._given: dict[int, Label] = {}  # by place in the queue
        self.skipped: set[int] = set()

    @property
    def labels(self) -> list[Label]:
        """The labels that were given, of every article the last."""
        return list(self._given.values())

    def run(self) -> None:
        """Ask until the queue ends or the analyst quits."""
        place = 0
        while place < len(self._questions):
            match self._ask(place):
                case "q":
                    return
                case "b":
                    place = max(place - 1, 0)
                case _:
                    place += 1

    def _ask(self, place: int) -> str:
        """Ask one question until a key leads away from it; return that key."""
        question = self._questions[place]
        case = self._warehouse.read_case(question.about.entry_id)
        exhibit = self._exhibit(case)
        facets: dict[Facet, bool] = {}
        is_blind = place not in self._given  # with the first answer the decision was shown
        self._show(place, exhibit)
        print(f"\n{words.word_keys(_width())}")
        while True:
            match self._keys.read("> "):
                case "y" | "n" | "u" as key:
                    is_relevant = self._ask_relevance(key, facets)
                    if is_relevant is None:
                        continue
                    answer = Answer(is_relevant, key == "u", facets, is_blind)
                    self._keep(place, self._make_label(question, exhibit, answer), case)
                    return key
                case "f":
                    facets = self._ask_facets()
                case "t":
                    self._show(place, exhibit, is_whole=True)
                case "o":
                    is_blind = False
                    print(words.word_decision(case, _width()))
                case "?":
                    print(words.word_guideline(_width()))
                case "s" | "b" | "q" as key:
                    if key == "s" and place not in self._given:
                        self.skipped.add(place)
                    return key
                case _:
                    print(words.word_keys(_width()))

    def _keep(self, place: int, label: Label, case: Case) -> None:
        self._warehouse.write_labels([label])
        self._given[place] = label
        self.skipped.discard(place)
        print(f"{words.word_answer(label)}\n{words.word_decision(case, _width())}")

    def _ask_relevance(self, key: str, facets: dict[Facet, bool]) -> bool | None:
        """Return what an answer says, None if it is none or the facets say otherwise."""
        answer = _ANSWERS.get(self._keys.read("uncertain, but: y or n > ") if key == "u" else key)
        if answer and not all(facets.values()):
            print("relevant needs all three facets: n, or f to set them again")
            return None
        return answer

    def _show(self, place: int, exhibit: Exhibit, *, is_whole: bool = False) -> None:
        total = len(self._questions)
        print()
        print(
            words.word_question(
                self._questions[place], exhibit, place + 1, total, _width(), is_whole=is_whole
            )
        )
        if place in self._given:
            print(f"(you said: {words.word_label(self._given[place])}; another answer corrects it)")

    def _ask_facets(self) -> dict[Facet, bool]:
        """Ask for the three facets; another key than y and n leaves all unsaid."""
        facets: dict[Facet, bool] = {}
        for facet in _FACETS:
            answer = _ANSWERS.get(self._keys.read(f"{facet}: y or n > "))
            if answer is None:
                print("facets: not said")
                return {}
            facets[facet] = answer
        return facets

    def _make_label(self, question: Question, exhibit: Exhibit, answer: Answer) -> Label:
        about, now = question.about, datetime.now(UTC)
        return Label(
            label_id=make_label_id(about.compare_url, self._author, now),
            entry_id=about.entry_id,
            url=about.url,
            compare_url=about.compare_url,
            title=exhibit.title,
            text=exhibit.text,
            language=exhibit.language or about.language,
            is_relevant=answer.is_relevant,
            is_uncertain=answer.is_uncertain,
            facets=answer.facets,
            author=self._author,
            guideline=GUIDELINE,
            labelled_at=now,
            queue=question.queue,
            verdict=about.verdict,
            score=about.score,
            version=about.version,
            model=about.model,
            note="" if answer.is_blind else SHOWN_FIRST,
        )


def _width() -> int:
    return min(shutil.get_terminal_size().columns, _WIDTH_MAX)
