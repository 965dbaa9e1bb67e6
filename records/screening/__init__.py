"""Judging uploaded files before anybody else may open them. No Django, no database: a path in, a verdict out."""

from records.screening.intake import IntakeRefused, LineCut, StreamingIntake, TooLarge, WrongHash
from records.screening.judging import screen
from records.screening.names import clean_file_name, served_file_name
from records.screening.scanners import ClamdScanner, Scanner, ScannerUnavailable
from records.screening.verdict import Code, Limits, Verdict

__all__ = [
    "ClamdScanner",
    "Code",
    "IntakeRefused",
    "Limits",
    "LineCut",
    "Scanner",
    "ScannerUnavailable",
    "StreamingIntake",
    "TooLarge",
    "Verdict",
    "WrongHash",
    "clean_file_name",
    "screen",
    "served_file_name",
]
