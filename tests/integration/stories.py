"""Stories that tests publish."""

from datetime import UTC, datetime

from tests.fakes import Story

PACT = Story(
    "pact.html",
    "Ghana and Sweden sign agreement on science and technology cooperation",
    "ACCRA -- Ghana and Sweden signed an agreement on cooperation in science and technology in Accra on "
    "May 6, 2025. Research ministers of the two countries put their names to the text.\n\n"
    "The agreement opens joint research on soils, malaria and solar power. It sets up an exchange of "
    "young scientists and a joint laboratory at the University of Ghana, the ministries said.\n\n"
    "Funding for the first three years comes in equal parts from both sides. Scientists from both "
    "countries will choose the projects, and the results are to be open to everybody.",
    datetime(2025, 5, 7, tzinfo=UTC),
)
MATCH = Story(
    "match.html",
    "Late goal decides the derby",
    "The home side won the derby by a single goal on Saturday evening. Their captain scored it in the "
    "last minute, after a corner that the goalkeeper could not hold.\n\n"
    "Thirty thousand people watched in the rain. The visitors had been the better side for an hour and "
    "hit the post twice, but they could not find a way past the defence.\n\n"
    "It was the third win in a row for the hosts, who now stand second in the table. The coach said that "
    "his players had never stopped believing in themselves.",
    datetime(2025, 5, 7, tzinfo=UTC),
)
