package io.kontor.app.cli.verify;

import io.kontor.app.cli.CliDatabase;
import io.kontor.app.cli.CliException;
import io.kontor.app.cli.CliSupport;
import io.kontor.app.cli.DatabaseOptions;
import io.kontor.eventstore.event.StoredEvent;
import io.kontor.eventstore.read.EventReader;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Prints an account's balance at a time, from its events alone. */
@Command(
    name = "balance",
    description = "Print an account's balance at a time, from its events alone.",
    mixinStandardHelpOptions = true)
public final class BalanceCommand implements Callable<Integer> {
  @Mixin private DatabaseOptions which = new DatabaseOptions();

  @Spec private @Nullable CommandSpec spec;

  @Parameters(paramLabel = "ACCOUNT", description = "<tenant>/<id>")
  private String account = "";

  @Option(
      names = "--at",
      paramLabel = "TIME",
      description = "such as 2026-01-31T00:00:00Z (now, if not given)")
  private @Nullable Instant at;

  /** The balance so far; every event that changes it carries the new balance. */
  private static final class Reading {
    @Nullable String currency;
    @Nullable JsonNode balance;
    long events;
    @Nullable Instant last;

    void take(StoredEvent event) {
      JsonNode payload = JsonMapper.shared().readTree(event.payload());
      if (event.sequence() == 0) {
        currency = payload.path("currency").asString(null);
      }
      if (payload.path("balance").has("amount")) {
        balance = payload.path("balance");
      }
      events++;
      last = event.recordedAt();
    }
  }

  @Override
  public Integer call() {
    Instant time = at == null ? Instant.MAX : at;
    var reading = new Reading();
    try (CliDatabase bank = which.open()) {
      new EventReader(bank.worker())
          .forEach(
              CliSupport.stream(spec, account),
              event -> {
                if (!event.recordedAt().isAfter(time)) {
                  reading.take(event);
                }
              });
    }
    if (reading.currency == null) {
      throw new CliException(
          "there is no account %s%s".formatted(account, at == null ? "" : " at " + at));
    }
    CliSupport.out(spec)
        .printf(
            "%s %s after %,d events, the last at %s%n",
            reading.balance == null ? "0" : reading.balance.path("amount").asString(),
            reading.currency,
            reading.events,
            reading.last);
    return 0;
  }
}
