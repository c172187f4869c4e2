"""A site that grows, round by round.

It has new stories, reprints, second voices, corrections, dead links, and briefs that the gate refuses.
"""

from datetime import UTC, datetime, timedelta

from tests.fakes import FakeSite, Story

OUTLETS = 8
BRIEF_CHARACTERS = 320  # at most; other stories in scope have more
_STEP = 3  # an agreement, who tells of it too, and local news
_EVERY_BRIEF = 12  # too short for the gate

_COUNTRIES = ("Kenya", "Norway", "Brazil", "Japan", "Egypt", "Poland", "Chile", "Vietnam", "Canada", "Ghana")
_FIELDS = ("ocean science", "nuclear fusion", "plant genetics", "seismology", "satellite research")


def write_story(number: int) -> Story:
    """Return a story: of three, one tells of an agreement, one of the same again, and one is out of scope."""
    first, which = divmod(number, _STEP)
    path = f"story-{number}.html"
    published_at = datetime(2025, 3, 1, tzinfo=UTC) + timedelta(hours=number)
    if number % _EVERY_BRIEF == 0:
        return Story(path, *_write_brief(first), published_at)
    if which == 2:
        return Story(path, *_write_local_news(number), published_at)
    if which == 1 and first % 2:
        return Story(path, *_write_second_voice(first), published_at)
    return Story(path, *_write_agreement(first), published_at)  # the second time, at another site: a reprint


def _name_parties(number: int) -> tuple[str, str, str]:
    one = _COUNTRIES[number % 10]
    other = _COUNTRIES[(number + 1 + number // 10 % 9) % 10]
    return one, other, _FIELDS[number % 5]


def _write_agreement(number: int) -> tuple[str, str]:
    one, other, field = _name_parties(number)
    return f"{one} and {other} sign agreement on {field}, file {number}", (
        f"{one} and {other} signed agreement number {number} on scientific and technological cooperation "
        f"in {field}. The ministers of science of the two countries signed it after talks.\n\n"
        f"The agreement sets up joint laboratory {number} and an exchange of young scientists, who will "
        f"work for up to {number + 2} months in the partner country on questions of {field}.\n\n"
        f"The two sides will spend {number + 3} million euros on it. A joint committee of scientists from "
        f"{one} and {other} will choose the research projects."
    )


def _write_second_voice(number: int) -> tuple[str, str]:
    one, other, field = _name_parties(number)
    return f"Scientists of {one} and {other} welcome agreement on {field}, file {number}", (
        f"Agreement number {number} on cooperation in science and technology between {one} and {other} is "
        f"good news for {field}, said the academies of both countries.\n\n"
        f"It was signed by the two ministers of science. Joint laboratory {number}, for which {number + 4} "
        f"million euros are there, will open its doors to researchers of {one} and {other} next year."
    )


def _write_brief(number: int) -> tuple[str, str]:
    one, other, field = _name_parties(number)
    return f"{one} and {other} to sign agreement on {field}, file {number}", (
        f"{one} and {other} will sign agreement {number} on scientific and technological cooperation in "
        f"{field}. The ministers of science of the two countries meet for it in a week or two, it said, "
        f"and open a joint laboratory in the new year, if all goes as it should do by then."
    )


def _write_local_news(number: int) -> tuple[str, str]:
    return f"Bus line {number} gets a new timetable", (
        f"From Monday on the buses of line {number} leave every {number % 40 + 5} minutes. The council "
        f"decided so after {number % 90 + 10} letters from passengers of the eastern quarters.\n\n"
        f"Drivers had asked for longer breaks at the terminus, stop {number * 3}, for more than a year. "
        f"The operator will hire {number % 12 + 1} more people before winter, it said."
    )


class Newsroom(FakeSite):
    """Some of its stories are announced and have no page."""

    def grow(self, stories: int) -> None:
        """Publish more stories, and correct one of those that were there."""
        known = [story for listed in self.stories.values() for story in listed]
        for number in range(len(known), len(known) + stories):
            self.publish(f"outlet{number % OUTLETS}.example", write_story(number))
        for story in known:
            if story.path == f"story-{len(known) - _STEP}.html":
                story.title += " (corrected)"
                story.body = story.body.replace("million euros", "million dollars")

    def answer(self, path: str) -> tuple[int, str, str]:
        """Answer a request; every eleventh story is gone."""
        name = path.rpartition("/")[2]
        if name.startswith("story-") and int(name[6:-5]) % 11 == 10:
            return 404, "text/plain", "gone"
        return super().answer(path)
