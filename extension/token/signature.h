// Signature: the algorithms that sign tokens, by way of OpenSSL 3. A key has one algorithm and
// serves no other: a token that names another is refused, whatever it says about itself.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace steward::token {

enum class Algorithm { v1, hs256, rs256, es256, eddsa };

// By its name: v1 (our compact form), HS256, RS256, ES256, EdDSA.
std::optional<Algorithm> algorithm_of(std::string_view name) noexcept;
constexpr bool is_symmetric(Algorithm a) noexcept {
  return a == Algorithm::v1 || a == Algorithm::hs256;
}

std::string sha256(std::string_view bytes);

inline constexpr std::size_t shortest_secret = 32;  // bytes: RFC 7518, section 3.2

// Overwritten before it is given back.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string_view bytes) : bytes_(bytes.begin(), bytes.end()) {}
  Secret(Secret&& other) noexcept : bytes_(std::move(other.bytes_)) {}
  Secret& operator=(Secret&& other) noexcept;
  ~Secret() { wipe(); }
  std::string_view view() const noexcept { return {bytes_.data(), bytes_.size()}; }

 private:
  void wipe() noexcept;
  std::vector<char> bytes_;
};

struct PublicKeyDeleter {
  void operator()(void* key) const noexcept;
};
using PublicKey = std::unique_ptr<void, PublicKeyDeleter>;  // an EVP_PKEY

// What makes or checks signatures of one algorithm.
class Signature {
 public:
  // material: the secret for v1 and HS256, DER of a SubjectPublicKeyInfo for the others. Throws
  // Refused when it is not a key of that algorithm: too short, another curve, no key at all.
  Signature(Algorithm algorithm, std::string_view material);

  Algorithm algorithm() const noexcept { return algorithm_; }
  bool verifies(std::string_view message, std::string_view signature) const;
  // For v1 and HS256 alone.
  std::string sign(std::string_view message) const;

 private:
  Algorithm algorithm_;
  Secret secret_;
  PublicKey public_key_;
};

}  // namespace steward::token
