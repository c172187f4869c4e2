"""An Atom feed of events (RFC 4287): one entry an event, updated when the event changes."""

import html
import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from xml.etree import ElementTree as ET

from coopwatch.alerting.messages import list_facts
from coopwatch.exports.files import replacing
from coopwatch.wording import (
    fold,
    group_coverage,
    name_event,
    name_origin,
)
from schemas.records import Dossier

NAMESPACE = "http://www.w3.org/2005/Atom"
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LINKS_SHOWN = 10


def write_atom(file: Path, dossiers: Sequence[Dossier], now: datetime) -> int:
    """Write a feed in the place of what was there; return how many events it has.

    Args:
        file: where to.
        dossiers: the events, in the order in which they are shown.
        now: the time of the feed, if it has no events.

    Raises:
        ExportError: the file cannot be written.
    """
    with replacing(file) as new:
        new.write_bytes(make_atom(dossiers, now))
    return len(dossiers)


def make_atom(dossiers: Sequence[Dossier], now: datetime) -> bytes:
    """Return the feed; whatever was fetched stands in it as text."""
    feed = ET.Element("feed", xmlns=NAMESPACE)
    _add(feed, "id", "urn:coopwatch:events")
    _add(feed, "title", "International science and technology cooperation: events")
    _add(feed, "updated", max((dossier.event.updated_at for dossier in dossiers), default=now).isoformat())
    _add(_add(feed, "author"), "name", "coopwatch")
    for dossier in dossiers:
        _add_entry(feed, dossier)
    written: bytes = ET.tostring(feed, encoding="utf-8", xml_declaration=True)
    return written


def _add_entry(feed: ET.Element, dossier: Dossier) -> None:
    event = dossier.event
    entry = _add(feed, "entry")
    _add(entry, "id", f"urn:coopwatch:event:{event.event_id}")
    _add(entry, "title", fold(name_event(event)))
    _add(entry, "updated", event.updated_at.isoformat())
    _add(entry, "published", event.first_seen_at.isoformat())
    _add(entry, "category", term=event.kind)
    texts = list(group_coverage(dossier).values())
    links = [rows[0].url for rows in texts if rows[0].url.startswith(("http://", "https://"))]
    for number, url in enumerate(links[:_LINKS_SHOWN]):
        _add(entry, "link", rel="related" if number else "alternate", href=url)
    lines = [f"{label}: {value}" for label, value in list_facts(dossier)]
    lines += [f"{name_origin(rows)}: {fold(rows[0].title)}" for rows in texts[:_LINKS_SHOWN]]
    _add(entry, "content", "".join(f"<p>{html.escape(line)}</p>" for line in lines), type="html")


def _add(parent: ET.Element, tag: str, text: str = "", **attributes: str) -> ET.Element:
    element = ET.SubElement(
        parent, tag, {name: _NOT_IN_XML.sub("�", value) for name, value in attributes.items()}
    )
    element.text = _NOT_IN_XML.sub("�", text) or None
    return element
