#include "extension/token.h"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <rapidcheck/gtest.h>

#include <functional>

#include "extension/token/base64url.h"
#include "extension/token/json.h"
#include "extension/token/public_key.h"
#include "extension/token/refused.h"

namespace steward::token {
namespace {

using namespace std::string_literals;

constexpr Seconds now = 1'800'000'000;
const std::string secret = "0123456789abcdef0123456789abcdef";

std::string reason(const std::function<void()>& action) {
  try {
    action();
    return "";
  } catch (const Refused& refused) {
    return refused.what();
  }
}

Key key(const char* kid, Algorithm algorithm = Algorithm::hs256) {
  Key made{kid, Signature(algorithm, secret), {}, {}};
  made.leeway = 10;
  return made;
}

template <class... Keys>
std::vector<Key> ring(Keys... all) {
  std::vector<Key> made;
  (made.push_back(std::move(all)), ...);
  return made;
}

// Signed with the secret, whatever it says.
std::string jwt(const std::string& payload,
                const std::string& header = R"({"alg":"HS256","kid":"k"})") {
  std::string message = base64url(header) + '.' + base64url(payload);
  return message + '.' + base64url(Signature(Algorithm::hs256, secret).sign(message));
}

std::string compact(const std::string& message) {
  return message + '.' + base64url(Signature(Algorithm::v1, secret).sign(message));
}

std::string why(const std::string& token, const std::vector<Key>& keys = ring(key("k"))) {
  return reason([&] { verify(token, keys, now); });
}

std::string claims(const std::string& more = "", Seconds expires = now + 60) {
  return R"({"sub":"alice","exp":)" + std::to_string(expires) + more + "}";
}

// RFC 7515, appendices A.1 to A.3, and RFC 8037, appendix A.4: others' signatures.
constexpr char jose_payload[] =
    ".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnV"
    "lfQ";

struct Vector {
  Algorithm algorithm;
  std::string key;
  std::string message;
  std::string signature;
};

std::vector<Vector> published() {
  return {
      {Algorithm::hs256,
       from_base64url(
           "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAz"
           "Zr1Z9CAow"),
       "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9"s + jose_payload,
       "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"},
      {Algorithm::rs256,
       R"({"kty":"RSA","e":"AQAB","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmf)"
       R"(HQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wG)"
       R"(zjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZl)"
       R"(xvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4)"
       R"(FRWyuXpoQ"})",
       "eyJhbGciOiJSUzI1NiJ9"s + jose_payload,
       "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_"
       "O8W2Fp5"
       "jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_"
       "nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1"
       "L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-"
       "eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYE"
       "UipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw"},
      {Algorithm::es256,
       R"({"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",)"
       R"("y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"})",
       "eyJhbGciOiJFUzI1NiJ9"s + jose_payload,
       "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"},
      {Algorithm::eddsa,
       R"({"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})",
       "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc",
       "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"},
  };
}

Signature signature_of(const Vector& vector) {
  return {vector.algorithm, is_symmetric(vector.algorithm)
                                ? vector.key
                                : public_key_der(vector.algorithm, vector.key)};
}

// A public key made here, as DER.
template <class... Parameters>
std::string fresh_key(const char* kind, Parameters... parameters) {
  EVP_PKEY* made = EVP_PKEY_Q_keygen(nullptr, nullptr, kind, parameters...);
  unsigned char* der = nullptr;
  int size = i2d_PUBKEY(made, &der);
  std::string out(reinterpret_cast<char*>(der), static_cast<std::size_t>(size));
  OPENSSL_free(der);
  EVP_PKEY_free(made);
  return out;
}

TEST(Base64url, decodes_what_it_encoded) {
  rc::check([](const std::string& bytes) {
    std::string text = base64url(bytes);
    RC_ASSERT(from_base64url(text) == bytes);
    RC_ASSERT(bytes.empty() || is_base64url(text));
  });
}

TEST(Base64url, takes_the_canonical_spelling_alone) {
  EXPECT_EQ(from_base64url("-_8"), "\xFB\xFF");
  for (const char* text : {"-_9", "A", "AB", "AA==", "A A", "+/8", "AAAA\n", "AAA\xC3"})
    EXPECT_NE(reason([&] { from_base64url(text); }), "") << text;
}

