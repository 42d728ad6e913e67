package io.kontor.benchmarks;

import io.kontor.api.account.AccountCommand.OpenAccount;
import io.kontor.api.account.AccountCommand.Unfreeze;
import io.kontor.api.account.AccountId;
import io.kontor.api.money.Money;
import io.kontor.tenancy.IdGenerator;
import java.time.Duration;

/**
 * Time of a command that changes nothing, on a stream that is not cached. The bank must run without
 * a cache.
 */
record ColdLoadBenchmark(BenchmarkBank bank, int events) implements Benchmark {
  private static final String DEPOSITS =
      """
      insert into kontor.event (position, tenant_id, stream_id, sequence, stream_type, event_id,
          type, recorded_at, unit_rest, payload, metadata, hash)
      select last.position + n, 'acme', '%1$s', n, 'Account', gen_random_uuid(), 'money-deposited',
          now(), 0,
          json_build_object('account', 'acme/%1$s', 'entry', gen_random_uuid(),
              'amount', json_build_object('amount', '0.01', 'currency', 'EUR'),
              'balance', json_build_object('amount', (n / 100.0)::numeric(18, 2)::text,
                  'currency', 'EUR'),
              'reference', ''),
          '{}', sha256('unchained')
      from generate_series(1, %2$d) n, (select max(position) as position from kontor.event) last
      """;

  @Override
  public String what() {
    return "a command on a cold stream of %,d events".formatted(events);
  }

  @Override
  public Result run(Duration time) throws Exception {
    return bank.withoutProjections(
        () -> {
          var account = new AccountId(BenchmarkBank.ACME, IdGenerator.next());
          bank.send(
              new OpenAccount(
                  account,
                  "bench",
                  bank.holder(),
                  BenchmarkBank.EUR,
                  Money.zero(BenchmarkBank.EUR)));
          if (events > 1) {
            bank.worker().execute(DEPOSITS.formatted(account.uuid(), events - 1));
          }
          // the first load of a long stream replays all of it and leaves a snapshot
          bank.send(new Unfreeze(account, "first"));
          Measurement.Call call =
              (caller, n) -> {
                bank.send(new Unfreeze(account, "again"));
                return 1;
              };
          Measurement.closedLoop(1, time.dividedBy(3), call);
          Slice slice = Measurement.closedLoop(1, time, call);
          return Result.of(slice.perSecond(), slice.nanos());
        });
  }
}
