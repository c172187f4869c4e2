"""A process that runs one command line after the other, so that slow imports are paid once.

Reads a JSON object a line, answers with one.
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
        question = json.loads(line)
        result = CliRunner().invoke(app, question["arguments"], env=question["environment"])
        said = str(result.exception or "")
        json.dump({"status": result.exit_code, "out": result.stdout, "err": result.stderr + said}, answers)
        answers.write("\n")
        answers.flush()


if __name__ == "__main__":
    main()
