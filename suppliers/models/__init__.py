from suppliers.models.approvals import CategoryApproval
from suppliers.models.bulk_edits import BulkEdit, BulkEditRow
from suppliers.models.exports import ExportFile
from suppliers.models.firm import Instrument, Process, Product, SharedThing
from suppliers.models.links import Invitation, LinkGram, SupplyLink
from suppliers.models.lists import AlikeName, ColumnMemory, ImportRow, ListFile, SupplierImport, ToldApart
from suppliers.models.merges import Merge
from suppliers.models.places import Paper, Site
from suppliers.models.saved_views import SavedView
from suppliers.models.verification import Verification

__all__ = [
    "AlikeName",
    "BulkEdit",
    "BulkEditRow",
    "CategoryApproval",
    "ColumnMemory",
    "ExportFile",
    "ImportRow",
    "Instrument",
    "Invitation",
    "LinkGram",
    "ListFile",
    "Merge",
    "Paper",
    "Process",
    "Product",
    "SavedView",
    "SharedThing",
    "Site",
    "SupplierImport",
    "SupplyLink",
    "ToldApart",
    "Verification",
]
