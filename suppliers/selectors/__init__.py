"""Questions of the suppliers' floor. Each starts from who asks."""

from suppliers.selectors.firm import Firm, Seen, claimed_code, grant_for, own_firm, papers_of, who_sees_what
from suppliers.selectors.imports import READY, UNDO_FOR, import_for, import_row_for, import_rows, import_totals, known_links, recent_imports
from suppliers.selectors.invitations import Invited, WillSee, invited_by, open_invitation, will_see
from suppliers.selectors.links import (
    PAGE,
    LinkPage,
    all_links,
    grams_of,
    link_for,
    links_by_id,
    links_matching,
    links_of_firm,
    supplier_links,
)

__all__ = [
    "Firm",
    "Invited",
    "LinkPage",
    "PAGE",
    "READY",
    "Seen",
    "UNDO_FOR",
    "WillSee",
    "all_links",
    "claimed_code",
    "grams_of",
    "grant_for",
    "import_for",
    "import_row_for",
    "import_rows",
    "import_totals",
    "invited_by",
    "known_links",
    "link_for",
    "links_by_id",
    "links_matching",
    "links_of_firm",
    "open_invitation",
    "own_firm",
    "papers_of",
    "recent_imports",
    "supplier_links",
    "who_sees_what",
    "will_see",
]
