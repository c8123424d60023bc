"""``langnghe``: the command line. Operators read English, what citizens read is Vietnamese."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click

from intake_api.cli_api import api_group
from intake_api.cli_import import import_group
from intake_api.cli_keys import keys
from intake_api.cli_learn import learn_group
from intake_api.cli_models import DATA, MODELS, model_group, told, train
from intake_api.cli_retention import retention_group
from intake_api.cli_staff import OperatorError, staff_group, store_of
from intake_api.cli_watch import watch
from intake_api.cli_webhooks import webhooks_group
from intake_api.settings import ROOT, load

CATALOG = ROOT / "intake_api" / "catalog"


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Lắng nghe: intake service of the education department."""


# ------------------------------------------------------------------ reading lines, writing lines


def _lines() -> Iterator[tuple[dict[str, Any], str | None]]:
    """JSON objects from standard input, each with what is wrong with its line, if anything."""
    for raw in sys.stdin.buffer:
        line = raw.decode("utf-8", errors="replace").strip()
        if not line:
            continue
        try:
            item = json.loads(line)
        except ValueError:
            yield {}, "not JSON"
            continue
        if not isinstance(item, dict):
            yield {}, "not an object"
        elif not isinstance(item.get("text", ""), str):
            yield {"id": item.get("id")}, "text is no string"
        else:
            yield item, None


