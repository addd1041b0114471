"""Tell people that a run failed or is held: by webhook, without any personal data, and never at the run's expense."""

from __future__ import annotations

from flows.alerts.hooks import alert_failed, alert_held
from flows.alerts.message import Alert
from flows.alerts.send import send

__all__ = ["Alert", "alert_failed", "alert_held", "send"]
