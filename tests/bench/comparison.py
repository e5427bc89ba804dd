"""The main comparison: each crawler over the same site in turn, several rounds, as a table."""

import hashlib
import json
import shutil
import sqlite3
import statistics
import sys

import crawlers
import plot
from measuring import measure, median, rate
from servers import NginxSite

BACKENDS = ["serial", "threads", "processes", "async"]
# placer's forms stand between the peers, so that a minute in which the machine is busy hits both.
ORDER = ["serial", "wget2", "threads", "aiohttp", "async", "colly", "processes", "requests",
         "json-ld", "httrack", "requests-threads", "tree", "scrapy", "crawlee"]
REFERENCE = "async"


def table_hash(database):
    """Of all of `place` but its times."""
    db = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    columns = [row[1] for row in db.execute("PRAGMA table_info(place)")
               if not row[1].endswith("_seen")]
    rows = db.execute(f"SELECT {', '.join(columns)} FROM place ORDER BY id").fetchall()
    db.close()
    return hashlib.sha256(repr(rows).encode()).hexdigest()[:16]


def run(crawler, site, options, limit=crawlers.NO_LIMIT):
    """One crawl of the site: what it cost and what it found."""
    work = site.folder / "work"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    job, database = work / "job.yaml", str(work / "places.db")
    proxied = ("*.site.example", site.proxy) if site.hosts else ()
    job.write_text(crawlers.job_text(site.url, *proxied))
    command = crawler.command(site.url, database, limit, str(job))
    served = site.cpu()
    result = measure(command, work, options.crawler_cores, crawler.environment)
    result["server_cpu"] = site.cpu() - served
    result.update(site.requests())
    result["failed"] = result["status"] not in crawler.statuses
    if result["failed"]:
        print(crawler.label, "ended with", result["status"],
              (work / "output.log").read_text(errors="replace")[-500:], file=sys.stderr)
    found = crawlers.places(crawler, database)
    if found is not None:
        result["right"] = sum((found & site.truth).values())
        result["rows"] = sum(found.values())
    if crawler.ours and not result["failed"]:
        result["hash"] = table_hash(database)
    shutil.rmtree(work)
    return result


def available(options, names):
    """The crawlers of those names in the order in which they take turns; and what is missing."""
    have, missing = crawlers.peers(options.build, names)
    for name in names:
        if name in crawlers.PLACER:
            have[name] = crawlers.placer(options.placer, name)
    if "tree" in have and not crawlers.knows_tree(options.placer):
        missing["tree"] = "no option page.tree"
        del have["tree"]
    return [have[name] for name in ORDER if name in have], missing


def rounds(site, options, those):
    """{name: its results}, round by round."""
    results = {crawler.name: [] for crawler in those}
    for turn in range(options.runs):
        for crawler in those:
            part = options.slow_pages if crawler.slow else 0
            result = run(crawler, site, options, part or crawlers.NO_LIMIT)
            results[crawler.name].append(result)
            print(json.dumps({"round": turn + 1, "crawler": crawler.name, **result}),
                  file=sys.stderr, flush=True)
    return results


def ratios(results, name, to):
    """How many times the pages per CPU-second of `to` the crawler did, round by round."""
    return [rate(a) / rate(b) for a, b in zip(results[name], results[to])]


def places_cell(result, part):
    if "right" not in result:
        return "-"
    others = result["rows"] - result["right"]
    return f"{result['right']}{f' + {others}' if others else ''}{' (of the part)' if part else ''}"


def table(those, results, site, options):
    stated = sum(site.truth.values())
    lines = ["| crawler | wall s | CPU s | pages | pages per CPU-s (min-max) "
             f"| placer {REFERENCE} does | peak MB | requests | places of {stated} |",
             "|---|---|---|---|---|---|---|---|---|"]
    for crawler in sorted(those, key=lambda c: -statistics.median(map(rate, results[c.name]))):
        own = results[crawler.name]
        rates = sorted(map(rate, own))
        times = (f"{statistics.median(ratios(results, REFERENCE, crawler.name)):.2f} times as much"
                 if REFERENCE in results else "-")
        part = crawler.slow and options.slow_pages and options.slow_pages < site.pages
        lines.append(
            f"| {crawler.label} | {median(own, 'wall'):.2f} | {median(own, 'cpu'):.2f} "
            f"| {own[-1]['pages']} "
            f"| {statistics.median(rates):.0f} ({rates[0]:.0f}-{rates[-1]:.0f}) | {times} "
            f"| {median(own, 'peak') / 1e6:.0f} | {own[-1]['requests']} "
            f"| {places_cell(own[-1], part)} |")
    return "\n".join(lines)


def draw(those, results, options):
    middle = {c.name: statistics.median(map(rate, results[c.name])) for c in those}
    plot.bars(options.figures / "comparison.svg", f"{options.pages:,} pages on one core",
              "pages per CPU-second",
              [(c.label.split(" (")[0], middle[c.name], 0 if c.ours else 1)
               for c in sorted(those, key=lambda c: -middle[c.name])])


def main(options):
    names = options.only.split(",") if options.only else ORDER
    if unknown := set(names) - set(ORDER):
        raise SystemExit(f"no such crawler: {', '.join(unknown)}; there are {', '.join(ORDER)}")
    those, missing = available(options, names)
    with NginxSite(options, options.pages) as site:
        results = rounds(site, options, those)
    print(f"{options.pages} pages, {sum(site.truth.values())} places stated; medians of "
          f"{options.runs} rounds. Places: name and postcode as stated, + other rows.\n")
    print(table(those, results, site, options))
    draw(those, results, options)
    ours = [r for name in BACKENDS for r in results.get(name, [])]
    equal = len({r.get("hash") for r in ours}) <= 1
    once = all(r["once"] for r in ours)
    print(f"\nThe backends' tables of places are {'equal' if equal else 'NOT EQUAL'}; every page "
          f"was asked for {'once' if once else 'MORE THAN ONCE'} in each run.")
    for name, why in missing.items():
        print(f"Skipped: {name} ({why})")
    failed = sorted({name for name, own in results.items() if any(r["failed"] for r in own)})
    if failed:
        print("Ended with a failure: " + ", ".join(failed))
    return 0 if equal and once and not failed else 1