TEST(Json, reads_an_object) {
  Object read(
      " { \"a\" : \"x\\u00e9\\ud83d\\ude00\\n\" , "
      "\"n\":-1.5e+3,\"l\":[\"p\",\"q\"],\"m\":[1,\"q\"],"
      "\"o\":{\"deep\":[null,true,false,{}]},\"\":0} ");
  EXPECT_EQ(read.find("a")->text, "x\xC3\xA9\xF0\x9F\x98\x80\n");
  EXPECT_EQ(read.find("n")->text, "-1.5e+3");
  EXPECT_EQ(read.find("l")->strings, (std::vector<std::string>{"p", "q"}));
  EXPECT_EQ(read.find("m")->kind, Value::Kind::other);
  EXPECT_EQ(read.find("o")->kind, Value::Kind::other);
  EXPECT_EQ(read.find("deep"), nullptr);
}

TEST(Json, refuses_what_readers_take_differently) {
  for (const std::string& text : {""s,
                                  "{"s,
                                  "}"s,
                                  "[]"s,
                                  "\"a\""s,
                                  "{}x"s,
                                  "{}{}"s,
                                  "{,}"s,
                                  "{\"a\":1,}"s,
                                  "{\"a\" 1}"s,
                                  "{a:1}"s,
                                  "{'a':1}"s,
                                  "{\"a\":01}"s,
                                  "{\"a\":1.}"s,
                                  "{\"a\":.5}"s,
                                  "{\"a\":+1}"s,
                                  "{\"a\":1e}"s,
                                  "{\"a\":NaN}"s,
                                  "{\"a\":tru}"s,
                                  "{\"a\":\"\n\"}"s,
                                  "{\"a\":\"\\x\"}"s,
                                  "{\"a\":\"\\u00\"}"s,
                                  "{\"a\":\"\\u0000\"}"s,
                                  "{\"a\":\"\\ud800\"}"s,
                                  "{\"a\":\"\\ud800\\u0041\"}"s,
                                  "{\"a\":\"\\udc00\"}"s,
                                  "{\"a\":\"\xFF\"}"s,
                                  "{\"a\":\"\xC0\xAF\"}"s,
                                  "{\"a\":\"\xED\xA0\x80\"}"s,
                                  "{\"a\":\"\xF4\x90\x80\x80\"}"s,
                                  "{\"a\":\"\xE2\x82\"}"s,
                                  "{\"a\":1}\0"s,
                                  "\xEF\xBB\xBF{}"s,
                                  "{\"a\":[1,]}"s,
                                  "{\"a\":[1 2]}"s,
                                  "{\"a\":/* */1}"s})
    EXPECT_EQ(reason([&] { Object read(text); }), "malformed JSON") << text;
  for (const char* text : {R"({"a":1,"a":1})", R"({"exp":1,"ex\u0070":2})",
                           R"({"o":{"b":1,"b":2}})", R"({"l":[{"b":1,"b":2}]})"})
    EXPECT_EQ(reason([&] { Object read(text); }), "a name that is given twice") << text;
}

TEST(Json, goes_sixteen_levels_deep) {
  auto nested = [](std::size_t levels) {
    return "{\"a\":" + std::string(levels - 1, '[') + std::string(levels - 1, ']') + "}";
  };
  EXPECT_EQ(reason([&] { Object read(nested(16)); }), "");
  EXPECT_EQ(reason([&] { Object read(nested(17)); }), "malformed JSON");
  EXPECT_EQ(reason([&] { Object read(nested(4000)); }), "malformed JSON");
}

TEST(Signature, agrees_with_what_was_published) {
  for (const Vector& vector : published())
    EXPECT_TRUE(signature_of(vector).verifies(vector.message, from_base64url(vector.signature)));
}

