"""A process that has imported the command line, and is forked for every command.

Importing takes two seconds and a command often a tenth of one. A fork is a process like any other: it has its
own environment, folder, streams and end. Reads a JSON object a line, answers with the exit status.
"""

import json
import os
import runpy
import signal
import sys
from typing import Any

import flows.cli  # noqa: F401 - what it is for

LIMIT_SECONDS = 300


def main() -> None:
    """Answer until standard input ends, and then return; in a fork, be the command."""
    questions = os.fdopen(os.dup(sys.stdin.fileno()), encoding="utf-8")
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    for question in questions:
        child = os.fork()
        if not child:
            be_the_command(json.loads(question))
            return
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), file=answers, flush=True)


def be_the_command(question: dict[str, Any]) -> None:
    """Do what `python -m flows.cli` does, with these arguments, environment, folder and streams."""
    signal.alarm(LIMIT_SECONDS)
    flags = os.O_RDONLY, *[os.O_WRONLY | os.O_CREAT] * 2
    for descriptor, (stream, flag) in enumerate(zip(question["streams"], flags, strict=True)):
        os.dup2(os.open(stream, flag), descriptor)
    os.environ.clear()
    os.environ.update(question["environment"])
    os.chdir(question["cwd"])
    sys.argv[1:] = question["arguments"]
    runpy.run_module("flows.cli", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
