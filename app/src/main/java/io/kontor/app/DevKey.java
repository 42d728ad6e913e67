package io.kontor.app;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import com.nimbusds.jose.jwk.RSAKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Set;

/** The key that signs tokens for trying Kontor out. Only the data folder's owner can read it. */
record DevKey(RSAPublicKey publicKey, RSAPrivateCrtKey privateKey) {
  private static final int BITS = 2048;

  static DevKey keptIn(Path folder) {
    try {
      Path file = folder.resolve("dev-token-key");
      if (Files.notExists(file)) {
        write(file, generate().getEncoded());
      }
      return of(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  RSAKey jwk() {
    return new RSAKey.Builder(publicKey).privateKey(privateKey).build();
  }

  private static DevKey of(byte[] pkcs8) throws GeneralSecurityException {
    KeyFactory keys = KeyFactory.getInstance("RSA");
    var secret = (RSAPrivateCrtKey) keys.generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    var open = new RSAPublicKeySpec(secret.getModulus(), secret.getPublicExponent());
    return new DevKey((RSAPublicKey) keys.generatePublic(open), secret);
  }

  private static PrivateKey generate() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(BITS);
    return generator.generateKeyPair().getPrivate();
  }

  private static void write(Path file, byte[] content) throws IOException {
    boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    FileAttribute<?>[] onlyOwner =
        posix
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
            }
            : new FileAttribute<?>[0];
    try (var channel = FileChannel.open(file, Set.of(CREATE_NEW, WRITE), onlyOwner)) {
      channel.write(ByteBuffer.wrap(content));
      channel.force(true);
    }
  }
}
