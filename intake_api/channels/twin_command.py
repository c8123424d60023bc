"""The command lines of the simulated platforms, for people to play with."""

from __future__ import annotations

import argparse
import json
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Command:
    """``python -m intake_api.channels.<module>``. ``variables``: the ones that the intake reads,
    by option, so that both agree without a word; ``needed``: those without which nothing runs."""

    module: str
    description: str
    port: int
    webhook: str
    variables: Mapping[str, str]
    needed: Sequence[str]
    flags: Mapping[str, str]
    numbers: Mapping[str, str]

    def read(
        self, arguments: Sequence[str] | None, environment: Mapping[str, str]
    ) -> argparse.Namespace:
        """Reads the command line; what it does not say comes from the environment."""
        parser = argparse.ArgumentParser(
            prog=f"python -m intake_api.channels.{self.module}",
            description=self.description,
            epilog="Secrets are read from the intake's own variables.",
        )
        parser.add_argument("--port", type=int, default=self.port, help="0 takes a free one")
        parser.add_argument("--webhook", default=self.webhook)
        parser.add_argument("--echo", action="store_true", help="send our own messages as echoes")
        for name, meaning in self.flags.items():
            parser.add_argument(_option(name), action="store_true", help=meaning)
        for name, meaning in self.numbers.items():
            parser.add_argument(_option(name), type=int, default=0, help=meaning)
        for name, variable in self.variables.items():
            parser.add_argument(_option(name), default=environment.get(variable, ""), help=variable)
        read = parser.parse_args(arguments)
        for name in self.needed:
            if not getattr(read, name):
                parser.error(f"set {self.variables[name]} or {_option(name)}")
        return read


def show(first: str, webhook: str, try_out: str, usage: Mapping[str, Any]) -> None:
    """Says where the server is and what it can be asked, then waits for Ctrl-C."""
    lines = [
        first,
        f"Webhooks go to: {webhook}",
        f"Try: {try_out}",
        *(f"  {call}  {json.dumps(body, ensure_ascii=False)}" for call, body in usage.items()),
    ]
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        sys.stdout.write("\n")


def _option(name: str) -> str:
    return "--" + name.replace("_", "-")
