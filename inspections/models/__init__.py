from inspections.models.lots import Lot, LotParent
from inspections.models.results import CharacteristicResult

__all__ = ["CharacteristicResult", "Lot", "LotParent"]
