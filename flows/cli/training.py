"""`coopwatch train`: a model of relevance from the corpus that is shipped and from what analysts said."""

import getpass
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from coopwatch.relevance.corpus import read_corpus, read_examples, read_labelled
from coopwatch.relevance.model import Model
from coopwatch.relevance.topic import load_topic
from coopwatch.reports import clean, to_json
from coopwatch.settings import CONFIG_DIR, Settings
from coopwatch.warehouse import Warehouse
from coopwatch.wording import count
from flows.cli.columns import align
from flows.cli.reading import JsonOption, WarehouseOption

REFUSED = 1
_COLUMNS = ("precision", "recall", "f1", "pr_auc", "calibration_error")
_HEADINGS = ("FROZEN EXAMPLES", "ITEMS", "RELEVANT", "PRECISION", "RECALL", "F1", "PR-AUC", "ECE")


def train(
    *,
    warehouse: WarehouseOption = None,
    topic: Annotated[Path | None, typer.Option(help="The topic file.", dir_okay=False)] = None,
    corpus: Annotated[
        Path | None, typer.Option(help="Folder of written examples; config/training by default.")
    ] = None,
    examples: Annotated[
        list[Path] | None,
        typer.Option(help="More examples, in the form of the corpus; can be repeated.", dir_okay=False),
    ] = None,
    author: Annotated[str | None, typer.Option(help="Who trains; the user by default.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Write nothing.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Train a model on the corpus and the labels, and let it decide if it is no worse than what does.

    A tenth of the labels and the test part of the corpus are frozen: never learnt from, kept to compare on.
    The new model is refused if precision-recall area or recall fall on them. After a new model is active,
    `coopwatch reprocess` judges again what was stored.

    Exit status: 0 activated (or active already), 1 refused, 2 could not work.

    Examples:
      coopwatch train --dry-run
      coopwatch train --examples mine.jsonl --json | jq .metrics.frozen
    """
    settings = Settings.from_environment().override(warehouse_url=warehouse, topic=topic)
    loaded = load_topic(settings.topic)
    written = [
        *read_corpus(corpus or CONFIG_DIR / "training"),
        *(example for file in examples or () for example in read_examples(file)),
    ]
    with Warehouse.open(settings.warehouse_url) as opened:
        said = read_labelled(opened.read_labels())
        incumbent = opened.read_active_model(loaded.file.id)
        _tell(f"{len(written)} examples of the corpus, {len(said.examples)} labelled by analysts")
        if said.conflicts:
            _tell(f"{count(said.conflicts, 'label')} left out: authors contradict each other")

        from coopwatch.relevance.training import train_model  # takes seconds to import

        trained = train_model(
            [*written, *said.examples],
            loaded,
            incumbent=incumbent,
            created_by=author or getpass.getuser(),
            now=datetime.now(UTC),
            tell=_tell,
        )
        if not dry_run:
            opened.write_model(trained)
    if as_json:
        told = trained.model_dump(mode="json", exclude={"weights"})
        print(to_json({**told, "conflicts": said.conflicts, "is_written": not dry_run}))
    else:
        print(word_trained(trained, incumbent, dry_run=dry_run))
    if trained.status == "refused":
        raise typer.Exit(REFUSED)


def word_trained(trained: Model, incumbent: Model | None, *, dry_run: bool) -> str:
    """Return what came out of a training as text for a terminal."""
    frozen: Mapping[str, Any] = trained.metrics["frozen"]
    before: Mapping[str, Any] = trained.metrics["before"]
    rows = [
        _word_row(name, frozen[name], before[name])
        for origin in ("real", "synthetic")
        for name in sorted(frozen)
        if name.partition(" ")[0] == origin
    ]
    lines = [align([_HEADINGS, *rows])]
    lines.append(
        "each value: with this model (before). Written examples are harder and tidier than the news:"
    )
    lines.append("read the synthetic rows as a check of the machinery, not as what to expect.")
    if "real" not in frozen:
        lines.append("No analyst's label is frozen yet, so nothing here is measured on real articles.")
    lines += ["", *trained.metrics["thresholds"], "", *_word_changes(trained, incumbent)]
    if incumbent and incumbent.model_version == trained.model_version:
        lines.append(f"{trained.model_version} is active already")
    elif trained.status == "refused":
        lines.append(f"{trained.model_version} refused: {trained.reason}")
    else:
        lines.append(f"{trained.model_version} {'would be ' if dry_run else ''}activated: {trained.reason}")
    return clean("\n".join(lines))


def _word_row(name: str, now: Mapping[str, Any], before: Mapping[str, Any]) -> tuple[str, ...]:
    cells = (f"{_word_share(now[column])} ({_word_share(before[column])})" for column in _COLUMNS)
    return name, str(now["items"]), str(now["relevant"]), *cells


def _word_share(share: float | None) -> str:
    return "-" if share is None else f"{share:.2f}"


def _word_changes(trained: Model, incumbent: Model | None) -> list[str]:
    """Return what is different from the active model."""
    if incumbent is None:
        return []
    rows = [
        ("", incumbent.model_version, trained.model_version),
        ("examples", str(incumbent.examples), str(trained.examples)),
        ("terms", str(len(incumbent.weights.terms)), str(len(trained.weights.terms))),
        ("topic", incumbent.topic_version, trained.topic_version),
        *(
            (name, f"{value:.3f}", f"{getattr(trained.thresholds, name):.3f}")
            for name, value in incumbent.thresholds
        ),
    ]
    return [align(rows), ""]


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