TEST(Signature, refuses_any_other) {
  for (const Vector& vector : published()) {
    const Signature signature = signature_of(vector);
    const std::string good = from_base64url(vector.signature);
    EXPECT_FALSE(signature.verifies(vector.message + "x", good));
    EXPECT_FALSE(signature.verifies(vector.message, ""));
    EXPECT_FALSE(signature.verifies(vector.message, good + '\0'));
    EXPECT_FALSE(signature.verifies(vector.message, good.substr(1)));
    EXPECT_FALSE(signature.verifies(vector.message, std::string(good.size(), '\0')));
    for (std::size_t i = 0; i < good.size(); i += 7) {
      std::string other = good;
      other[i] = static_cast<char>(other[i] ^ 1);
      EXPECT_FALSE(signature.verifies(vector.message, other)) << i;
    }
  }
}

TEST(Signature, takes_ecdsa_as_jose_writes_it_alone) {
  const Vector vector = published()[2];
  const std::string raw = from_base64url(vector.signature);
  const std::string der =
      "\x30\x45\x02\x20" + raw.substr(0, 32) + "\x02\x21" + '\0' + raw.substr(32);
  EXPECT_FALSE(signature_of(vector).verifies(vector.message, der));
}

TEST(Signature, wants_a_key_of_its_algorithm) {
  auto with = [](Algorithm algorithm, const std::string& material) {
    return reason([&] { Signature made(algorithm, material); });
  };
  const std::string rsa = fresh_key("RSA", std::size_t{2048}), p256 = fresh_key("EC", "P-256"),
                    ed = fresh_key("ED25519");
  EXPECT_EQ(with(Algorithm::rs256, rsa), "");
  EXPECT_EQ(with(Algorithm::es256, p256), "");
  EXPECT_EQ(with(Algorithm::eddsa, ed), "");
  EXPECT_EQ(with(Algorithm::rs256, p256), "RS256 needs an RSA key");
  EXPECT_EQ(with(Algorithm::es256, ed), "ES256 needs a key on the curve P-256");
  EXPECT_EQ(with(Algorithm::es256, fresh_key("EC", "P-384")),
            "ES256 needs a key on the curve P-256");
  EXPECT_EQ(with(Algorithm::eddsa, rsa), "EdDSA needs an Ed25519 key");
  EXPECT_EQ(with(Algorithm::eddsa, fresh_key("ED448")), "EdDSA needs an Ed25519 key");
  EXPECT_EQ(with(Algorithm::rs256, fresh_key("RSA", std::size_t{1024})),
            "an RSA key must have 2048 to 8192 bits");
  EXPECT_EQ(with(Algorithm::rs256, rsa + "x"), "no public key can be read from it");
  EXPECT_EQ(with(Algorithm::rs256, ""), "no public key can be read from it");
  EXPECT_EQ(with(Algorithm::hs256, secret.substr(1)), "a secret needs 32 bytes at least");
  EXPECT_EQ(with(Algorithm::v1, ""), "a secret needs 32 bytes at least");
}

TEST(PublicKey, refuses_a_private_one_and_what_is_none) {
  auto read = [](const char* text) {
    return reason([&] { public_key_der(Algorithm::eddsa, text); });
  };
  const char private_one[] = "it is a private key, which belongs to whoever issues the tokens";
  EXPECT_EQ(
      read("-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIA==\n-----END PRIVATE KEY-----"),
      private_one);
  EXPECT_EQ(
      read(
          R"({"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","d":""})"),
      private_one);
  EXPECT_EQ(
      read(R"({"kty":"OKP","crv":"X25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})"),
      "a JSON Web Key that is neither RSA, nor P-256, nor Ed25519");
  EXPECT_EQ(read(R"({"kty":"oct","k":"AAAA"})"),
            "a JSON Web Key that is neither RSA, nor P-256, nor Ed25519");
  for (const char* text :
       {"", "x", "{", R"({"kty":"OKP","crv":"Ed25519"})",
        R"({"kty":"EC","crv":"P-256","x":"AAAA","y":"AAAA"})",
        R"({"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",)"
        R"("y":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"})"})
    EXPECT_NE(read(text), "") << text;
}

