package io.kontor.api.standingorder;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.kontor.api.message.VersionedResult;
import io.kontor.api.money.Money;
import io.kontor.api.payment.PaymentDetails.CreditorDetails;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The read model of a standing order.
 *
 * @param to the account of this bank that receives
 * @param creditor the receiver at another bank
 * @param next the next execution; null when there is none
 * @param history what came of its due dates, the latest first, 100 entries at most
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record StandingOrderDetails(
    UUID id,
    UUID from,
    @Nullable UUID to,
    @Nullable CreditorDetails creditor,
    Money amount,
    String reference,
    Schedule schedule,
    StandingOrderStatus status,
    @Nullable NextExecution next,
    Instant createdAt,
    List<Execution> history,
    long version)
    implements VersionedResult {

  public StandingOrderDetails {
    history = List.copyOf(history);
  }

  /**
   * @param dueDate by the schedule
   * @param valueDate the business day on which it is executed
   */
  public record NextExecution(LocalDate dueDate, LocalDate valueDate) {}

  /**
   * @param at when it was tried
   * @param reason why it was not executed
   * @param retryAt when it is tried again
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Execution(
      LocalDate dueDate,
      LocalDate valueDate,
      Instant at,
      ExecutionOutcome outcome,
      @Nullable UUID transfer,
      @Nullable UUID payment,
      @Nullable String reason,
      @Nullable Instant retryAt) {}
}
