#include "scraper/page/selector.h"
