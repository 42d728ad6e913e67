package io.kontor.command.datasubject;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import io.kontor.api.datasubject.DataSubjectForgotten;
import io.kontor.api.datasubject.ForgetDataSubject;
import io.kontor.api.datasubject.ForgetDataSubject.Forgotten;
import io.kontor.tenancy.StreamId;
import java.util.UUID;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.CreationPolicy;
import org.axonframework.spring.stereotype.Aggregate;
import org.jspecify.annotations.Nullable;

/**
 * A person whose data can be forgotten, again if they return as a customer. A repeated request
 * without new data records nothing.
 */
@Aggregate(repository = DataSubjectConfiguration.REPOSITORY)
@JsonAutoDetect(fieldVisibility = Visibility.ANY, getterVisibility = Visibility.NONE)
class DataSubject {
  @AggregateIdentifier private @Nullable StreamId stream;
  private @Nullable UUID forgottenKey;

  /** Axon creates an instance and replays its events. */
  DataSubject() {}

  @CommandHandler
  @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
  Forgotten handle(ForgetDataSubject command) {
    boolean known = stream != null;
    boolean readableAgain = command.key() != null && !command.key().equals(forgottenKey);
    if (!known || readableAgain) {
      apply(new DataSubjectForgotten(command.stream(), command.subject(), command.key()));
    }
    return new Forgotten(command.subject(), command.key());
  }

  @EventSourcingHandler
  void evolve(DataSubjectForgotten event) {
    stream = event.stream();
    forgottenKey = event.key();
  }
}
