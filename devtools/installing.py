"""Sets up both environments and the models; does nothing when nothing changed. Python 3.9."""

import contextlib
import hashlib
import os
import subprocess
import sys
import time
from pathlib import Path

import uv

ROOT = Path(__file__).resolve().parent.parent
INTAKE = ROOT / ".venv"
BOT = ROOT / ".venv-bot"
VAR = ROOT / "var"
RASA_MODELS = VAR / "models" / "rasa"

GROUPS = {
    "intake": ["--group", "test", "--group", "intake-test", "--group", "lint"],
    "bot": ["--group", "test"],
}


def say(text):
    print(text, flush=True)


def run(command, **options):
    """Runs a command in the project's folder; ends with its code when it fails."""
    options.setdefault("cwd", str(ROOT))
    done = subprocess.run([str(part) for part in command], **options)
    if done.returncode:
        sys.exit(f"./dev: {Path(str(command[0])).name} failed with code {done.returncode}.")


def digest(paths):
    """SHA-256 over names and contents of files, in order."""
    total = hashlib.sha256()
    for path in sorted(paths):
        total.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return total.hexdigest()


def environments():
    """Makes .venv (3.12, intake) and .venv-bot (3.10, Rasa) as uv.lock says."""
    wanted = digest([ROOT / "uv.lock", ROOT / "pyproject.toml"])
    for extra, folder, version in (("intake", INTAKE, "3.12"), ("bot", BOT, "3.10")):
        stamp = folder / ".langnghe-stamp"
        if stamp.exists() and stamp.read_text() == wanted:
            continue
        program = uv.find(ROOT)
        say(f"Setting up {folder.name} (Python {version}) …")
        started = time.monotonic()
        # Without compiled files every rasa command compiles 12,000 of them again.
        command = [program, "sync", "--frozen", "--python", version, "--extra", extra]
        command += [*GROUPS[extra], "--compile-bytecode", "--quiet"]
        run(command, env={**os.environ, "UV_PROJECT_ENVIRONMENT": str(folder), "VIRTUAL_ENV": ""})
        stamp.write_text(wanted)
        say(f"  ready after {time.monotonic() - started:.0f} s")


def rasa_inputs():
    """Every file that the dialogue model depends on."""
    found = []
    for folder, endings in (
        ("bot", (".py", ".yml")),
        ("data/nlu", (".yml",)),
        ("vntext", (".py", ".csv")),
    ):
        found += [
            p
            for p in (ROOT / folder).rglob("*")
            if p.suffix in endings and "__pycache__" not in p.parts
        ]
    return [p for p in found if p.name not in ("endpoints.yml", "credentials.yml", "intents.py")]


def why_rasa():
    """Why the dialogue model must be trained, in words; None when it is current."""
    stamp = RASA_MODELS / "inputs.txt"
    if not stamp.exists() or not list(RASA_MODELS.glob("*.tar.gz")):
        return "there is no model yet"
    known = dict(line.split("  ", 1)[::-1] for line in stamp.read_text().splitlines() if line)
    now = {str(p.relative_to(ROOT)): digest([p]) for p in rasa_inputs()}
    changed = sorted(name for name in known.keys() | now.keys() if known.get(name) != now.get(name))
    if not changed:
        return None
    more = f" and {len(changed) - 1} more" if len(changed) > 1 else ""
    return f"{changed[0]}{more} changed"


def models(force=False):
    """Trains what is out of date and says why."""
    why = "asked for" if force else why_rasa()
    if why is None:
        say("assistant: up to date")
    # A checkout serves what its own data make; tests/quality measures that and fails on a drop.
    command = [INTAKE / "bin" / "langnghe", "train", "--no-gate"]
    with training_rasa(why) if why else contextlib.nullcontext():
        run([*command, *([] if force else ["--if-needed"])], env=quiet())


@contextlib.contextmanager
def training_rasa(why):
    """Trains the assistant beside what the block does: each takes minutes of one core."""
    say(f"assistant: training ({why}) …")
    started = time.monotonic()
    RASA_MODELS.mkdir(parents=True, exist_ok=True)
    # Read before training: what is edited meanwhile makes the model out of date.
    lines = [f"{digest([p])}  {p.relative_to(ROOT)}" for p in rasa_inputs()]
    command = [
        BOT / "bin" / "rasa",
        "train",
        "--config",
        "bot/config.yml",
        "--domain",
        "bot/domain",
    ]
    command += ["--data", "data/nlu", "bot/rules", "bot/stories", "--out", RASA_MODELS]
    command += ["--skip-validation"]
    log = VAR / "train.log"
    with open(log, "w", encoding="utf-8") as out:
        process = subprocess.Popen(
            [str(c) for c in command], cwd=str(ROOT), stdout=out, stderr=out, env=quiet()
        )
    try:
        yield
        code = process.wait()
    except BaseException:
        process.kill()
        process.wait()
        raise
    made = sorted(RASA_MODELS.glob("*.tar.gz"))
    if code or not made:
        sys.exit(f"./dev: training the assistant failed; {log.relative_to(ROOT)} says why.")
    for old in made[:-1]:
        old.unlink()
    (RASA_MODELS / "inputs.txt").write_text("\n".join(lines) + "\n")
    say(f"assistant: trained in {time.monotonic() - started:.0f} s")


def quiet():
    """Environment of training: deterministic, one thread, no telemetry, no chatter."""
    return {
        **os.environ,
        "RASA_TELEMETRY_ENABLED": "false",
        "OMP_NUM_THREADS": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "PYTHONHASHSEED": "0",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "PYTHONWARNINGS": "ignore",
    }


def all_of_it():
    environments()
    models()
