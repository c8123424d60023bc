"""The bench's own promises: it measures what it started and leaves nothing behind."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

import pytest

from benchmarks import serving

SERVER = [sys.executable, "-m", "http.server", "--bind", serving.HOST]


def start_server(folder: Path, port: int) -> serving.Program:
    return serving.start("pages", [*SERVER, str(port)], os.environ, folder)


def test_a_program_is_found_measured_and_stopped(tmp_path: Path) -> None:
    (port,) = serving.free_ports(1)
    with serving.stopping([]) as programs:
        program = start_server(tmp_path, port)
        programs.append(program)
        serving.wait(program, port, "/")
        assert program.pids() == [program.process.pid]
        assert program.pss() > 1_000_000
        assert program.cpu() >= 0
    assert program.process.poll() is not None
    assert program.pids() == []


def test_a_busy_port_is_refused() -> None:
    with socket.socket() as taken:
        taken.bind((serving.HOST, 0))
        taken.listen()
        with pytest.raises(serving.BenchProblem, match="taken"):
            serving.require_free(taken.getsockname()[1])


def test_another_server_on_the_port_is_noticed(tmp_path: Path) -> None:
    (port,) = serving.free_ports(1)
    with serving.stopping([]) as programs:
        first = start_server(tmp_path, port)
        programs.append(first)
        serving.wait(first, port, "/")
        other = serving.start("sleeper", ["sleep", "60"], os.environ, tmp_path)
        programs.append(other)
        with pytest.raises(serving.BenchProblem, match="another"):
            serving.wait(other, port, "/")


def test_a_program_that_ends_is_told_with_its_log(tmp_path: Path) -> None:
    (port,) = serving.free_ports(1)
    program = serving.start("broken", [sys.executable, "-c", "1/0"], os.environ, tmp_path)
    with pytest.raises(serving.BenchProblem, match="ZeroDivisionError"):
        serving.wait(program, port, "/")


def test_ports_differ() -> None:
    assert len(set(serving.free_ports(5))) == 5
