#include "runner/import/checksum.h"

#include <openssl/evp.h>

#include <array>
#include <cstdint>

#include "runner/error.h"
#include "runner/text.h"

namespace steward::importer {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

std::uint32_t crc32(std::uint32_t crc, char byte) {
  crc ^= static_cast<unsigned char>(byte);
  for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1U) != 0 ? 0xEDB88320U : 0U);
  return crc;
}

std::string digest_of(std::string_view bytes, const EVP_MD* kind, const std::string& name) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, kind, nullptr) != 1)
    throw Error(Exit::unexpected, "no_digest", "the cryptographic library offers no " + name);
  return hex(digest.data(), size);
}

}  // namespace

std::string sha256(std::string_view bytes) {
  Sha256 digest;
  digest.update(bytes);
  return digest.hex();
}

std::string sha1(std::string_view bytes) {
  return digest_of(bytes, EVP_sha1(), "SHA-1");
}

std::string sha384(std::string_view bytes) {
  return digest_of(bytes, EVP_sha384(), "SHA-384");
}

std::string crc32_of_lines(std::string_view bytes) {
  if (bytes.starts_with(byte_order_mark)) bytes.remove_prefix(byte_order_mark.size());
  std::uint32_t crc = 0xFFFFFFFFU;
  for (const char byte : bytes)
    if (byte != '\n' && byte != '\r') crc = crc32(crc, byte);
  return std::to_string(static_cast<std::int32_t>(~crc));
}

}  // namespace steward::importer
