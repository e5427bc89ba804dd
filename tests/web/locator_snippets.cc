// What the customers of store-locator platforms put into their pages.
#include "tests/web/locators.h"

namespace placer::web {

std::string locator_snippet(const LocatorChain& chain) {
  const std::string& name = chain.platform;
  const std::string key(kLocatorKey);
  const std::string ajax = R"(http:\/\/)" + chain.host + R"(\/wp-admin\/admin-ajax.php)";
  if (name == "stockist") {
    return "<div data-stockist-widget-tag=\"u17042\">Loading...</div>"
           "<script>(function(s,t,o){var js=s.createElement(t);js.src=o;s.body.appendChild(js);}("
           "document,'script','//stockist.co/embed/v1/widget.min.js'));</script>";
  }
  if (name == "uberall") {
    return "<div id=\"store-finder-widget\" data-key=\"Xk29sPqLm40TzR\" data-language=\"de\"></div>"
           "<script src=\"//uberall.com/assets/storeFinderWidget-v2.js\"></script>";
  }
  if (name == "wp_store_locator") {
    return "<div id=\"wpsl-wrap\"></div><script id=\"wpsl-js-js-extra\">\nvar wpslSettings = "
           "{\"autoLocate\":\"1\",\"startLatlng\":\"48.85,2.35\",\"ajaxurl\":\"" +
           ajax + "\"};\n</script>";
  }
  if (name == "agile_store_locator") {
    return "<div id=\"asl-storelocator\" class=\"asl-cont\"></div><script "
           "src=\"/wp-content/plugins/agile-store-locator/public/js/a.js\"></script><script>var "
           "ASL_REMOTE = {\"nounce\":\"1\",\"URL\":\"" +
           ajax + "\"}; var asl_configuration = {\"default_lat\":\"51.5\"};</script>";
  }
  if (name == "woosmap") {
    return "<div id=\"map\"></div><script "
           "src=\"//webapp.woosmap.com/webapp.js\"></script><script>new "
           "window.WebApp(\"map\", \"woos-" +
           std::string(kLocatorUuid) + "\").render({});</script>";
  }
  if (name == "yext_answers") {
    return "<div class=\"answers\"></div><script>ANSWERS.init({apiKey: '" + key +
           "', experienceKey: 'blue-cup-stores', verticalKey: 'locations', locale: "
           "'en'});</script>";
  }
  if (name == "where2getit") {
    return "<iframe src=\"//hosted.where2getit.com/corner/index.html\"></iframe><script>W2GI.run({"
           "appkey: '" +
           std::string(kLocatorUuid) + "'});</script>";
  }
  if (name == "storelocatorwidgets") {
    return "<div id=\"storelocatorwidget\"></div><script id=\"storelocatorscript\" data-uid=\"" +
           key + "\" src=\"//cdn.storelocatorwidgets.com/widget/widget.js\"></script>";
  }
  if (name == "super_store_finder") {
    return "<div id=\"super-store-finder\"></div><script src=\"//" + chain.host +
           "/wp-content/plugins/superstorefinder-wp/js/mega.js\"></script>";
  }
  return "<div id=\"storeify-map\"></div><script src=\"//sl.storeify.app/js/stores/" + chain.host +
         "/storeifyapps-storelocator.js\"></script>";
}

}  // namespace placer::web
