from inspections.models.actions import JointAction
from inspections.models.changes import ChangePoint
from inspections.models.lots import Lot, LotParent
from inspections.models.result_files import ResultColumnMemory, ResultFile, ResultImport, ResultImportRow
from inspections.models.results import CharacteristicResult
from inspections.models.sampling import Inspection, NonconformityCount, SwitchingSeries, SwitchingStep
from inspections.models.signals import ResultRollup, Signal, WatchedSeries

__all__ = [
    "ChangePoint",
    "CharacteristicResult",
    "Inspection",
    "JointAction",
    "Lot",
    "LotParent",
    "NonconformityCount",
    "ResultColumnMemory",
    "ResultFile",
    "ResultImport",
    "ResultImportRow",
    "ResultRollup",
    "Signal",
    "SwitchingSeries",
    "SwitchingStep",
    "WatchedSeries",
]
