"""Vietnamese text for both runtimes: normalising, folding, masking, codes, entities, years.

Standard library only, Python 3.10 syntax, no state, nothing imported from other rooms.
"""

from vntext.codes import check_char, find_codes, format_code, looks_like_code, parse_code
from vntext.entities import Entity, find_entities
from vntext.front import Views, canonical, views
from vntext.letters import fold, is_unaccented
from vntext.normalise import normalize
from vntext.pii import Span, find_pii, mask
from vntext.shorthand import expand
from vntext.syllables import is_syllable
from vntext.years import asked_year

__all__ = [
    "Entity",
    "Span",
    "Views",
    "asked_year",
    "canonical",
    "check_char",
    "expand",
    "find_codes",
    "find_entities",
    "find_pii",
    "fold",
    "format_code",
    "is_syllable",
    "is_unaccented",
    "looks_like_code",
    "mask",
    "normalize",
    "parse_code",
    "views",
]
