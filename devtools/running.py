"""Starts intake, jobs, Rasa and actions together; stops them together. Python 3.9."""

import base64
import contextlib
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import installing
from installing import BOT, INTAKE, RASA_MODELS, ROOT, VAR, run, say

HOST = "127.0.0.1"
READY_SECONDS = 180


def kept_secrets():
    """Secrets of this checkout, made once and readable by their owner alone."""
    path = VAR / "secrets.json"
    kept = json.loads(path.read_text()) if path.exists() else {}
    wanted = {
        "LANGNGHE_SECRET_KEY": lambda: secrets.token_urlsafe(32),
        "LANGNGHE_BOT_TOKEN": lambda: secrets.token_urlsafe(32),
        # The form of a Fernet key: 32 random bytes, URL-safe Base64 with its padding.
        "LANGNGHE_SEALING_KEYS": lambda: base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
    }
    missing = [name for name in wanted if name not in kept]
    if not missing:
        return kept
    kept.update((name, wanted[name]()) for name in missing)
    VAR.mkdir(exist_ok=True)
    fresh = VAR / "secrets.json.new"
    with open(os.open(str(fresh), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        json.dump(kept, out)
    # A key that is lost loses what it sealed: the old file stands until the new one is whole.
    os.replace(str(fresh), str(path))
    return kept


def environment(ports, password):
    """What the processes are told. What the caller has set already wins."""
    intake, rasa, actions = ports
    told = {
        **installing.quiet(),
        **kept_secrets(),
        "LANGNGHE_DATABASE_URL": f"sqlite:///{VAR / 'langnghe.db'}",
        "LANGNGHE_QUEUE_URL": f"sqlite:///{VAR / 'queue.db'}",
        "LANGNGHE_PUBLIC_URL": f"http://{HOST}:{intake}",
        "LANGNGHE_RASA_URL": f"http://{HOST}:{rasa}",
        "LANGNGHE_INTAKE_URL": f"http://{HOST}:{intake}",
        "LANGNGHE_RUN_PASSWORD": password,
        "ACTIONS_URL": f"http://{HOST}:{actions}/webhook",
        "RASA_TRACKER_URL": f"sqlite:///{VAR / 'rasa.db'}",
    }
    told.update({k: v for k, v in os.environ.items() if k in told or k.startswith("LANGNGHE_")})
    told["LANGNGHE_RUN_PASSWORD"] = password
    told.setdefault("LANGNGHE_TRACKER_URL", told["RASA_TRACKER_URL"])
    return told


def programs(ports, database):
    """The four processes. SQLite has one writer, so one web process with threads serves it."""
    intake, rasa, actions = ports
    workers = "-w 1 --threads 16" if database.startswith("sqlite") else "-w 2 --threads 16"
    model = sorted(RASA_MODELS.glob("*.tar.gz"))[-1]
    return {
        "intake": f"{INTAKE}/bin/gunicorn -k gthread {workers} -b {HOST}:{intake}"
        " --graceful-timeout 10 --worker-tmp-dir /dev/shm --log-level warning"
        " 'intake_api.app:create()'",
        "jobs": f"{INTAKE}/bin/langnghe work",
        "rasa": f"{BOT}/bin/rasa run --enable-api -i {HOST} -p {rasa} --model {model}"
        " --endpoints bot/endpoints.yml --credentials bot/credentials.yml",
        "actions": f"{BOT}/bin/python -m actions.server --port {actions}",
    }


def procfile(ports, database):
    """The lines for honcho."""
    # A process that dies is started again: one fault must not take the whole house down.
    again = 'while :; do {}; echo "ended with $?, starting again"; sleep 2; done'
    commands = programs(ports, database)
    return "".join(f"{name}: {again.format(command)}\n" for name, command in commands.items())


def check_free(ports):
    for port in ports:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                sys.exit(f"./dev: port {port} is taken; stop what uses it or give --port another.")


def prepare(told, demo):
    langnghe = INTAKE / "bin" / "langnghe"
    run([langnghe, "migrate"], env=told)
    run([langnghe, "staff", "seed"], env=told, stdout=subprocess.DEVNULL)
    if demo:
        run([langnghe, "demo"], env=told)


def answers(url):
    try:
        with urllib.request.urlopen(url, timeout=2) as page:
            return page.status < 500
    except OSError:
        return False


def wait(process, ports):
    """Waits until all answer; shows what is still missing."""
    intake, rasa, actions = ports
    wanted = {
        "intake": f"http://{HOST}:{intake}/",
        "actions": f"http://{HOST}:{actions}/health",
        "assistant": f"http://{HOST}:{rasa}/status",
    }
    started = time.monotonic()
    while wanted and time.monotonic() - started < READY_SECONDS:
        if process.poll() is not None:
            return False
        for name in [name for name, url in wanted.items() if answers(url)]:
            say(f"  {name} answers after {time.monotonic() - started:.0f} s")
            del wanted[name]
        time.sleep(0.3)
    if wanted:
        say("./dev: still silent: " + ", ".join(wanted) + f"; see {VAR / 'run.log'}")
    return not wanted


def up(port=8000, demo=False, verbose=False):
    """Runs until Ctrl-C. Returns the exit code."""
    ports = (port, port + 1, port + 2)
    check_free(ports)
    installing.all_of_it()
    password = os.environ.get("LANGNGHE_RUN_PASSWORD") or secrets.token_urlsafe(9)
    told = environment(ports, password)
    prepare(told, demo)
    file = VAR / "Procfile"
    file.write_text(procfile(ports, told["LANGNGHE_DATABASE_URL"]))
    say("Starting intake, jobs, assistant and actions …")
    out = None if verbose else open(VAR / "run.log", "w", encoding="utf-8")  # noqa: SIM115
    # A session of its own: Ctrl-C reaches this process alone, which then ends the others.
    process = subprocess.Popen(
        [str(INTAKE / "bin" / "honcho"), "start", "-d", str(ROOT), "-f", str(file)],
        cwd=str(ROOT), env=told, stdout=out, stderr=out, start_new_session=True,
    )  # fmt: skip
    signal.signal(signal.SIGTERM, lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    try:
        if wait(process, ports):
            banner(port, password)
            process.wait()
            say(f"./dev: a process ended by itself; {VAR / 'run.log'} says why.")
    except KeyboardInterrupt:
        say("\nStopping …")
        stop(process)
        return 0
    stop(process)
    return 1


def stop(process):
    """Ends everything that was started, politely, then firmly."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=20)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


def banner(port, password):
    base = f"http://{HOST}:{port}"
    say(
        "\nLắng nghe is running.\n"
        f"  Chat:             {base}/tro-chuyen\n"
        f"  Feedback form:    {base}/gop-y\n"
        f"  Staff sign in:    {base}/can-bo/   (vanphong, khtc, ktqlcl, lanhdao, kenhmat …)\n"
        f"  Password of run:  {password}\n"
        f"  Log:              {Path('var') / 'run.log'}\n"
        "Ctrl-C stops everything.\n"
    )
