package io.kontor.sagas.order;

import io.kontor.sagas.command.CommandOutcome;
import io.kontor.sagas.command.SystemCommandSender;
import io.kontor.tenancy.TenantId;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.axonframework.deadline.DeadlineManager;

/** What a process lets others do: carry its commands, wake it, tell it the time. */
public final class OrderStepGateway {
  static final String WAKE = "order-step";

  private final SystemCommandSender commands;
  private final DeadlineManager deadlines;
  private final InstantSource clock;
  private final Executor threads;
  private final OrderSagaProperties properties;

  /**
   * @param threads where commands are sent from: not the process's own, whose unit of work would
   *     keep them from becoming durable by themselves
   */
  public OrderStepGateway(
      SystemCommandSender commands,
      DeadlineManager deadlines,
      InstantSource clock,
      Executor threads,
      OrderSagaProperties properties) {
    this.commands = commands;
    this.deadlines = deadlines;
    this.clock = clock;
    this.threads = threads;
    this.properties = properties;
  }

  Instant now() {
    return clock.instant();
  }

  OrderSagaProperties properties() {
    return properties;
  }

  /** Sends all of them at once, and answers what tells most of what came of them. */
  CommandOutcome ask(TenantId tenant, String correlation, List<?> questions) {
    List<CompletableFuture<CommandOutcome>> asked =
        questions.stream()
            .map(
                question ->
                    CompletableFuture.supplyAsync(
                        () -> commands.send(tenant, correlation, question), threads))
            .toList();
    return asked.stream()
        .map(CompletableFuture::join)
        .reduce((CommandOutcome) new CommandOutcome.Done(), CommandOutcome::and);
  }

  /** Wakes the process of the current scope. */
  String wakeAt(Instant when, int turn) {
    return deadlines.schedule(when, WAKE, new Wake(turn));
  }

  void forgetToWake(String id) {
    deadlines.cancelSchedule(WAKE, id);
  }

  /**
   * Wakes a process.
   *
   * @param turn which of its waits it was set for; it comes too late for any other
   */
  record Wake(int turn) {}
}
