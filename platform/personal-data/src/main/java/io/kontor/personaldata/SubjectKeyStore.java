package io.kontor.personaldata;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.kontor.tenancy.TenantContext;
import io.kontor.tenancy.TenantId;
import io.kontor.tenancy.jdbc.TenantTransactions;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import javax.crypto.SecretKey;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The subjects' keys, in their table and in a cache. The cache is used only while this process
 * receives notifications of deleted keys: otherwise a deleted key could stay in use.
 */
final class SubjectKeyStore {
  /** The channel that announces deleted keys as {@code <tenant>/<key>}. */
  static final String GONE = "subject_keys";

  private static final int KEPT_AT_MOST = 20_000;
  private static final Duration KEPT_FOR = Duration.ofMinutes(1);

  private final TenantTransactions tenant;
  private final JdbcClient sql;
  private final MasterKeys masters;
  private final Cache<KeyName, SubjectKey> byId = cache();
  private final Cache<SubjectName, SubjectKey> bySubject = cache();

  /** Counts notifications, to detect one between the read of a key and its caching. */
  private final AtomicLong notifications = new AtomicLong();

  private volatile boolean listening;

  SubjectKeyStore(TenantTransactions tenant, DataSource app, MasterKeys masters) {
    this.tenant = tenant;
    this.sql = JdbcClient.create(app);
    this.masters = masters;
  }

  /** The subject's key; created when there is none. */
  SubjectKey ofSubject(String subject) {
    var name = new SubjectName(TenantContext.current(), subject);
    SubjectKey kept = bySubject.getIfPresent(name);
    if (kept != null) {
      return kept;
    }
    return ofSubjectNamed(subject, Set.of());
  }

  /** The subject's key, created when there is none, with words by which the subject is found. */
  SubjectKey ofSubjectNamed(String subject, Set<String> words) {
    long before = notifications.get();
    SubjectKey key =
        tenant.write(
            () -> {
              SubjectKey found = findOrCreate(subject);
              words.forEach(word -> insertWord(found.id(), word));
              return found;
            });
    keep(before, List.of(key));
    return key;
  }

  private void insertWord(UUID key, String word) {
    sql.sql(
            "insert into subject_name (tenant_id, digest, key_id)"
                + " values (:tenant, :digest, :key) on conflict do nothing")
        .param("tenant", TenantContext.current().value())
        .param("digest", masters.digest(ofTenant(word)))
        .param("key", key)
        .update();
  }

  /** The subjects in whose names all of the words occur; none for no words. */
  Set<String> subjectsNamed(Set<String> words, int limit) {
    if (words.isEmpty()) {
      return Set.of();
    }
    var query =
        new StringBuilder("select k.subject from subject_key k where k.tenant_id = :tenant");
    Map<String, Object> parameters = new HashMap<>();
    for (String word : words) {
      String name = "word" + parameters.size();
      query.append(
          """
           and k.key_id in (
             select n.key_id from subject_name n
              where n.tenant_id = :tenant and n.digest in (:%s))
          """
              .formatted(name));
      parameters.put(name, masters.digests(ofTenant(word)));
    }
    parameters.put("tenant", TenantContext.current().value());
    parameters.put("limit", limit);
    return tenant.read(
        () ->
            Set.copyOf(
                sql.sql(query + " limit :limit").params(parameters).query(String.class).list()));
  }

  /** Tenants have no digest in common. */
  private static String ofTenant(String word) {
    return TenantContext.current() + "/" + word;
  }

  /** The given keys that still exist. */
  Map<UUID, SubjectKey> withIds(Collection<UUID> ids) {
    TenantId of = TenantContext.current();
    Map<UUID, SubjectKey> found = new HashMap<>();
    Set<UUID> missing = new HashSet<>();
    for (UUID id : ids) {
      SubjectKey kept = byId.getIfPresent(new KeyName(of, id));
      if (kept == null) {
        missing.add(id);
      } else {
        found.put(id, kept);
      }
    }
    if (!missing.isEmpty()) {
      long before = notifications.get();
      List<SubjectKey> read = read(missing);
      keep(before, read);
      read.forEach(key -> found.put(key.id(), key));
    }
    return found;
  }

  /** The subjects among these that have been erased at some time. */
  Set<String> forgottenAmong(Set<String> subjects) {
    return tenant.read(
        () ->
            Set.copyOf(
                sql.sql(
                        "select subject from forgotten_subject"
                            + " where tenant_id = :tenant and subject in (:subjects)")
                    .param("tenant", TenantContext.current().value())
                    .param("subjects", subjects)
                    .query(String.class)
                    .list()));
  }