TEST(Token, is_accepted_while_it_is_good) {
  Verified verified =
      verify(jwt(claims(R"(,"iat":1799999990,"nbf":1799999990)")), ring(key("k")), now);
  EXPECT_EQ(verified.subject, "alice");
  EXPECT_EQ(verified.valid_from, now - 20);
  EXPECT_EQ(verified.valid_until, now + 70);
  EXPECT_TRUE(verified.good_at(now + 69));
  EXPECT_FALSE(verified.good_at(now + 70));
  EXPECT_FALSE(verified.good_at(now - 21));
}

TEST(Token, keeps_time_with_the_leeway_and_no_more) {
  EXPECT_EQ(why(jwt(claims("", now - 9))), "");
  EXPECT_EQ(why(jwt(claims("", now - 10))), "it has expired");
  EXPECT_EQ(why(jwt(claims(",\"nbf\":" + std::to_string(now + 10)))), "");
  EXPECT_EQ(why(jwt(claims(",\"nbf\":" + std::to_string(now + 11)))), "it is not valid yet");
  EXPECT_EQ(why(jwt(claims(",\"iat\":" + std::to_string(now + 11)))), "it is not valid yet");
  EXPECT_EQ(why(jwt(R"({"sub":"alice","exp":1800000060.75})")), "");
}

TEST(Token, says_what_is_missing_or_malformed) {
  const std::pair<const char*, const char*> cases[] = {
      {R"({"exp":1800000060})", "sub is missing"},
      {R"({"sub":null,"exp":1800000060})", "sub is missing"},
      {R"({"sub":7,"exp":1800000060})", "sub is missing"},
      {R"({"sub":"","exp":1800000060})", "sub is empty"},
      {R"({"sub":"a\nb","exp":1800000060})", "sub is not plain text"},
      {R"({"sub":"alice"})", "exp is missing"},
      {R"({"sub":"alice","exp":"1800000060"})", "a time that is not a number of seconds"},
      {R"({"sub":"alice","exp":null})", "a time that is not a number of seconds"},
      {R"({"sub":"alice","exp":-1})", "a time that is not a number of seconds"},
      {R"({"sub":"alice","exp":18e8})", "a time that is not a number of seconds"},
      {R"({"sub":"alice","exp":9999999999999})", "a time that is not a number of seconds"},
      {R"({"sub":"alice","exp":1800000060,"nbf":"x"})", "a time that is not a number of seconds"},
      {R"({"sub":"alice","exp":1800000060,"iat":[]})", "a time that is not a number of seconds"},
      {R"({"sub":"alice","exp":1800000060,"iss":1})", "iss is not a string"},
      {R"({"sub":"alice","exp":1800000060,"aud":1})",
       "aud is neither a string nor an array of strings"},
      {R"({"sub":"alice","exp":1800000060,"aud":[]})",
       "aud is neither a string nor an array of strings"},
      {R"({"sub":"alice","exp":1800000060,"aud":["a",1]})",
       "aud is neither a string nor an array of strings"},
      {R"({"sub":"alice","sub":"bob","exp":1800000060})", "a name that is given twice"},
      {R"(["alice"])", "malformed JSON"},
      {"", "malformed JSON"},
  };
  for (auto [payload, expected] : cases) EXPECT_EQ(why(jwt(payload)), expected) << payload;
  EXPECT_EQ(why(jwt(R"({"exp":1800000060,"sub":")" + std::string(256, 'x') + "\"}")),
            "sub is longer than 255 bytes");
  EXPECT_EQ(why(jwt(R"({"exp":1800000060,"sub":")" + std::string(255, 'x') + "\"}")), "");
}

