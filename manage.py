#!/usr/bin/env python
"""Every chore of the product that needs its database."""

import os
import sys

# These change or compare the schema, so they speak to the database as its owner; everything else is a guest with a hat.
OWNER_COMMANDS = {"migrate", "makemigrations", "showmigrations", "sqlmigrate", "prepare_roles", "load_library", "load_demo", "open_organisation"}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qcchain.settings.base")
    if len(sys.argv) > 1 and sys.argv[1] in OWNER_COMMANDS:
        os.environ["QCCHAIN_AS_OWNER"] = "1"
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
