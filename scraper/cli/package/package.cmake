# The Debian package, as `./dev package` makes it with cpack.

# cpack shall pack what is installed, not build the tests first.
set(CMAKE_SKIP_INSTALL_ALL_DEPENDENCY ON)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME placer)
set(CPACK_PACKAGE_CONTACT "the placer authors <placer@localhost>")
set(CPACK_PACKAGE_DIRECTORY ${PROJECT_BINARY_DIR}/package)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_VERBATIM_VARIABLES ON)
set(CPACK_DEB_COMPONENT_INSTALL OFF)

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_SECTION web)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "scraper of places (businesses, points of interest)")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
"placer takes places (name, address, phone, opening hours, coordinates ...)
from their owners' own web sites into an SQLite database, and says which page
each field came from. It obeys robots.txt, is polite by default, goes on
where it stopped, even after it was killed, and exports CSV, JSON and
GeoJSON.")
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# Certificates for https; time zones for what is open now.
set(CPACK_DEBIAN_PACKAGE_DEPENDS "ca-certificates, tzdata")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "sqlite3, jq")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)

include(CPack)
