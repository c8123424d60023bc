"""Work that Rasa 3.6 repeats with every message although its result never changes.

Both were found with a profiler. Together they were more than half of a turn:

- ``jsonschema.validate`` checks Rasa's own constant schema of an action's answer against the
  meta-schema each time (20 ms); the answer itself is checked here exactly as before;
- the class of every stored event is looked for by walking all subclasses again, for each event of
  the whole conversation, so that turns grow slower as people talk.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from jsonschema.validators import validator_for
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.events import Event

_look_for_class = Event.resolve_by_type


@lru_cache(maxsize=1)
def _validator() -> Any:
    schema = RemoteAction.action_response_format_spec()
    kind = validator_for(schema)
    kind.check_schema(schema)
    return kind(schema)


def _validate_action_result(self: RemoteAction, result: dict[str, Any]) -> bool:
    """Raise jsonschema.ValidationError when an answer has not the agreed form."""
    _validator().validate(result)
    return True


@lru_cache(maxsize=256)
def _class_of_event(type_name: str, default: Any = None) -> Any:
    return _look_for_class(type_name, default)


def install() -> None:
    """Put the cheaper versions in place of Rasa's."""
    RemoteAction._validate_action_result = _validate_action_result
    Event.resolve_by_type = staticmethod(_class_of_event)
