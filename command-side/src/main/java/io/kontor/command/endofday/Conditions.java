package io.kontor.command.endofday;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;
import static org.axonframework.modelling.command.AggregateLifecycle.getVersion;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import io.kontor.api.endofday.ConditionsId;
import io.kontor.api.endofday.ConditionsResult;
import io.kontor.api.endofday.ConditionsSet;
import io.kontor.api.endofday.SetConditions;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.CreationPolicy;
import org.axonframework.spring.stereotype.Aggregate;

/** The conditions of an account, or of a currency. Which of them count on a day is read. */
@Aggregate(repository = BankDayConfiguration.CONDITIONS)
@JsonAutoDetect(fieldVisibility = Visibility.ANY, getterVisibility = Visibility.NONE)
class Conditions {
  /** Axon reads it. */
  @SuppressWarnings("UnusedVariable")
  @AggregateIdentifier
  private ConditionsId id;

  /** Axon creates an instance and replays its events. */
  @SuppressWarnings("NullAway.Init")
  Conditions() {}

  @CommandHandler
  @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
  ConditionsResult handle(SetConditions command) {
    apply(
        new ConditionsSet(
            command.conditions(),
            command.account(),
            command.currency(),
            command.from(),
            command.terms()));
    return new ConditionsResult(command.from(), getVersion());
  }

  @EventSourcingHandler
  void evolve(ConditionsSet event) {
    id = event.conditions();
  }
}
