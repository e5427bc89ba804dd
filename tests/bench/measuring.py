"""Wall time, CPU and memory of a program and its descendants, on one core."""

import os
import statistics
import subprocess
import threading
import time
from pathlib import Path


def tree_memory(pid):
    """Bytes held by a process and its descendants, shared pages split among their users."""
    total, todo = 0, [pid]
    while todo:
        pid = todo.pop()
        try:
            for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1]) * 1024
            todo += map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())
        except (OSError, ValueError):
            pass
    return total


def measure(command, folder, core_set, environment=None):
    """Runs a command; its wall and CPU seconds (children included), peak memory and status.

    What it writes goes to `folder`/output.log.
    """
    begin = time.monotonic()
    with open(Path(folder, "output.log"), "wb") as log:
        process = subprocess.Popen(
            command, cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            env={**os.environ, **(environment or {})},
            preexec_fn=lambda: os.sched_setaffinity(0, core_set))
    peak, done = 0, threading.Event()

    def watch():
        nonlocal peak
        while not done.wait(0.05):
            peak = max(peak, tree_memory(process.pid))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        _, status, usage = os.wait4(process.pid, 0)
    except BaseException:  # this script was told to end
        process.terminate()
        raise
    finally:
        wall = time.monotonic() - begin
        done.set()
        watcher.join()
    process.returncode = os.waitstatus_to_exitcode(status)
    return {"wall": wall, "cpu": usage.ru_utime + usage.ru_stime,
            "peak": max(peak, usage.ru_maxrss * 1024 if peak == 0 else 0),
            "status": process.returncode}


def median(results, key):
    return statistics.median(result[key] for result in results)


def rate(result):
    """Pages per CPU-second."""
    return result["pages"] / max(result["cpu"], 1e-6)
