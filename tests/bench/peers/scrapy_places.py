"""The same job as a scrapy spider: follow every link, store JSON-LD places in SQLite."""

import json
import sqlite3
import sys

import scrapy
from scrapy.crawler import CrawlerProcess


def typed(value):
    """All objects with a type in a JSON-LD document."""
    todo = [value]
    while todo:
        item = todo.pop()
        if isinstance(item, dict):
            if "@type" in item:
                yield item
            todo += item.values()
        elif isinstance(item, list):
            todo += item


class PlacesSpider(scrapy.Spider):
    name = "places"

    def parse(self, response):
        for block in response.css('script[type="application/ld+json"]::text').getall():
            try:
                document = json.loads(block)
            except ValueError:
                continue
            for item in typed(document):
                if "address" in item and "name" in item:
                    yield {"name": item["name"], "phone": item.get("telephone"), "url": response.url,
                           "address": json.dumps(item["address"])}
        for href in response.css("a::attr(href)").getall():
            url = response.urljoin(href)
            if url.startswith(self.start_urls[0]):
                yield scrapy.Request(url, self.parse)


class SqlitePipeline:
    def open_spider(self, spider):
        self.db = sqlite3.connect(spider.settings["DATABASE"])
        self.db.execute("CREATE TABLE place(url, name, phone, address)")

    def process_item(self, item, spider):
        self.db.execute("INSERT INTO place VALUES(:url, :name, :phone, :address)", item)
        return item

    def close_spider(self, spider):
        self.db.commit()
        self.db.close()


if __name__ == "__main__":
    start, database = sys.argv[1:]
    process = CrawlerProcess({
        "CONCURRENT_REQUESTS": 16, "CONCURRENT_REQUESTS_PER_DOMAIN": 16, "ROBOTSTXT_OBEY": True,
        "COOKIES_ENABLED": False, "TELNETCONSOLE_ENABLED": False, "LOG_ENABLED": False,
        "DATABASE": database, "ITEM_PIPELINES": {SqlitePipeline: 300}})
    process.crawl(PlacesSpider, start_urls=[start])
    process.start()
