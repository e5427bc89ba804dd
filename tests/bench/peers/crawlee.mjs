// Crawlee's cheerio crawler, its request queue in memory, concurrency forced to 64.
import {CheerioCrawler, Configuration, log} from '@crawlee/cheerio';
import sqlite from 'node-sqlite3-wasm';

const [start, database, limit] = process.argv.slice(2);
const db = new sqlite.Database(database);
db.run('CREATE TABLE place(url, name, phone, street, postcode)');
db.run('BEGIN');
const insert = db.prepare('INSERT INTO place VALUES(?, ?, ?, ?, ?)');

// Stores the objects of a JSON-LD block that have a name and an address.
function store(block, url) {
  let todo;
  try {
    todo = [JSON.parse(block)];
  } catch {
    return;
  }
  while (todo.length > 0) {
    const item = todo.pop();
    if (item === null || typeof item !== 'object') continue;
    todo.push(...Object.values(item));
    const address = item.address;
    if (item.name && address && typeof address === 'object') {
      insert.run([url, item.name, item.telephone ?? null, address.streetAddress ?? null,
                  address.postalCode ?? null]);
    }
  }
}

log.setLevel(log.LEVELS.ERROR);
const crawler = new CheerioCrawler({
  minConcurrency: 64,
  maxConcurrency: 64,
  maxRequestsPerCrawl: Number(limit),
  useSessionPool: false,
  persistCookiesPerSession: false,
  async requestHandler({$, request, enqueueLinks}) {
    $('script[type="application/ld+json"]').each((_, script) => store($(script).text(), request.url));
    await enqueueLinks({strategy: 'same-hostname'});
  },
}, new Configuration({persistStorage: false, purgeOnStart: false}));
await crawler.run([start]);
insert.finalize();
db.run('COMMIT');
db.close();
