import pytest

from coopwatch.events.organisers import find_organisers


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "The forum was organized by the Reef Society and the Ministry of Tides.", [
            ("organisers", "organiser", None, "Reef Society"),
            ("organisers", "organiser", None, "Ministry of Tides"),
        ]),
        ("en", "The forum, co-hosted by the Reef Society, was lively.", [
            ("organisers", "co-organiser", None, "Reef Society"),
        ]),
        ("en", "Ana Ruiz, President of the Reef Society, delivered a keynote speech at the forum.", [
            ("participants.speaker", None, "President of the Reef Society", "Ana Ruiz"),
        ]),
        ("en", "Dr. Ana Ruiz attended the congress.", [("participants.guest", None, None, "Ana Ruiz")]),
        ("en", "Ana Ruiz attended school in Lima.", []),
        ("en", "The seat was held by Reef.", []),
        ("zh", "论坛由潮汐部、礁石学会共同主办。", [
            ("organisers", "organiser", None, "潮汐部"), ("organisers", "organiser", None, "礁石学会"),
        ]),
        ("zh", "论坛由海洋和渔业部主办。", [("organisers", "organiser", None, "海洋和渔业部")]),
        ("zh", "潮汐部部长李海明出席论坛。", [("participants.guest", None, "潮汐部部长", "李海明")]),
        ("fr", "Le colloque est organisé par la Société des Récifs.", [
            ("organisers", "organiser", None, "Société des Récifs"),
        ]),
        ("es", "El foro fue organizado por el Instituto del Mar.", [
            ("organisers", "organiser", None, "Instituto del Mar"),
        ]),
        ("de", "Die Tagung wird veranstaltet von der Gesellschaft für Riffe.", [
            ("organisers", "organiser", None, "Gesellschaft für Riffe"),
        ]),
        ("ja", "会議は海洋学会が主催した。", [("organisers", "organiser", None, "海洋学会")]),
        ("xx", "organized by the Reef Society", []),
    ],
)  # fmt: skip
def test_organisers_and_roles(language: str, text: str, expected: list[tuple[str, ...]]) -> None:
    found = find_organisers(text, language)
    assert [(fact.field, fact.qualifier, fact.scope, fact.value) for fact in found] == expected
    assert all(text[fact.offset :].startswith(fact.value) for fact in found)


@pytest.mark.parametrize(
    "piece", ["由部、", "由潮汐部和", "部长李", "organized by A, ", "Ab and ", "が主催", "I. "]
)
@pytest.mark.parametrize("language", ["en", "zh", "ja"])
def test_repeats_do_not_explode(piece: str, language: str) -> None:
    find_organisers("forum " + piece * (2000 // len(piece)), language)
