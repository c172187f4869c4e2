import pytest

from coopwatch.summary import Tally, word_batch
from coopwatch.work import Work
from schemas.records import EntryOutcome, EntryResult, PendingEntry
from tests.builders import NOW, make_article, make_dossier


def make_entry(number: int) -> PendingEntry:
    url = f"https://courier.example/{number}"
    return PendingEntry(
        source_id="courier", key=url, url=url, compare_url=url, entry_id=number, first_seen_at=NOW
    )


def end(number: int, outcome: EntryOutcome = "loaded") -> EntryResult:
    return EntryResult(entry_id=number, outcome=outcome, stage="load", reason="kind: detail")


def test_a_settled_entry_takes_its_article_along() -> None:
    work = Work((make_entry(1), make_entry(2)), articles=(make_article(1), make_article(2)))
    work = work.settle(end(1, "irrelevant"))
    assert [article.entry_id for article in work.articles] == [2]


@pytest.mark.parametrize(
    ("outcome", "echoed"),
    [
        ("loaded", "loaded"),
        ("irrelevant", "irrelevant"),
        ("failed", "pending"),
        ("quarantined", "pending"),
        ("pending", "pending"),
    ],
)
def test_an_entry_of_the_same_address_shares_what_was_learnt_but_not_a_failure(
    outcome: EntryOutcome, echoed: EntryOutcome
) -> None:
    work = Work((make_entry(1), make_entry(2)), duplicates=((2, 1),)).settle(end(1, outcome))
    assert work.echo_duplicates(NOW).results[-1].outcome == echoed


def test_a_duplicate_of_a_duplicate_ends_like_the_original() -> None:
    work = Work(tuple(map(make_entry, (1, 2, 3))), duplicates=((3, 2), (2, 1))).settle(end(1))
    results = {result.entry_id: result.outcome for result in work.echo_duplicates(NOW).results}
    assert results == dict.fromkeys((1, 2, 3), "loaded")


@pytest.mark.parametrize("results", [(), (end(1), end(1)), (end(2),)])
def test_a_batch_in_which_an_entry_has_no_end_or_two_is_not_written(results: tuple[EntryResult, ...]) -> None:
    with pytest.raises(ValueError, match="exactly one result"):
        Work((make_entry(1),)).settle(*results).to_batch()


def test_the_tally_counts_an_event_once_however_many_batches_touch_it() -> None:
    tally = Tally("run", NOW, carried_over=1)
    tally.add_work(Work((make_entry(1),), dossiers=(make_dossier(),)).settle(end(1)))
    tally.add_work(Work((make_entry(2),), dossiers=(make_dossier(revision=2),)).settle(end(2)))
    tally.add_work(Work((make_entry(3),), dossiers=(make_dossier(event_id="e-2", revision=4),)))
    summary = tally.summarise(pending=0, outbox={"failed": 2}, seconds={"fetch": 0.12345})
    assert (summary.events.new, summary.events.updated) == (1, 1)
    assert summary.entries.loaded == 2
    assert summary.alerts.failed == 2
    assert summary.seconds == {"fetch": 0.123}
    assert summary.reasons == ()
    tally.add_work(Work((make_entry(4),)).settle(end(4, "failed")))
    (reason,) = tally.summarise(0, {}, {}).reasons
    assert (reason.outcome, reason.stage, reason.reason, reason.entries) == ("failed", "load", "kind", 1)


def test_progress_is_one_line() -> None:
    work = Work((make_entry(1), make_entry(2))).settle(end(1), end(2, "failed"))
    assert word_batch(work) == "2 entries: 1 loaded, 1 failed"
