package io.kontor.api.datasubject;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kontor.api.message.Validation;
import io.kontor.tenancy.StreamId;
import io.kontor.tenancy.TenantId;
import java.util.UUID;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.jspecify.annotations.Nullable;

/**
 * Records that a person is to be forgotten. The caller then deletes the key.
 *
 * @param subject the person's id among the tenant's data subjects, such as a customer number
 * @param key the current key of the subject's data; null when there is none
 */
public record ForgetDataSubject(
    @TargetAggregateIdentifier StreamId stream, String subject, @Nullable UUID key) {

  /**
   * @throws IllegalArgumentException when the subject is invalid
   */
  public ForgetDataSubject {
    Validation.carriedText("subject", subject);
  }

  public static ForgetDataSubject of(TenantId tenant, String subject, @Nullable UUID key) {
    UUID derived = UUID.nameUUIDFromBytes(("data-subject/" + subject).getBytes(UTF_8));
    return new ForgetDataSubject(new StreamId(tenant, derived), subject, key);
  }

  /**
   * The result.
   *
   * @param key the key to delete, if there is one
   */
  public record Forgotten(String subject, @Nullable UUID key) {}
}
