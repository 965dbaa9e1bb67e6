"""What a person is told when the launcher cannot go on."""


class LauncherFailure(Exception):
    """Carries what went wrong and what to do about it, ready to print."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(f"{what}\n  → {remedy}")
        self.what = what
        self.remedy = remedy


def say(line: str) -> None:
    """Print one line of progress at once, also into a pipe."""
    print(line, flush=True)
