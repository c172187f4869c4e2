import pytest

from coopwatch.boilerplate import MAX_SAMPLES, find_own_sentences, is_caption, sample_shingles

BODY = (
    "Oceanographers from nine countries agreed on Tuesday to publish what their tide gauges measure.",
    "The harbour of Brenn will host the archive, and its first volume is expected before the winter.",
    "A call for twenty teams follows in spring, each with partners on at least two different coasts.",
)
PROMPT = "Readers who support the Courier receive the weekly letter on harbours and their people for free."


def own(*lines: str, language: str = "en", learnt: frozenset[int] = frozenset()) -> list[str]:
    found = find_own_sentences("\n".join(lines), language, learnt)
    return [sentence.text for line in found for sentence in line]


@pytest.mark.parametrize(
    "line",
    [
        "Delegates board the Lantern in the harbour of Brenn. (AP Photo/Ilse Marrow, File)",
        "FILE - In this June 3, 2024 file photo, gliders wait on the quay of Brenn.",
        "The Lantern leaves Brenn. Ilse Marrow/Reuters",
        "Foto: Ilse Marrow/dpa",
        "La ministre à Brenn, photo d'archives.",
        "El barco sale del puerto (Foto de archivo).",
        "Архивное фото: корабль в порту",
        "صورة أرشيفية للميناء",
        "图为六月二十四日，代表登上考察船。",
        "考察船驶离港口。新华社记者 马洛 摄",
        "항구를 떠나는 배 [사진=연합뉴스]",
        "港を出る調査船（資料写真）",
    ],
)
def test_captions_are_known_in_many_languages(line: str) -> None:
    assert is_caption(line)


@pytest.mark.parametrize(
    "line",
    [
        *BODY,
        "She showed a photo of the reef to the ministers, who asked where it had been taken.",
        "与会代表参观了港口，并拍摄了纪录片。",
        "Reuters reported on Tuesday that the archive would open in winter.",
    ],
)
def test_sentences_of_a_body_are_no_captions(line: str) -> None:
    assert not is_caption(line)


def test_headings_captions_and_lines_that_begin_alike_are_not_a_texts_own() -> None:
    caption = "Ministers walk along the quay of Brenn on the second morning of the forum, before they"
    found = own(
        "SIGN UP", *BODY[:2], f"{caption} sign the protocol. less", f"{caption} ... more", "Related", BODY[2]
    )
    assert found == list(BODY)


def test_captions_are_the_text_of_a_gallery() -> None:
    captions = [f"Glider number {n} leaves the quay of Brenn at dawn. (AP Photo/Marrow)" for n in range(9)]
    assert len(own(*captions)) >= 9


def test_a_text_that_stands_there_twice_is_a_text() -> None:
    assert set(own(*BODY, *BODY)) == set(BODY)


def test_learnt_sentences_go_wherever_they_stand() -> None:
    learnt = sample_shingles(PROMPT, "en")
    assert PROMPT in own(*BODY, PROMPT)
    assert own(*BODY, PROMPT, learnt=learnt) == list(BODY)
    assert own(BODY[0], f"{BODY[1]} {PROMPT}", BODY[2], learnt=learnt) == list(BODY)


def test_a_text_of_learnt_sentences_alone_has_nothing_of_its_own() -> None:
    assert own(PROMPT, PROMPT, learnt=sample_shingles(PROMPT, "en")) == []


def test_samples_of_a_sentence_do_not_depend_on_its_neighbours() -> None:
    together = sample_shingles("\n".join((*BODY, PROMPT)), "en")
    assert sample_shingles("\n".join(BODY), "en") < together
    assert len(sample_shingles(PROMPT, "en") & together) == 2


def test_the_samples_of_a_text_are_bounded() -> None:
    text = "\n".join(
        f"Sentence number {n} of {n * 7} says {n * 13} things about {n * 17}." for n in range(500)
    )
    assert len(sample_shingles(text, "en")) == MAX_SAMPLES
