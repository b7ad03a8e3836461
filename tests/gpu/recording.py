"""What a document says of its last run, and what is wrong with it.

    python recording.py DOCUMENT...     prints what is wrong, and ends with 1 if anything is
"""

import contextlib
import pathlib
import sqlite3
import statistics
import sys
from collections import Counter
from typing import List

KERNELS = "CUPTI_ACTIVITY_KIND_KERNEL"
COPIES = "CUPTI_ACTIVITY_KIND_MEMCPY"
INSIDE = "EXISTS (SELECT 1 FROM iteration i WHERE i.run = k.run AND i.number >= 0 AND k.start >= i.start AND k.end <= i.end)"
OF_NODE = "EXISTS (SELECT 1 FROM node n WHERE n.key = k.node)"
AFTER_CALL = (
    "EXISTS (SELECT 1 FROM CUPTI_ACTIVITY_KIND_RUNTIME r "
    "WHERE r.run = k.run AND r.correlationId = k.correlationId AND r.start <= k.start)"
)


class Recording:
    """The last run of a document. `figures` are for the result, `failures` are sentences."""

    def __init__(self, document: pathlib.Path) -> None:
        self.failures: List[str] = []
        self.figures: dict = {}
        self.kernels: Counter = Counter()  # by name
        with contextlib.closing(sqlite3.connect(f"file:{document}?mode=ro", uri=True)) as self.connection:
            self.connection.row_factory = sqlite3.Row
            row = self.connection.execute("SELECT * FROM run ORDER BY id DESC LIMIT 1").fetchone()
            if row is None:
                self.failures.append("the document has no run")
                return
            self.run = dict(row)
            self.figures["run"] = self.run
            self.look_at_nodes()
            self.look_at_kernels()

    def one(self, query: str) -> int:
        return self.connection.execute(query, (self.run["id"],)).fetchone()[0]

    def look_at_nodes(self) -> None:
        run = self.run
        slices = self.one("SELECT coalesce(sum(n), 0) FROM node_chunk WHERE run = ?")
        times = self.connection.execute(
            "SELECT number, end - start FROM iteration WHERE run = ? ORDER BY number", (run["id"],)
        ).fetchall()
        warm_ups = [time for number, time in times if number < 0]
        recorded = [time for number, time in times if number >= 0]
        self.figures["slices"] = slices
        if warm_ups:
            self.figures["not_recorded_ms"] = statistics.median(warm_ups[len(warm_ups) // 2 :]) / 1e6
        if recorded:
            self.figures["recorded_ms"] = statistics.median(recorded) / 1e6
        if run["state"] != "done":
            self.failures.append(f"the run ended as {run['state']}")
        if not run["executed"] or run["executed"] != run["recorded"] or run["recorded"] != slices:
            self.failures.append(f"executed {run['executed']}, recorded {run['recorded']}, stored {slices} nodes")
        if run["dropped"]:
            self.failures.append(f"{run['dropped']} node slices were dropped")
        if run["outputs_equal"] != "yes":
            self.failures.append(f"outputs equal to the stock executor's: {run['outputs_equal']}")

    def look_at_kernels(self) -> None:
        run = self.run
        count = f"SELECT count(*) FROM {KERNELS} k WHERE run = ?"
        stored = self.one(count)
        of_nodes = self.one(f"{count} AND {OF_NODE}")
        inside = self.one(f"{count} AND {INSIDE}")
        by_iteration = self.connection.execute(
            f"SELECT count(k.start) FROM iteration i LEFT JOIN {KERNELS} k "
            "ON k.run = i.run AND k.start >= i.start AND k.end <= i.end "
            "WHERE i.run = ? AND i.number >= 0 GROUP BY i.number ORDER BY i.number",
            (run["id"],),
        ).fetchall()
        names = self.connection.execute(
            f"SELECT s.value, count(*) FROM {KERNELS} k JOIN StringIds s ON s.id = k.demangledName WHERE k.run = ? GROUP BY 1",
            (run["id"],),
        ).fetchall()
        self.kernels = Counter({name: number for name, number in names})
        self.figures.update(
            kernels_stored=stored,
            kernels_of_nodes=of_nodes,
            kernels_inside=inside,
            kernels_after_a_call=self.one(f"{count} AND {AFTER_CALL}"),
            kernels_by_iteration=[row[0] for row in by_iteration],
            kernel_ms=self.one(f"SELECT coalesce(sum(end - start), 0) FROM {KERNELS} WHERE run = ?")
            / 1e6
            / max(len(by_iteration), 1),
            copies=self.one(f"SELECT count(*) FROM {COPIES} WHERE run = ?") / max(len(by_iteration), 1),
        )
        if run["device"] == "cpu":
            return
        if not run["launched"]:
            self.failures.append("no kernel was launched")
        if run["launched"] != run["kernels"] or run["kernels"] != stored:
            self.failures.append(f"launched {run['launched']}, recorded {run['kernels']}, stored {stored} kernels")
        if run["unattributed"] or of_nodes != stored:
            self.failures.append(f"{of_nodes} of {stored} kernels are linked to a node")
        if inside != stored:
            self.failures.append(f"{inside} of {stored} kernels lie inside an iteration")


def main() -> int:
    wrong = 0
    for name in sys.argv[1:]:
        recording = Recording(pathlib.Path(name))
        for failure in recording.failures:
            print(f"{name}: {failure}")
        wrong += len(recording.failures)
    return 1 if wrong or len(sys.argv) < 2 else 0


if __name__ == "__main__":
    sys.exit(main())
