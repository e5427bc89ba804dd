"""requests and lxml, one page after the other, or on so many threads: the tutorial's crawler."""

import queue
import sys
import threading

import lxml.html
import requests
from places import Places, same_host_links

BLOCKS = '//script[@type="application/ld+json"]/text()'


def fetch(session, url, start):
    """The page's JSON-LD blocks and links."""
    try:
        answer = session.get(url, timeout=30)
        if answer.status_code == 200 and answer.content:
            document = lxml.html.document_fromstring(answer.content)
            links = list(same_host_links(document.xpath("//a/@href"), url, start))
            return document.xpath(BLOCKS), links
    except (requests.RequestException, ValueError, lxml.etree.ParserError):
        pass
    return [], []


def crawl(start, database, limit, threads):
    table, todo, done = Places(database), queue.Queue(), queue.Queue()

    def work():
        session = requests.Session()
        while (url := todo.get()) is not None:
            done.put((url, *fetch(session, url, start)))

    workers = [threading.Thread(target=work) for _ in range(threads)]
    for worker in workers:
        worker.start()
    seen = {start}
    todo.put(start)
    asked = answered = 1
    while answered <= asked:
        url, blocks, links = done.get()
        table.add(blocks, url)
        for link in links:
            if link not in seen and asked < limit:
                seen.add(link)
                todo.put(link)
                asked += 1
        answered += 1
    for _ in workers:
        todo.put(None)
    table.close()


if __name__ == "__main__":
    crawl(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
