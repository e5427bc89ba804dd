"""What the Python peers share: JSON-LD blocks to rows of a table, and which links they follow."""

import json
import sqlite3
from urllib.parse import urldefrag, urljoin


def places(block, url):
    """The objects of a JSON-LD block that have a name and an address, as rows."""
    try:
        todo = [json.loads(block)]
    except ValueError:
        return
    while todo:
        item = todo.pop()
        if isinstance(item, list):
            todo += item
        elif isinstance(item, dict):
            todo += item.values()
            address = item.get("address")
            if "name" in item and isinstance(address, dict):
                yield (url, item["name"], item.get("telephone"), address.get("streetAddress"),
                       address.get("postalCode"))


class Places:
    """The table; one transaction, which a killed crawl would lose."""

    def __init__(self, path):
        self.db = sqlite3.connect(path, isolation_level=None)
        self.db.execute("CREATE TABLE place(url, name, phone, street, postcode)")
        self.db.execute("BEGIN")

    def add(self, blocks, url):
        for block in blocks:
            self.db.executemany("INSERT INTO place VALUES(?, ?, ?, ?, ?)", places(block, url))

    def close(self):
        self.db.execute("COMMIT")
        self.db.close()


def same_host_links(hrefs, page, start):
    """Absolute, without fragments, on the site that begins with `start`."""
    for href in hrefs:
        try:
            url = urldefrag(urljoin(page, href.strip()))[0]
        except ValueError:
            continue
        if url.startswith(start):
            yield url
