import random
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from coopwatch.overlap import compare_texts
from coopwatch.prepared import RECOGNISED, Prepared
from coopwatch.shingles import key_shingles

CAPTIONS = (
    "Delegates from nine coasts wait on the quay of Brenn for the research vessel Lantern to come in.",
    "A pupil shows the minister of Norland how a buoy made of old bottles keeps upright in a swell.",
    "Two captains study the protocol that opens forty years of tide gauge records to every student.",
    "The last glider of the afternoon is lifted from the harbour basin by a crew in yellow coats.",
)


def write_sentences(seed: int, count: int, vocabulary: int) -> list[str]:
    """Return sentences of so few words that their runs recur in many places."""
    chance = random.Random(seed)
    return [
        " ".join(f"w{chance.randrange(vocabulary)}" for _ in range(chance.randint(2, 14))).capitalize() + "."
        for _ in range(count)
    ]


def recognises_slowly(text: Prepared, runs: frozenset[int]) -> bool:
    """Hold a sentence against every sentence with the one that follows, one by one."""
    places = pairwise((*text.sentences, ()))
    return any(
        len(runs.intersection(key_shingles((*one, *following), 2))) >= RECOGNISED * len(runs)
        for one, following in places
    )


@given(seed=st.integers(0, 10_000), vocabulary=st.integers(3, 40))
def test_the_bounds_change_no_decision(seed: int, vocabulary: int) -> None:
    one = Prepared(" ".join(write_sentences(seed, 12, vocabulary)), "en")
    other = Prepared(" ".join(write_sentences(seed + 1, 12, vocabulary)), "en")
    for sentence in (*one.said, *other.said):
        assert other.recognises(sentence) == recognises_slowly(other, sentence.runs)


def test_runs_are_keyed_by_their_words() -> None:
    keys = key_shingles(("a", "tide", "gauge", "a", "tide", "gauge"), 3)
    assert keys[0] == keys[3] == hash(("a", "tide", "gauge"))
    assert len(set(keys)) == 3


def test_a_caption_that_a_gallery_repeats_counts_once() -> None:
    gallery = "\n".join(
        line for caption in CAPTIONS for line in (f"{caption[:60]}... more", caption, caption)
    )
    assert [" ".join(said.tokens) for said in Prepared(gallery, "en").said] == [
        caption.lower().rstrip(".") for caption in CAPTIONS
    ]


def test_repeating_what_is_shared_makes_no_text_a_reprint() -> None:
    own = " ".join(f"harbour{number} pilot{number} reports fog{number}" for number in range(30)) + "."
    once, often = f"{CAPTIONS[0]}\n{own}", "\n".join((CAPTIONS[0],) * 12) + f"\n{own}"
    story = "\n".join((CAPTIONS * 2)[:4]) + " " + " ".join(f"gauge{number}" for number in range(300))
    assert compare_texts(often, story, "en").repeated == compare_texts(once, story, "en").repeated


def test_a_sentence_is_read_without_what_it_quotes_at_length() -> None:
    text = f"“Our gauges have written down the sea for forty years,” he said. {CAPTIONS[0]} {CAPTIONS[1]}"
    said = Prepared(text, "en").said
    assert [sentence.tokens[0] for sentence in said] == ["delegates", "a"]
