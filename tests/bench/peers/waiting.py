"""The tutorial's experiment in Python: fetch the URLs of a file one by one, on threads, in
processes or with coroutines, and do nothing with them."""

import asyncio
import sys
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

import aiohttp
import requests


def fetch(url):
    return len(requests.get(url, timeout=60).content)


async def fetch_all(urls):
    connector = aiohttp.TCPConnector(limit=0)
    timeout = aiohttp.ClientTimeout(total=None)
    async with aiohttp.ClientSession(connector=connector, timeout=timeout) as session:
        async def one(url):
            async with session.get(url) as answer:
                return len(await answer.read())
        return await asyncio.gather(*map(one, urls))


if __name__ == "__main__":
    kind, listed = sys.argv[1:]
    with open(listed) as lines:
        urls = lines.read().split()
    if kind == "async":
        asyncio.run(fetch_all(urls))
    elif kind == "sync":
        for each in urls:
            fetch(each)
    else:
        pool = ThreadPoolExecutor if kind == "threads" else ProcessPoolExecutor
        with pool(min(len(urls), 1000)) as executor:
            list(executor.map(fetch, urls))
