"""Runs the tests in groups, fast ones first, and says plainly what was left out. Python 3.9."""

import os
import shutil
import subprocess
import sys
import time

import installing
from installing import BOT, INTAKE, ROOT, say

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")


def groups():
    """(name, command, why it is left out or None), fast first."""
    intake = [str(INTAKE / "bin" / "python"), "-m", "pytest", "-q"]
    bot = [str(BOT / "bin" / "python"), "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    no_pg = (
        None
        if os.environ.get("LANGNGHE_TEST_POSTGRES_URL")
        else "LANGNGHE_TEST_POSTGRES_URL is not set"
    )
    no_redis = (
        None if os.environ.get("LANGNGHE_TEST_REDIS_URL") else "LANGNGHE_TEST_REDIS_URL is not set"
    )
    no_chromium = None if any(map(shutil.which, CHROMIUM)) else "Chromium is not installed"
    rooms = ["tests", "--ignore=tests/bot", "--ignore=tests/actions"]
    plain = "not rasa and not browser and not postgres and not redis"
    return [
        ("intake on SQLite", [*intake, "-n", "2", *rooms, "-m", plain], None),
        (
            "text and bot on 3.10",
            [*bot, "tests/vntext", "tests/bot", "tests/actions", "-m", "not rasa"],
            None,
        ),
        ("PostgreSQL", [*intake, "-n", "2", *rooms, "-m", "postgres"], no_pg),
        ("Redis", [*intake, *rooms, "-m", "redis"], no_redis),
        ("dialogues through Rasa", [*bot, "tests/bot", "-m", "rasa"], None),
        (
            "journeys through the whole system",
            [*intake, "-n", "2", "--dist", "loadfile", *rooms, "-m", "rasa and not browser"],
            None,
        ),
        (
            "pages in Chromium",
            [*intake, "-n", "2", "--dist", "loadfile", *rooms, "-m", "browser"],
            no_chromium,
        ),
    ]


def test(extra):
    """Runs every group; with arguments, only pytest in the intake environment with them."""
    installing.all_of_it()
    env = {"LANGNGHE_TEST_WALK": "10000", **installing.quiet(), "PYTHONWARNINGS": "default"}
    if extra:
        return subprocess.run(
            [str(INTAKE / "bin" / "python"), "-m", "pytest", *extra], cwd=str(ROOT), env=env
        ).returncode
    failed, left_out = [], []
    for name, command, missing in groups():
        if missing:
            left_out.append(f"{name}: {missing}")
            continue
        say(f"\n== {name}")
        started = time.monotonic()
        code = subprocess.run(command, cwd=str(ROOT), env=env).returncode
        say(f"   {time.monotonic() - started:.0f} s")
        if code:
            failed.append(name)
    say("")
    for line in left_out:
        say(f"LEFT OUT  {line}")
    if left_out and os.environ.get("CI"):
        failed.append("groups left out, which CI does not allow")
    if failed:
        say("FAILED    " + "; ".join(failed))
        return 1
    say("All groups passed." if not left_out else "Every group that could run passed.")
    return 0


def check():
    """Lints, types and checks content."""
    installing.environments()
    tools = INTAKE / "bin"
    steps = [
        [tools / "ruff", "check", "."],
        [tools / "ruff", "format", "--check", "."],
        [tools / "mypy"],
        [tools / "mypy", "--python-version", "3.10", "vntext"],
        [tools / "langnghe", "catalog", "check"],
        [tools / "python", "-m", "devtools.content"],
    ]
    failed = False
    for step in steps:
        shown = " ".join(str(part).replace(str(tools) + os.sep, "") for part in step)
        say(f"-- {shown}")
        failed |= bool(subprocess.run([str(part) for part in step], cwd=str(ROOT)).returncode)
    if failed:
        sys.exit("./dev check: see above.")
    return 0
