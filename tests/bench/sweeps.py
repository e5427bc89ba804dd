"""How cost changes with size, hosts and latency; and what waiting costs. Each with a plot."""

import json
import os
import shutil
import sys
import tempfile
from pathlib import Path

import comparison
import crawlers
import plot
from measuring import measure, median, rate
from servers import NginxSite, SlowSite

NAMES = {"async": "placer async", "wget2": "wget2", "aiohttp": "aiohttp + lxml", "colly": "colly"}
LATENCIES = [0, 20, 200, 1000]  # ms
# Roughly how many pages a backend waits for at once: no series should take longer than 10 s.
AT_ONCE = {"serial": 1, "threads": 16, "processes": 8, "async": 1000}


def say(**facts):
    print(json.dumps(facts), file=sys.stderr, flush=True)


def size(options):
    """CPU a page and peak memory of sites of 1,000 pages and more."""
    those, _ = comparison.available(options, list(NAMES))
    sizes = [1000, 10_000] + ([100_000] if options.large else [])
    there = {crawler.name for crawler in those}
    cost, memory = ({NAMES[name]: [] for name in NAMES if name in there} for _ in range(2))
    for pages in sizes:
        with NginxSite(options, pages) as site:
            for name, results in comparison.rounds(site, options, those).items():
                cost[NAMES[name]].append((pages, 1e6 * median(results, "cpu") / pages))
                memory[NAMES[name]].append((pages, median(results, "peak") / 1e6))
    plot.lines(options.figures / "size.svg", "CPU a page by size of the site", "pages",
               "microseconds of CPU a page", cost)
    plot.lines(options.figures / "memory.svg", "Peak memory by size of the site", "pages", "MB",
               memory)
    print("\nSize, one host: us of CPU a page and peak MB\n")
    print("| crawler | " + " | ".join(f"{pages:,} pages" for pages in sizes) + " |")
    print("|---" * (1 + len(sizes)) + "|")
    for name in cost:
        cells = [f"{us:.0f} us, {mb:.0f} MB" for (_, us), (_, mb) in zip(cost[name], memory[name])]
        print(f"| {name} | " + " | ".join(cells) + " |")


def hosts(options):
    """The same pages spread over 1 to 10,000 hosts, asked of nginx as a proxy."""
    those, _ = comparison.available(options, ["async"])
    counts = [n for n in (1, 10, 100, 1000, 10_000) if n <= options.pages]
    cost, memory = [], []
    for count in counts:
        with NginxSite(options, options.pages, hosts=count) as site:
            results = comparison.rounds(site, options, those)["async"]
        # robots.txt of each host is a request that one host has once.
        cost.append((count, 1e6 * median(results, "cpu") / results[-1]["pages"]))
        memory.append((count, median(results, "peak") / 1e6))
    plot.lines(options.figures / "hosts.svg",
               f"CPU a page of {options.pages:,} pages on so many hosts", "hosts",
               "microseconds of CPU a page", {"placer async": cost}, log_y=False)
    print(f"\n{options.pages:,} pages on so many hosts, a robots.txt each; placer async\n")
    print("| hosts | us of CPU a page | peak MB |\n|---|---|---|")
    for (count, us), (_, mb) in zip(cost, memory):
        print(f"| {count:,} | {us:.0f} | {mb:.0f} |")


def slow_crawl(options, command, pages, delay):
    """Runs what `command`(urls, job file, database) says against so many slow pages."""
    work = Path(tempfile.mkdtemp(prefix="placer-slow-", dir=options.scratch))
    try:
        with SlowSite(options, pages, delay) as site:
            job = work / "job.yaml"
            starts = ", ".join(f"'{url}'" for url in site.urls)
            job.write_text(f"job: slow\nstart: [{starts}]\nscope: {{max_depth: 0}}\n"
                           "politeness: {delay: 0, per_host: 1000, robots: ignore}\n"
                           "fetch: {private_addresses: allow}\n")
            (work / "urls.txt").write_text("\n".join(site.urls))
            result = measure(command(str(work / "urls.txt"), str(job), str(work / "p.db")), work,
                             options.crawler_cores)
            if result["status"] != 0:
                print((work / "output.log").read_text()[-500:], file=sys.stderr)
    finally:
        shutil.rmtree(work)
    result["pages"] = pages
    return result


def placer_on(options, backend, *more):
    return lambda urls, job, database: [options.placer, "run", job, "--backend", backend, "--db",
                                        database, "--quiet", *more]


