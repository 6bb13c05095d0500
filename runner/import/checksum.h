// The checksums that other tools record of their files, so that a file which was edited after it
// had been applied is seen. Pure.
#pragma once

#include <string>
#include <string_view>

namespace steward::importer {

std::string sha256(std::string_view bytes);  // prisma: lower-case hex of the whole file
std::string sha1(std::string_view bytes);    // sqitch: the same, SHA-1
std::string sha384(std::string_view bytes);  // sqlx: the same, SHA-384

// flyway: the CRC-32 (that of zip) of all lines without their ends and without a BOM, as the
// decimal of a signed 32-bit number.
std::string crc32_of_lines(std::string_view bytes);

}  // namespace steward::importer
