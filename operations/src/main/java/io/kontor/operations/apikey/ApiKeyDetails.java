package io.kontor.operations.apikey;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An API key as it is shown.
 *
 * @param subject for whom it acts, as a token's {@code sub}
 * @param scopes the roles that it has
 * @param lastUsedAt to the minute; missing when it was never used
 * @param revokedAt since when it is refused; missing while it is not revoked
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ApiKeyDetails(
    UUID id,
    String name,
    String subject,
    List<String> scopes,
    Instant createdAt,
    String createdBy,
    Instant expiresAt,
    @Nullable Instant lastUsedAt,
    @Nullable Instant revokedAt) {}
