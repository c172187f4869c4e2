from pathlib import Path

import pytest

from coopwatch.errors import ConfigError
from coopwatch.settings import CONFIG_DIR, Settings


def test_the_defaults_name_files_that_exist_whatever_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    settings = Settings.from_environment({})
    for path in (settings.sources, settings.topic, settings.series, settings.publishers, settings.alerts):
        assert path.is_file()
        assert path.is_relative_to(CONFIG_DIR)


def test_the_environment_overrides_and_unset_is_the_default() -> None:
    settings = Settings.from_environment(
        {
            "COOPWATCH_BATCH_SIZE": "7",
            "COOPWATCH_FETCH_THREADS": "",
            "COOPWATCH_ALLOW_PRIVATE_HOSTS": "LocalHost, ::1",
        }
    )
    assert settings.batch_size == 7
    assert settings.fetch_threads == Settings().fetch_threads
    assert settings.allow_private_hosts == {"localhost", "::1"}


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("COOPWATCH_BATCH_SIZE", "many"),
        ("COOPWATCH_BATCH_SIZE", "0"),
        ("COOPWATCH_FETCH_TIMEOUT_SECONDS", "-1"),
    ],
)
def test_a_wrong_value_is_one_line_that_names_the_variable(variable: str, value: str) -> None:
    with pytest.raises(ConfigError, match=f"^{variable}='{value}': ") as caught:
        Settings.from_environment({variable: value})
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("warehouse_url", "captures_url"),
    [
        ("sqlite:///var/warehouse.db", "var/warehouse.captures"),
        ("sqlite:////srv/news.db", "/srv/news.captures"),
        ("postgresql://me:secret@host:5432/news?sslmode=require", "var/news.captures"),
    ],
)
def test_every_warehouse_has_captures_of_its_own(warehouse_url: str, captures_url: str) -> None:
    assert Settings(warehouse_url=warehouse_url).captures_url == captures_url
    assert Settings(warehouse_url=warehouse_url, captures="s3://kept").captures_url == "s3://kept"


def test_override_leaves_out_what_is_not_given() -> None:
    settings = Settings(batch_size=5).override(warehouse_url="sqlite:///x.db", sources=None)
    assert settings.warehouse_url == "sqlite:///x.db"
    assert settings.batch_size == 5
    assert settings.sources == Settings().sources
