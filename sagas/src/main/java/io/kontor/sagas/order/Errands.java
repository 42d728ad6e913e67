package io.kontor.sagas.order;

import io.kontor.sagas.commands.Answer;
import io.kontor.sagas.commands.Commands;
import io.kontor.tenancy.TenantId;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.axonframework.deadline.DeadlineManager;

/** What a process lets others do: carry its commands, wake it, tell it the time. */
public final class Errands {
  static final String WAKE = "order-step";

  private final Commands commands;
  private final DeadlineManager deadlines;
  private final InstantSource clock;
  private final Executor threads;
  private final OrderProperties properties;

  /**
   * @param threads where commands are sent from: not the process's own, whose unit of work would
   *     keep them from becoming durable by themselves
   */
  public Errands(
      Commands commands,
      DeadlineManager deadlines,
      InstantSource clock,
      Executor threads,
      OrderProperties properties) {
    this.commands = commands;
    this.deadlines = deadlines;
    this.clock = clock;
    this.threads = threads;
    this.properties = properties;
  }

  Instant now() {
    return clock.instant();
  }

  OrderProperties properties() {
    return properties;
  }

  /** Sends all of them at once, and answers what tells most of what came of them. */
  Answer ask(TenantId tenant, String correlation, List<?> questions) {
    List<CompletableFuture<Answer>> asked =
        questions.stream()
            .map(
                question ->
                    CompletableFuture.supplyAsync(
                        () -> commands.send(tenant, correlation, question), threads))
            .toList();
    return asked.stream()
        .map(CompletableFuture::join)
        .reduce((Answer) new Answer.Done(), Answer::and);
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
