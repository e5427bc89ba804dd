"""The crawlers that are compared: placer on each backend, and peers, as commands to run.

Every peer follows all links of the site and, where it can, writes the places of JSON-LD blocks to
SQLite. Politeness is off everywhere; placer alone still asks for robots.txt. A peer whose tools are
missing is skipped and named.
"""

import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Callable

HERE = Path(__file__).resolve().parent
PEERS = HERE / "peers"
PYTHON = "/usr/bin/python3"  # Debian's, which sees Debian's packages
NO_LIMIT = 1_000_000_000

# Job options beyond the common ones.
PLACER = {
    "serial": [], "threads": [], "processes": [], "async": [],
    "json-ld": ["--set", "extract.formats=[json-ld]"],
    "tree": ["--set", "page.tree=always"],
}
LABELS = {"json-ld": "placer async, JSON-LD alone", "tree": "placer async, a tree for every page"}


@dataclass
class Crawler:
    name: str
    label: str
    command: Callable  # of (url, database, limit, job file)
    ours: bool = False
    slow: bool = False     # may be told to stop after a part of the site
    reads: bool = True     # writes places
    statuses: tuple = (0,)
    environment: dict = field(default_factory=dict)


def job_text(url, hosts="", proxy=""):
    """A job without politeness; `hosts`: its scope, `proxy`: the way there."""
    scope = "max_depth: 1000, max_pages_per_host: 1000000, max_pages: 1000000"
    return (f"job: bench\nstart: ['{url}']\npoliteness: {{delay: 0, per_host: 64}}\n"
            "fetch: {private_addresses: allow" + (f", proxy: '{proxy}'" if proxy else "") + "}\n"
            "scope: {" + scope + (f", hosts: ['{hosts}']" if hosts else "") + "}\n")


def placer(program, name):
    backend = name if name in ("serial", "threads", "processes") else "async"

    def command(url, database, limit, job):
        return [program, "run", job, "--backend", backend, "--db", database, "--quiet",
                *PLACER[name]]

    return Crawler(name, LABELS.get(name, f"placer {name}"), command, ours=True)


def knows_tree(program):
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as job:
        job.write(job_text("http://127.0.0.1/"))
        job.flush()
        return subprocess.run([program, "check", job.name, *PLACER["tree"]],
                              capture_output=True).returncode == 0


def python_peer(script, *more):
    return lambda url, database, limit, job: [PYTHON, str(PEERS / script), url, database,
                                              str(limit), *more]


def imports(*modules):
    return subprocess.run([PYTHON, "-c", "import " + ", ".join(modules)],
                          stderr=subprocess.DEVNULL).returncode == 0


def mirror(name, *arguments):
    return lambda url, database, limit, job: [name, *arguments,
                                              str(Path(database).parent / "pages"), url]


def build_colly(folder):
    """The program, or None and why not."""
    go = shutil.which("go") or "/usr/local/go/bin/go"
    if not os.access(go, os.X_OK):
        return None, "no Go"
    program = folder.absolute() / "colly"
    done = subprocess.run([go, "build", "-o", str(program), "."], cwd=PEERS, capture_output=True,
                          text=True, env={**os.environ, "GOFLAGS": "-buildvcs=false"})
    return (program, "") if done.returncode == 0 else (None, done.stderr.strip()[-200:])


def install_crawlee(folder):
    """The script beside its packages, or None and why not."""
    if not shutil.which("npm"):
        return None, "no npm"
    home = folder.absolute() / "crawlee"
    home.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "crawlee.mjs"):
        shutil.copy(PEERS / name, home)
    done = subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--silent"], cwd=home,
                          capture_output=True, text=True)
    if done.returncode != 0:
        return None, done.stderr.strip()[-200:]
    return home / "crawlee.mjs", ""


def peers(folder, wanted):
    """Those of the wanted peers that can be had, and {name: why not} of the others."""
    have, missing = {}, {}

    def add(crawler, there, why="not installed"):
        if crawler.name not in wanted:
            return
        if there:
            have[crawler.name] = crawler
        else:
            missing[crawler.name] = why

    add(Crawler("wget2", "wget2 (follows links, extracts nothing)",
                mirror("wget2", "--recursive", "--level=0", "--no-verbose", "--no-robots",
                       "--max-threads=16", "-P"),
                reads=False, statuses=(0, 8)),  # 8: some answer was an error
        shutil.which("wget2"))
    add(Crawler("httrack", "httrack (follows links, extracts nothing)",
                mirror("httrack", "--quiet", "--disable-security-limits", "--sockets=16",
                       "--max-rate=0", "--connection-per-second=0", "--robots=0", "--depth=1000",
                       "--path"), reads=False),
        shutil.which("httrack"))
    add(Crawler("aiohttp", "aiohttp + lxml (64, uvloop)", python_peer("aiohttp_places.py")),
        imports("aiohttp", "uvloop", "lxml.html"))
    lxml_requests = imports("requests", "lxml.html")
    add(Crawler("requests", "requests + lxml, one by one", python_peer("requests_places.py", "1")),
        lxml_requests)
    add(Crawler("requests-threads", "requests + lxml, 32 threads",
                python_peer("requests_places.py", "32")), lxml_requests)
    add(Crawler("scrapy", "scrapy (CSS links)", python_peer("scrapy_places.py"), slow=True),
        imports("scrapy"))
    if "colly" in wanted:
        program, why = build_colly(folder)
        add(Crawler("colly", "colly (32)",
                    lambda url, database, limit, job: [str(program), url, database, str(limit)]),
            program, why)
    if "crawlee" in wanted:
        script, why = install_crawlee(folder)
        add(Crawler("crawlee", "Crawlee (cheerio, 64)",
                    lambda url, database, limit, job: ["node", str(script), url, database,
                                                       str(limit)], slow=True,
                    environment={"CRAWLEE_MEMORY_MBYTES": "8192"}),
            script, why)
    return have, missing


def places(crawler, database):
    """How often the crawler's table has each (name, postcode)."""
    if not crawler.reads or not Path(database).exists():
        return None
    column = "addr_postcode" if crawler.ours else "postcode"
    db = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    try:
        return Counter(db.execute(f"SELECT name, {column} FROM place"))
    except sqlite3.Error:
        return Counter()
    finally:
        db.close()
