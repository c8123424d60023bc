"""``langnghe keys``: the keys of the confidential lane."""

from __future__ import annotations

from typing import Any

import click

from intake_api.settings import load


@click.group()
def keys() -> None:
    """The keys that seal confidential cases (LANGNGHE_SEALING_KEYS, newest first)."""


@keys.command(name="new")
def new() -> None:
    """Print a new key. Put it before the old ones, restart, then run: langnghe keys rotate."""
    from cryptography.fernet import Fernet

    click.echo(Fernet.generate_key().decode())


@keys.command(name="rotate")
def rotate() -> None:
    """Seal everything anew with the first key; afterwards the older keys may be taken away."""
    from intake_api.store import Store, rotation, sealing

    settings = load()
    store = Store(settings.database_url, keys=settings.keys)
    total = 0
    try:
        for table in rotation.TABLES:
            last: Any = None
            while True:
                with store.transaction() as tx:
                    last, done = rotation.reseal(tx, table, last)
                total += done
                if last is None:
                    break
    except sealing.WrongKeys as error:
        raise click.ClickException(
            f"{error}; {total} rows were sealed anew, the rest is as it was."
        ) from error
    click.echo(f"{total} rows are sealed with the first key; older keys are not needed any more.")
