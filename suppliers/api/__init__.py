from suppliers.api.firm import FirmOne, Papers, Sharing
from suppliers.api.imports import Import, ImportConfirm, ImportMapping, ImportRowOne, ImportRows, Imports, ImportUndo
from suppliers.api.list_work import Approvals, BulkEditOne, BulkEdits, BulkUndo, Chain, ExportFileOne, ExportOne, Exports, View, Views
from suppliers.api.lists import InvitationOne, SupplierAdd, SupplierFilters, SupplierOne, SupplierShape
from suppliers.api.merges import LikelyPairs, Merges, MergeSplit

__all__ = [
    "Approvals",
    "BulkEditOne",
    "BulkEdits",
    "BulkUndo",
    "Chain",
    "ExportFileOne",
    "ExportOne",
    "Exports",
    "FirmOne",
    "Import",
    "ImportConfirm",
    "ImportMapping",
    "ImportRowOne",
    "ImportRows",
    "ImportUndo",
    "Imports",
    "InvitationOne",
    "LikelyPairs",
    "MergeSplit",
    "Merges",
    "Papers",
    "Sharing",
    "SupplierAdd",
    "SupplierFilters",
    "SupplierOne",
    "SupplierShape",
    "View",
    "Views",
]