def python_on(kind):
    return lambda urls, job, database: [crawlers.PYTHON, str(crawlers.PEERS / "waiting.py"), kind,
                                        urls]


def latency(options):
    """Pages a second (wall) by backend, of a server that takes so long for each."""
    series = {}
    for backend in comparison.BACKENDS:
        points = []
        for delay in LATENCIES:
            pages = min(1000, AT_ONCE[backend] * 10_000 // max(delay, 1))
            results = [slow_crawl(options, placer_on(options, backend), pages, delay)
                       for _ in range(options.runs)]
            say(backend=backend, delay=delay, pages=pages, wall=median(results, "wall"),
                cpu=median(results, "cpu"), peak=median(results, "peak"))
            points.append((delay, pages / median(results, "wall")))
        series[backend] = points
    # A logarithmic axis has no zero.
    shown = {name: [(max(delay, 5), y) for delay, y in points] for name, points in series.items()}
    plot.lines(options.figures / "latency.svg", "Pages a second by latency and backend",
               "latency of the server, ms", "pages a second", shown,
               x_names={max(delay, 5): str(delay) for delay in LATENCIES})
    print("\nPages a second (wall), with the program's start and end, by the server's latency\n")
    print("| backend | " + " | ".join(f"{delay} ms" for delay in LATENCIES) + " |")
    print("|---" * (1 + len(LATENCIES)) + "|")
    for name, points in series.items():
        print(f"| {name} | " + " | ".join(f"{y:.1f}" for _, y in points) + " |")


def cores(options):
    """Each backend on one core, the server on another; then on all, which the server shares.

    The server's share is taken off the wall time on all cores, as if it had been elsewhere.
    """
    every, one = os.cpu_count(), options.crawler_cores
    those, _ = comparison.available(options, ["threads", "processes", "async"])
    print(f"\n{options.pages:,} pages on one core and on {every}, medians of {options.runs}\n")
    print(f"| backend | wall s, one | wall s, {every} | CPU s, one | CPU s, {every} "
          "| server's CPU s | times as fast | without the server's share |\n" + "|---" * 8 + "|")
    with NginxSite(options, options.pages) as site:
        alone = comparison.rounds(site, options, those)
        options.crawler_cores = set(range(every))
        both = comparison.rounds(site, options, those)
    options.crawler_cores = one
    for name in alone:
        before, after, server = (median(alone[name], "wall"), median(both[name], "wall"),
                                 median(both[name], "server_cpu"))
        print(f"| {name} | {before:.2f} | {after:.2f} | {median(alone[name], 'cpu'):.2f} "
              f"| {median(both[name], 'cpu'):.2f} | {server:.2f} | {before / after:.2f} "
              f"| {before / (after - server / every):.2f} |")


def waiting(options):
    """The tutorial's five URLs of one second each; then thousands of them at once."""
    five = [(f"placer {name}", placer_on(options, name), 5, 0) for name in comparison.BACKENDS]
    five += [("requests, one by one", python_on("sync"), 5, 1),
             ("requests, threads", python_on("threads"), 5, 1),
             ("requests, processes", python_on("processes"), 5, 1),
             ("aiohttp", python_on("async"), 5, 1)]
    many = [("placer async", placer_on(options, "async", "--set", "backend.window=10000", "--set",
                                       "backend.workers=1"), 10_000, 0),
            ("aiohttp", python_on("async"), 10_000, 1),
            ("placer threads, 1,000 workers", placer_on(options, "threads", "--workers", "1000"),
             1000, 0),
            ("requests, 1,000 threads", python_on("threads"), 1000, 1)]
    rows = []
    for name, command, pages, colour in five + many:
        results = [slow_crawl(options, command, pages, 1000) for _ in range(options.runs)]
        failed = any(result["status"] for result in results)
        rows.append((name, pages, colour, *(median(results, k) for k in ("wall", "cpu", "peak")),
                     " (failed)" if failed else ""))
        say(name=name, pages=pages, wall=rows[-1][3], cpu=rows[-1][4], failed=failed)
    plot.bars(options.figures / "five.svg", "Five pages that take a second each",
              "seconds of wall time", [(row[0], row[3], row[2]) for row in rows if row[1] == 5])
    print(f"\nPages that take 1 s each, medians of {options.runs}\n")
    print("| crawler | pages | wall s | CPU s | peak MB |\n|---|---|---|---|---|")
    for name, pages, _, wall, cpu, peak, failed in rows:
        print(f"| {name}{failed} | {pages:,} | {wall:.2f} | {cpu:.2f} | {peak / 1e6:.0f} |")
