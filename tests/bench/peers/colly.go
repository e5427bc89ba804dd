// Colly: 32 requests at once, goquery's callbacks for links and JSON-LD.
package main

import (
	"database/sql"
	"encoding/json"
	"log"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/gocolly/colly/v2"
	_ "github.com/mattn/go-sqlite3"
)

type place struct{ url, name, phone, street, postcode string }

func text(value any) string {
	s, _ := value.(string)
	return s
}

// The objects of a JSON-LD block that have a name and an address.
func places(block, page string) (found []place) {
	var document any
	if json.Unmarshal([]byte(block), &document) != nil {
		return nil
	}
	for todo := []any{document}; len(todo) > 0; {
		item := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		switch value := item.(type) {
		case []any:
			todo = append(todo, value...)
		case map[string]any:
			for _, inner := range value {
				todo = append(todo, inner)
			}
			if address, ok := value["address"].(map[string]any); ok && value["name"] != nil {
				found = append(found, place{page, text(value["name"]), text(value["telephone"]),
					text(address["streetAddress"]), text(address["postalCode"])})
			}
		}
	}
	return found
}

func main() {
	start, database := os.Args[1], os.Args[2]
	limit, err := strconv.ParseInt(os.Args[3], 10, 64)
	if err != nil {
		log.Fatal(err)
	}
	site, err := url.Parse(start)
	if err != nil {
		log.Fatal(err)
	}
	db, err := sql.Open("sqlite3", database)
	if err != nil {
		log.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	if _, err = db.Exec("CREATE TABLE place(url, name, phone, street, postcode)"); err != nil {
		log.Fatal(err)
	}
	transaction, err := db.Begin()
	if err != nil {
		log.Fatal(err)
	}
	insert, err := transaction.Prepare("INSERT INTO place VALUES(?, ?, ?, ?, ?)")
	if err != nil {
		log.Fatal(err)
	}
	var lock sync.Mutex
	var asked atomic.Int64

	collector := colly.NewCollector(colly.Async(true), colly.AllowedDomains(site.Hostname(), site.Host))
	if err = collector.Limit(&colly.LimitRule{DomainGlob: "*", Parallelism: 32}); err != nil {
		log.Fatal(err)
	}
	collector.OnRequest(func(request *colly.Request) {
		if asked.Add(1) > limit {
			request.Abort()
		}
	})
	collector.OnHTML("a[href]", func(element *colly.HTMLElement) {
		link, _, _ := strings.Cut(element.Attr("href"), "#") // colly would fetch each fragment
		_ = element.Request.Visit(link)
	})
	collector.OnHTML(`script[type="application/ld+json"]`, func(element *colly.HTMLElement) {
		for _, p := range places(element.Text, element.Request.URL.String()) {
			lock.Lock()
			if _, err := insert.Exec(p.url, p.name, p.phone, p.street, p.postcode); err != nil {
				log.Fatal(err)
			}
			lock.Unlock()
		}
	})
	if err = collector.Visit(start); err != nil {
		log.Fatal(err)
	}
	collector.Wait()
	if err = transaction.Commit(); err != nil {
		log.Fatal(err)
	}
}
