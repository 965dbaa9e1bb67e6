from inspections.models.actions import JointAction
from inspections.models.change_notices import ChangeNotice, ChangeReply
from inspections.models.changes import ChangePoint
from inspections.models.decisions import Arbitration, ArbitrationSample, Concession, Hold, LotDecision
from inspections.models.lots import Lot, LotParent
from inspections.models.result_files import ResultColumnMemory, ResultFile, ResultImport, ResultImportRow
from inspections.models.results import CharacteristicResult
from inspections.models.sampling import Inspection, NonconformityCount, SwitchingSeries, SwitchingStep
from inspections.models.signals import ResultRollup, Signal, WatchedLots, WatchedSeries

__all__ = [
    "Arbitration",
    "ArbitrationSample",
    "ChangeNotice",
    "ChangePoint",
    "ChangeReply",
    "CharacteristicResult",
    "Concession",
    "Hold",
    "Inspection",
    "JointAction",
    "Lot",
    "LotDecision",
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
    "WatchedLots",
    "WatchedSeries",
]
