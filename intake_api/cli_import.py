"""``langnghe import``: brings in what was said before. Looks first, asks, and can be stopped."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from itertools import batched, islice
from pathlib import Path
from typing import TYPE_CHECKING

import click

from intake_api.cli_staff import OperatorError
from intake_api.domain.history import BadItem, OldItem, UnreadableFile

if TYPE_CHECKING:
    from intake_api.flow.importing import Preview
    from intake_api.runtime import Runtime

Items = Iterable[OldItem | BadItem]
Reader = Callable[[], Items]
SHOWN = 10
FILE = click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
PREVIEW = click.option("--preview", is_flag=True, help="Only look; change nothing.")
YES = click.option("--yes", is_flag=True, help="Do not ask before bringing it in.")


@click.group(name="import")
def import_group() -> None:
    """History from before this system: nobody is sent anything because of it."""


@import_group.command(name="page")
@FILE
@click.option("--page-id", default="", help="The Page's id, when the export does not tell.")
@click.option("--page-name", default="", help="The Page's name in a downloaded inbox.")
@PREVIEW
@YES
def page(file: Path, page_id: str, page_name: str, preview: bool, yes: bool) -> None:
    """A Page's export (JSON): posts with comments, or a downloaded conversation."""
    from intake_api.imports import page_export

    _run(
        file,
        lambda: page_export.read(file, page_id=page_id, page_name=page_name),
        preview=preview, yes=yes,
    )  # fmt: skip


@import_group.command(name="table")
@FILE
@PREVIEW
@YES
def table(file: Path, preview: bool, yes: bool) -> None:
    """A table (CSV or XLSX) of old feedback, one row each, named by its first line."""
    from intake_api.imports import table as reader

    try:
        for name, heading in reader.columns(file).items():
            click.echo(f"  {name:<12} ← {heading}")
    except UnreadableFile as error:
        raise OperatorError(str(error)) from error
    _run(file, lambda: reader.read(file), preview=preview, yes=yes)


def _runtime() -> Runtime:
    from intake_api.classify import ModelBroken, ModelMissing
    from intake_api.runtime import build
    from intake_api.settings import load

    try:
        return build(load(), queue=_Nobody())
    except (ModelMissing, ModelBroken) as error:
        raise OperatorError(str(error)) from error


class _Nobody:
    """The import wakes no job: there is nothing to send."""

    def process(self, conversation_id: str) -> None: ...

    def deliver(self, conversation_id: str) -> None: ...


def _run(file: Path, read: Reader, *, preview: bool, yes: bool) -> None:
    from intake_api.flow import importing

    run = _runtime()
    now = run.clock.now()
    try:
        with run.store.reading() as tx:
            found = importing.preview(tx, run.services, read(), now=now)
    except UnreadableFile as error:
        raise OperatorError(str(error)) from error
    _show(found)
    if preview:
        return
    if not (yes or click.confirm("Bring it in?")):
        return
    _bring_in(run, file, read, found)


def _show(found: Preview) -> None:
    span = f", {found.first:%d/%m/%Y} – {found.last:%d/%m/%Y}" if found.first and found.last else ""
    click.echo(f"{found.items} items{span}:")
    for count, words in (
        (found.posts, "posts of the Page"),
        (found.page_words, "comments by the Page (context)"),
        (found.feedback, "become closed cases"),
        (found.sealed, "of these sealed"),
        (found.chatter, "comments that are only kept"),
        (found.duplicates, "are here already or stand twice"),
        (len(found.bad), "cannot be brought in"),
    ):
        if count:
            click.echo(f"  {count:>7}  {words}")
    for name, count in found.kinds.most_common():
        click.echo(f"           {count:>6}  {name}")
    for bad in found.bad[:SHOWN]:
        click.echo(f"  line {bad.line}: {bad.why}")
    if len(found.bad) > SHOWN:
        click.echo(f"  … and {len(found.bad) - SHOWN} more")


def _bring_in(run: Runtime, file: Path, read: Reader, found: Preview) -> None:
    from intake_api.flow import importing

    clock, store = run.clock, run.store
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    total = found.items + len(found.bad)
    with store.transaction() as tx:
        batch = importing.begin(
            tx, source=file.name, sha256=digest, total=total, actor="system", now=clock.now()
        )
        number, done, ended = batch.id, batch.position, batch.ended_at
    if ended is not None:
        click.echo("This very file was brought in before: nothing to do.")
        return
    if done:
        click.echo(f"Taken up again after {done} of {total}.")
    with click.progressbar(length=total, label="Bringing in") as bar:
        bar.update(done)
        for items in batched(islice(read(), done, None), importing.STEP):
            with store.transaction() as tx:
                batch = importing.bring_in(tx, run.services, number, items, now=clock.now())
            bar.update(len(items))
    with store.transaction() as tx:
        importing.end(tx, number, actor="system", now=clock.now())
    click.echo(
        f"{batch.added} brought in, {batch.cases} of them cases; {batch.duplicates} were here, "
        f"{batch.bad} were left out. Nobody was sent anything."
    )