TEST(Token, trusts_its_header_with_nothing) {
  const std::pair<const char*, const char*> cases[] = {
      {R"({"alg":"none","kid":"k"})", "alg is none that is known"},
      {R"({"alg":"NONE","kid":"k"})", "alg is none that is known"},
      {R"({"alg":"","kid":"k"})", "alg is none that is known"},
      {R"({"alg":"HS512","kid":"k"})", "alg is none that is known"},
      {R"({"alg":"hs256","kid":"k"})", "alg is none that is known"},
      {R"({"alg":"v1","kid":"k"})", "alg is none that is known"},
      {R"({"alg":["HS256"],"kid":"k"})", "alg is missing"},
      {R"({"kid":"k"})", "alg is missing"},
      {R"({"alg":"RS256","kid":"k"})", "alg is not the key's"},
      {R"({"alg":"HS256"})", "kid is missing"},
      {R"({"alg":"HS256","kid":1})", "kid is missing"},
      {R"({"alg":"HS256","kid":"other"})", "unknown kid"},
      {R"({"alg":"HS256","kid":""})", "unknown kid"},
      {R"({"alg":"HS256","kid":"k","crit":["exp"]})", "crit names what is not understood"},
      {R"({"alg":"HS256","kid":"k","crit":[]})", "crit names what is not understood"},
      {R"({"alg":"RS256","alg":"HS256","kid":"k"})", "a name that is given twice"},
  };
  for (auto [header, expected] : cases) EXPECT_EQ(why(jwt(claims(), header)), expected) << header;
}

