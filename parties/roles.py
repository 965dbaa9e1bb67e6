"""What a role in a firm covers, wherever it is asked. A viewer only reads."""

# Who may bind or speak for the firm.
MAY_WRITE = ("org_admin", "signatory", "cqo", "quality")
# Who may file what the firm has, and keep its lists.
MAY_FILE = (*MAY_WRITE, "staff", "auditor")
# Who may take people in, give roles and end them.
MAY_ADMINISTER = ("org_admin", "signatory")
# A firm always has somebody who administers it and somebody who signs.
NEVER_WITHOUT = ("org_admin", "signatory")
# A chief quality officer is appointed by a signatory, never given like another role.
BY_APPOINTMENT = "cqo"
GIVEN = ("org_admin", "signatory", "quality", "auditor", "staff", "viewer")
# What may be covered by a deputy. Signing and administering are not lent: for those days the role itself is given.
MAY_BE_COVERED = ("cqo", "quality", "auditor", "staff")
