"""The table on the screen and docs/quality.md. Labels and counts only, never a person's text."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.measures import ALL, FORMS, Figure, Measure, Results
from intake_api.settings import ROOT

PAGE = ROOT / "docs" / "quality.md"
BEGIN, END = "<!-- figures: begin (./dev quality writes this part) -->", "<!-- figures: end -->"
CONFUSED = (
    "FAQ entry",
    "No entry, answered",
    "Topic",
    "Unit",
    "Kind",
    "Safety",
    "Intent",
    "Dialogue",
)
SET_TITLES = {
    "faq": "questions that have an entry",
    "faq_none": "questions without an entry",
    "feedback": "messages with kind, topic, unit …",
    "safety": "danger, denunciation, and neither",
    "pii": "messages with marked personal data",
    "intents": "sentences to the assistant",
    "dialogues": "conversations with the whole system",
}


def _aim(measure: Measure, form: str) -> str:
    aim = measure.aim(form)
    return "" if aim is None else f"{'≤' if measure.lower_is_better else '≥'} {aim:g}"


def _verdict(measure: Measure, form: str, figure: Figure) -> str:
    reached = measure.reached(form, figure.value)
    return "" if reached is None else "yes" if reached else "no"


def _range(figure: Figure) -> str:
    low, high = figure.interval
    return f"{low:.1f}–{high:.1f}"


def show(results: Results, console: Console) -> None:
    """Prints the table, what was left out and the worst confusions."""
    table = Table(title="Held-out sets, percent", title_justify="left")
    for name in ("measure", "form"):
        table.add_column(name, no_wrap=True)
    for name in ("n", "value", "95 %", "aim"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("met")
    last = ""
    for measure, form, figure in results.figures():
        if measure.name != last and last:
            table.add_section()
        title, last = ("" if measure.name == last else measure.title), measure.name
        met = _verdict(measure, form, figure)
        colour = {"yes": "green", "no": "red"}.get(met, "default")
        table.add_row(
            title, form, str(figure.n), f"[{colour}]{figure.value:.1f}[/]", _range(figure),
            _aim(measure, form), met,
        )  # fmt: skip
    console.print(table)
    for what in CONFUSED:
        pairs = results.worst(what)
        if pairs:
            shown = "; ".join(f"{a} → {b} ×{n}" for a, b, n in pairs)
            console.print(f"[bold]{what}[/bold]: {shown}", highlight=False)
    for line in results.left_out:
        console.print(f"LEFT OUT  {line}", highlight=False)


def page(results: Results) -> str:
    """The generated part of docs/quality.md."""
    return "\n\n".join(
        [
            "## The sets\n\n" + _sets(results),
            "## Figures\n\n"
            "Percent; the interval is Wilson's 95 % interval. “All” mixes the forms as they stand "
            "in the set.\n\n" + _figures(results),
            "## Aims not reached\n\n" + _missed(results),
            "## What is confused most\n\n"
            "Pairs of labels: expected → given, number of texts.\n\n" + _confusions(results),
        ]
    )


def _sets(results: Results) -> str:
    lines = ["| set | what | " + " | ".join(FORMS) + " | all |", "|---|---|" + "---:|" * 4]
    for name, sizes in results.sizes.items():
        counts = " | ".join(str(sizes[form]) for form in FORMS)
        lines.append(f"| {name} | {SET_TITLES[name]} | {counts} | {sizes.total()} |")
    models = ", ".join(f"{name} `{version}`" for name, version in results.models.items())
    lines += ["", f"Measured: {models}."]
    lines += [f"Left out: {line}." for line in results.left_out]
    return "\n".join(lines)


def _figures(results: Results) -> str:
    lines = ["| measure | form | n | value | 95 % | aim | met |"]
    lines.append("|---|---|---:|---:|---:|---:|---|")
    for measure, form, figure in results.figures():
        lines.append(
            f"| {measure.title} | {form} | {figure.n} | {figure.value:.1f} | {_range(figure)} "
            f"| {_aim(measure, form)} | {_verdict(measure, form, figure)} |"
        )
    return "\n".join(lines)


def _missed(results: Results) -> str:
    lines = [
        f"- {measure.title}, {form}: {figure.value:.1f} ({_aim(measure, form)}), "
        + ("aim inside" if _inside(measure, form, figure) else "aim outside")
        + " the interval"
        for measure, form, figure in results.figures()
        if form != ALL and measure.reached(form, figure.value) is False
    ]
    return "\n".join(lines) or "None."


def _inside(measure: Measure, form: str, figure: Figure) -> bool:
    low, high = figure.interval
    aim = measure.aim(form)
    return aim is not None and low <= aim <= high


def _confusions(results: Results) -> str:
    parts = []
    for what in CONFUSED:
        pairs = results.worst(what)
        if pairs:
            rows = "\n".join(f"| `{a}` | `{b}` | {n} |" for a, b, n in pairs)
            parts.append(f"### {what}\n\n| expected | given | n |\n|---|---|---:|\n{rows}")
    return "\n\n".join(parts) or "Nothing."


HEAD = """# Quality of understanding

`./dev quality` measures on the held-out sets in `tests/quality/` and writes the part between the
two marks below; what stands outside the marks is written by hand and kept.

The held-out sets are by another hand than the training data: who writes `data/` does not read
`tests/quality/`, and `./dev check` fails when a sentence stands in both. Only labels and counts
leave the sets; no text of theirs is printed here or in any log.

The gate (`tests/quality/test_gate.py`, `./dev quality --gate`) fails when a measure falls more than
one point below `tests/quality/baseline.json`; `./dev quality --accept` makes today's figures the
accepted ones. Where a single text is more than a point, the gate asks for two.

What counts: a FAQ entry is right when it is the entry expected on the day asked about; a question
that was declined counts as wrong. “Found” is recall, “false” the share of the others that raised
it. Personal data counts by exact substring. “Denunciation: false” leaves out messages about danger
to a child, which are sealed for another reason.
"""


def write(results: Results, path: Path = PAGE) -> None:
    """Writes the page; keeps what people wrote outside the marks."""
    old = path.read_text(encoding="utf-8") if path.exists() else ""
    if BEGIN in old and END in old:
        before, after = old.split(BEGIN, 1)[0], old.split(END, 1)[1]
    else:
        before, after = HEAD + "\n", ("\n" + old if old else "\n")
    path.write_text(f"{before}{BEGIN}\n\n{page(results)}\n\n{END}{after}", encoding="utf-8")
