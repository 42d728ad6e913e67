package io.kontor.sagas.order;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.kontor.sagas.command.CommandOutcome;
import io.kontor.sagas.command.SystemCommandSender;
import io.kontor.tenancy.TenantId;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.axonframework.deadline.DeadlineManager;

/** What an order saga needs from outside: commands, deadlines and the clock. */
public final class OrderStepGateway {
  static final String DEADLINE = "order-step";

  private final SystemCommandSender sender;
  private final DeadlineManager deadlines;
  private final InstantSource clock;
  private final Executor threads;
  private final OrderSagaProperties properties;

  /**
   * @param threads sends the commands: on the saga's own thread they would join its unit of work
   *     instead of committing on their own
   */
  public OrderStepGateway(
      SystemCommandSender sender,
      DeadlineManager deadlines,
      InstantSource clock,
      Executor threads,
      OrderSagaProperties properties) {
    this.sender = sender;
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

  /**
   * Sends all commands in parallel and returns the worst outcome, see {@link CommandOutcome#and}.
   */
  CommandOutcome send(TenantId tenant, String correlation, List<?> commands) {
    List<CompletableFuture<CommandOutcome>> outcomes =
        commands.stream()
            .map(
                command ->
                    CompletableFuture.supplyAsync(
                        () -> sender.send(tenant, correlation, command), threads))
            .toList();
    return outcomes.stream()
        .map(CompletableFuture::join)
        .reduce((CommandOutcome) new CommandOutcome.Done(), CommandOutcome::and);
  }

  /** Schedules a deadline of the current saga and returns its id. */
  String scheduleDeadline(Instant when, int waitNumber) {
    return deadlines.schedule(when, DEADLINE, new StepDeadline(waitNumber));
  }

  void cancelDeadline(String id) {
    deadlines.cancelSchedule(DEADLINE, id);
  }

  /**
   * Payload of a deadline.
   *
   * @param waitNumber the wait that it belongs to; the saga ignores it in any other
   */
  record StepDeadline(@JsonProperty("turn") int waitNumber) {}
}
