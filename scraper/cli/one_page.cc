#include "scraper/cli/one_page.h"

#include <fmt/core.h>

#include "scraper/frontier/scope.h"

namespace placer::cli {

Outcome step(Worker& worker, const std::string& url, RequestKind kind, std::string body) {
  Request request;
  request.id = 1;
  request.url = url;
  request.kind = kind;
  request.body = std::move(body);
  worker.start(std::move(request));
  while (true) {
    auto outcomes = worker.poll(std::chrono::seconds(1));
    if (!outcomes.empty()) return std::move(outcomes.front());
  }
}

RobotsAnswer ask_robots(Worker& worker, const Url& url, const std::string& user_agent) {
  const Outcome outcome = step(worker, url.origin() + "/robots.txt", RequestKind::kRobots);
  RobotsAnswer answer;
  if (outcome.error || outcome.status >= 500 || outcome.status == 429) {
    answer.reachable = false;
    answer.problem =
        outcome.error ? outcome.error->message : fmt::format("HTTP status {}", outcome.status);
  } else if (outcome.status >= 300) {
    answer.problem = fmt::format("no robots.txt (HTTP status {})", outcome.status);
  } else {
    answer.found = true;
    answer.rules = Robots::parse(outcome.robots_txt, product_token(user_agent));
  }
  return answer;
}

RobotsAnswer::Verdict RobotsAnswer::check(const Url& url) const {
  if (!reachable) return {false, "robots.txt unreachable, so nothing may be fetched: " + problem};
  if (!found) return {true, problem + ": everything is allowed"};
  const RobotsVerdict verdict = rules.check(split_href(url.href()).path_and_query);
  const std::string rule =
      verdict.line > 0 ? fmt::format("line {} of robots.txt", verdict.line) : "no rule matches";
  return {verdict.allowed,
          fmt::format("{} ({})", verdict.allowed ? "allowed" : "disallowed", rule)};
}

}  // namespace placer::cli
