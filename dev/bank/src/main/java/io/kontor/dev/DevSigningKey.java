package io.kontor.dev;

import com.nimbusds.jose.jwk.RSAKey;
import io.kontor.postgres.SecretFile;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;

/** The key that signs development tokens. Only the data folder's owner can read it. */
public record DevSigningKey(RSAPublicKey publicKey, RSAPrivateCrtKey privateKey) {
  private static final int BITS = 2048;

  static DevSigningKey keptIn(Path folder) {
    try {
      return of(SecretFile.readOrCreate(folder.resolve("dev-token-key"), DevSigningKey::generate));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Both keys, for signing. */
  public RSAKey jwk() {
    return new RSAKey.Builder(publicKey).privateKey(privateKey).build();
  }

  private static DevSigningKey of(byte[] pkcs8) throws GeneralSecurityException {
    KeyFactory keys = KeyFactory.getInstance("RSA");
    var secret = (RSAPrivateCrtKey) keys.generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    var open = new RSAPublicKeySpec(secret.getModulus(), secret.getPublicExponent());
    return new DevSigningKey((RSAPublicKey) keys.generatePublic(open), secret);
  }

  private static byte[] generate() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(BITS);
      return generator.generateKeyPair().getPrivate().getEncoded();
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has RSA", e);
    }
  }
}
