"""Finished values for the bureau's templates: words, links and tiles made from counts."""

from oversight.faces.agreement import agreement_face, notice_days
from oversight.faces.morning import morning_face
from oversight.faces.places import map_face
from oversight.faces.table import filter_face, heads_face, owners_face, rows_face

__all__ = ["agreement_face", "filter_face", "heads_face", "map_face", "morning_face", "notice_days", "owners_face", "rows_face"]
