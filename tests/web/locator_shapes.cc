// What store-locator platforms answer, each in its own shape.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "tests/web/locators.h"
#include "tests/web/markup.h"

namespace placer::web {
namespace {

using nlohmann::ordered_json;

constexpr const char* kDays[] = {"monday", "tuesday",  "wednesday", "thursday",
                                 "friday", "saturday", "sunday"};

std::string two(int number) { return (number < 10 ? "0" : "") + std::to_string(number); }

std::string clock(int minutes) {
  const int within = minutes > 1440 ? minutes - 1440 : minutes;
  return two(within / 60) + ":" + two(within % 60);
}

// "9:30 AM"
std::string clock12(int minutes) {
  const int within = minutes % 1440;
  const int hour = within / 60;
  return std::to_string(hour % 12 == 0 ? 12 : hour % 12) + ":" + two(within % 60) +
         (hour < 12 ? " AM" : " PM");
}

std::string coordinate(double value) { return ordered_json(value).dump(); }

// All days that are open: visit(day, spans).
template <class Visit>
void each_day(const Week& week, Visit visit) {
  for (std::size_t day = 0; day < 7; ++day) {
    if (!week.days[day].empty()) visit(day, week.days[day]);
  }
}

std::string join(const std::vector<std::string>& parts, const std::string& separator) {
  std::string out;
  for (const std::string& part : parts) out += (out.empty() ? "" : separator) + part;
  return out;
}

std::string spans12(const std::vector<OpenSpan>& spans) {
  std::vector<std::string> parts;
  for (const OpenSpan& span : spans) parts.push_back(clock12(span.from) + " - " + clock12(span.to));
  return join(parts, ", ");
}

std::string whole_address(const TruthPlace& store) {
  const bool code_last = store.country == "GB" || store.country == "US";
  const std::string town =
      code_last ? store.city + " " + store.postcode : store.postcode + " " + store.city;
  return store.street_address + ", " + town;
}

ordered_json stockist(const LocatorChain& chain) {
  ordered_json list = ordered_json::array();
  for (const auto& [store, week, language] : chain.stores) {
    list.push_back(
        {{"id", 9000 + list.size()},
         {"name", store.name},
         {"latitude", coordinate(*store.lat)},
         {"longitude", coordinate(*store.lon)},
         {"address_line_1", store.street_address},
         {"address_line_2", ""},
         {"city", store.city},
         {"state", ""},
         {"postal_code", store.postcode},
         {"country", store.country},
         {"phone", store.phone},
         {"website", ""},
         {"custom_fields",
          {{{"id", 1}, {"name", "Opening hours"}, {"value", join(schema_hours(week), "; ")}}}}});
  }
  return list;
}

ordered_json uberall(const LocatorChain& chain) {
  ordered_json list = ordered_json::array();
  for (const auto& [store, week, language] : chain.stores) {
    ordered_json hours = ordered_json::array();
    each_day(week, [&](std::size_t day, const std::vector<OpenSpan>& spans) {
      ordered_json rule = {{"dayOfWeek", day + 1}};
      for (std::size_t i = 0; i < spans.size(); ++i) {
        rule["from" + std::to_string(i + 1)] = clock(spans[i].from);
        rule["to" + std::to_string(i + 1)] = clock(spans[i].to);
      }
      hours.push_back(rule);
    });
    list.push_back({{"id", 100 + list.size()},
                    {"identifier", "S" + std::to_string(list.size() + 1)},
                    {"name", store.name},
                    {"streetAndNumber", store.street_address},
                    {"addressExtra", nullptr},
                    {"zip", store.postcode},
                    {"city", store.city},
                    {"country", store.country},
                    {"lat", *store.lat},
                    {"lng", *store.lon},
                    {"phone", store.phone},
                    {"openingHours", hours},
                    {"photos", ordered_json::array()}});
  }
  return {{"status", "SUCCESS"}, {"response", {{"locations", list}}}};
}

ordered_json wp_store_locator(const LocatorChain& chain) {
  ordered_json list = ordered_json::array();
  for (const auto& [store, week, language] : chain.stores) {
    std::string hours = "<table role=\"presentation\" class=\"wpsl-opening-hours\">";
    each_day(week, [&](std::size_t day, const std::vector<OpenSpan>& spans) {
      std::string name = kDays[day];
      name[0] = static_cast<char>(name[0] - 'a' + 'A');
      hours += "<tr><td>" + name + "</td><td>";
      std::vector<std::string> times;
      for (const OpenSpan& span : spans) {
        times.push_back("<time>" + clock(span.from) + " - " + clock(span.to) + "</time>");
      }
      hours += join(times, ", ") + "</td></tr>";
    });
    list.push_back({{"address", store.street_address},
                    {"store", escape_html(store.name)},
                    {"thumb", ""},
                    {"id", std::to_string(list.size() + 40)},
                    {"distance", 1.5},
                    {"permalink", chain.stores_url() + "/" + std::to_string(list.size() + 40)},
                    {"address2", ""},
                    {"city", store.city},
                    {"state", ""},
                    {"zip", store.postcode},
                    {"country", "France"},
                    {"lat", coordinate(*store.lat)},
                    {"lng", coordinate(*store.lon)},
                    {"phone", store.phone},
                    {"fax", ""},
                    {"email", ""},
                    {"hours", hours + "</table>"},
                    {"url", ""}});
  }
  return list;
}

ordered_json agile_store_locator(const LocatorChain& chain) {
  ordered_json list = ordered_json::array();
  for (const auto& [store, week, language] : chain.stores) {
    ordered_json hours = ordered_json::object();
    each_day(week, [&](std::size_t day, const std::vector<OpenSpan>& spans) {
      ordered_json times = ordered_json::array();
      for (const OpenSpan& span : spans) {
        times.push_back(clock12(span.from) + " - " + clock12(span.to));
      }
      hours[std::string(kDays[day]).substr(0, 3)] = times;
    });
    list.push_back({{"id", std::to_string(list.size() + 1)},
                    {"title", store.name},
                    {"description", ""},
                    {"street", store.street_address},
                    {"city", store.city},
                    {"state", ""},
                    {"postal_code", store.postcode},
                    {"lat", coordinate(*store.lat)},
                    {"lng", coordinate(*store.lon)},
                    {"phone", store.phone},
                    {"fax", ""},
                    {"email", ""},
                    {"website", ""},
                    {"country", "United Kingdom"},
                    {"open_hours", hours.dump()}});
  }
  return list;
}

ordered_json woosmap_feature(const TruthPlace& store, const Week& week, std::size_t number) {
  ordered_json usual = ordered_json::object();
  each_day(week, [&](std::size_t day, const std::vector<OpenSpan>& spans) {
    for (const OpenSpan& span : spans) {
      usual[std::to_string(day + 1)].push_back(
          {{"start", clock(span.from)}, {"end", clock(span.to)}});
    }
  });
  return {
      {"type", "Feature"},
      {"properties",
       {{"store_id", "W" + std::to_string(number)},
        {"name", store.name},
        {"contact", {{"email", ""}, {"phone", store.phone}, {"website", ""}}},
        {"address",
         {{"lines", {store.street_address}},
          {"country_code", store.country},
          {"city", store.city},
          {"zipcode", store.postcode}}},
        {"user_properties", ordered_json::object()},
        {"types", ordered_json::array()},
        {"opening_hours",
         {{"usual", usual}, {"special", ordered_json::object()}, {"timezone", "Europe/Paris"}}}}},
      {"geometry", {{"type", "Point"}, {"coordinates", {*store.lon, *store.lat}}}}};
}

ordered_json yext_result(const TruthPlace& store, const Week& week, std::size_t number) {
  ordered_json hours = ordered_json::object();
  each_day(week, [&](std::size_t day, const std::vector<OpenSpan>& spans) {
    for (const OpenSpan& span : spans) {
      hours[kDays[day]]["openIntervals"].push_back(
          {{"start", clock(span.from)}, {"end", clock(span.to)}});
    }
  });
  return {{"data",
           {{"id", "Y" + std::to_string(number)},
            {"type", "location"},
            {"name", store.name},
            {"address",
             {{"line1", store.street_address},
              {"city", store.city},
              {"postalCode", store.postcode},
              {"countryCode", store.country}}},
            {"hours", hours},
            {"mainPhone", store.phone_e164},
            {"geocodedCoordinate", {{"latitude", 0.5}, {"longitude", 0.5}}},
            {"yextDisplayCoordinate", {{"latitude", *store.lat}, {"longitude", *store.lon}}}}},
          {"highlightedFields", ordered_json::object()}};
}

ordered_json where2getit(const LocatorChain& chain) {
  ordered_json list = ordered_json::array();
  for (const auto& [store, week, language] : chain.stores) {
    ordered_json poi = {{"uid", 5000 + list.size()},
                        {"clientkey", "C" + std::to_string(list.size() + 1)},
                        {"name", store.name},
                        {"address1", store.street_address},
                        {"address2", nullptr},
                        {"city", store.city},
                        {"state", nullptr},
                        {"postalcode", store.postcode},
                        {"country", store.country},
                        {"latitude", coordinate(*store.lat)},
                        {"longitude", coordinate(*store.lon)},
                        {"phone", store.phone}};
    each_day(week, [&](std::size_t day, const std::vector<OpenSpan>& spans) {
      poi[kDays[day]] = spans12(spans);
    });
    list.push_back(poi);
  }
  return {{"response", {{"attributes", {{"count", list.size()}}}, {"collection", list}}}};
}

ordered_json storelocatorwidgets(const LocatorChain& chain) {
  ordered_json list = ordered_json::array();
  for (const auto& [store, week, language] : chain.stores) {
    ordered_json data = {{"address", whole_address(store)},
                         {"map_lat", coordinate(*store.lat)},
                         {"map_lng", coordinate(*store.lon)},
                         {"phone", store.phone_e164}};
    each_day(week, [&](std::size_t day, const std::vector<OpenSpan>& spans) {
      std::string name = kDays[day];
      name[0] = static_cast<char>(name[0] - 'a' + 'A');
      data["hours_" + name] = spans12(spans);
    });
    list.push_back({{"storeid", 700 + list.size()}, {"name", store.name}, {"data", data}});
  }
  return {{"stores", list}, {"display_order", ordered_json::array()}};
}

std::string super_store_finder(const LocatorChain& chain) {
  std::string xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<locator><store>\n";
  std::size_t number = 0;
  const auto element = [&xml](const char* name, const std::string& text) {
    xml.append("<").append(name).append(">").append(escape_html(text)).append("</").append(name);
    xml += ">";
  };
  for (const auto& [store, week, language] : chain.stores) {
    xml += "<item>";
    element("location", store.name);
    element("address", whole_address(store));
    element("sortord", std::to_string(++number));
    element("latitude", coordinate(*store.lat));
    element("longitude", coordinate(*store.lon));
    element("telephone", store.phone_e164);
    element("operatingHours", "<div>" + join(schema_hours(week), "</div><div>") + "</div>");
    xml += "</item>\n";
  }
  return xml + "</store></locator>\n";
}

ordered_json storeify(const LocatorChain& chain) {
  ordered_json list = ordered_json::array();
  for (const auto& [store, week, language] : chain.stores) {
    list.push_back({{"type", "Feature"},
                    {"geometry", {{"type", "Point"}, {"coordinates", {*store.lon, *store.lat}}}},
                    {"properties",
                     {{"id", std::to_string(list.size() + 300)},
                      {"name", store.name},
                      {"address", store.street_address},
                      {"city", store.city},
                      {"zip", store.postcode},
                      {"country", "España"},
                      {"phone", store.phone},
                      {"url", "/a/store-locator/" + std::to_string(list.size() + 300)},
                      {"schedule", join(schema_hours(week), "<br>")}}}});
  }
  return {{"type", "FeatureCollection"}, {"features", list}};
}

// The number that `name=` has in a target; `otherwise` when it is not there.
std::size_t number_in(const std::string& target, const std::string& name, std::size_t otherwise) {
  std::size_t at = target.find("&" + name + "=");
  if (at == std::string::npos) at = target.find("?" + name + "=");
  return at == std::string::npos ? otherwise
                                 : std::strtoul(target.c_str() + at + name.size() + 2, nullptr, 10);
}

template <class Make>
ordered_json part_of(const LocatorChain& chain, std::size_t begin, std::size_t count, Make make) {
  ordered_json list = ordered_json::array();
  const std::size_t end = std::min(begin + count, chain.stores.size());
  for (std::size_t i = begin; i < end; ++i) {
    list.push_back(make(chain.stores[i].truth, chain.stores[i].week, i + 1));
  }
  return list;
}

Reply reply_of(const char* type, std::string body) {
  Reply reply;
  reply.headers = {{"Content-Type", type}};
  reply.body = std::move(body);
  return reply;
}

Reply json_reply(const ordered_json& value) {
  return reply_of("application/json; charset=utf-8", value.dump());
}

Reply woosmap_reply(const LocatorChain& chain, const std::string& target) {
  const std::size_t size =
      std::clamp<std::size_t>(number_in(target, "stores_by_page", 100), 1, 300);
  const std::size_t page = number_in(target, "page", 1);
  const std::size_t pages = (chain.stores.size() + size - 1) / size;
  if (page < 1) return reply_of("application/json", "{}");
  return json_reply({{"type", "FeatureCollection"},
                     {"features", part_of(chain, (page - 1) * size, size, woosmap_feature)},
                     {"pagination", {{"page", page}, {"pageCount", pages}}}});
}

Reply yext_reply(const LocatorChain& chain, const std::string& target) {
  const std::size_t limit = std::min<std::size_t>(number_in(target, "limit", 10), 50);
  const ordered_json part = part_of(chain, number_in(target, "offset", 0), limit, yext_result);
  return json_reply({{"meta", {{"uuid", kLocatorUuid}}},
                     {"response", {{"resultsCount", chain.stores.size()}, {"results", part}}}});
}

Reply where2getit_reply(const LocatorChain& chain, const WebRequest& request) {
  const ordered_json asked = ordered_json::parse(request.body, nullptr, false);
  const bool valid = request.method == "POST" && asked.is_object() &&
                     asked.value("/request/appkey"_json_pointer, "") == kLocatorUuid;
  return valid ? json_reply(where2getit(chain))
               : json_reply({{"code", 5001}, {"response", ordered_json::object()}});
}

}  // namespace

std::optional<Reply> locator_answer(const LocatorChain& chain, const WebRequest& request) {
  const std::string& target = request.target;
  const std::string& name = chain.platform;
  const auto asks = [&](const std::string& platform, const std::string& prefix) {
    return name == platform && target.starts_with("http://" + prefix);
  };
  const std::string ajax = chain.host + "/wp-admin/admin-ajax.php?action=";
  if (asks("stockist", "stockist.co/api/v1/u17042/locations/all"))
    return json_reply(stockist(chain));
  if (asks("uberall", "uberall.com/api/storefinders/Xk29sPqLm40TzR/locations/all")) {
    return json_reply(uberall(chain));
  }
  // WordPress says text/html unless it is told otherwise.
  if (asks("wp_store_locator", ajax + "store_search")) {
    return reply_of("text/html; charset=UTF-8", wp_store_locator(chain).dump());
  }
  if (asks("agile_store_locator", ajax + "asl_load_stores")) {
    return json_reply(agile_store_locator(chain));
  }
  if (asks("woosmap", "api.woosmap.com/stores?key=woos-")) return woosmap_reply(chain, target);
  if (asks("yext_answers", "liveapi.yext.com/v2/accounts/me/answers/vertical/query?")) {
    return yext_reply(chain, target);
  }
  if (asks("where2getit", "hosted.where2getit.com/corner/rest/getlist")) {
    return where2getit_reply(chain, request);
  }
  if (asks("storelocatorwidgets", std::string("cdn.storelocatorwidgets.com/json/") + kLocatorKey)) {
    return reply_of("application/javascript", "slw(" + storelocatorwidgets(chain).dump() + ")");
  }
  if (asks("super_store_finder",
           chain.host + "/wp-content/plugins/superstorefinder-wp/ssf-wp-xml.php")) {
    return reply_of("text/xml; charset=utf-8", super_store_finder(chain));
  }
  const std::string geojson = "/storeifyapps-storelocator-geojson.js";
  if (asks("storeify", "sl.storeify.app/js/stores/" + chain.host + geojson)) {
    return reply_of("application/javascript", "eqfeed_callback(" + storeify(chain).dump() + ");");
  }
  return std::nullopt;
}

}  // namespace placer::web
