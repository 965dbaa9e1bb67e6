"""Charts as SVG drawn on the server: the same on the page, in print and in a PDF, each with its title and what it shows in words.

Pure: values in, text out. The page puts a caption that states the finding above each, and its data table beside it.
"""

from inspections.charts.capability import SpreadPicture, capability_strip
from inspections.charts.censored import BoundRow, censored_marks
from inspections.charts.colour import DriftPicture, GroupRow, colour_drift, shade_groups_chart
from inspections.charts.control import ControlPicture, control_chart, control_legend
from inspections.charts.frame import ChangeMark
from inspections.charts.intervals import IntervalAxis, IntervalRow, interval_bars
from inspections.charts.oc import oc_chart
from inspections.charts.ordinal import GradeRow, grade_words, ordinal_strip
from inspections.charts.spark import sparkline
from inspections.charts.threads import Branch, variance_threads

__all__ = [
    "BoundRow",
    "Branch",
    "ChangeMark",
    "ControlPicture",
    "DriftPicture",
    "GradeRow",
    "GroupRow",
    "IntervalAxis",
    "IntervalRow",
    "SpreadPicture",
    "capability_strip",
    "censored_marks",
    "colour_drift",
    "control_chart",
    "control_legend",
    "grade_words",
    "interval_bars",
    "oc_chart",
    "ordinal_strip",
    "shade_groups_chart",
    "sparkline",
    "variance_threads",
]
