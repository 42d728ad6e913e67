package io.kontor.benchmarks;

import io.kontor.api.account.AccountCommand.Deposit;
import io.kontor.api.account.AccountId;
import io.kontor.api.money.Money;
import io.kontor.eventstore.idempotency.IdempotencyRecords;
import io.kontor.tenancy.IdGenerator;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.ConcurrentHistogram;

/** Time from a command's result until its event is in the accounts read model. */
record ProjectionLagBenchmark(BenchmarkBank bank, List<AccountId> accounts) implements Benchmark {
  private static final int CALLERS = 32;
  private static final double PER_SECOND = 2_000;

  @Override
  public String what() {
    return "from the answer to the accounts read model, at 2,000 deposits/s";
  }

  @Override
  public Result run(Duration time) throws Exception {
    var nanos = new ConcurrentHistogram(TimeUnit.MINUTES.toNanos(1), 3);
    load(time.dividedBy(3), nanos);
    nanos.reset();
    load(time, nanos);
    return Result.of(0, nanos);
  }

  private void load(Duration time, ConcurrentHistogram nanos) throws Exception {
    Measurement.openLoop(
        CALLERS,
        time,
        PER_SECOND,
        (caller, call) -> {
          AccountId account = accounts.get(ThreadLocalRandom.current().nextInt(accounts.size()));
          var answer =
              bank.send(
                  new Deposit(account, IdGenerator.next(), new Money(1, BenchmarkBank.EUR), ""));
          long answered = System.nanoTime();
          Long position = (Long) answer.getMetaData().get(IdempotencyRecords.POSITION);
          bank.readModels()
              .await("accounts", Objects.requireNonNull(position), Duration.ofSeconds(30));
          nanos.recordValue(System.nanoTime() - answered);
          return 1;
        });
  }
}
