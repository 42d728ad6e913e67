package io.kontor.eventstore.idempotency;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.kontor.eventstore.event.StoreBusyException;
import io.kontor.tenancy.TenantContext;
import io.kontor.tenancy.TenantId;
import io.kontor.tenancy.messaging.TenantMessageInterceptor;
import java.time.Duration;
import java.util.Optional;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.eventhandling.EventMessage;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Idempotency records. The record of a command that carries a key is written in the same
 * transaction as its events.
 */
public final class IdempotencyRecords {
  /** Command metadata: the caller's idempotency key. */
  public static final String IDEMPOTENCY_KEY = "idempotencyKey";

  /** Command metadata: a digest of the request with this key. */
  public static final String REQUEST_FINGERPRINT = "requestFingerprint";

  /** Command result metadata: the store position that the command reached. */
  public static final String POSITION = "position";

  private static final int MAX_RECENT_KEYS = 100_000;

  /** Shorter than the store's retention of records. */
  private static final Duration RECENT = Duration.ofHours(24);

  private final IdempotencyStore store;
  private final JsonMapper json = JsonMapper.builder().build();
  private final Cache<AnswerKey, Boolean> recent =
      Caffeine.newBuilder().maximumSize(MAX_RECENT_KEYS).expireAfterWrite(RECENT).build();

  public IdempotencyRecords(IdempotencyStore store) {
    this.store = store;
  }

  /** Whether an event is an idempotency record and not a business event. */
  public static boolean isAnswer(EventMessage<?> event) {
    return event.getPayloadType() == RequestAnswered.class;
  }

  /**
   * The record of the current tenant's key.
   *
   * @throws io.kontor.tenancy.NoTenantException when no tenant is bound
   */
  public Optional<IdempotencyRecord> find(String key) {
    return store.find(key);
  }

  /**
   * Stores a record that belongs to no single command.
   *
   * @return the record's position
   * @throws DuplicateRequestException when the key has a record already
   * @throws StoreBusyException when the store can't take it now
   */
  public long remember(String key, String fingerprint, Object answer) {
    var row = new IdempotencyRow(TenantContext.current().value(), key, fingerprint, toJson(answer));
    long position = store.append(row);
    stored(row);
    return position;
  }

  /**
   * The command's idempotency key with an empty result; null when the command has no key.
   *
   * @throws DuplicateRequestException when this process has stored a record of the key recently and
   *     it still exists, which saves handling the command; the store enforces uniqueness
   */
  public @Nullable IdempotencyRow requestOf(CommandMessage<?> command) {
    if (command.getMetaData().get(IDEMPOTENCY_KEY) instanceof String key
        && command.getMetaData().get(REQUEST_FINGERPRINT) instanceof String fingerprint) {
      TenantId tenant = TenantMessageInterceptor.of(command);
      var known = new AnswerKey(tenant.value(), key);
      if (recent.getIfPresent(known) != null) {
        if (TenantContext.call(tenant, () -> store.find(key)).isPresent()) {
          throw new DuplicateRequestException(key);
        }
        recent.invalidate(known);
      }
      return new IdempotencyRow(tenant.value(), key, fingerprint, "");
    }
    return null;
  }

  /** Call once the record is durable. */
  public void stored(IdempotencyRow answer) {
    recent.put(new AnswerKey(answer.tenant(), answer.key()), true);
  }

  public String toJson(@Nullable Object answer) {
    return json.writeValueAsString(answer);
  }

  private record AnswerKey(String tenant, String key) {}
}
