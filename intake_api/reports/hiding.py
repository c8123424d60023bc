"""Which small counts are hidden: where the matter, the place or the reader makes them tell of a
single child (``domain.disclosure`` does the arithmetic)."""

from __future__ import annotations

from collections.abc import Mapping

from intake_api.domain import disclosure
from intake_api.domain.catalog import Catalog
from intake_api.domain.disclosure import HIDE_BELOW
from intake_api.reports.shapes import Narrowed

# A place and a school level are where a child is found.
PLACES = frozenset({"district", "level"})


class Rules:
    """What is sensitive for one reading of the figures."""

    def __init__(self, catalog: Catalog, narrowed: Narrowed, *, public: bool = False) -> None:
        """``public``: whoever likes reads it, so every small count is."""
        self._topics = {one.code for one in catalog.topics.values() if one.child}
        self._kinds = {one.code for one in catalog.kinds.values() if one.confidential}
        self._everything = public or bool(
            narrowed.district
            or narrowed.level
            or narrowed.topic in self._topics
            or narrowed.kind in self._kinds
        )

    def sensitive(self, dimension: str, code: str) -> bool:
        """True when a small count of this line must not be told."""
        if self._everything or dimension in PLACES:
            return True
        if dimension == "topic":
            return code in self._topics
        return dimension == "kind" and code in self._kinds

    def hides_all(self, count: int) -> bool:
        """True when all that is asked for is so little, and so sensitive, that nothing is told."""
        return self._everything and 0 < count < HIDE_BELOW

    def hidden(self, dimension: str, counts: Mapping[str, int]) -> tuple[frozenset[str], bool]:
        """Codes whose counts are hidden, and whether nothing at all is told."""
        codes = list(counts)
        found = disclosure.hide(
            list(counts.values()), [self.sensitive(dimension, code) for code in codes]
        )
        return frozenset(codes[place] for place in found.rows), found.total

    def hidden_topics(
        self, counts: Mapping[str, int]
    ) -> tuple[frozenset[str], frozenset[str], bool]:
        """The same for topics, whose groups are told beside them: topics, groups, everything."""
        groups: dict[str, dict[str, int]] = {}
        for code, count in counts.items():
            groups.setdefault(code.split(".")[0], {})[code] = count
        found = disclosure.hide_tree(
            [list(one.values()) for one in groups.values()],
            [[self.sensitive("topic", code) for code in one] for one in groups.values()],
            [self.sensitive("group", code) for code in groups],
        )
        names = list(groups)
        topics = frozenset(
            list(groups[names[place]])[leaf]
            for place, one in enumerate(found.leaves)
            for leaf in one.rows
        )
        return topics, frozenset(names[place] for place in found.groups.rows), found.groups.total
