#include "extension/token/public_key.h"

#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "extension/token/base64url.h"
#include "extension/token/json.h"
#include "extension/token/refused.h"

namespace steward::token {
namespace {

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

[[noreturn]] void unreadable() {
  ERR_clear_error();
  throw Refused("no public key can be read from it");
}

[[noreturn]] void private_key() {
  throw Refused("it is a private key, which belongs to whoever issues the tokens");
}

Key from_pem(std::string_view pem) {
  if (pem.find("PRIVATE KEY") != pem.npos) private_key();
  std::unique_ptr<BIO, decltype(&BIO_free)> source(
      BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), BIO_free);
  Key key(source ? PEM_read_bio_PUBKEY(source.get(), nullptr, nullptr, nullptr) : nullptr,
          EVP_PKEY_free);
  if (!key) unreadable();
  return key;
}

std::string bytes_of(const Object& jwk, const char* name) {
  const Value* value = jwk.find(name);
  if (!value || value->kind != Value::Kind::string) unreadable();
  return from_base64url(value->text);
}

bool says(const Object& jwk, const char* name, const char* what) {
  const Value* value = jwk.find(name);
  return value && value->kind == Value::Kind::string && value->text == what;
}

// The parameters of a key under construction, and what they point to until it is made.
class Parameters {
 public:
  void text(const char* name, const char* value) {
    good_ = good_ && OSSL_PARAM_BLD_push_utf8_string(build_.get(), name, value, 0) == 1;
  }
  void octets(const char* name, std::string value) {  // once
    octets_ = std::move(value);
    good_ = good_ && OSSL_PARAM_BLD_push_octet_string(build_.get(), name, octets_.data(),
                                                      octets_.size()) == 1;
  }
  void number(const char* name, const std::string& value) {
    Number number(BN_bin2bn(reinterpret_cast<const unsigned char*>(value.data()),
                            static_cast<int>(value.size()), nullptr),
                  BN_free);
    good_ = good_ && number && OSSL_PARAM_BLD_push_BN(build_.get(), name, number.get()) == 1;
    numbers_.push_back(std::move(number));
  }
  Key make(const char* kind) {
    std::unique_ptr<OSSL_PARAM, decltype(&OSSL_PARAM_free)> all(
        good_ ? OSSL_PARAM_BLD_to_param(build_.get()) : nullptr, OSSL_PARAM_free);
    std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)> context(
        EVP_PKEY_CTX_new_from_name(nullptr, kind, nullptr), EVP_PKEY_CTX_free);
    EVP_PKEY* made = nullptr;
    if (!all || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
        EVP_PKEY_fromdata(context.get(), &made, EVP_PKEY_PUBLIC_KEY, all.get()) != 1)
      unreadable();
    return {made, EVP_PKEY_free};
  }

 private:
  using Number = std::unique_ptr<BIGNUM, decltype(&BN_free)>;
  std::unique_ptr<OSSL_PARAM_BLD, decltype(&OSSL_PARAM_BLD_free)> build_{OSSL_PARAM_BLD_new(),
                                                                         OSSL_PARAM_BLD_free};
  std::vector<Number> numbers_;
  std::string octets_;
  bool good_ = build_ != nullptr;
};

Key from_jwk(std::string_view json) {
  Object jwk(json);
  if (jwk.find("d")) private_key();
  Parameters parameters;
  if (says(jwk, "kty", "RSA")) {
    parameters.number(OSSL_PKEY_PARAM_RSA_N, bytes_of(jwk, "n"));
    parameters.number(OSSL_PKEY_PARAM_RSA_E, bytes_of(jwk, "e"));
    return parameters.make("RSA");
  }
  if (says(jwk, "kty", "EC") && says(jwk, "crv", "P-256")) {
    parameters.text(OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1");
    std::string x = bytes_of(jwk, "x"), y = bytes_of(jwk, "y");
    if (x.size() != 32 || y.size() != 32) unreadable();
    parameters.octets(OSSL_PKEY_PARAM_PUB_KEY, "\x04" + x + y);  // the point, not compressed
    return parameters.make("EC");
  }
  if (says(jwk, "kty", "OKP") && says(jwk, "crv", "Ed25519")) {
    parameters.octets(OSSL_PKEY_PARAM_PUB_KEY, bytes_of(jwk, "x"));
    return parameters.make("ED25519");
  }
  throw Refused("a JSON Web Key that is neither RSA, nor P-256, nor Ed25519");
}

}  // namespace

std::string public_key_der(Algorithm algorithm, std::string_view text) {
  std::size_t first = text.find_first_not_of(" \t\r\n");
  Key key = first != text.npos && text[first] == '{' ? from_jwk(text) : from_pem(text);
  unsigned char* der = nullptr;
  int size = i2d_PUBKEY(key.get(), &der);
  if (size <= 0) unreadable();
  std::string out(reinterpret_cast<char*>(der), static_cast<std::size_t>(size));
  OPENSSL_free(der);
  Signature check(algorithm, out);
  return out;
}

}  // namespace steward::token
