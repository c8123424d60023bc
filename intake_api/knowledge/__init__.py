"""What the department knows: approved entries, and the ranker that finds the right one."""

from intake_api.knowledge.entries import EntryError, load_documents, load_entries
from intake_api.knowledge.index import Index, load
from intake_api.knowledge.ranker import Ranker
from intake_api.knowledge.train import needs_training, train
from intake_api.linear import ModelBroken, ModelMissing

__all__ = [
    "EntryError",
    "Index",
    "ModelBroken",
    "ModelMissing",
    "Ranker",
    "load",
    "load_documents",
    "load_entries",
    "needs_training",
    "train",
]
