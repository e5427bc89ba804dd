#!/usr/bin/env python3
"""Reads the same saved pages with placer and with extruct, in turn on one core: facts and speed.

The pages are those of a generated site and those of any folders named (*.html). Facts are compared
format by format: every page's items, brought to one form, must be equal to count as the same; then
CPU seconds are compared, everything included (reading JSON lines and base64 for placer, parsing with
lxml for extruct). Needs Debian's python3-extruct (`./dev bench` installs it); run it with
/usr/bin/python3.
"""

import argparse
import base64
import json
import logging
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import extruct

# placer's name, extruct's name
FORMATS = {"json-ld": "json-ld", "microdata": "microdata", "rdfa": "rdfa",
           "microformats": "microformat", "opengraph": "opengraph"}


def bare(name):
    """schema:name, http://schema.org/name, https://schema.org/name -> name."""
    for prefix in ("https://schema.org/", "http://schema.org/", "schema:"):
        if isinstance(name, str) and name.startswith(prefix):
            return name[len(prefix):]
    return name


def facts(value, out, key=""):
    """Every (property, text) of nested items, white space evened out."""
    if isinstance(value, dict):
        if "@value" in value:
            return facts(value["@value"], out, key)
        for name, inner in value.items():
            if name in ("@context", "@id", "id"):
                continue
            facts(inner, out, {"@type": "type"}.get(name, bare(name)))
    elif isinstance(value, (list, tuple)):
        if len(value) == 2 and all(isinstance(part, str) for part in value) and ":" in value[0]:
            out[(bare(value[0]), " ".join(value[1].split()))] += 1  # OpenGraph's pairs
            return out
        for inner in value:
            facts(inner, out, key)
    elif value is not None:
        out[(key, " ".join(str(bare(value)).split()))] += 1
    return out


def read_pages(folders, web):
    pages = []
    with tempfile.TemporaryDirectory() as site:
        subprocess.run([web, "site", "--pages", "1000", "--seed", "1", "--write", site],
                       check=True, stdout=subprocess.DEVNULL)
        for root in [site, *folders]:
            for path in sorted(Path(root).rglob("*")):
                if path.is_file() and (root == site or path.suffix == ".html"):
                    pages.append((str(path), path.read_bytes()))
    return [page for page in pages if not page[0].endswith((".txt", ".jsonl"))]


def with_placer(placer, pages):
    lines = "".join(json.dumps({"id": i, "url": "http://example.org/", "content_type": "",
                                "formats": list(FORMATS), "places": False, "html_b64": base64.b64encode(body).decode()}) + "\n"
                    for i, (_, body) in enumerate(pages))
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([placer, "debug", "extract"], input=lines, capture_output=True, text=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return [json.loads(line).get("raw", {}) for line in done.stdout.splitlines()], cpu


def with_extruct(pages):
    found = []
    for _, body in pages:
        page = {}
        for ours, theirs in FORMATS.items():  # one at a time: an error in one loses no other
            try:
                page[ours] = extruct.extract(body, base_url="http://example.org/", syntaxes=[theirs])[theirs]
            except Exception:  # it raises on some pages; that is a result too
                page[ours] = None
        found.append(page)
    begin = time.process_time()
    for _, body in pages:
        try:
            extruct.extract(body, base_url="http://example.org/", syntaxes=list(FORMATS.values()))
        except Exception:
            pass
    return found, time.process_time() - begin


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--placer", required=True)
    parser.add_argument("--web", required=True, help="the placer_web program, which generates the site")
    parser.add_argument("--show", action="store_true", help="name the pages on which the facts differ")
    parser.add_argument("folders", nargs="*", help="more pages")
    args = parser.parse_args()
    logging.disable(logging.CRITICAL)
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})

    pages = read_pages(args.folders, args.web)
    ours, our_cpu = with_placer(args.placer, pages)
    theirs, their_cpu = with_extruct(pages)
    print(f"{len(pages)} pages, {sum(len(body) for _, body in pages) / len(pages) / 1024:.1f} KB on average\n")
    print("| format | pages with items: placer | extruct | same facts | only placer | only extruct | differ |")
    print("|---|---|---|---|---|---|---|")
    for name in FORMATS:
        count = Counter()
        for (path, _), a, b in zip(pages, ours, theirs):
            a, b = facts(a.get(name), Counter()), facts(b[name], Counter())
            kind = ("none" if not a and not b else "same" if a == b else
                    "placer" if not b else "extruct" if not a else "differ")
            count[kind] += 1
            if args.show and kind in ("extruct", "differ"):
                print(f"{name} {kind} {path}: ours {sorted((a - b).items())[:6]} theirs {sorted((b - a).items())[:6]}",
                      file=sys.stderr)
        print(f"| {name} | {count['same'] + count['placer'] + count['differ']} | "
              f"{count['same'] + count['extruct'] + count['differ']} | {count['same']} | {count['placer']} | "
              f"{count['extruct']} | {count['differ']} |")
    print(f"\n| | CPU s | pages per CPU-s |\n|---|---|---|")
    for name, cpu in (("placer debug extract", our_cpu), ("extruct, five syntaxes", their_cpu)):
        print(f"| {name} | {cpu:.2f} | {len(pages) / cpu:.0f} |")
    print(f"\nplacer reads {their_cpu / our_cpu:.1f} times as many pages per CPU-second.")


if __name__ == "__main__":
    main()
