"""`coopwatch review`: an analyst says of articles whether they are in scope, one key each."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from coopwatch.exhibits import Exhibit, make_exhibit
from coopwatch.reports import to_json
from coopwatch.review import Question, Reviewable, choose_queue
from coopwatch.settings import Settings
from coopwatch.warehouse import Warehouse
from coopwatch.warehouse.labels import Case
from flows.cli.keys import reading_keys
from flows.cli.people import name_analyst
from flows.cli.questions import word_session
from flows.cli.reading import WarehouseOption, check_language
from flows.cli.session import Session
from schemas.records import Article, Failure

if TYPE_CHECKING:
    from coopwatch.fetch import Fetcher
    from coopwatch.jobs import ExtractJob


def review(
    urls: Annotated[
        list[str] | None, typer.Argument(metavar="URL", help="Ask about these instead of a queue.")
    ] = None,
    *,
    author: Annotated[str | None, typer.Option(help="Who labels; the user of the system by default.")] = None,
    size: Annotated[int, typer.Option(min=1, max=1000, help="How many articles.")] = 20,
    language: Annotated[str | None, typer.Option(help="Only this language: zh.")] = None,
    queue: Annotated[
        Literal["uncertain", "disagreement", "random"] | None, typer.Option(help="Only this queue.")
    ] = None,
    warehouse: WarehouseOption = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the queue as JSON, with what was decided; ask nothing.")
    ] = False,
) -> None:
    """Ask whether articles are in scope: 70 % uncertain ones, 20 % contradictory, 10 % by lot.

    Every answer is kept at once. A correction is a new label; the latest of an author counts.

    Examples:
      coopwatch review
      coopwatch review --size 50 --language zh --author ada
      coopwatch review https://academy.example/news/1
      coopwatch review --queue random --json | jq -r '.[].url'
    """
    check_language(language)
    name = name_analyst(author, "--author")
    settings = Settings.from_environment().override(warehouse_url=warehouse)
    with Warehouse.open_existing(settings.warehouse_url) as opened:
        if urls:
            asked = tuple(Question(queue="asked", about=_find(opened, url)) for url in urls)
        else:
            seed = f"{name} {datetime.now(UTC):%Y-%m-%d}"  # who comes back the same day finds the same queue
            candidates = opened.read_reviewables(name, language=language, seed=seed)
            asked = choose_queue(candidates, size, seed, queue)
        if as_json:
            print(to_json([_to_plain(question) for question in asked]))
        elif not asked:
            print("nothing to ask: no article was judged that you have not labelled")
        else:
            with _exhibiting(settings, opened) as exhibit, reading_keys() as keys:
                session = Session(asked, opened, exhibit, keys=keys, author=name)
                with suppress(KeyboardInterrupt):  # an interrupt is one way to quit
                    session.run()
            print("\n" + word_session(session.labels, len(session.skipped)))


@contextmanager
def _exhibiting(settings: Settings, warehouse: Warehouse) -> "Iterator[Callable[[Case], Exhibit]]":
    """Give what shows an entry; kept pages are read, and a worker started, only for one that needs it."""
    with ExitStack() as closing:
        workers: list[Callable[[ExtractJob], Article | Failure]] = []

        def kept() -> "Fetcher":
            from coopwatch.captures import CaptureStore, StoreFetcher

            return StoreFetcher(CaptureStore(settings.captures_url), warehouse)

        def extract(job: "ExtractJob") -> Article | Failure:
            from coopwatch.workers import ExtractionPool

            if not workers:
                pool = closing.enter_context(ExtractionPool(settings.override(extract_workers=1)))
                workers.append(
                    lambda job: next(
                        outcome for _, outcome in pool.run([job]) if isinstance(outcome, Article | Failure)
                    )
                )
            return workers[0](job)

        yield lambda case: make_exhibit(case, kept, extract)


def _find(warehouse: Warehouse, url: str) -> Reviewable:
    found = warehouse.find_reviewable(url)
    if found is None:
        raise typer.BadParameter(f"nothing was decided of {url}", param_hint="URL")
    return found


def _to_plain(question: Question) -> dict[str, object]:
    return {"queue": question.queue, **question.about.model_dump(mode="json", exclude={"is_drawn"})}
