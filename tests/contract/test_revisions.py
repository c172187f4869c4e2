"""What is told of the scripts of the schema without Alembic is what Alembic says of them."""

from pathlib import Path

from alembic.script import ScriptDirectory

from coopwatch.warehouse.migrating import configure, newest_revision


def test_the_newest_revision_is_told_from_the_names_of_the_scripts() -> None:
    scripts = ScriptDirectory.from_config(configure())

    assert scripts.get_heads() == [newest_revision()]
    assert {script.revision for script in scripts.walk_revisions()} == {
        Path(script.path).name.partition("_")[0] for script in scripts.walk_revisions()
    }
