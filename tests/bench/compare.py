#!/usr/bin/env python3
"""Crawls one generated site, served by nginx, with each backend and with the peers Debian packages.

Prints a table in Markdown: wall time, CPU, pages per CPU-second, peak memory of the process tree,
places found against the truth; and says whether the backends' tables of places are equal.
nginx runs on one core, the crawlers on another, one after the other, the peers between the backends.
Needs nginx, wget2 and scrapy (`./dev bench` installs them). Loopback only.
"""

import argparse
import hashlib
import json
import os
import shutil
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
BACKENDS = ["serial", "threads", "processes", "async"]
NGINX = """daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 4096; }}
http {{
  access_log {folder}/access.log; sendfile on; keepalive_requests 1000000; default_type text/html;
  client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
  uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
  server {{ listen 127.0.0.1:{port}; root {folder}/site; }}
}}
"""


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


def measure(command, folder, core):
    """Runs a command on one core; its wall and CPU seconds (children included) and peak memory."""
    begin = time.monotonic()
    process = subprocess.Popen(
        command, cwd=folder, stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=open(Path(folder, "stderr.log"), "ab"),
        preexec_fn=lambda: os.sched_setaffinity(0, {core}))
    peak, done = 0, threading.Event()

    def watch():
        nonlocal peak
        while not done.wait(0.05):
            peak = max(peak, tree_memory(process.pid))

    watcher = threading.Thread(target=watch)
    watcher.start()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - begin
    done.set()
    watcher.join()
    process.returncode = os.waitstatus_to_exitcode(status)
    return {"wall": wall, "cpu": usage.ru_utime + usage.ru_stime, "peak": peak,
            "status": process.returncode}


def places_hash(database):
    db = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    columns = [row[1] for row in db.execute("PRAGMA table_info(place)") if not row[1].endswith("_seen")]
    rows = db.execute(f"SELECT {', '.join(columns)} FROM place ORDER BY id").fetchall()
    return len(rows), hashlib.sha256(repr(rows).encode()).hexdigest()[:16]


class Bench:
    def __init__(self, options):
        self.options = options
        self.folder = Path(tempfile.mkdtemp(prefix="placer-bench-", dir=options.scratch))
        cores = sorted(os.sched_getaffinity(0))
        self.server_core, self.crawler_core = cores[0], cores[-1]
        self.url = f"http://127.0.0.1:{options.port}/"

    def __enter__(self):
        site = self.folder / "site"
        subprocess.run([self.options.web, "site", "--pages", str(self.options.pages), "--seed", "1",
                        "--write", str(site), "--truth", str(self.folder / "truth.jsonl")], check=True)
        self.truth = sum(1 for _ in open(self.folder / "truth.jsonl"))
        Path(self.folder, "nginx.conf").write_text(
            NGINX.format(folder=self.folder, port=self.options.port))
        os.chmod(self.folder, 0o755)
        self.nginx = subprocess.Popen(
            ["nginx", "-e", str(self.folder / "error.log"), "-c", str(self.folder / "nginx.conf")],
            preexec_fn=lambda: os.sched_setaffinity(0, {self.server_core}))
        for _ in range(100):
            if (self.folder / "nginx.pid").exists():
                break
            if self.nginx.poll() is not None:
                sys.exit("nginx did not start: " + Path(self.folder, "error.log").read_text())
            time.sleep(0.05)
        Path(self.folder, "job.yaml").write_text(
            f"job: bench\nstart: ['{self.url}']\n"
            "politeness: {delay: 0, per_host: 64}\nfetch: {private_addresses: allow}\n"
            f"scope: {{max_depth: 1000, max_pages_per_host: 1000000, max_pages: 1000000}}\n")
        return self

    def __exit__(self, *_):
        self.nginx.send_signal(signal.SIGTERM)
        self.nginx.wait()
        shutil.rmtree(self.folder)

    def requests(self):
        """Requests since the last call, and whether each page was asked for once."""
        log = self.folder / "access.log"
        paths = [line.split('"')[1].split()[1] for line in log.read_text().splitlines()]
        log.write_text("")
        self.nginx.send_signal(signal.SIGUSR1)  # reopen
        return len(paths), len(paths) == len(set(paths))

    def run(self, name):
        work = self.folder / "work"
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir()
        database = work / "places.db"
        if name == "wget2":
            command = ["wget2", "--recursive", "--level=0", "--no-verbose", "--max-threads=16",
                       "-P", str(work / "pages"), self.url]
        elif name == "scrapy":
            command = ["/usr/bin/python3", str(HERE / "scrapy_places.py"), self.url, str(database)]
        else:
            command = [self.options.placer, "run", str(self.folder / "job.yaml"), "--backend", name,
                       "--db", str(database), "--quiet"]
        result = measure(command, work, self.crawler_core)
        result["name"] = name if name in ("wget2", "scrapy") else f"placer {name}"
        result["requests"], result["once"] = self.requests()
        result["places"], result["hash"] = None, None
        if name in BACKENDS:
            result["places"], result["hash"] = places_hash(database)
        elif name == "scrapy":
            result["places"] = sqlite3.connect(database).execute("SELECT count(*) FROM place").fetchone()[0]
        return result


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--placer", required=True)
    parser.add_argument("--web", required=True, help="the program placer_web")
    parser.add_argument("--pages", type=int, default=10000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--port", type=int, default=18080)
    parser.add_argument("--scratch", default="/dev/shm", help="where site and databases go")
    parser.add_argument("--only", help="some of: " + ", ".join(BACKENDS + ["wget2", "scrapy"]))
    options = parser.parse_args()
    names = options.only.split(",") if options.only else ["serial", "wget2", "threads", "processes",
                                                          "scrapy", "async"]
    runs = {name: [] for name in names}
    with Bench(options) as bench:
        for turn in range(options.runs):
            for name in names:
                result = bench.run(name)
                runs[name].append(result)
                print(json.dumps({"run": turn + 1, **result}), file=sys.stderr, flush=True)
        print(f"{options.pages} pages, {bench.truth} places stated; medians of {options.runs} runs\n")
    print("| crawler | wall s | CPU s | pages per CPU-s (min-max) | peak MB | requests | places |")
    print("|---|---|---|---|---|---|---|")
    for results in runs.values():
        rates = [options.pages / r["cpu"] for r in results]
        middle = {key: statistics.median(r[key] for r in results) for key in ("wall", "cpu", "peak")}
        last = results[-1]
        print(f"| {last['name']} | {middle['wall']:.1f} | {middle['cpu']:.1f} "
              f"| {statistics.median(rates):.0f} ({min(rates):.0f}-{max(rates):.0f}) "
              f"| {middle['peak'] / 1e6:.0f} | {last['requests']} "
              f"| {'-' if last['places'] is None else last['places']} |")
    ours = [r for name in names if name in BACKENDS for r in runs[name]]
    equal = len({r["hash"] for r in ours}) <= 1
    once = all(r["once"] for r in ours)
    print(f"\nThe backends' tables of places are {'equal' if equal else 'NOT EQUAL'}; every page was "
          f"asked for {'once' if once else 'MORE THAN ONCE'} in each run.")
    # wget2 ends with 8 when some link was a 404; the site has those.
    failed = [r["name"] for results in runs.values() for r in results
              if r["status"] not in ((0, 8) if r["name"] == "wget2" else (0,))]
    if failed:
        print("Ended with a failure: " + ", ".join(failed))
    return 0 if equal and once and not failed else 1


if __name__ == "__main__":
    sys.exit(main())
