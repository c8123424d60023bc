"""The commands of ./dev. Python 3.9, standard library only."""

import argparse
import subprocess

import installing
import running
import testing
from installing import INTAKE, ROOT


def main(arguments):
    """Runs one command and returns its exit code; Ctrl-C is no error to show a trace of."""
    try:
        return _run(arguments)
    except KeyboardInterrupt:
        print("\nStopped.")
        return 130


def _run(arguments):
    parser = argparse.ArgumentParser(prog="./dev", description=__doc__)
    commands = parser.add_subparsers(dest="command", metavar="")
    up = commands.add_parser("up", help="set everything up and run it (Ctrl-C stops)")
    up.add_argument(
        "--demo", action="store_true", help="fill an empty database with 300 sample cases"
    )
    up.add_argument("--port", type=int, default=8000, help="first of three ports (8000)")
    up.add_argument("--verbose", action="store_true", help="show the log of all processes")
    test = commands.add_parser("test", help="set everything up and run the tests")
    test.add_argument(
        "pytest", nargs=argparse.REMAINDER, help="arguments for pytest instead of all groups"
    )
    commands.add_parser("setup", help="set up both environments and the models")
    commands.add_parser("check", help="lint, types, content")
    commands.add_parser("train", help="train every model anew")
    quality = commands.add_parser(
        "quality", help="measure on the held-out sets, write docs/quality.md"
    )
    quality.add_argument("rest", nargs=argparse.REMAINDER)
    bench = commands.add_parser("bench", help="measure speed and memory")
    bench.add_argument("rest", nargs=argparse.REMAINDER)
    # The rest of a measuring command goes to it as it is, options first or last.
    given, rest = parser.parse_known_args(arguments)
    if rest and given.command not in ("quality", "bench"):
        parser.error("unrecognized arguments: " + " ".join(rest))
    if given.command is None:
        parser.print_help()
        return 0
    if given.command == "up":
        return running.up(port=given.port, demo=given.demo, verbose=given.verbose)
    if given.command == "test":
        return testing.test(given.pytest)
    if given.command == "check":
        return testing.check()
    if given.command == "setup":
        installing.all_of_it()
        return 0
    if given.command == "train":
        installing.environments()
        installing.models(force=True)
        return 0
    installing.all_of_it()
    module = {"quality": "benchmarks.quality", "bench": "benchmarks.bench"}[given.command]
    return subprocess.run(
        [str(INTAKE / "bin" / "python"), "-m", module, *rest, *given.rest], cwd=str(ROOT)
    ).returncode
