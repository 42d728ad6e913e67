package io.kontor.eventstore;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import org.axonframework.commandhandling.CommandExecutionException;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.AggregateLifecycle;
import org.axonframework.modelling.command.Repository;
import org.axonframework.modelling.command.TargetAggregateIdentifier;

/** A minimal aggregate: counts, never below zero. */
public class Counter {
  public record Start(@TargetAggregateIdentifier String id) {}

  public record Add(@TargetAggregateIdentifier String id, long amount) {}

  /** Applies an event and then rejects the command: a faulty handler. */
  public record AddAndRefuse(@TargetAggregateIdentifier String id) {}

  /** Adds, and fails after the decision and before the append. */
  public record AddAndBreak(@TargetAggregateIdentifier String id, Error broken) {}

  public record Get(@TargetAggregateIdentifier String id) {}

  /** Takes an amount from one counter and adds it to another, in one unit of work. */
  public record Move(String from, String to, long amount) {}

  public record Started(String id) {}

  public record Added(String id, long amount, long total) {}

  public record Total(long total, long version) {}

  public static final class BelowZero extends CommandExecutionException {
    BelowZero(long total) {
      super("below zero from " + total, null, total, false);
    }
  }

  @AggregateIdentifier String id;
  long total;

  Counter() {}

  @CommandHandler
  Counter(Start command) {
    apply(new Started(command.id()));
  }

  @CommandHandler
  Total handle(Add command) {
    if (total + command.amount() < 0) {
      throw new BelowZero(total);
    }
    apply(new Added(id, command.amount(), total + command.amount()));
    return handle(new Get(id));
  }

  static Total move(Move command, Repository<Counter> counters) throws Exception {
    var from = counters.load(command.from());
    var to = counters.load(command.to());
    from.execute(counter -> counter.handle(new Add(command.from(), -command.amount())));
    return to.invoke(counter -> counter.handle(new Add(command.to(), command.amount())));
  }

  @CommandHandler
  void handle(AddAndRefuse command) {
    apply(new Added(id, 1, total + 1));
    throw new BelowZero(total);
  }

  @CommandHandler
  Total handle(AddAndBreak command) {
    CurrentUnitOfWork.get()
        .onPrepareCommit(
            preparing -> {
              throw command.broken();
            });
    return handle(new Add(command.id(), 1));
  }

  @CommandHandler
  Total handle(Get query) {
    return new Total(total, AggregateLifecycle.getVersion());
  }

  @EventSourcingHandler
  void on(Started event) {
    id = event.id();
  }

  @EventSourcingHandler
  void on(Added event) {
    total = event.total();
  }
}
