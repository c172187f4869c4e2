"""What workers have in common is loaded before they are forked."""

import subprocess
import sys
from pathlib import Path

import pytest

from coopwatch.settings import Settings

PROGRAM = """
import gc
from coopwatch import preloading
from coopwatch.settings import Settings
from coopwatch.workers import _load_topic

print(_load_topic.cache_info().currsize, gc.get_freeze_count() > 0)
"""


@pytest.mark.parametrize(
    ("topic", "loaded"),
    [(str(Settings().topic), "1 True"), ("missing.yaml", "0 True")],
)
def test_a_mistake_in_a_file_is_left_to_who_opens_the_pool(topic: str, loaded: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env={"COOPWATCH_TOPIC": topic},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.stdout.strip(), done.stderr) == (loaded, "")
