"""Alerts: which change is told to whom, in what words, and when it goes out."""

from coopwatch.alerting.delivery import decide_retry
from coopwatch.alerting.outgoing import make_alerts, make_reference
from coopwatch.alerting.routes import Route
from coopwatch.alerting.rules import AlertRule, AlertRules, load_alert_rules

__all__ = [
    "AlertRule",
    "AlertRules",
    "Route",
    "decide_retry",
    "load_alert_rules",
    "make_alerts",
    "make_reference",
]
