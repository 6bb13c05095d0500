#include "extension/token/signature.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/x509.h>

#include "extension/token/refused.h"

namespace steward::token {
namespace {

constexpr std::size_t digest_size = 32;  // SHA-256
constexpr int shortest_rsa = 2048;       // bits: RFC 7518, section 3.3
constexpr int longest_rsa = 8192;        // a check takes time with the square of it
constexpr std::size_t coordinate = 32;   // bytes, on P-256

template <class T, void (*free)(T*)>
struct Free {
  void operator()(T* what) const noexcept { free(what); }
};
template <class T, void (*free)(T*)>
using Owned = std::unique_ptr<T, Free<T, free>>;

const unsigned char* bytes(std::string_view text) noexcept {
  return reinterpret_cast<const unsigned char*>(text.data());
}

EVP_PKEY* pkey(const PublicKey& key) noexcept {
  return static_cast<EVP_PKEY*>(key.get());
}

// Fetched once: by name at each use it costs more than the MAC of a token.
EVP_MAC* hmac() noexcept {
  static EVP_MAC* const mac = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
  return mac;
}

std::string mac_of(std::string_view secret, std::string_view message) {
  char digest[] = "SHA256";
  OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, sizeof digest - 1),
      OSSL_PARAM_construct_end()};
  Owned<EVP_MAC_CTX, EVP_MAC_CTX_free> context(hmac() ? EVP_MAC_CTX_new(hmac()) : nullptr);
  std::string mac(digest_size, '\0');
  std::size_t size = 0;
  if (!context || EVP_MAC_init(context.get(), bytes(secret), secret.size(), parameters) != 1 ||
      EVP_MAC_update(context.get(), bytes(message), message.size()) != 1 ||
      EVP_MAC_final(context.get(), reinterpret_cast<unsigned char*>(mac.data()), &size,
                    mac.size()) != 1 ||
      size != digest_size)
    throw Refused("the cryptographic library offers no HMAC-SHA-256");
  return mac;
}

bool is_p256(EVP_PKEY* key) noexcept {
  char curve[32];
  return EVP_PKEY_is_a(key, "EC") &&
         EVP_PKEY_get_utf8_string_param(key, OSSL_PKEY_PARAM_GROUP_NAME, curve, sizeof curve,
                                        nullptr) == 1 &&
         std::string_view(curve) == "prime256v1";
}

void check_kind(Algorithm algorithm, EVP_PKEY* key) {
  if (algorithm == Algorithm::rs256) {
    if (!EVP_PKEY_is_a(key, "RSA")) throw Refused("RS256 needs an RSA key");
    int bits = EVP_PKEY_get_bits(key);
    if (bits < shortest_rsa || bits > longest_rsa)
      throw Refused("an RSA key must have 2048 to 8192 bits");
  } else if (algorithm == Algorithm::es256) {
    if (!is_p256(key)) throw Refused("ES256 needs a key on the curve P-256");
  } else if (!EVP_PKEY_is_a(key, "ED25519")) {
    throw Refused("EdDSA needs an Ed25519 key");
  }
}

PublicKey from_der(std::string_view der) {
  const unsigned char* at = bytes(der);
  PublicKey key(d2i_PUBKEY(nullptr, &at, static_cast<long>(der.size())));
  if (!key || at != bytes(der) + der.size()) {
    ERR_clear_error();
    throw Refused("no public key can be read from it");
  }
  return key;
}

// JOSE writes r and s one after the other (RFC 7518, section 3.4); OpenSSL reads DER.
std::string ecdsa_der(std::string_view raw) {
  if (raw.size() != 2 * coordinate) return {};
  Owned<ECDSA_SIG, ECDSA_SIG_free> signature(ECDSA_SIG_new());
  BIGNUM* r = BN_bin2bn(bytes(raw), coordinate, nullptr);
  BIGNUM* s = BN_bin2bn(bytes(raw) + coordinate, coordinate, nullptr);
  if (!signature || !r || !s || ECDSA_SIG_set0(signature.get(), r, s) != 1) {
    BN_free(r);
    BN_free(s);
    return {};
  }
  unsigned char* der = nullptr;
  int size = i2d_ECDSA_SIG(signature.get(), &der);
  if (size <= 0) return {};
  std::string out(reinterpret_cast<char*>(der), static_cast<std::size_t>(size));
  OPENSSL_free(der);
  return out;
}

bool verifies_with(EVP_PKEY* key, const char* digest, std::string_view message,
                   std::string_view signature) {
  Owned<EVP_MD_CTX, EVP_MD_CTX_free> context(EVP_MD_CTX_new());
  bool good = context &&
              EVP_DigestVerifyInit_ex(context.get(), nullptr, digest, nullptr, nullptr, key,
                                      nullptr) == 1 &&
              EVP_DigestVerify(context.get(), bytes(signature), signature.size(), bytes(message),
                               message.size()) == 1;
  if (!good) ERR_clear_error();  // the connection's TLS reads the same queue
  return good;
}

}  // namespace

std::optional<Algorithm> algorithm_of(std::string_view name) noexcept {
  if (name == "v1") return Algorithm::v1;
  if (name == "HS256") return Algorithm::hs256;
  if (name == "RS256") return Algorithm::rs256;
  if (name == "ES256") return Algorithm::es256;
  if (name == "EdDSA") return Algorithm::eddsa;
  return std::nullopt;
}

std::string sha256(std::string_view text) {
  static EVP_MD* const digest = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  std::string out(digest_size, '\0');
  if (!digest || EVP_Digest(text.data(), text.size(), reinterpret_cast<unsigned char*>(out.data()),
                            nullptr, digest, nullptr) != 1)
    throw Refused("the cryptographic library offers no SHA-256");
  return out;
}

Secret& Secret::operator=(Secret&& other) noexcept {
  wipe();
  bytes_ = std::move(other.bytes_);
  return *this;
}

void Secret::wipe() noexcept {
  OPENSSL_cleanse(bytes_.data(), bytes_.size());
}

void PublicKeyDeleter::operator()(void* key) const noexcept {
  EVP_PKEY_free(static_cast<EVP_PKEY*>(key));
}

Signature::Signature(Algorithm algorithm, std::string_view material) : algorithm_(algorithm) {
  if (is_symmetric(algorithm)) {
    if (material.size() < shortest_secret) throw Refused("a secret needs 32 bytes at least");
    secret_ = Secret(material);
    return;
  }
  public_key_ = from_der(material);
  check_kind(algorithm, pkey(public_key_));
}

bool Signature::verifies(std::string_view message, std::string_view signature) const {
  switch (algorithm_) {
    case Algorithm::rs256:
      return verifies_with(pkey(public_key_), "SHA256", message, signature);
    case Algorithm::es256:
      return verifies_with(pkey(public_key_), "SHA256", message, ecdsa_der(signature));
    case Algorithm::eddsa:
      return verifies_with(pkey(public_key_), nullptr, message, signature);
    default:
      return signature.size() == digest_size &&
             CRYPTO_memcmp(sign(message).data(), signature.data(), digest_size) == 0;
  }
}

std::string Signature::sign(std::string_view message) const {
  return mac_of(secret_.view(), message);
}

}  // namespace steward::token
