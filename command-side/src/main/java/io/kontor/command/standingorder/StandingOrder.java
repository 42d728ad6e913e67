package io.kontor.command.standingorder;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;
import static org.axonframework.modelling.command.AggregateLifecycle.getVersion;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import io.kontor.api.RejectedException;
import io.kontor.api.Rejection;
import io.kontor.api.account.AccountId;
import io.kontor.api.message.MessageMetadata;
import io.kontor.api.standingorder.PlannedExecution;
import io.kontor.api.standingorder.StandingOrderCommand.CancelStandingOrder;
import io.kontor.api.standingorder.StandingOrderCommand.CreateStandingOrder;
import io.kontor.api.standingorder.StandingOrderCommand.PauseStandingOrder;
import io.kontor.api.standingorder.StandingOrderEvent;
import io.kontor.api.standingorder.StandingOrderId;
import io.kontor.api.standingorder.StandingOrderResult;
import io.kontor.api.standingorder.StandingOrderStatus;
import io.kontor.api.standingorder.StandingOrderTerms;
import io.kontor.command.aggregate.ExpectedVersions;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Currency;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.messaging.annotation.MetaDataValue;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.CommandHandlerInterceptor;
import org.axonframework.modelling.command.CreationPolicy;
import org.axonframework.spring.stereotype.Aggregate;
import org.jspecify.annotations.Nullable;

/**
 * A standing order. Its events carry the next execution, computed when they are applied, so that a
 * later change of a calendar changes no past.
 */
@Aggregate(repository = StandingOrderConfiguration.REPOSITORY)
@JsonAutoDetect(fieldVisibility = Visibility.ANY, getterVisibility = Visibility.NONE)
class StandingOrder {
  @AggregateIdentifier private StandingOrderId id;
  private String customer;
  private StandingOrderTerms terms;
  private StandingOrderStatus status;
  private @Nullable PlannedExecution next;

  /** How often the next execution was tried. */
  private int tries;

  /** Axon creates an instance and replays its events. */
  @SuppressWarnings("NullAway.Init")
  StandingOrder() {}

  @CommandHandlerInterceptor
  void requireVersion(@MetaDataValue(MessageMetadata.EXPECTED_VERSION) @Nullable Number expected) {
    ExpectedVersions.require(expected, getVersion());
  }

  @CommandHandler
  @CreationPolicy(AggregateCreationPolicy.ALWAYS)
  StandingOrderResult handle(CreateStandingOrder command) {
    StandingOrderTerms wanted = command.terms();
    if (wanted.from().equals(wanted.to())) {
      throw new RejectedException(new Rejection.SameAccount(wanted.from()));
    }
    requireCurrency(wanted, wanted.from(), command.fromCurrency());
    if (wanted.to() != null && command.toCurrency() != null) {
      requireCurrency(wanted, wanted.to(), command.toCurrency());
    }
    apply(
        new StandingOrderEvent.StandingOrderCreated(
            command.order(), command.customer(), wanted, command.first()));
    return result();
  }

  @CommandHandler
  StandingOrderResult handle(PauseStandingOrder command) {
    requireChangeable(command.onBehalfOf());
    if (status == StandingOrderStatus.ACTIVE) {
      apply(new StandingOrderEvent.StandingOrderPaused(id));
    }
    return result();
  }

  /** Nothing is left to cancel of an order that has ended. */
  @CommandHandler
  StandingOrderResult handle(CancelStandingOrder command) {
    requireCustomer(command.onBehalfOf());
    if (!hasEnded()) {
      apply(new StandingOrderEvent.StandingOrderCancelled(id));
    }
    return result();
  }

  /**
   * Checks that the order can be paused or resumed; another customer's is reported as unknown.
   *
   * @throws RejectedException if it can't
   */
  void requireChangeable(@Nullable String onBehalfOf) {
    requireCustomer(onBehalfOf);
    if (hasEnded()) {
      throw new RejectedException(new Rejection.StandingOrderEnded(id.uuid()));
    }
  }

  boolean isPaused() {
    return status == StandingOrderStatus.PAUSED;
  }

  /** Whether this due date is the next one to be executed. */
  boolean isDue(LocalDate dueDate) {
    return status == StandingOrderStatus.ACTIVE && next().dueDate().equals(dueDate);
  }

  String customer() {
    return customer;
  }

  StandingOrderTerms terms() {
    return terms;
  }

  /** The next execution, which an order has that has not ended. */
  PlannedExecution next() {
    return Objects.requireNonNull(next);
  }

  int tries() {
    return tries;
  }

  void resume(Optional<PlannedExecution> following) {
    apply(new StandingOrderEvent.StandingOrderResumed(id, following.orElse(null)));
  }

  /** Records that the money was moved in this unit of work. */
  void execute(UUID result, Optional<PlannedExecution> following) {
    apply(new StandingOrderEvent.StandingOrderExecuted(id, next(), result, following.orElse(null)));
  }

  void postpone(Instant retryAt, String reason) {
    apply(new StandingOrderEvent.ExecutionPostponed(id, next(), tries + 1, retryAt, reason));
  }

  void fail(String reason, Optional<PlannedExecution> following) {
    apply(new StandingOrderEvent.ExecutionFailed(id, next(), reason, following.orElse(null)));
  }

  StandingOrderResult result() {
    return new StandingOrderResult(
        id.uuid(), status, next == null ? null : next.valueDate(), getVersion());
  }

  @EventSourcingHandler
  void evolve(StandingOrderEvent event) {
    switch (event) {
      case StandingOrderEvent.StandingOrderCreated created -> {
        id = created.order();
        customer = created.customer();
        terms = created.terms();
        goOn(created.next());
      }
      case StandingOrderEvent.StandingOrderExecuted executed -> goOn(executed.next());
      case StandingOrderEvent.ExecutionFailed failed -> goOn(failed.next());
      case StandingOrderEvent.ExecutionPostponed postponed -> tries = postponed.tries();
      case StandingOrderEvent.StandingOrderPaused _ -> status = StandingOrderStatus.PAUSED;
      case StandingOrderEvent.StandingOrderResumed resumed -> goOn(resumed.next());
      case StandingOrderEvent.StandingOrderCancelled _ -> {
        status = StandingOrderStatus.CANCELLED;
        next = null;
      }
    }
  }

  private void goOn(@Nullable PlannedExecution following) {
    status = following == null ? StandingOrderStatus.ENDED : StandingOrderStatus.ACTIVE;
    next = following;
    tries = 0;
  }

  private void requireCustomer(@Nullable String onBehalfOf) {
    if (onBehalfOf != null && !onBehalfOf.equals(customer)) {
      throw new RejectedException(new Rejection.Unknown("standing order"));
    }
  }

  private boolean hasEnded() {
    return status == StandingOrderStatus.ENDED || status == StandingOrderStatus.CANCELLED;
  }

  private static void requireCurrency(
      StandingOrderTerms wanted, AccountId account, Currency currency) {
    Currency asked = wanted.amount().currency();
    if (!currency.equals(asked)) {
      throw new RejectedException(new Rejection.CurrencyMismatch(account, currency, asked));
    }
  }
}
