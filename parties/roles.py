"""What a role in a firm covers, wherever it is asked. A viewer only reads."""

# Who may bind or speak for the firm.
MAY_WRITE = ("org_admin", "signatory", "cqo", "quality")
# Who may file what the firm has, and keep its lists.
MAY_FILE = (*MAY_WRITE, "staff", "auditor")
