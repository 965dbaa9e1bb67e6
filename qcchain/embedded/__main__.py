"""python -m qcchain.embedded run | test | with NAME [--fast] -- COMMAND … | stop NAME | reset"""

import sys

from qcchain.embedded.failure import LauncherFailure
from qcchain.embedded.processes import end_with_make
from qcchain.embedded.reset import reset
from qcchain.embedded.run import run
from qcchain.embedded.trial import run_with_servers, stop_servers
from qcchain.embedded.whole_test import test_everything


def main(words: list[str]) -> int:
    end_with_make()
    match words:
        case ["run"]:
            return run()
        case ["test", *more]:
            return test_everything(more)
        case ["with", name, "--fast", "--", *command]:
            return run_with_servers(name, command, fast=True)
        case ["with", name, "--", *command]:
            return run_with_servers(name, command, fast=False)
        case ["stop", name]:
            return stop_servers(name)
        case ["reset"]:
            return reset()
    print(__doc__)
    return 2


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except LauncherFailure as failure:
        print(f"\n{failure}", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
