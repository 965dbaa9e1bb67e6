from suppliers.api.firm import FirmOne, Papers, Sharing
from suppliers.api.imports import Import, ImportConfirm, ImportMapping, ImportRowOne, ImportRows, Imports, ImportUndo
from suppliers.api.lists import InvitationOne, SupplierAdd, SupplierFilters, SupplierOne, SupplierShape

__all__ = [
    "FirmOne",
    "Import",
    "ImportConfirm",
    "ImportMapping",
    "ImportRowOne",
    "ImportRows",
    "ImportUndo",
    "Imports",
    "InvitationOne",
    "Papers",
    "Sharing",
    "SupplierAdd",
    "SupplierFilters",
    "SupplierOne",
    "SupplierShape",
]
