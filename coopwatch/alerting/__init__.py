"""Alerts: which change is told to whom, in what words, and when it goes out."""

from importlib import import_module
from typing import TYPE_CHECKING

from coopwatch.alerting.delivery import decide_retry
from coopwatch.alerting.references import make_reference
from coopwatch.alerting.routes import Route
from coopwatch.alerting.rules import AlertRule, AlertRules, load_alert_rules

if TYPE_CHECKING:
    from coopwatch.alerting.outgoing import make_alerts

__all__ = [
    "AlertRule",
    "AlertRules",
    "Route",
    "decide_retry",
    "load_alert_rules",
    "make_alerts",
    "make_reference",
]

if not TYPE_CHECKING:  # a type checker would believe it to have any name at all

    def __getattr__(name: str) -> object:
        """Import what words alerts where there are changes to tell: most runs find none (PEP 562)."""
        if name != "make_alerts":
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return import_module(f"{__name__}.outgoing").make_alerts
