"""aiohttp and lxml: 64 coroutines on uvloop take URLs from a queue."""

import asyncio
import sys

import aiohttp
import lxml.html
import uvloop
from places import Places, same_host_links

BLOCKS = '//script[@type="application/ld+json"]/text()'


async def crawl(start, database, limit):
    table, queue, seen = Places(database), asyncio.Queue(), {start}
    queue.put_nowait(start)
    left = limit

    async def work(session):
        nonlocal left
        while True:
            url = await queue.get()
            left -= 1
            if left >= 0:
                try:
                    async with session.get(url, allow_redirects=True) as answer:
                        body = await answer.read()
                    if answer.status == 200 and body:
                        document = lxml.html.document_fromstring(body)
                        table.add(document.xpath(BLOCKS), url)
                        for link in same_host_links(document.xpath("//a/@href"), url, start):
                            if link not in seen:
                                seen.add(link)
                                queue.put_nowait(link)
                except (aiohttp.ClientError, ValueError, lxml.etree.ParserError):
                    pass
            queue.task_done()

    connector = aiohttp.TCPConnector(limit=64)
    async with aiohttp.ClientSession(connector=connector) as session:
        workers = [asyncio.create_task(work(session)) for _ in range(64)]
        await queue.join()
        for worker in workers:
            worker.cancel()
    table.close()


if __name__ == "__main__":
    uvloop.install()
    asyncio.run(crawl(sys.argv[1], sys.argv[2], int(sys.argv[3])))
