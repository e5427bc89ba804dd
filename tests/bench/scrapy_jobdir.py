#!/usr/bin/env python3
"""Kills crawls of one site with SIGKILL at random moments and resumes them: scrapy with JOBDIR, and placer.

Each crawl is killed a few times and then run until it ends by itself. An item counts as lost when
the crawl has ended without an error and the item is nowhere: not in the file that scrapy appends to
line by line, not in placer's database. Needs /usr/bin/python3 with scrapy (Debian's python3-scrapy);
says so plainly when it is missing, and then measures placer alone. Loopback only.
"""

import argparse
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SPIDER = '''
import json, os, sys
import scrapy
from scrapy.crawler import CrawlerProcess

class Pages(scrapy.Spider):
    name = "pages"
    def parse(self, response):
        # One write for each item: what a pipeline does that loses nothing by itself.
        line = json.dumps({"url": response.url}) + "\\n"
        os.write(self.settings["OUT"], line.encode())
        for href in response.css("a::attr(href)").getall():
            url = response.urljoin(href)
            if url.startswith(self.start_urls[0]):
                yield scrapy.Request(url, self.parse)

start, jobdir, out = sys.argv[1:]
process = CrawlerProcess({
    "JOBDIR": jobdir, "CONCURRENT_REQUESTS": 16, "CONCURRENT_REQUESTS_PER_DOMAIN": 16,
    "ROBOTSTXT_OBEY": True, "COOKIES_ENABLED": False, "TELNETCONSOLE_ENABLED": False,
    "LOG_LEVEL": "ERROR", "OUT": os.open(out, os.O_WRONLY | os.O_CREAT | os.O_APPEND)})
process.crawl(Pages, start_urls=[start])
process.start()
'''


def run_until_killed(command, folder, kill_after):
    """Runs a command; SIGKILL to its group after so many seconds (None: never). Its exit status and stderr."""
    with open(folder / "stderr.log", "wb") as errors:
        process = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stderr=errors,
                                   stdout=subprocess.DEVNULL, start_new_session=True)
        try:
            process.wait(timeout=kill_after)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    return process.returncode, (folder / "stderr.log").read_text(errors="replace")


class Scrapy:
    name = "scrapy with JOBDIR"

    def __init__(self, url, folder):
        (folder / "spider.py").write_text(SPIDER)
        self.out = folder / "items.jsonl"
        self.command = ["/usr/bin/python3", str(folder / "spider.py"), url, str(folder / "job"), str(self.out)]

    def items(self):
        if not self.out.exists():
            return []
        lines = self.out.read_text(errors="replace").splitlines()
        return [json.loads(line)["url"] for line in lines if line.endswith("}")]


class Placer:
    name = "placer"

    def __init__(self, url, folder, program):
        self.database = folder / "pages.db"
        (folder / "job.yaml").write_text(
            f"job: kills\nstart: ['{url}']\npoliteness: {{delay: 0, per_host: 16}}\n"
            "fetch: {private_addresses: allow}\nscope: {max_depth: 1000}\n")
        self.command = [program, "run", str(folder / "job.yaml"), "--db", str(self.database), "--quiet"]

    def items(self):
        if not self.database.exists():
            return []
        db = sqlite3.connect(self.database)
        try:
            return [row[0] for row in db.execute("SELECT url FROM page WHERE status = 'ok'")]
        except sqlite3.OperationalError:
            return []  # killed before the schema was there
        finally:
            db.close()


def crawl(make, whole_seconds, kills, rng, expected):
    """One crawl with kills. What was lost and doubled, and how it ended."""
    folder = Path(tempfile.mkdtemp(prefix="placer-kills-"))
    try:
        crawler = make(folder)
        made = 0
        while made < kills:
            status, _ = run_until_killed(crawler.command, folder, rng.uniform(0, whole_seconds))
            if status != -signal.SIGKILL:
                break  # it ended before its time
            made += 1
        status, errors = run_until_killed(crawler.command, folder, None)
        items = crawler.items()
        return {"kills": made, "status": status, "said_errors": bool(errors.strip()),
                "lost": len(expected - set(items)), "doubled": len(items) - len(set(items))}
    finally:
        shutil.rmtree(folder)


def measure(make, options, seed):
    """The items of an unbroken crawl, then crawls with kills."""
    folder = Path(tempfile.mkdtemp(prefix="placer-kills-"))
    crawler = make(folder)
    begin = time.monotonic()
    status, errors = run_until_killed(crawler.command, folder, None)
    whole_seconds = time.monotonic() - begin
    expected = set(crawler.items())
    shutil.rmtree(folder)
    if status != 0 or len(expected) < options.pages * 0.9:
        sys.exit(f"{crawler.name}: the unbroken crawl ended with {status} and {len(expected)} items: {errors}")
    rng = random.Random(seed)
    crawls = [crawl(make, whole_seconds, options.kills, rng, expected) for _ in range(options.crawls)]
    silent = [c for c in crawls if c["lost"] and c["status"] == 0 and not c["said_errors"]]
    print(f"| {crawler.name} | {whole_seconds:.1f} | {len(crawls)} | {sum(c['kills'] for c in crawls)} "
          f"| {sum(1 for c in crawls if c['lost'])} | {sum(c['lost'] for c in crawls)} "
          f"of {len(expected) * len(crawls)} | {max(c['lost'] for c in crawls)} "
          f"| {len(silent)} | {sum(c['doubled'] for c in crawls)} |", flush=True)
    return crawls


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--placer", required=True)
    parser.add_argument("--web", required=True, help="the program placer_web")
    parser.add_argument("--pages", type=int, default=400)
    parser.add_argument("--crawls", type=int, default=20)
    parser.add_argument("--kills", type=int, default=3, help="of each crawl")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    scrapy = subprocess.run(["/usr/bin/python3", "-c", "import scrapy"], stderr=subprocess.DEVNULL)
    web = subprocess.Popen([options.web, "site", "--pages", str(options.pages), "--until-eof"],
                           stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        url = web.stdout.readline().strip()
        print("| crawler | unbroken crawl s | crawls | kills | crawls that lost items | items lost "
              "| most in one | of these without an error | doubled |\n|---|---|---|---|---|---|---|---|---|")
        ours = measure(lambda folder: Placer(url, folder, str(Path(options.placer).resolve())), options,
                       options.seed)
        if scrapy.returncode == 0:
            measure(lambda folder: Scrapy(url, folder), options, options.seed)
        else:
            print("\nscrapy was not measured: python3-scrapy is not installed")
        return 0 if all(c["lost"] == c["doubled"] == c["status"] == 0 for c in ours) else 1
    finally:
        web.stdin.close()
        web.wait()


if __name__ == "__main__":
    sys.exit(main())
