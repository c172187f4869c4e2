"""Delivers what the outbox holds: queue by queue, each alert recorded right after it was sent.

A process that is killed between the two repeats that one alert, under the same key.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from coopwatch.alerting.delivery import Hold, RollUp, Send, decide_next, decide_retry
from coopwatch.alerting.notices import Outage, escalation_rule, roll_up_alerts, tell_undelivered
from coopwatch.alerting.receivers import Receiver
from coopwatch.alerting.routes import COPY_MARK, Route
from coopwatch.alerting.rules import AlertRules
from coopwatch.warehouse import Warehouse
from coopwatch.warehouse.outbox import DELIVERY_LEASE, Queue
from schemas.records import Alert, Record

_RENEW_WITHIN = DELIVERY_LEASE / 2  # no receiver takes that long over one alert


class Delivered(Record):
    """What sending came to.

    Attributes:
        sent: messages that went out.
        rolled_up: alerts that went out as part of one of them.
        problems: one line for each queue whose receiver did not take an alert.
    """

    sent: int = 0
    rolled_up: int = 0
    problems: tuple[str, ...] = ()


def send_alerts(
    warehouse: Warehouse,
    rules: AlertRules,
    receivers: Mapping[str, Receiver],
    clock: Callable[[], datetime],
) -> Delivered:
    """Deliver what is due and may go out.

    Args:
        warehouse: holds the outbox.
        rules: the routes with their options.
        receivers: by queue: the name of a route, with a number for its further addresses. Alerts of
            routes without a receiver stay where they are.
        clock: tells the time; sending takes some.
    """
    total = Delivered()
    for name, receiver in receivers.items():
        route = rules.routes[name.partition(COPY_MARK)[0]]
        told = route.escalate_to.route if route.escalate_to else None
        places = [place for place in receivers if place.partition(COPY_MARK)[0] == told]
        sender = _Sender(warehouse, name, route, receiver, clock=clock, escalates_to=places)
        done = sender.work_off()
        total = Delivered(
            sent=total.sent + done.sent,
            rolled_up=total.rolled_up + done.rolled_up,
            problems=total.problems + done.problems,
        )
    return total


class _Sender:
    """Works off one queue."""

    def __init__(
        self,
        warehouse: Warehouse,
        name: str,
        route: Route,
        receiver: Receiver,
        *,
        clock: Callable[[], datetime],
        escalates_to: Sequence[str],
    ) -> None:
        self._warehouse = warehouse
        self._route = route
        self._name = name
        self._receiver = receiver
        self._clock = clock
        self._escalates_to = escalates_to
        self._sent_at: list[datetime] = []
        self._rolled_up = 0
        self._problem: str | None = None

    def work_off(self) -> Delivered:
        """Send until nothing may go out any more, or the receiver does not take it."""
        queue = self._warehouse.take_queue(self._name, self._clock())
        if queue is None or not queue.alerts:
            return Delivered()
        before = self._read_sent_times(self._clock())
        pending = list(queue.alerts)
        while self._problem is None and (kept := self._keep(queue)):
            queue = kept
            step = decide_next(pending, self._route, (*before, *self._sent_at), self._clock())
            if step is None:
                break
            pending = self._take_step(step, pending, queue)
        self._warehouse.release_queue(self._name, queue.claimed_until)
        problem = () if self._problem is None else (self._problem,)
        return Delivered(sent=len(self._sent_at), rolled_up=self._rolled_up, problems=problem)

    def _keep(self, queue: Queue) -> Queue | None:
        """Make the claim last for the next alert; None if it ended, and another run may have it."""
        now = self._clock()
        if queue.claimed_until - now > _RENEW_WITHIN:
            return queue
        until = self._warehouse.keep_queue(self._name, queue.claimed_until, now)
        return queue._replace(claimed_until=until) if until else None

    def _take_step(self, step: Send | RollUp | Hold, pending: list[Alert], queue: Queue) -> list[Alert]:
        """Do what was decided; return the queue as it is then."""
        match step:
            case Hold(alerts, until):
                held = {alert.key for alert in alerts}
                self._warehouse.hold_alerts(held, until)
                wait = {"next_attempt_at": until}
                return [alert.model_copy(update=wait) if alert.key in held else alert for alert in pending]
            case RollUp(members):
                keys = {alert.key for alert in members}
                one = roll_up_alerts(members, self._name, self._clock())
                self._warehouse.roll_up(one, keys, queue.claimed_until)
                self._rolled_up += len(keys)
                return [one, *(alert for alert in pending if alert.key not in keys)]
            case Send(alert):
                self._send(alert, queue.last_sent_at, waiting=len(pending))
                return [other for other in pending if other.key != alert.key]

    def _send(self, alert: Alert, last_sent_at: datetime | None, *, waiting: int) -> None:
        error = self._receiver(alert)
        now = self._clock()
        retry_at = decide_retry(alert.attempts + 1, now, alert.key) if error else None
        self._warehouse.record_delivery(alert.key, now, error, retry_at)
        if error is None:
            if not self._sent_at and self._route.escalate_to:
                self._warehouse.withdraw_notices(escalation_rule(self._name))
            self._sent_at.append(now)
            return
        fate = "given up" if retry_at is None else f"tried again from {retry_at:%H:%M} UTC"
        self._problem = f"route {self._name}: {error}; {waiting} pending, {fate}"
        if self._route.escalate_to:
            last = self._sent_at[-1] if self._sent_at else last_sent_at
            self._warehouse.add_alerts(
                tell_undelivered(
                    self._name, self._escalates_to, self._route.escalate_to, error, Outage(now, last)
                )
            )

    def _read_sent_times(self, now: datetime) -> tuple[datetime, ...]:
        span = self._route.limit.per if self._route.limit else timedelta(0)
        return self._warehouse.read_sent_times(self._name, now - span) if span else ()
