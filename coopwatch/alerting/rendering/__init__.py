"""Messages as text for a receiver: each format a pure function of the message."""

from coopwatch.alerting.rendering.bars import make_bar
from coopwatch.alerting.rendering.html import render_html
from coopwatch.alerting.rendering.markdown import render_markdown
from coopwatch.alerting.rendering.plain import render_plain, render_subject

__all__ = ["make_bar", "render_html", "render_markdown", "render_plain", "render_subject"]
