package io.kontor.postgres;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Set;

/** Random passwords, one per file, which only the owner of the data folder can read. */
final class GeneratedPasswords {
  static final String SUPERUSER = "postgres";

  private final Path folder;

  GeneratedPasswords(Path folder) throws IOException {
    this.folder = Files.createDirectories(folder, readableByOwner("rwx------"));
  }

  String of(String role) throws IOException {
    return Files.readString(file(role));
  }

  /** The file with the password of {@code role}, created when there is none. */
  Path file(String role) throws IOException {
    Path file = folder.resolve(role);
    if (Files.notExists(file) || Files.size(file) == 0) {
      Files.deleteIfExists(file);
      try (var channel =
          FileChannel.open(file, Set.of(CREATE_NEW, WRITE), readableByOwner("rw-------"))) {
        channel.write(ByteBuffer.wrap(random()));
        channel.force(true);
      }
    }
    return file;
  }

  private static byte[] random() {
    byte[] bytes = new byte[24];
    new SecureRandom().nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encode(bytes);
  }

  private static FileAttribute<?>[] readableByOwner(String permissions) {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }
}
