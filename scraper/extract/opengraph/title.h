// The name of a place out of the title of its page.
#pragma once

#include <string_view>

namespace placer {

// `title` without the name of the site behind it: of "Bath Cafe | Bean & Leaf" on the site
// "Bean & Leaf" it is "Bath Cafe". The site's name where the title says nothing of its own ("Home",
// "Contact us"), and on the `home_page` where the title begins with it ("Bean & Leaf - coffee in
// Bath"). A view into either; empty when both are.
std::string_view name_in_title(std::string_view title, std::string_view site, bool home_page);

}  // namespace placer
