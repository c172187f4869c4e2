"""A process that runs one command line after the other, so that slow imports are paid once.

Reads a JSON list of arguments a line, answers with a JSON object a line.
"""

import json
import os
import sys

from typer.testing import CliRunner

from flows.cli import app


def main() -> None:
    """Answer until standard input ends."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    for line in sys.stdin:
        result = CliRunner().invoke(app, json.loads(line))
        said = str(result.exception or "")
        json.dump({"status": result.exit_code, "out": result.stdout, "err": result.stderr + said}, answers)
        answers.write("\n")
        answers.flush()


if __name__ == "__main__":
    main()
