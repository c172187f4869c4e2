"""Words for what went wrong with a file."""

import pytest

from coopwatch.wording import word_fault


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (FileNotFoundError(2, "No such file or directory", "/a/b.yaml"), "no such file or directory"),
        (PermissionError(13, "Permission denied"), "permission denied"),
        (OSError("the store\nsays no"), "the store says no"),
        (OSError(), "OSError"),
        (UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte"), "not UTF-8"),
        (ValueError("line contains NUL"), "line contains NUL"),
    ],
)
def test_a_fault_is_told_without_number_and_name(error: Exception, words: str) -> None:
    assert word_fault(error) == words
