package io.kontor.app;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.function.Supplier;

/** An OpenID Connect provider whose only person signs in without being asked. */
final class SignInProvider {
  static final String CLIENT = "kontor-console";

  private final RSAKey key;
  private final HttpServer server;
  private volatile String nonce = "";
  private volatile String accessToken = "";
  private volatile String tokenRequest = "";

  private SignInProvider(RSAKey key, HttpServer server) {
    this.key = key;
    this.server = server;
  }

  /** Started on first use, and ended with the JVM. */
  static SignInProvider start() {
    try {
      RSAKey key = new RSAKeyGenerator(2048).keyID("provider").generate();
      var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      var provider = new SignInProvider(key, server);
      provider.answer("/.well-known/openid-configuration", provider::metadata);
      provider.answer("/keys", () -> new JWKSet(key.toPublicJWK()).toString());
      provider.answer("/token", provider::tokens);
      server.start();
      return provider;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  String uri() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** The next sign-in is that of the token's person. */
  void signIn(String nonce, String accessToken) {
    this.nonce = nonce;
    this.accessToken = accessToken;
  }

  /** The form of the last request for tokens. */
  String tokenRequest() {
    return tokenRequest;
  }

  private String metadata() {
    return """
    {"issuer":"%1$s","authorization_endpoint":"%1$s/authorize","token_endpoint":"%1$s/token",
     "jwks_uri":"%1$s/keys","subject_types_supported":["public"],
     "response_types_supported":["code"],"id_token_signing_alg_values_supported":["RS256"],
     "token_endpoint_auth_methods_supported":["client_secret_basic"]}
    """
        .formatted(uri());
  }

  private String tokens() {
    Instant now = Instant.now();
    var id =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.getKeyID()).build(),
            new JWTClaimsSet.Builder()
                .issuer(uri())
                .subject("tim")
                .audience(CLIENT)
                .claim("nonce", nonce)
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plusSeconds(60)))
                .build());
    try {
      id.sign(new RSASSASigner(key));
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
    return "{\"access_token\":\"%s\",\"token_type\":\"Bearer\",\"expires_in\":60,\"id_token\":\"%s\"}"
        .formatted(accessToken, id.serialize());
  }

  private void answer(String path, Supplier<String> json) {
    server.createContext(path, exchange -> send(exchange, json));
  }

  private void send(HttpExchange exchange, Supplier<String> json) throws IOException {
    if (exchange.getRequestURI().getPath().equals("/token")) {
      tokenRequest = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    }
    byte[] body = json.get().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }
}
