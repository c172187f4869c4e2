"""The stories of the sample newsroom: Markdown files with front matter, and reprints made from them.

A reprint names the story that it is `of` and what was done to the text, as desks do with wire copy;
it has no text of its own, so that what is a reprint of what is declared and not a matter of opinion.
"""

from pathlib import Path

import yaml
from pydantic import AwareDatetime, Field

from schemas.records import Record

SITE = Path(__file__).resolve().parent / "site"


class Edits(Record):
    """What a desk does to a text that it takes over, in this order."""

    replace: dict[str, str] = Field(default_factory=dict)
    keep_paragraphs: int | None = None
    append: tuple[str, ...] = ()


class Story(Record):
    """One page of one outlet.

    `furniture` are the lines that a content management system leaves below a text; `spans` makes the
    page one of that many inline elements; of a story that is `gone` only the feed still tells.
    """

    id: str
    outlet: str
    slug: str
    title: str
    published: AwareDatetime | None = None
    byline: str | None = None
    dateline: str | None = None
    paragraphs: tuple[str, ...] = ()
    furniture: tuple[str, ...] = ()
    of: str | None = None
    edits: Edits = Edits()
    spans: int = 0
    gone: bool = False

    @property
    def path(self) -> str:
        """The path of the page."""
        return f"/{self.outlet}/{self.slug}"

    @property
    def sort_key(self) -> tuple[str, str]:
        """Newest first when sorted in reverse; what has no date is oldest."""
        return (self.published.isoformat() if self.published else "", self.id)


def load_stories(folder: Path = SITE / "stories") -> tuple[Story, ...]:
    """Read all stories, and make the reprints out of what they are reprints of.

    Raises:
        ValueError: a file is not as it should be, or an edit does not apply to its text.
    """
    written = {path.stem: _read_story(path) for path in sorted(folder.glob("*.md"))}
    return tuple(_reprint(story, written[story.of]) if story.of else story for story in written.values())


def _read_story(path: Path) -> Story:
    opening, front, text = path.read_text("utf-8").split("---\n", 2)
    if opening:
        raise ValueError(f"{path.name}: does not begin with front matter")
    fields = yaml.safe_load(front)
    paragraphs = tuple(" ".join(part.split()) for part in text.split("\n\n") if part.strip())
    return Story.model_validate({"id": path.stem, "paragraphs": paragraphs, **fields})


def _reprint(story: Story, original: Story) -> Story:
    if story.paragraphs:
        raise ValueError(f"{story.id}: a reprint has no text of its own")
    text = "\n".join(original.paragraphs)
    for old, new in story.edits.replace.items():
        if old not in text:
            raise ValueError(f"{story.id}: {original.id} has no {old!r} to replace")
        text = text.replace(old, new)
    paragraphs = tuple(text.split("\n"))[: story.edits.keep_paragraphs]
    return story.model_copy(update={"paragraphs": paragraphs + story.edits.append})
