"""Regressions, as ratios to peers in the same run, which hold on another machine too.

baseline.json keeps, for each of placer's forms, how many times the pages per CPU-second of a peer
it did. `compare` fails when such a ratio has fallen by more than a sixth or so (TOLERANCE).
"""

import json
import statistics
from pathlib import Path

import comparison
from servers import NginxSite

FILE = Path(__file__).resolve().parent / "baseline.json"
TOLERANCE = 0.15
PEERS = ["wget2", "scrapy"]
PAGES, SLOW_PAGES, RUNS = 3000, 500, 5


def measure(options):
    """{"async / wget2": ratio, ...}, the median of several rounds."""
    options.runs, options.slow_pages = RUNS, SLOW_PAGES
    those, missing = comparison.available(options, comparison.BACKENDS + PEERS)
    if missing:
        raise SystemExit("needs " + ", ".join(missing))
    with NginxSite(options, PAGES) as site:
        results = comparison.rounds(site, options, those)
    failed = [name for name, own in results.items() if any(r["failed"] for r in own)]
    if failed:
        raise SystemExit("ended with a failure: " + ", ".join(failed))
    return {f"{name} / {peer}": statistics.median(comparison.ratios(results, name, peer))
            for name in comparison.BACKENDS for peer in PEERS}


def save(options):
    kept = {name: round(ratio, 3) for name, ratio in measure(options).items()}
    FILE.write_text(json.dumps({"pages": PAGES, "ratios": kept}, indent=2) + "\n")
    print(FILE.read_text(), end="")
    return 0


def compare(options):
    if not FILE.exists():
        raise SystemExit("there is no baseline yet: ./dev bench --save")
    kept, fell = json.loads(FILE.read_text())["ratios"], []
    found = measure(options)
    print("| pages per CPU-second, as a ratio | kept | now | change | |\n|---|---|---|---|---|")
    for name, before in kept.items():
        change = found[name] / before - 1
        if change < -TOLERANCE:
            fell.append(name)
        print(f"| {name} | {before:.3f} | {found[name]:.3f} | {100 * change:+.0f} % "
              f"| {'FELL' if change < -TOLERANCE else ''} |")
    if fell:
        print(f"\nMore than {100 * TOLERANCE:.0f} % slower than the baseline: " + ", ".join(fell))
    return 1 if fell else 0
