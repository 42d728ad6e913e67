package io.kontor.app.cli.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import io.kontor.app.cli.CliException;
import io.kontor.tenancy.TenantContext;
import io.kontor.tenancy.TenantId;
import io.kontor.tenancy.jdbc.TenantTransactions;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The keys to personal data in a separate file, one a line, wrapped with the master key. The file
 * still holds keys of data subjects who are forgotten later, so delete it after the import.
 */
final class SubjectKeyFile {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final TenantTransactions transactions;
  private final JdbcClient sql;

  /**
   * @param wrapped base64
   * @param names digests by which the subject is found, base64; none in a file of before they were
   */
  private record Key(
      String tenant,
      UUID key,
      String subject,
      String wrapped,
      String master,
      @Nullable List<String> names) {
    private static final int LONGEST_SUBJECT = 1_000;
    private static final int LONGEST_KEY = 1_000;

    Key {
      if (subject.length() > LONGEST_SUBJECT
          || wrapped.length() > LONGEST_KEY
          || master.length() > LONGEST_KEY) {
        throw new IllegalArgumentException("longer than a key's line is");
      }
      Objects.requireNonNull(key);
      new TenantId(tenant);
      bytes(wrapped);
      digests().forEach(SubjectKeyFile::bytes);
    }

    List<String> digests() {
      return names == null ? List.of() : names;
    }
  }

  SubjectKeyFile(DataSource app) {
    this.transactions = new TenantTransactions(app);
    this.sql = JdbcClient.create(app);
  }

  /** Writes the tenants' keys into a file that only its owner can read. */
  void write(Path file, Collection<String> tenants) throws IOException {
    if (Files.exists(file)) {
      throw new CliException(file + " exists");
    }
    try (var channel = Files.newByteChannel(file, Set.of(CREATE_NEW, WRITE), onlyOwner());
        var lines = new BufferedWriter(Channels.newWriter(channel, UTF_8))) {
      for (String tenant : tenants) {
        for (Key key : keysOf(new TenantId(tenant))) {
          lines.write(JSON.writeValueAsString(key));
          lines.newLine();
        }
      }
    }
  }

  /** Stores the keys of a file except those of forgotten data subjects. */
  void read(Path file, List<ForgottenSubjectEntry> forgotten) throws IOException {
    for (String line : Files.readAllLines(file)) {
      Key key = key(line, file);
      if (forgotten.stream().noneMatch(person -> key.key().equals(person.key()))) {
        store(key);
      }
    }
  }

  /** Records the forgotten data subjects. */
  void forget(List<ForgottenSubjectEntry> forgotten) {
    for (ForgottenSubjectEntry person : forgotten) {
      TenantContext.run(
          person.tenant(),
          () ->
              transactions.write(
                  () ->
                      sql.sql(
                              "insert into forgotten_subject (tenant_id, subject)"
                                  + " values (?, ?) on conflict do nothing")
                          .param(person.tenant().value())
                          .param(person.subject())
                          .update()));
    }
  }

  private static Key key(String line, Path file) {
    try {
      return JSON.readValue(line, Key.class);
    } catch (JacksonException other) {
      throw new CliException(file + " is not a file of kontor events export --keys");
    }
  }

  private List<Key> keysOf(TenantId tenant) {
    return TenantContext.call(
        tenant,
        () ->
            transactions.read(
                () ->
                    sql.sql(
                            """
                            select k.tenant_id, k.key_id, k.subject, k.wrapped, k.master, array(
                              select encode(n.digest, 'base64') from subject_name n
                               where n.tenant_id = k.tenant_id and n.key_id = k.key_id order by 1)
                              from subject_key k where k.tenant_id = ? order by k.key_id
                            """)
                        .param(tenant.value())
                        .query(
                            (row, n) ->
                                new Key(
                                    row.getString(1),
                                    row.getObject(2, UUID.class),
                                    row.getString(3),
                                    Base64.getEncoder().encodeToString(row.getBytes(4)),
                                    row.getString(5),
                                    List.of((String[]) row.getArray(6).getArray())))
                        .list()));
  }

  private void store(Key key) {
    TenantContext.run(
        new TenantId(key.tenant()),
        () ->
            transactions.write(
                () -> {
                  insert(key);
                  key.digests().forEach(digest -> insertName(key, bytes(digest)));
                  return true;
                }));
  }

  private void insert(Key key) {
    sql.sql(
            """
            insert into subject_key (tenant_id, key_id, subject, wrapped, master)
            values (?, ?, ?, ?, ?) on conflict do nothing
            """)
        .param(key.tenant())
        .param(key.key())
        .param(key.subject())
        .param(bytes(key.wrapped()))
        .param(key.master())
        .update();
  }

  /** Unless the subject has another key here. */
  private void insertName(Key key, byte[] digest) {
    sql.sql(
            """
            insert into subject_name (tenant_id, digest, key_id)
            select tenant_id, ?, key_id from subject_key where tenant_id = ? and key_id = ?
            on conflict do nothing
            """)
        .param(digest)
        .param(key.tenant())
        .param(key.key())
        .update();
  }

  private static byte[] bytes(String base64) {
    return Base64.getDecoder().decode(base64);
  }

  private static FileAttribute<?>[] onlyOwner() {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }
}
