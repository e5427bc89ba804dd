// What web/ is bundled into, as it is checked in.
#pragma once

#include <string_view>

namespace placer {

extern const std::string_view kReportPage;     // HTML, with <!--job--> and <!--content-->
extern const std::string_view kReportBasemap;  // TopoJSON

}  // namespace placer
