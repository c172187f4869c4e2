"""What somebody may want to hear of a batch: a new event, or a new voice on an old one."""

from collections.abc import Iterable, Iterator, Mapping

from schemas.records import ChangeKind, Coverage, Dossier, EventChange


def find_changes(before: Mapping[str, Dossier], changed: Iterable[Dossier]) -> Iterator[EventChange]:
    """Yield at most one change an event.

    Args:
        before: the events as they were, by id.
        changed: those that are new or changed, as they are now.
    """
    for dossier in changed:
        event, old = dossier.event, before.get(dossier.event.event_id)
        if old is None:
            yield _make_change(dossier, "new_event", dossier.coverage[0])
        elif event.independent_sources > old.event.independent_sources:
            yield _make_change(dossier, "new_source", _find_new_voice(old, dossier))


def _find_new_voice(old: Dossier, dossier: Dossier) -> Coverage:
    """Return the coverage that brings a voice more: of a new text, else of one whose voice is another now."""
    texts = {row.text_group_id for row in old.coverage}
    known = {row.family for row in dossier.coverage if row.text_group_id in texts}
    heard = {row.family for row in old.coverage}
    added = (row for row in dossier.coverage if row.family not in known)
    return next(added, None) or next(row for row in dossier.coverage if row.family not in heard)


def _make_change(dossier: Dossier, kind: ChangeKind, row: Coverage) -> EventChange:
    return EventChange(
        event_id=dossier.event.event_id,
        kind=kind,
        revision=dossier.event.revision,
        article_id=row.article_id,
    )
