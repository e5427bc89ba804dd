// Dates and times written in parts: the value class pattern of dt-* properties
// (https://microformats.org/wiki/value-class-pattern#Date_and_time_parsing).
#pragma once

#include <string>
#include <vector>

namespace placer {

// "2009-06-26" and "7:00pm" and "-08:00" are "2009-06-26 19:00-0800". A part that is a date and a
// time in one is the whole value. A time alone takes the date `last_date`, where there is one; the
// date that is read replaces it. Parts that are none of these are left out; empty when all are.
std::string joined_time(const std::vector<std::string>& parts, std::string& last_date);

}  // namespace placer
