"""An analyst's decisions on what is one event, taken on what the warehouse holds and written at once.

Whoever calls holds `warehouse.linking()`, so that no run links articles meanwhile.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from coopwatch.errors import UrlError
from coopwatch.events.curation import Pinned, find_obstacles, pin_article
from coopwatch.events.merging import Merged, merge_events
from coopwatch.events.moving import IdentityError
from coopwatch.events.pins import StandingPin, make_pin
from coopwatch.events.splitting import Split, split_event
from coopwatch.urls import compare_url
from coopwatch.warehouse import Warehouse
from schemas.records import Dossier, Pin, PinKind


@dataclass(frozen=True)
class Curator:
    """One analyst at one time.

    Attributes:
        warehouse: what is decided on.
        run_id: under which the decision is recorded.
        actor: who decides.
        now: when.
    """

    warehouse: Warehouse
    run_id: str
    actor: str
    now: datetime

    def merge(self, one_id: str, other_id: str, reason: str, *, unpin: bool = False) -> Merged:
        """Merge two events.

        Args:
            one_id: an event.
            other_id: another one; which of the two is given first does not matter.
            reason: why, in one line.
            unpin: end the pins that keep them apart.

        Raises:
            IdentityError: there is no such event, they are one already, or pins keep them apart.
        """
        one, other = self.find_event(one_id), self.find_event(other_id)
        if one.event.event_id == other.event.event_id:
            raise IdentityError(f"{one_id} and {other_id} are one event already: {one.event.event_id}")
        obstacles = self._find_obstacles(one, other)
        if obstacles and not unpin:
            raise IdentityError(f"pins keep them apart: {', '.join(pin.pin_id for pin in obstacles)}")
        merged = merge_events(one, other, self.now, reason=reason, actor=self.actor)
        ended = (  # a pin ends with one that says the opposite
            make_pin(
                "must_link", pin.article_id, merged.change.event_id, self.now, actor=self.actor, note=reason
            )
            for pin in obstacles
        )
        merged = merged.model_copy(update={"pins": (*merged.pins, *ended)})
        with self._recorded():
            self.warehouse.write_merge(self.run_id, merged, self.now)
        return merged

    def split(self, event_id: str, articles: Collection[str], reason: str) -> Split:
        """Make articles of an event, by id or address, an event of their own.

        Raises:
            IdentityError: an article is not on the event, or nothing would stay on it.
        """
        dossier = self.find_event(event_id)
        article_ids = [self.find_article(article) for article in articles]
        split = split_event(dossier, article_ids, self.now, reason=reason, actor=self.actor)
        with self._recorded():
            self.warehouse.write_split(self.run_id, split, self.now)
        return split

    def pin(
        self, kind: PinKind, article: str, event_id: str, note: str = "", leaving: str | None = None
    ) -> Pinned:
        """Pin an article, by id or address, to an event or off it; see `curation.pin_article`.

        Raises:
            IdentityError: there is no such article or event, or it is not clear which event to leave.
        """
        target, article_id = self.find_event(event_id), self.find_article(article)
        sources = self.warehouse.read_dossiers_of([article_id])
        if leaving is not None:
            left = self.find_event(leaving).event.event_id
            sources = tuple(source for source in sources if source.event.event_id == left)
            if not sources:
                raise IdentityError(f"{article_id} is not on {leaving}")
        pinned = pin_article(kind, article_id, target, sources, self.now, actor=self.actor, note=note)
        if pinned.merged is not None and (obstacles := self._find_obstacles(target, *sources)):
            others = [pin.pin_id for pin in obstacles if pin.article_id != article_id]
            if others:
                raise IdentityError(f"pins keep other articles off {event_id}: {', '.join(others)}")
        with self._recorded():
            self.warehouse.write_pin(self.run_id, pinned, self.now)
        return pinned

    def unpin(self, pin_id: str, note: str = "") -> Pin:
        """End a pin; what it did stays as it is, until the rules decide anew.

        Raises:
            IdentityError: no pin of that id is in force.
        """
        with self._recorded():
            pin = self.warehouse.revoke_pin(self.run_id, pin_id, self.now, actor=self.actor, note=note)
        if pin is None:
            raise IdentityError(f"no pin {pin_id!r} is in force; `coopwatch pins` lists them")
        return pin

    def find_event(self, event_id: str) -> Dossier:
        """Return the event that an id leads to.

        Raises:
            IdentityError: there is none.
        """
        dossier = self.warehouse.read_dossier(event_id)
        if dossier is None:
            raise IdentityError(f"there is no event {event_id!r}; `coopwatch events` lists them")
        return dossier

    def find_article(self, article: str) -> str:
        """Return the id of an article that is given by id or address.

        Raises:
            IdentityError: it is not in the warehouse.
        """
        article_id: str | None = article
        if "://" in article:
            try:
                address = compare_url(article)
            except UrlError as error:
                raise IdentityError(str(error)) from None
            known = self.warehouse.find_known([address]).get(address)
            article_id = known.article_id if known else None
        if article_id is None or article_id not in self.warehouse.read_articles([article_id]):
            raise IdentityError(f"there is no article {article}")
        return article_id

    def _find_obstacles(self, *dossiers: Dossier) -> tuple[StandingPin, ...]:
        if len(dossiers) != 2:
            return ()
        one, other = dossiers
        pins = self.warehouse.read_pins(event_ids=[one.event.event_id, other.event.event_id])
        return find_obstacles(one, other, pins)

    @contextmanager
    def _recorded(self) -> Iterator[None]:
        """Record a run around the decision; everything that is written refers to it."""
        self.warehouse.start_run(self.run_id, self.now, "curate")
        yield
        self.warehouse.finish_run(self.run_id, self.now)
