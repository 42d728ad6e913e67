package io.kontor.simulator;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;

/** Signs tokens that nodes accept, like an external issuer; its keys end with it. */
public final class Issuer implements AutoCloseable {
  /** How long a token is good unless the caller says otherwise. */
  public static final Duration LIFETIME = Duration.ofHours(1);

  private final RSAKey key;
  private final HttpServer server;

  private Issuer(RSAKey key, HttpServer server) {
    this.key = key;
    this.server = server;
  }

  /** Starts it on a free port of the loopback address. */
  public static Issuer start() {
    try {
      return start(new RSAKeyGenerator(2048).keyID("simulator").generate());
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The same with a key of the caller's. */
  public static Issuer start(RSAKey key) {
    try {
      var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      var issuer = new Issuer(key, server);
      issuer.answer("/keys", new JWKSet(key.toPublicJWK()).toString());
      issuer.answer(
          "/.well-known/openid-configuration",
          "{\"issuer\":\"%s\",\"jwks_uri\":\"%s\",\"subject_types_supported\":[\"public\"]}"
              .formatted(issuer.uri(), issuer.keys()));
      server.start();
      return issuer;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The issuer's name, which is the URL of its metadata. */
  public String uri() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Where its public keys are. */
  public String keys() {
    return uri() + "/keys";
  }

  /** A token of an operator, for {@link #LIFETIME}. */
  public String operator() {
    return sign(claims("olga", LIFETIME, "operator"));
  }

  /** A token of one role in a tenant, for {@link #LIFETIME}. */
  public String token(String tenant, String role) {
    return token(tenant, LIFETIME, role);
  }

  /** A token of a subject with a role in a tenant. */
  public String tokenOf(String subject, String tenant, String role) {
    return sign(claims(subject, LIFETIME, role).claim("tenant", tenant));
  }

  /** A token of some roles in a tenant, for a time. */
  public String token(String tenant, Duration lifetime, String... roles) {
    return sign(claims("tim", lifetime, roles).claim("tenant", tenant));
  }

  private JWTClaimsSet.Builder claims(String subject, Duration lifetime, String... roles) {
    return new JWTClaimsSet.Builder()
        .issuer(uri())
        .subject(subject)
        .claim("roles", List.of(roles))
        .expirationTime(Date.from(Instant.now().plus(lifetime)));
  }

  private void answer(String path, String json) {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    server.createContext(
        path,
        exchange -> {
          exchange.getResponseHeaders().set("Content-Type", "application/json");
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
  }

  private String sign(JWTClaimsSet.Builder claims) {
    try {
      var token =
          new SignedJWT(
              new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.getKeyID()).build(),
              claims.build());
      token.sign(new RSASSASigner(key));
      return token.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
