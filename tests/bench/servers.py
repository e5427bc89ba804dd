"""What the crawlers are pointed at: a generated site behind nginx, or placer_web's slow pages."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

NGINX = """daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 4096; }}
http {{
  access_log {folder}/access.log; sendfile on; keepalive_requests 1000000; default_type text/html;
  client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
  uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
  server {{ listen 127.0.0.1:{port}; root {folder}/site; }}
}}
"""


def cores():
    """The core for servers and this script, and the one for whatever is measured."""
    allowed = sorted(os.sched_getaffinity(0))
    return allowed[0], allowed[-1]


class NginxSite:
    """A generated site of so many pages, served by nginx on one core.

    With `hosts`, the site is spread over so many names, and nginx is asked as a proxy for them.
    `truth` counts the places stated, by (name, postcode).
    """

    def __init__(self, options, pages, hosts=0):
        self.folder = Path(tempfile.mkdtemp(prefix="placer-bench-", dir=options.scratch))
        os.chmod(self.folder, 0o755)
        self.pages, self.hosts, self.port = pages, hosts, options.port
        self.proxy = f"http://127.0.0.1:{options.port}"
        self.url = "http://h0.site.example/" if hosts else f"{self.proxy}/"
        self.core = options.server_core
        command = [options.web, "site", "--pages", str(pages), "--seed", "1", "--write",
                   str(self.folder / "site"), "--truth", str(self.folder / "truth.jsonl")]
        subprocess.run(command + (["--hosts", str(hosts)] if hosts else []), check=True)
        with open(self.folder / "truth.jsonl") as lines:
            facts = [json.loads(line) for line in lines]
        self.truth = Counter((fact["name"], fact["addr_postcode"]) for fact in facts)

    def __enter__(self):
        config = self.folder / "nginx.conf"
        config.write_text(NGINX.format(folder=self.folder, port=self.port))
        self.nginx = subprocess.Popen(
            ["nginx", "-e", str(self.folder / "error.log"), "-c", str(config)],
            preexec_fn=lambda: os.sched_setaffinity(0, {self.core}))
        for _ in range(100):
            if (self.folder / "nginx.pid").exists():
                return self
            if self.nginx.poll() is not None:
                break
            time.sleep(0.05)
        sys.exit("nginx did not start: " + (self.folder / "error.log").read_text())

    def __exit__(self, *_):
        self.nginx.send_signal(signal.SIGTERM)
        self.nginx.wait()
        shutil.rmtree(self.folder)

    def cpu(self):
        """CPU seconds that the server has taken so far."""
        total = 0
        children = Path(f"/proc/{self.nginx.pid}/task/{self.nginx.pid}/children").read_text()
        for pid in children.split():
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            total += int(fields[11]) + int(fields[12])  # utime and stime
        return total / os.sysconf("SC_CLK_TCK")

    def requests(self):
        """Of the requests since the last call: how many, for how many pages, any asked twice?"""
        log = self.folder / "access.log"
        asked, pages = Counter(), 0
        for line in log.read_text(errors="replace").splitlines():
            request, status = line.split('"')[1:3]
            path = request.split()[1] if " " in request else request
            asked[path] += 1
            pages += status.split()[0] == "200" and not path.endswith("/robots.txt")
        log.write_text("")
        self.nginx.send_signal(signal.SIGUSR1)  # reopen
        return {"requests": sum(asked.values()), "pages": pages,
                "once": all(count == 1 for count in asked.values())}


class SlowSite:
    """/slow/1 ... /slow/N without links, each answered after a delay; a thousand on each host."""

    def __init__(self, options, pages, delay_ms):
        hosts = [f"127.0.0.{i + 1}" for i in range((pages + 999) // 1000)]
        addresses = [word for host in hosts for word in ("--address", host)]
        self.process = subprocess.Popen(
            [options.web, "slow", "--pages", str(pages), "--delay", str(delay_ms), "--until-eof",
             *addresses], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True,
            preexec_fn=lambda: os.sched_setaffinity(0, {options.server_core}))
        port = self.process.stdout.readline().strip(" /\n").rsplit(":", 1)[1]
        self.urls = [f"http://{hosts[i % len(hosts)]}:{port}/slow/{i + 1}" for i in range(pages)]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait()
