"""50 MB by tus-js-client through a line that is cut 20 times: whole, once, and with the same hash."""

from __future__ import annotations

import hashlib
import json
import random
import shutil
import subprocess
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from uuid import uuid4

from benchmarks import cluster
from benchmarks.base import MET, MISSED, NO_VERDICT, Benchmark, Result, Unequal
from benchmarks.processes import serve
from foundation.actor import as_actor
from records.models import Evidence
from tests.browser.line import BadLine
from tests.cast import actor
from tests.clients import signed_in

CLIENT = "tus-js-client@4.3.1"
CUTS, CSRF = 20, "c" * 32
HERE = Path(__file__).parent


class Tus50MB(Benchmark):
    title = "50 MB by tus-js-client through a line that is cut 20 times"
    anchor = "none: a count, not a race"
    ours = f"granian, 1 worker, offsets in PostgreSQL; {CLIENT} under node, pieces of 1 MiB"
    limit = "the file is whole, filed once, with the sender's SHA-256"
    goal = "20 cuts, 0 lost, 0 twice"

    def open(self, stack: ExitStack) -> None:
        self._folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        name = stack.enter_context(cluster.database("tus"))
        self._session = signed_in("lin").cookies["sessionid"].value
        server = serve(stack, cluster.environment(name, QCCHAIN_DATA=str(self._folder / "data")), workers=1)
        self._line = BadLine(f"http://127.0.0.1:{server.port}")
        stack.callback(self._line.close)
        self._has_client = self._installed()

    def _installed(self) -> bool:
        """The client from its registry, pinned; a machine without node or a network gives no verdict."""
        npm = shutil.which("npm")
        if npm is None or shutil.which("node") is None:
            return False
        words = [npm, "install", "--silent", "--no-fund", "--no-audit", "--prefix", str(self._folder), CLIENT]
        return subprocess.run(words, capture_output=True, timeout=300, check=False).returncode == 0

    def check(self) -> None:
        """A small file over a whole line first."""
        if self._has_client and not self._sent(200_000, cuts=0)["whole"]:
            raise Unequal("tus-js-client could not send a small file over a whole line")

    def measure(self) -> Result:
        if not self._has_client:
            return Result(NO_VERDICT, ["node, npm or the registry is missing here: the client could not be had"])
        size, began = 5_000_000 if self.quick else 50_000_000, time.monotonic()
        said = self._sent(size, cuts=CUTS if not self.quick else 3)
        seconds = time.monotonic() - began
        with as_actor(actor("lin")):
            filed = list(Evidence.objects.filter(size=size).values_list("sha256", flat=True))
        good = bool(said["whole"]) and filed == [said["sha256"]] and self._line.made == said["cuts"]
        lines = [
            f"{size:,} bytes in {seconds:.1f} s: {self._line.made} cuts, the client went on {said['again']} times",
            f"filed {len(filed)} time(s), hash {'equal' if filed == [said['sha256']] else 'DIFFERS'}",
        ]
        return Result(MET if good else MISSED, lines, {"seconds": round(seconds, 1), "cuts": self._line.made, "again": said["again"]})

    def _sent(self, size: int, *, cuts: int) -> dict[str, object]:
        body = b"%PDF-1.7\n" + random.Random(size).randbytes(size - 16) + b"\n%%EOF\n"
        path = self._folder / f"{size}.pdf"
        path.write_bytes(body)
        self._line.made, self._line.cuts, self._line.bytes_each = 0, cuts, 300_000
        sha256 = hashlib.sha256(body).hexdigest()
        told = {"filename": path.name, "sha256": sha256, "client_id": str(uuid4()), "purpose": "paper"}
        headers = {"Cookie": f"sessionid={self._session}; csrftoken={CSRF}", "X-CSRFToken": CSRF}
        words = ["node", str(HERE / "upload.mjs"), str(self._folder), f"{self._line.url}/evidence/tus/", str(path)]
        ran = subprocess.run([*words, json.dumps(told), json.dumps(headers)], capture_output=True, timeout=600, check=False)
        said = json.loads(ran.stdout.splitlines()[-1]) if ran.stdout else {"whole": False, "again": 0, "error": ran.stderr.decode()[-400:]}
        return {**said, "sha256": sha256, "cuts": cuts}