  @Nullable UUID idOf(String subject) {
    return tenant.read(
        () ->
            sql.sql(
                    "select key_id from subject_key"
                        + " where tenant_id = :tenant and subject = :subject")
                .param("tenant", TenantContext.current().value())
                .param("subject", subject)
                .query(UUID.class)
                .optional()
                .orElse(null));
  }

  /** Deletes the key, here and in every other process. Idempotent. */
  void remove(String subject, @Nullable UUID key) {
    TenantId of = TenantContext.current();
    tenant.write(
        () -> {
          sql.sql(
                  "insert into forgotten_subject (tenant_id, subject)"
                      + " values (:tenant, :subject) on conflict do nothing")
              .param("tenant", of.value())
              .param("subject", subject)
              .update();
          if (key != null) {
            sql.sql(
                    "delete from subject_key"
                        + " where tenant_id = :tenant and subject = :subject and key_id = :key")
                .param("tenant", of.value())
                .param("subject", subject)
                .param("key", key)
                .update();
            sql.sql("select pg_notify(current_schema() || '_' || :channel, :gone)")
                .param("channel", GONE)
                .param("gone", of + "/" + key)
                .query(String.class)
                .optional();
          }
          return true;
        });
    if (key != null) {
      gone(of, key);
    }
  }

  /** A process has deleted the key: removes it from the cache. */
  void gone(TenantId of, UUID id) {
    notifications.incrementAndGet();
    byId.invalidate(new KeyName(of, id));
    bySubject.asMap().values().removeIf(key -> key.id().equals(id));
  }

  /** Sets whether this process receives notifications of deleted keys from now on. */
  void listening(boolean now) {
    listening = now;
    notifications.incrementAndGet();
    byId.invalidateAll();
    bySubject.invalidateAll();
  }

  boolean isListening() {
    return listening;
  }

  private SubjectKey findOrCreate(String subject) {
    TenantId of = TenantContext.current();
    UUID id = UUID.randomUUID();
    sql.sql(
            """
            insert into subject_key (tenant_id, key_id, subject, wrapped, master)
            values (:tenant, :id, :subject, :wrapped, :master)
            on conflict (tenant_id, subject) do nothing
            """)
        .param("tenant", of.value())
        .param("id", id)
        .param("subject", subject)
        .param("wrapped", masters.wrap(AesGcm.newKey(), belongsTo(of, id, subject)))
        .param("master", masters.current())
        .update();
    return select("subject = :subject").param("subject", subject).query(this::key).single();
  }

  private List<SubjectKey> read(Set<UUID> ids) {
    return tenant.read(() -> select("key_id in (:ids)").param("ids", ids).query(this::key).list());
  }

  private JdbcClient.StatementSpec select(String which) {
    return sql.sql(
            "select key_id, subject, wrapped, master from subject_key"
                + " where tenant_id = :tenant and "
                + which)
        .param("tenant", TenantContext.current().value());
  }

  private SubjectKey key(ResultSet row, int number) throws SQLException {
    UUID id = row.getObject("key_id", UUID.class);
    String subject = row.getString("subject");
    SecretKey key =
        masters.unwrap(
            row.getString("master"),
            row.getBytes("wrapped"),
            belongsTo(TenantContext.current(), id, subject));
    return new SubjectKey(id, subject, key);
  }

  private void keep(long notificationsBefore, List<SubjectKey> read) {
    if (!listening) {
      return;
    }
    TenantId of = TenantContext.current();
    for (SubjectKey key : read) {
      byId.put(new KeyName(of, key.id()), key);
      bySubject.put(new SubjectName(of, key.subject()), key);
    }
    if (notifications.get() != notificationsBefore || !listening) {
      for (SubjectKey key : read) {
        byId.invalidate(new KeyName(of, key.id()));
        bySubject.invalidate(new SubjectName(of, key.subject()));
      }
    }
  }

  /** The context that a wrapped key is bound to, so that it can't replace another one. */
  private static String belongsTo(TenantId tenant, UUID id, String subject) {
    return tenant + "/" + id + "/" + subject;
  }

  private static <K, V> Cache<K, V> cache() {
    return Caffeine.newBuilder().maximumSize(KEPT_AT_MOST).expireAfterWrite(KEPT_FOR).build();
  }

  record SubjectKey(UUID id, String subject, SecretKey key) {}

  private record KeyName(TenantId tenant, UUID id) {}

  private record SubjectName(TenantId tenant, String subject) {}
}