TEST(Token, is_for_the_key_and_its_parties_alone) {
  Key strict = key("k");
  strict.issuer = "https://id.example";
  strict.audience = "todo";
  const std::vector<Key> keys = ring(std::move(strict));
  EXPECT_EQ(why(jwt(claims(R"(,"iss":"https://id.example","aud":"todo")")), keys), "");
  EXPECT_EQ(why(jwt(claims(R"(,"iss":"https://id.example","aud":["x","todo"])")), keys), "");
  EXPECT_EQ(why(jwt(claims(R"(,"aud":"todo")")), keys), "iss is not the key's issuer");
  EXPECT_EQ(why(jwt(claims(R"(,"iss":"https://id.example/","aud":"todo")")), keys),
            "iss is not the key's issuer");
  EXPECT_EQ(why(jwt(claims(R"(,"iss":"https://id.example")")), keys),
            "aud is not the key's audience");
  EXPECT_EQ(why(jwt(claims(R"(,"iss":"https://id.example","aud":"Todo")")), keys),
            "aud is not the key's audience");
  EXPECT_EQ(why(jwt(claims(R"(,"aud":"todo")"))), "aud is not the key's audience");
  EXPECT_EQ(why(jwt(claims(R"(,"iss":"anybody")"))), "");
}

TEST(Token, lives_no_longer_than_its_key_allows) {
  Key brief = key("k");
  brief.longest_life = 60;
  const std::vector<Key> keys = ring(std::move(brief));
  EXPECT_EQ(why(jwt(claims()), keys), "");
  EXPECT_EQ(why(jwt(claims("", now + 61)), keys), "it lives longer than its key allows");
  EXPECT_EQ(why(jwt(claims(",\"iat\":" + std::to_string(now - 1))), keys),
            "it lives longer than its key allows");
}

TEST(Token, ends_with_its_key) {
  Key limited = key("k");
  limited.valid_from = now - 5;
  limited.valid_until = now + 5;
  const std::vector<Key> keys = ring(std::move(limited));
  EXPECT_EQ(verify(jwt(claims()), keys, now).valid_until, now + 5);
  EXPECT_EQ(verify(jwt(claims()), keys, now).valid_from, now - 5);
  EXPECT_EQ(reason([&] { verify(jwt(claims()), keys, now + 5); }),
            "its key is not valid at this time");
  EXPECT_EQ(reason([&] { verify(jwt(claims()), keys, now - 6); }),
            "its key is not valid at this time");
}

TEST(Token, has_one_spelling) {
  const std::string good = jwt(claims());
  for (const std::string& other :
       {good + "=", good + ".", "." + good, good + " ", " " + good, good + "\n",
        good.substr(0, good.size() - 1), good.substr(0, good.rfind('.')),
        good.substr(0, good.rfind('.') + 1), ""s, "."s, ".."s, "..."s})
    EXPECT_NE(why(other), "") << other;
  EXPECT_EQ(why(std::string(8193, 'x')), "longer than 8192 bytes");
  EXPECT_EQ(why(std::string(8192, 'x')), "malformed");
}

TEST(Compact, comes_back_as_it_was_minted) {
  const std::vector<Key> keys = ring(key("k", Algorithm::v1));
  rc::check([&] {
    const auto subject =
        *rc::gen::suchThat(rc::gen::container<std::string>(rc::gen::inRange(' ', '~')),
                           [](const std::string& s) { return !s.empty() && s.size() <= 255; });
    std::string token = mint(keys[0], subject, now, now + 60, "jti");
    RC_ASSERT(verify(token, keys, now).subject == subject);
    RC_ASSERT(!verify(token, keys, now).good_at(now + 70));
  });
}

TEST(Compact, is_void_when_a_bit_of_it_changes) {
  const std::vector<Key> keys = ring(key("k", Algorithm::v1), key("h"));
  const std::string good = mint(keys[0], "alice", now, now + 60, "jti-1");
  ASSERT_EQ(why(good, keys), "");
  for (std::size_t i = 0; i < good.size() * 8; ++i) {
    std::string other = good;
    other[i / 8] = static_cast<char>(other[i / 8] ^ 1 << i % 8);
    EXPECT_NE(why(other, keys), "") << other;
  }
}

TEST(Compact, says_what_is_wrong) {
  const std::vector<Key> keys = ring(key("k", Algorithm::v1), key("h"));
  const std::pair<std::string, const char*> cases[] = {
      {compact("v1.k.YWxpY2U.1800000000.1800000060.j"), ""},
      {compact("v1.h.YWxpY2U.1800000000.1800000060.j"), "alg is not the key's"},
      {compact("v1.x.YWxpY2U.1800000000.1800000060.j"), "unknown kid"},
      {compact("v1.k.YWxpY2U.1800000000.1800000060"), "malformed"},
      {compact("v1.k.YWxpY2U.1800000000.1800000060.j.j"), "malformed"},
      {compact("v1.k.YWxpY2U.1800000000.1800000060."), "malformed"},
      {compact("v1.k.YWxpY2U.1800000000.1800000060.j j"), "malformed"},
      {compact("v1.k..1800000000.1800000060.j"), "sub is empty"},
      {compact("v1.k._w.1800000000.1800000060.j"), "sub is not plain text"},
      {compact("v1.k.AA.1800000000.1800000060.j"), "sub is not plain text"},
      {compact("v1.k.YWxpY2V.1800000000.1800000060.j"), "base64url that is not canonical"},
      {compact("v1.k.YWxpY2U.01800000000.1800000060.j"), "a time that is not a number of seconds"},
      {compact("v1.k.YWxpY2U.1800000000.+1800000060.j"), "a time that is not a number of seconds"},
      {compact("v1.k.YWxpY2U.1800000000..j"), "a time that is not a number of seconds"},
      {compact("v1.k.YWxpY2U.1800000000.1799999990.j"), "it has expired"},
      {compact("v1.k.YWxpY2U.1800000011.1800000060.j"), "it is not valid yet"},
      {compact("v2.k.YWxpY2U.1800000000.1800000060.j"), "malformed"},
  };
  for (const auto& [token, expected] : cases) EXPECT_EQ(why(token, keys), expected) << token;
}

TEST(Compact, is_not_minted_where_it_could_not_be_read) {
  auto minting = [](const char* kid, const std::string& subject, const char* jti) {
    return reason([&] { mint(key(kid, Algorithm::v1), subject, now, now + 1, jti); });
  };
  EXPECT_EQ(minting("k-_1", "b\xC3\xB6", "j"), "");
  EXPECT_EQ(minting("a.b", "x", "j"), "a kid and a jti are letters, digits, - and _");
  EXPECT_EQ(minting("", "x", "j"), "a kid and a jti are letters, digits, - and _");
  EXPECT_EQ(minting("k", "x", ""), "a kid and a jti are letters, digits, - and _");
  EXPECT_EQ(minting("k", "", "j"), "sub is empty");
  EXPECT_EQ(minting("k", "\xFF", "j"), "sub is not plain text");
  EXPECT_EQ(minting("k", std::string(256, 'x'), "j"), "sub is longer than 255 bytes");
}

}  // namespace
}  // namespace steward::token
