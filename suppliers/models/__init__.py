from suppliers.models.links import Invitation, LinkGram, SupplyLink
from suppliers.models.lists import ImportRow, SupplierImport
from suppliers.models.places import Paper, Site

__all__ = ["ImportRow", "Invitation", "LinkGram", "Paper", "Site", "SupplierImport", "SupplyLink"]
