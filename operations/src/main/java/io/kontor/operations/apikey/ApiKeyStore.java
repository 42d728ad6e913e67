package io.kontor.operations.apikey;

import static java.util.stream.Collectors.toSet;

import io.kontor.tenancy.IdGenerator;
import io.kontor.tenancy.TenantContext;
import io.kontor.tenancy.jdbc.TenantTransactions;
import io.kontor.web.problem.DatabaseProblems;
import io.kontor.web.problem.ProblemException;
import io.kontor.web.problem.ProblemType;
import io.kontor.web.security.ApiKey;
import io.kontor.web.security.ApiKeyHolder;
import io.kontor.web.security.ApiKeyLookup;
import io.kontor.web.security.Role;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.TransactionException;

/** The API keys of a tenant, of which only digests are stored. */
final class ApiKeyStore implements ApiKeyLookup {
  private static final Logger LOG = LoggerFactory.getLogger(ApiKeyStore.class);

  /** A use is recorded at most once in that time. */
  private static final Duration USE_RECORDED = Duration.ofMinutes(1);

  private static final String SUBJECT_OF_A_KEY = "key:";

  private final TenantTransactions transactions;
  private final JdbcClient sql;
  private final InstantSource clock;

  /**
   * @param app connections that see one tenant's rows
   */
  ApiKeyStore(TenantTransactions transactions, DataSource app, InstantSource clock) {
    this.transactions = transactions;
    this.sql = JdbcClient.create(app);
    this.clock = clock;
  }

  /**
   * What a key is to be.
   *
   * @param subject for whom it acts; null for itself alone
   * @param lifetime after which it expires
   */
  record Wanted(String name, @Nullable String subject, Set<Role> scopes, Duration lifetime) {}

  /**
   * A key that was created.
   *
   * @param key the key in the clear, this once; null when an earlier request created it
   */
  record Created(ApiKeyDetails details, @Nullable String key) {}

  @SuppressWarnings("ArrayRecordComponent") // it is read once and never compared
  private record Stored(
      byte[] digest,
      String subject,
      Set<Role> scopes,
      Instant expiresAt,
      @Nullable Instant lastUsedAt) {}

  /** Whether that subject acts for no person but for a key. */
  static boolean isOfAKey(String subject) {
    return subject.startsWith(SUBJECT_OF_A_KEY);
  }

  /**
   * The key is looked up as its tenant, before it is known to be valid: row-level security shows
   * the rows of that tenant alone, and of those the key's digest alone matches.
   */
  @Override
  public Optional<ApiKeyHolder> find(ApiKey key, String address) {
    try {
      return TenantContext.call(key.tenant(), () -> findOfTenant(key));
    } catch (DataAccessException | TransactionException away) {
      throw DatabaseProblems.of(away)
          .orElseGet(
              () ->
                  ProblemException.tryAgain(
                      ProblemType.DATABASE_UNAVAILABLE, "the database does not answer; try again"));
    }
  }

  private Optional<ApiKeyHolder> findOfTenant(ApiKey key) {
    Optional<Stored> stored =
        transactions.read(
            () ->
                sql.sql(
                        """
                        select digest, subject, scopes, expires_at, last_used_at
                          from api_key where key_id = ? and revoked_at is null
                        """)
                    .param(key.id())
                    .query(ApiKeyStore::stored)
                    .optional());
    Instant now = clock.instant();
    Optional<Stored> valid =
        stored.filter(row -> key.matches(row.digest) && row.expiresAt.isAfter(now));
    valid.ifPresent(row -> recordUse(key, row.lastUsedAt, now));
    return valid.map(
        row -> new ApiKeyHolder(key.id(), key.tenant(), row.subject, row.scopes, row.expiresAt));
  }

  private void recordUse(ApiKey key, @Nullable Instant lastUsedAt, Instant now) {
    if (lastUsedAt != null && lastUsedAt.isAfter(now.minus(USE_RECORDED))) {
      return;
    }
    transactions.write(
        () ->
            sql.sql("update api_key set last_used_at = :now where key_id = :id")
                .param("now", Timestamp.from(now))
                .param("id", key.id())
                .update());
  }

