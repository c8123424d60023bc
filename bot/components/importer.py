"""Training data from its two places: data/nlu, and the labelled messages of data/feedback.

People who classify feedback (data/feedback) and people who teach the assistant (data/nlu) work
on different files; a complaint labelled there is a complaint here.
"""

from __future__ import annotations

from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.labelled import feedback_examples


class HouseImporter(RasaFileImporter):
    """Rasa's file importer plus the labelled feedback."""

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        """Return data/nlu and data/feedback together, no sentence twice."""
        own = super().get_nlu_data(language)
        known = {m.get(TEXT) for m in own.training_examples}
        more = [
            Message.build(text=text, intent=intent)
            for text, intent in feedback_examples()
            if text not in known
        ]
        return own.merge(TrainingData(training_examples=more))
