"""`python -m tests.sketched_load …`: the demo loaded by its command, with papers that are sketched, where nobody looks at a paper."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qcchain.settings.test")
    import django

    django.setup()
    from django.core.management import call_command

    from tests.world import sketched

    with sketched():
        call_command("load_demo", *sys.argv[1:], skip_checks=True)


if __name__ == "__main__":
    main()