def _answer_lines(work: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """One line out for each line in, in order; a bad line gets its error, the rest goes on."""
    for item, wrong in _lines():
        result: dict[str, Any] = {"id": item.get("id")}
        try:
            result.update(work(item) if wrong is None else {"error": wrong})
        except ValueError as error:
            result["error"] = str(error)
        sys.stdout.write(json.dumps(result, ensure_ascii=False) + "\n")
        sys.stdout.flush()


def _day(item: dict[str, Any]) -> date:
    given = item.get("as_of")
    if given:
        return datetime.fromisoformat(str(given)).date()
    from intake_api.domain.worktime import LOCAL

    return datetime.now(UTC).astimezone(LOCAL).date()


@main.command()
def ask() -> None:
    """Answer questions: JSON lines {"id","text","as_of"} in, decisions out."""
    from intake_api import knowledge
    from intake_api.learning import versions

    index = told(lambda: knowledge.load(versions.serving(MODELS), knowledge.load_entries(DATA)))

    def work(item: dict[str, Any]) -> dict[str, Any]:
        reply = index.answer(item.get("text", ""), _day(item))
        return {
            "decision": reply.decision,
            "answers": [
                {"slug": answer.entry.slug, "score": round(answer.score, 4)}
                for answer in reply.answers[:3]
            ],
        }

    _answer_lines(work)


@main.command(name="classify")
def classify_command() -> None:
    """Classify messages: JSON lines {"id","text","channel","as_of"} in, labels out."""
    from intake_api import classify
    from intake_api.domain import routing
    from intake_api.learning import versions

    classifier = told(lambda: classify.load(versions.serving(MODELS)))
    rules = _catalog(CATALOG)

    def work(item: dict[str, Any]) -> dict[str, Any]:
        text = item.get("text", "")
        found = classifier.classify(text, channel=item.get("channel"))
        kind = rules.kinds[found.kind]
        route = routing.route(
            rules, kind=found.kind, topic=found.topic, confidence=found.confidence, text=text,
            place=found.place, on=_day(item),
        )  # fmt: skip
        return {
            "kind": found.kind,
            "topic": found.topic,
            "topics": [scored.code for scored in found.topics[:3]],
            "unit": route.unit,
            "sentiment": found.sentiment,
            "urgent": found.urgent or kind.urgent,
            "confidential": found.confidential or kind.confidential,
            "toxic": found.toxic,
            "pii": list(found.pii),
            "confidence": round(found.confidence, 4),
            "reasons": [*found.reasons, route.reason],
        }

    _answer_lines(work)


@main.command()
def intent() -> None:
    """Name intents: JSON lines {"id","text"} in, intents out (runs in the bot's environment)."""
    import subprocess

    python = ROOT / ".venv-bot" / "bin" / "python"
    if not python.exists():
        raise OperatorError("The bot environment is missing: run ./dev setup first.")
    command = [str(python), "-m", "bot.intents"]
    raise SystemExit(subprocess.run(command, cwd=ROOT, check=False).returncode)  # noqa: S603


# --------------------------------------------------------------------------------- catalogue


def _catalog(directory: Path) -> Any:
    from intake_api.domain import catalog

    try:
        return catalog.load(directory)
    except catalog.CatalogError as error:
        raise OperatorError(f"The catalogue cannot be used:\n{error}") from error


@main.group(name="catalog")
def catalog_group() -> None:
    """The department's catalogue of units, topics, kinds and texts."""


@catalog_group.command(name="check")
@click.argument("directory", type=click.Path(path_type=Path), default=CATALOG)
def catalog_check(directory: Path) -> None:
    """Check the catalogue; names the file and line of everything that is wrong."""
    found = _catalog(directory)
    click.echo(
        f"The catalogue is sound: {len(found.units)} units, {len(found.topics)} topics, "
        f"{len(found.kinds)} kinds."
    )


# --------------------------------------------------------------------------------- database


@main.command()
def migrate() -> None:
    """Bring the database to the newest schema and load catalogue and FAQ into it."""
    from intake_api import knowledge
    from intake_api.clock import Clock
    from intake_api.flow import shipped
    from intake_api.store import migrate as schema
    from intake_api.store import registry

    settings = load()
    store = store_of(settings)
    schema.upgrade(store)
    rules = _catalog(settings.catalog_dir)
    now = Clock(settings).now()
    with store.transaction() as tx:
        registry.snapshot_catalog(tx, sha256=rules.sha256, body=rules.as_dict(), now=now)
        taken = shipped.take_in(
            tx, knowledge.load_entries(settings.data_dir), now=now,
            documents=knowledge.load_documents(settings.data_dir),
        )  # fmt: skip
    click.echo(f"The database is current; {taken.changed} FAQ entries changed.")
    if taken.waiting:
        names = ", ".join(taken.waiting)
        click.echo(f"Edited here and changed in this release, so they wait for an editor: {names}.")


@main.group()
def audit() -> None:
    """The audit chain."""


@audit.command(name="verify")
@click.option("--root", help="a hash that was published (page Công khai): does it stand there?")
def audit_verify(root: str | None) -> None:
    """Walk the audit chain; names every edit, gap and reordering. Exit code 1 if any."""
    from intake_api.store import events

    with store_of(load()).reading() as tx:
        breaks = list(events.verify(tx))
        if root and events.has_hash(tx, root.strip().lower()) is None:
            breaks.append(events.Break(0, f"no event has the hash {root}"))
    for one in breaks:
        click.echo(f"event {one.event_id}: {one.reason}")
    if breaks:
        raise SystemExit(1)
    click.echo("The audit chain holds.")


@main.command()
@click.option("--count", default=300, show_default=True)
def demo(count: int) -> None:
    """Fill an empty development database with a lifelike, invented sample."""
    from intake_api.seed import StaffProblem, sample

    settings = load()
    if settings.environment == "production":
        raise OperatorError("The sample is not for production.")
    with click.progressbar(length=count, label="Sample cases") as bar:
        try:
            made = sample(settings, count, bar.update)
        except StaffProblem as error:
            raise OperatorError(str(error)) from error
    if made:
        click.echo(f"{made} sample cases.")
    else:
        click.echo("There are cases already: the sample was left out.")


@main.command()
@click.option("--workers", default=12, show_default=True)
def work(workers: int) -> None:
    """Run the jobs: answers through the assistant, sends what is due."""
    from intake_api.jobs.work import run
    from intake_api.logs import configure

    configure()
    run(load(), workers=workers)


main.add_command(staff_group)
main.add_command(retention_group)
main.add_command(webhooks_group)
main.add_command(api_group)
main.add_command(watch)
main.add_command(keys)

main.add_command(import_group)

main.add_command(train)

main.add_command(model_group)

main.add_command(learn_group)


if __name__ == "__main__":
    main()
