#!/usr/bin/env python3
"""placer beside its peers on the same work; prints Markdown, writes plots to tests/bench/figures.

Without a mode: each crawler over one generated site, in turn, on one core, the servers on another.
Loopback only. `./dev bench` builds and installs what is needed and calls this.
"""

import argparse
import os
import signal
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def arguments():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--placer", required=True)
    parser.add_argument("--web", required=True, help="the program placer_web")
    parser.add_argument("--build", type=Path, required=True, help="where peers are built")
    mode = parser.add_mutually_exclusive_group()
    for name, what in (("size", "cost by size of the site"),
                       ("hosts", "cost by number of hosts"),
                       ("latency", "pages a second by the server's latency"),
                       ("cores", "one core and all of them, by backend"),
                       ("waiting", "the tutorial's five slow URLs, and thousands of them"),
                       ("all", "the comparison and all of the above"),
                       ("compare", "fail where a ratio to a peer fell since baseline.json"),
                       ("save", "rewrite baseline.json"),
                       ("flame", "a flame graph of placer's crawl")):
        mode.add_argument(f"--{name}", dest="mode", action="store_const", const=name, help=what)
    parser.add_argument("--pages", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--slow-pages", type=int, default=0,
                        help="scrapy and Crawlee stop after so many pages; 0: never")
    parser.add_argument("--large", action="store_true", help="100,000 pages too, in --size")
    parser.add_argument("--only", help="some of the crawlers, by name, separated by commas")
    parser.add_argument("--port", type=int, default=18080)
    parser.add_argument("--scratch", default="/dev/shm", help="where site and databases go")
    parser.add_argument("--figures", type=Path, default=HERE / "figures")
    options = parser.parse_args()
    options.placer, options.web = map(os.path.abspath, (options.placer, options.web))
    return options


def main():
    options = arguments()
    import baseline
    import comparison
    import flame
    import servers
    import sweeps
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that servers and folders go too
    options.server_core, crawler_core = servers.cores()
    options.crawler_cores = {crawler_core}
    os.sched_setaffinity(0, {options.server_core})  # watching must cost the watched nothing
    options.figures.mkdir(exist_ok=True)
    options.build.mkdir(parents=True, exist_ok=True)
    if options.mode in ("compare", "save"):
        return getattr(baseline, options.mode)(options)
    if options.mode == "flame":
        return flame.main(options)
    if options.mode in (None, "all"):
        status = comparison.main(options)
        if options.mode is None:
            return status
    for name in ("size", "hosts", "latency", "cores", "waiting"):
        if options.mode in (name, "all"):
            getattr(sweeps, name)(options)
    return 0


if __name__ == "__main__":
    sys.exit(main())