  /**
   * Creates a key of the current tenant.
   *
   * @param requestKey the request's idempotency key; null without one
   * @param by the creator's subject
   */
  Created create(Wanted wanted, @Nullable String requestKey, String by) {
    Optional<Created> known = createdBefore(requestKey);
    if (known.isPresent()) {
      return known.get();
    }
    ApiKey key = ApiKey.create(TenantContext.current(), IdGenerator.next());
    String subject = wanted.subject() == null ? SUBJECT_OF_A_KEY + key.id() : wanted.subject();
    Instant now = clock.instant();
    try {
      transactions.write(
          () ->
              sql.sql(
                      """
                      insert into api_key (tenant_id, key_id, name, subject, scopes, digest,
                        created_at, created_by, expires_at, request_key)
                      values (current_tenant(), :id, :name, :subject, :scopes, :digest, :now,
                        :by, :end, :key)
                      """)
                  .param("id", key.id())
                  .param("name", wanted.name())
                  .param("subject", subject)
                  .param("scopes", claims(wanted.scopes()))
                  .param("digest", key.digest())
                  .param("now", Timestamp.from(now))
                  .param("by", by)
                  .param("end", Timestamp.from(now.plus(wanted.lifetime())))
                  .param("key", requestKey)
                  .update());
    } catch (DuplicateKeyException concurrent) {
      return createdBefore(requestKey).orElseThrow(() -> concurrent);
    }
    LOG.info("api key created id={} tenant={}", key.id(), key.tenant());
    return new Created(find(key.id()).orElseThrow(), key.reveal());
  }

  private Optional<Created> createdBefore(@Nullable String requestKey) {
    return requestKey == null
        ? Optional.empty()
        : transactions
            .read(
                () ->
                    sql.sql("select * from api_key where request_key = ?")
                        .param(requestKey)
                        .query(ApiKeyStore::details)
                        .optional())
            .map(details -> new Created(details, null));
  }

  Optional<ApiKeyDetails> find(UUID id) {
    return transactions.read(
        () ->
            sql.sql("select * from api_key where key_id = ?")
                .param(id)
                .query(ApiKeyStore::details)
                .optional());
  }

  /**
   * The keys of the current tenant, oldest first, those included that ended.
   *
   * @param after the last of the previous page
   */
  List<ApiKeyDetails> list(@Nullable UUID after, int limit) {
    return transactions.read(
        () ->
            sql.sql(
                    """
                    select * from api_key
                     where cast(:after as uuid) is null or key_id > cast(:after as uuid)
                     order by key_id limit :limit
                    """)
                .param("after", after)
                .param("limit", limit)
                .query(ApiKeyStore::details)
                .list());
  }

  /** Revokes a key; false if there is none. */
  boolean revoke(UUID id) {
    boolean isKnown =
        transactions.write(
            () ->
                sql.sql(
                            """
                            update api_key set revoked_at = coalesce(revoked_at, :now)
                             where key_id = :id
                            """)
                        .param("now", Timestamp.from(clock.instant()))
                        .param("id", id)
                        .update()
                    == 1);
    if (isKnown) {
      LOG.info("api key revoked id={} tenant={}", id, TenantContext.current());
    }
    return isKnown;
  }

  private static Stored stored(ResultSet row, int number) throws SQLException {
    return new Stored(
        row.getBytes("digest"),
        row.getString("subject"),
        scopes(row).flatMap(scope -> Role.ofClaim(scope).stream()).collect(toSet()),
        row.getTimestamp("expires_at").toInstant(),
        instant(row, "last_used_at"));
  }

  private static ApiKeyDetails details(ResultSet row, int number) throws SQLException {
    return new ApiKeyDetails(
        row.getObject("key_id", UUID.class),
        row.getString("name"),
        row.getString("subject"),
        scopes(row).toList(),
        row.getTimestamp("created_at").toInstant(),
        row.getString("created_by"),
        row.getTimestamp("expires_at").toInstant(),
        instant(row, "last_used_at"),
        instant(row, "revoked_at"));
  }

  private static Stream<String> scopes(ResultSet row) throws SQLException {
    return Stream.of((String[]) row.getArray("scopes").getArray());
  }

  private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    Timestamp stored = row.getTimestamp(column);
    return stored == null ? null : stored.toInstant();
  }

  private static String[] claims(Set<Role> scopes) {
    return scopes.stream().map(Role::claim).sorted().toArray(String[]::new);
  }
}
