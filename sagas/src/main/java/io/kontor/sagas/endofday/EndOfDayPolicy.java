package io.kontor.sagas.endofday;

import io.kontor.api.endofday.BankDayEvent.BankDayClosed;
import io.kontor.api.endofday.BankDayEvent.BankDayOpened;
import io.kontor.api.endofday.BankDayEvent.EndOfDayRequested;
import io.kontor.api.endofday.BankDayId;
import io.kontor.job.queue.JobQueue;
import java.time.Instant;
import java.time.LocalDate;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;

/**
 * Whenever a bank day is open, there is a job for its end, enqueued in the transaction that stores
 * the processor's token. The next one follows from the event of the one before, so days that were
 * missed are made up in order.
 */
@ProcessingGroup(EndOfDayPolicy.PROCESSOR)
public class EndOfDayPolicy {
  public static final String PROCESSOR = "end-of-day-jobs";

  private final EndOfDayStore store;
  private final JobQueue jobs;

  EndOfDayPolicy(EndOfDayStore store, JobQueue jobs) {
    this.store = store;
    this.jobs = jobs;
  }

  @EventHandler
  void on(BankDayOpened opened) {
    open(opened.bank(), opened.day(), opened.endsAt());
  }

  @EventHandler
  void on(BankDayClosed closed) {
    open(closed.bank(), closed.next(), closed.nextEndsAt());
  }

  @EventHandler
  void on(EndOfDayRequested requested) {
    enqueue(requested.bank(), requested.day(), requested.endsAt());
  }

  private void open(BankDayId bank, LocalDate day, Instant endsAt) {
    store.open(bank.tenant(), day, endsAt);
    enqueue(bank, day, endsAt);
  }

  private void enqueue(BankDayId bank, LocalDate day, Instant endsAt) {
    jobs.enqueue(bank.tenant(), EndOfDayJob.request(new EndOfDayJob.Arguments(day, endsAt)));
  }
}
