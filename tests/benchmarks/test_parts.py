from __future__ import annotations

import os
import sys
from pathlib import Path

from benchmarks import load, parts, serving, submit


def test_percentiles_are_values_that_were_measured() -> None:
    values = [float(n) for n in range(1, 101)]
    assert parts.median(values) == 50.0
    assert parts.percentile(values, 0.99) == 99.0
    assert parts.percentile([7.0], 0.99) == 7.0
    assert parts.percentile([], 0.5) == 0.0


def test_answers_that_are_not_2xx_are_counted(tmp_path: Path) -> None:
    (port,) = serving.free_ports(1)
    command = [sys.executable, "-m", "http.server", "--bind", serving.HOST, str(port)]
    with serving.stopping([]) as programs:
        programs.append(serving.start("pages", command, os.environ, tmp_path))
        serving.wait(programs[0], port, "/")
        # It knows no POST.
        outcome = parts.load("post", port, seconds=0.3, threads=2, path="/", bodies=["{}"])
    assert outcome.good == 0
    assert outcome.bad > 0
    assert outcome.bad == sum(outcome.statuses.values())


def test_submissions_are_bodies_the_api_takes() -> None:
    from intake_api.api.payloads import FeedbackBody

    made = submit.bodies()
    assert len(made) > 1000
    for raw in made[:50]:
        body = FeedbackBody.model_validate_json(raw)
        assert body.consent or body.contact.phone is None


def test_a_visit_stays_under_the_limit_of_a_conversation() -> None:
    assert len(load.VISIT) < 30
