package io.kontor.api.datasubject;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kontor.api.message.Validation;
import io.kontor.tenancy.StreamId;
import io.kontor.tenancy.TenantId;
import java.util.UUID;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.jspecify.annotations.Nullable;

/**
 * Records that someone is to be forgotten. The key is then taken away by whoever asked.
 *
 * @param subject the person's name among the tenant's data subjects, such as a customer number
 * @param key the key that makes the subject's data readable now; null when there is none
 */
public record ForgetDataSubject(
    @TargetAggregateIdentifier StreamId stream, String subject, @Nullable UUID key) {

  /**
   * @throws IllegalArgumentException when the subject can't be one
   */
  public ForgetDataSubject {
    Validation.carriedText("subject", subject);
  }

  public static ForgetDataSubject of(TenantId tenant, String subject, @Nullable UUID key) {
    UUID derived = UUID.nameUUIDFromBytes(("data-subject/" + subject).getBytes(UTF_8));
    return new ForgetDataSubject(new StreamId(tenant, derived), subject, key);
  }

  /**
   * The answer.
   *
   * @param key the key to take away, if there is one
   */
  public record Forgotten(String subject, @Nullable UUID key) {}
}
