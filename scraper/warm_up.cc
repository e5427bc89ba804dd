#include "scraper/warm_up.h"

#include "scraper/extract/extractors.h"
#include "scraper/extract/observe.h"
#include "scraper/make_worker.h"
#include "scraper/page/page.h"

namespace placer {
namespace {

constexpr const char* kPages[] = {
    R"(<title>A</title><script type="application/ld+json">{"@context": "https://schema.org",
"@type": "Restaurant", "name": "A", "url": "https://a.example/"}</script><a href="/b">b</a>)",
    R"(<script type="application/ld+json">{"@context": "https://schema.org", "@type": "Restaurant",
"name": "A", "telephone": "+49 30 901820", "openingHours": "Mo-Fr 09:00-17:00"}</script>)",
    R"(<script type="application/ld+json">{"@context": "https://schema.org", "@type": "Restaurant",
"name": "A", "address": {"@type": "PostalAddress", "streetAddress": "Ring 1", "postalCode": "10117",
"addressLocality": "Berlin", "addressCountry": "Deutschland"}}</script>)",
    R"(<div itemscope itemtype="https://schema.org/Restaurant"><b itemprop="name">A</b>
<i itemprop="telephone">030 901820</i><i itemprop="openingHours">montags 9 bis 17 Uhr</i></div>)",
    R"(<div class="h-card"><b class="p-name">A</b><i class="p-tel">030 901820</i>
<i class="p-country-name">France</i></div><meta property="og:type" content="restaurant">)",
    R"(<title>A</title><h1>A</h1><p>Ring 1, 10117 Berlin, Germany<p>Tel. +49 30 901820
<p>Monday to Friday 9 am - 5 pm, Saturday closed <p><a href="mailto:a@a.example">a@a.example</a>)",
};

}  // namespace

void warm_up(const Job& job) {
  make_worker_factory(job)();  // starts libcurl
  const auto extractors = make_extractors(job.extract.formats, job.extract.rules);
  for (const char* const html : kPages) {
    const PageSource source{"https://a.example/", "text/html; charset=utf-8", {}, {}, {}, 0};
    const auto page = Page::parse(
        html, source, {job.page.parse_deadline, job.page.parse_memory, TreeBuilder::kAuto});
    if (!page) continue;
    Outcome outcome;
    observe(*page, extractors, outcome);
  }
}

}  // namespace placer
