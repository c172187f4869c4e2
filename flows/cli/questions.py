"""Words for a review at the terminal: a question, the decision behind it, the guideline in short."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from rich.cells import cell_len, chop_cells

from coopwatch.agreement import agrees_with_program, compare_program
from coopwatch.exhibits import Exhibit
from coopwatch.reports import clean
from coopwatch.review import GUIDELINE, Question
from coopwatch.warehouse.labels import Case
from coopwatch.wording import fold
from schemas.records import FiredPattern, Label, LabelQueue

_KEYS = (
    "y relevant · n not · u uncertain · f facets · t whole text · o the program's decision · "
    "? guideline · s skip · b back · q quit"
)
# nothing here tells what was decided: a label is worth most from who does not know
WHY: dict[LabelQueue, str] = {
    "uncertain": "uncertain: for the program this is a close call",
    "disagreement": "disagreement: what the program goes by points both ways",
    "random": "random: drawn by lot from all that was decided",
    "asked": "asked: you named it",
}
_GUIDELINE_FILE = Path(__file__).resolve().parents[2] / "docs" / "relevance.md"
_IN_SHORT = """\
Does this text report on an act by which two or more countries, or an international body, cooperate in science or technology?

Relevant (y) is a text for which all three facets hold of the same thing, and that thing is what title and lead are about:
  science: research, science or technology as such; not goods that contain it, sport, culture, medical treatment
  cooperation: conference, agreement, joint laboratory, programme, accession, initiative, delegation, exchange, facility; not sale, aid in goods, praise, competition
  international: two countries, an international body or a named programme as parties; not a foreign reader or the word "global"

Out: trade, infrastructure and its loans, arms, sport and culture, shows of products, domestic plans and discoveries, companies without research.
Uncertain (u) is what a careful colleague could label the other way. Look nothing up, and not at what the program decided."""  # noqa: E501
_SHOWN_CHARACTERS = 900
_SHOWN_QUOTES = 6
_SHOWN_CONTRIBUTIONS = 4


def word_question(
    question: Question, exhibit: Exhibit, number: int, total: int, width: int, *, is_whole: bool = False
) -> str:
    """Return a question for a terminal: title, origin and the beginning of the text, or all of it."""
    about = question.about
    dated = f"{exhibit.published_at:%Y-%m-%d}" if exhibit.published_at else "undated"
    text = exhibit.text if is_whole else exhibit.text[:_SHOWN_CHARACTERS]
    left = len(exhibit.text) - len(text)
    parts = [
        f"── {number} of {total} · {WHY[question.queue]}",
        "",
        fold(exhibit.title) or "(no title)",
        f"{fold(about.source)} · {dated} · {exhibit.language or about.language}",
        about.url,
        "",
        text + (" …" if left else ""),
        *([f"({left:,} characters more: t)"] if left else []),
        *([f"(title and summary of the feed only: {exhibit.lacks})"] if exhibit.lacks else []),
    ]
    return "\n".join(fold_lines(clean("\n".join(parts)), width))


def word_keys(width: int) -> str:
    """Return which keys there are."""
    return "\n".join(fold_lines(_KEYS, width))


def word_decision(case: Case, width: int) -> str:
    """Return what the program decided, its facets and the strongest quotes, for a terminal."""
    judged, dropped = case.judgement, case.triage
    if judged is None:
        reason = dropped.reason if dropped else "nothing was decided"
        return "\n".join(fold_lines(clean(f"the program: discard, before extraction: {reason}"), width))
    least = ", ".join(f"{name} {score:.2f}" for name, score in judged.thresholds.items())
    parts = [
        f"the program: {judged.verdict}, score {judged.score:.2f}"
        + (f" (least for {least})" if least else ""),
        "  " + " · ".join(f"{facet} {score:.2f}" for facet, score in judged.facets.items()),
    ]
    if judged.model_score is not None:
        parts.append(f"  rules {judged.rules_score:.2f}, model {judged.model_score:.2f} ({judged.model})")
    parts += map(_word_fired, _strongest(judged.fired))
    parts += [
        f"  {one.weight:+.2f} {fold(one.feature)}" for one in judged.contributions[:_SHOWN_CONTRIBUTIONS]
    ]
    return "\n".join(fold_lines(clean("\n".join(parts)), width))


def word_answer(label: Label) -> str:
    """Return a label beside the program's decision, on one line."""
    agrees = agrees_with_program(label)
    verdict = (
        "the program left it to you"
        if agrees is None
        else "the program " + ("agrees" if agrees else "DISAGREES")
    )
    return f"{word_label(label)}: {verdict}"


def word_label(label: Label) -> str:
    """Return what a label says."""
    return ("relevant" if label.is_relevant else "not relevant") + (
        ", uncertain" if label.is_uncertain else ""
    )


def word_guideline(width: int) -> str:
    """Return the guideline in short, and where it can be read in full."""
    where = f"\n\nIn full: {_GUIDELINE_FILE}" if _GUIDELINE_FILE.is_file() else ""
    return "\n".join(fold_lines(f"Guideline {GUIDELINE}\n{_IN_SHORT}{where}", width))


def word_session(labels: Iterable[Label], skipped: int) -> str:
    """Return what a session came to, and what can be done next."""
    given = list(labels)
    relevant = sum(label.is_relevant for label in given)
    uncertain = sum(label.is_uncertain for label in given)
    program = compare_program(given)
    lines = [
        f"{len(given)} labelled: {relevant} relevant, {len(given) - relevant} not"
        + (f", {uncertain} of them uncertain" if uncertain else "")
        + (f"; {skipped} skipped" if skipped else "")
    ]
    if program.decided:
        lines.append(f"the program had decided {program.decided} of them: {program.agreed} as you did")
    if given:
        lines.append("`coopwatch train` learns from labels, `coopwatch labels` lists them")
    return "\n".join(lines)


def fold_lines(text: str, width: int) -> Iterator[str]:
    """Give the lines of a text, folded to a width in cells; Han characters take two."""
    for paragraph in text.splitlines():
        indent = paragraph[: len(paragraph) - len(paragraph.lstrip(" "))]
        line = ""
        for word in paragraph.split():
            for piece in (
                chop_cells(word, width - len(indent)) if cell_len(word) > width - len(indent) else [word]
            ):
                if line and cell_len(line) + 1 + cell_len(piece) > width - len(indent):
                    yield indent + line
                    line = piece
                else:
                    line = f"{line} {piece}" if line else piece
        yield indent + line if line else ""


def _strongest(fired: Iterable[FiredPattern]) -> list[FiredPattern]:
    """Return the patterns that weigh most, each quote once."""
    strongest: dict[tuple[str, str], FiredPattern] = {}
    for one in sorted(fired, key=lambda one: (-one.weight, one.start)):
        strongest.setdefault((one.facet, fold(one.quote).casefold()), one)
    return list(strongest.values())[:_SHOWN_QUOTES]


def _word_fired(fired: FiredPattern) -> str:
    if fired.facet == "negative":
        return f"  {-fired.weight:+.1f} against it “{fold(fired.quote)}”"
    return f"  {fired.weight:+.1f} {fired.facet} “{fold(fired.quote)}”"
