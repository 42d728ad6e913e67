package io.kontor.api.standingorder;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.kontor.api.message.VersionedResult;
import java.time.LocalDate;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The result of a standing order's commands: its state after the command.
 *
 * @param nextDate the day of the next execution; null when there is none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record StandingOrderResult(
    UUID id, StandingOrderStatus status, @Nullable LocalDate nextDate, long version)
    implements VersionedResult {}
