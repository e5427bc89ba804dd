"""A flame graph of placer's crawl: perf's samples, folded by call chain, drawn as SVG."""

import collections
import html
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import crawlers
from servers import NginxSite

WIDTH, ROW, SMALLEST = 1200, 17, 0.0015  # pixels, pixels, share of all samples
# What a frame belongs to, by the first pattern found in its name or file; colours light and dark.
KINDS = [("kernel", r"\(\[", "#b9c0c7", "#59636d"),
         ("Gumbo", r"gumbo|libgumbo", "#e8a087", "#a8553a"),
         ("SQLite", r"libsqlite|sqlite3", "#e3cf7a", "#8a7422"),
         ("libcurl", r"libcurl|curl_", "#9fcbe8", "#2f6d94"),
         ("placer: page", r"placer::(page|[^(]*(Tree|Scan|scan|Links|links|Charset|decode))",
          "#9ad3b0", "#2c7a50"),
         ("placer: the rest", r"placer::", "#c9b3e0", "#6b4a92"),
         ("other libraries", r"", "#d9d4ca", "#6d675c")]
LIBRARIES = ("Gumbo", "SQLite", "libcurl")


def record(options, folder):
    """Crawls under perf; the path of its samples. None when perf may not sample here."""
    samples = folder / "perf.data"
    with NginxSite(options, options.pages) as site:
        job = folder / "job.yaml"
        job.write_text(crawlers.job_text(site.url))
        command = ["taskset", "-c", ",".join(map(str, options.crawler_cores)),
                   "perf", "record", "-q", "-F", "997", "--call-graph", "dwarf,32768",
                   "-o", str(samples), "--", options.placer, "run", str(job),
                   "--backend", "async", "--db", str(folder / "p.db"), "--quiet"]
        done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0 or not samples.exists():
        print("perf: " + done.stderr.strip()[-500:], file=sys.stderr)
        return None
    return samples


def short(name):
    """A C++ name without arguments, template arguments and clones."""
    name = re.sub(r"\[clone [^]]*\]|\[abi:[^]]*\]|@.*", "", name)
    while (shorter := re.sub(r"<[^<>]*>", "", name)) != name:
        name = shorter
    name = name.replace("(anonymous namespace)::", "").split("(")[0].strip()
    return name or "?"


def tidied(frames):
    """Outermost first; the kernel as one frame, and what a library calls coloured as its own."""
    chain, kernel, others = [], 0, len(KINDS) - 1
    for name, kind in reversed(frames):
        if kind == kernel:
            name = "kernel"
        elif kind == others and chain and KINDS[chain[-1][1]][0] in LIBRARIES:
            kind = chain[-1][1]
        if kind != kernel or not chain or chain[-1][1] != kernel:
            chain.append((name, kind))
    return tuple(chain)


def chains(lines):
    """Each sample's frames, as (name, kind), from `perf script`."""
    frames = []
    for line in lines:
        line = line.strip()
        if not line:
            if frames:
                yield tidied(frames)
            frames = []
        elif (found := re.match(r"[0-9a-f]+ (.*) \((.*)\)$", line)):
            name, file = re.sub(r"\+0x[0-9a-f]+$", "", found[1]), found[2]
            if file == "[unknown]":  # nothing is there: the stack could not be followed further
                continue
            text = f"{name} ({file})"
            kind = next(i for i, (_, pattern, *_) in enumerate(KINDS) if re.search(pattern, text))
            frames.append((short(name) if name != "[unknown]" else f"[{Path(file).name}]", kind))
    if frames:
        yield tidied(frames)


class Node:
    def __init__(self):
        self.count, self.children = 0, collections.defaultdict(Node)


def tree_of(samples):
    command = ["perf", "script", "-i", str(samples), "--no-inline", "-F", "ip,sym,dso"]
    script = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                              text=True, errors="replace")
    root, leaves = Node(), collections.Counter()
    for frames in chains(script.stdout):
        node = root
        node.count += 1
        leaves[frames[-1][0]] += 1
        for frame in frames:
            node = node.children[frame]
            node.count += 1
    script.wait()
    return root, leaves


def draw(root, title):
    """Rectangles from the outermost frame at the top downwards; wider is more CPU."""
    boxes, deepest = [], 0
    todo = [(root, 0.0, 0)]
    while todo:
        node, x, depth = todo.pop()
        for (name, kind), child in sorted(node.children.items()):
            width = WIDTH * child.count / root.count
            if child.count >= SMALLEST * root.count:
                deepest = max(deepest, depth)
                share = 100 * child.count / root.count
                fits = int((width - 6) / 6.3)
                words = html.escape(name if len(name) <= fits else name[:max(fits - 1, 0)] + "…")
                y = 52 + depth * ROW
                label = f'<text x="{x + 3:.1f}" y="{y + 12}">{words}</text>' if fits > 2 else ""
                boxes.append(f'<g><title>{html.escape(name)}: {share:.1f} %</title>'
                             f'<rect class="k{kind}" x="{x:.1f}" y="{y}" '
                             f'width="{max(width - 0.5, 0.5):.1f}" height="{ROW - 1}"/>{label}</g>')
                todo.append((child, x, depth + 1))
            x += width
    height = 52 + (deepest + 1) * ROW + 8
    rules = ["".join(f".k{i}{{fill:{kind[2 + dark]}}}" for i, kind in enumerate(KINDS))
             for dark in (0, 1)]
    legend, x = [], 8
    for i, kind in enumerate(KINDS):
        legend.append(f'<rect class="k{i}" x="{x}" y="31" width="12" height="12"/>'
                      f'<text x="{x + 17}" y="41">{kind[0]}</text>')
        x += 32 + 7 * len(kind[0])
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
            f'width="{WIDTH}" height="{height}" role="img" '
            f'aria-label="{html.escape(title, quote=True)}"><style>text{{font:11px '
            f'ui-monospace,monospace;fill:#1c2329}}.title{{font:600 15px system-ui,sans-serif}}'
            f'.paper{{fill:#fff}}{rules[0]}@media (prefers-color-scheme:dark){{text{{fill:#e8edf1}}'
            f'.paper{{fill:#14191d}}{rules[1]}}}</style><rect class="paper" width="{WIDTH}" '
            f'height="{height}"/><text class="title" x="8" y="20">{html.escape(title)}</text>' +
            "".join(legend) + "\n" + "\n".join(boxes) + "\n</svg>\n")


def main(options):
    if not shutil.which("perf"):
        raise SystemExit("needs perf (Debian's linux-perf)")
    folder = Path(tempfile.mkdtemp(prefix="placer-flame-", dir=options.scratch))
    try:
        samples = record(options, folder)
        if samples is None:
            return 1
        root, leaves = tree_of(samples)
    finally:
        shutil.rmtree(folder)
    title = f"placer async, {options.pages:,} pages: {root.count:,} samples of CPU time"
    (options.figures / "flame.svg").write_text(draw(root, title))
    print("| function | share of CPU, itself |\n|---|---|")
    for name, count in leaves.most_common(25):
        print(f"| {name} | {100 * count / root.count:.1f} % |")
    return 0
