package io.kontor.app.cli.projection;

import io.kontor.api.message.Validation;
import io.kontor.app.cli.CliDatabase;
import io.kontor.app.cli.CliException;
import io.kontor.app.cli.CliSupport;
import io.kontor.app.cli.DatabaseOptions;
import io.kontor.projection.deadletter.DeadLetter;
import io.kontor.projection.deadletter.DeadLetterRequests;
import io.kontor.projection.deadletter.DeadLetterService;
import java.io.PrintWriter;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A projection's dead letters of all tenants: list, show, retry, discard. */
@Command(
    name = "dead-letters",
    description =
        "See the events that a projection could not take, and decide what becomes of them.",
    mixinStandardHelpOptions = true)
final class DeadLettersCommand {
  private static final int PAGE = 200;

  @Spec private @Nullable CommandSpec spec;

  @Command(name = "list", description = "Print a projection's dead letters.")
  int list(@Mixin DatabaseOptions bank, @Parameters(paramLabel = "PROJECTION") String name) {
    String projection = projection(name);
    PrintWriter out = CliSupport.out(spec);
    try (CliDatabase database = bank.open()) {
      DeadLetterService letters = new CliProjections(database).deadLetters();
      List<DeadLetter> page = letters.list(projection, null, PAGE);
      while (!page.isEmpty()) {
        page.forEach(letter -> out.println(line(letter)));
        DeadLetter last = page.getLast();
        page = letters.list(projection, last.tenant() + "/" + last.stream(), PAGE);
      }
    }
    out.flush();
    return 0;
  }

  @Command(name = "show", description = "Print a dead letter with the cause of its last failure.")
  int show(
      @Mixin DatabaseOptions bank,
      @Parameters(paramLabel = "PROJECTION") String name,
      @Parameters(paramLabel = "ID") UUID id) {
    String projection = projection(name);
    PrintWriter out = CliSupport.out(spec);
    try (CliDatabase database = bank.open()) {
      DeadLetter letter =
          new CliProjections(database)
              .deadLetters()
              .find(projection, id)
              .orElseThrow(DeadLettersCommand::unknown);
      out.println(line(letter));
      out.printf(
          "recorded %s, parked %s, failed %d times%n",
          letter.recordedAt(), letter.parkedAt(), letter.attempts());
      out.println(letter.cause());
      out.printf(
          "its event: kontor events show %s/%s, version %d%n",
          letter.tenant(), letter.stream(), letter.version());
    }
    out.flush();
    return 0;
  }

  @Command(name = "retry", description = "Take parked streams again; all, if no id is given.")
  int retry(
      @Mixin DatabaseOptions bank,
      @Parameters(paramLabel = "PROJECTION") String name,
      @Parameters(paramLabel = "ID", arity = "0..1") @Nullable UUID id) {
    String projection = projection(name);
    try (CliDatabase database = bank.open()) {
      var tools = new CliProjections(database);
      if (id == null) {
        tools.deadLetters().requestRetry(projection, CliSupport.operator());
      } else if (!tools.deadLetters().requestRetry(projection, id, CliSupport.operator())) {
        throw unknown();
      }
      return done(tools, projection);
    }
  }

  @Command(
      name = "discard",
      description = "Leave an event out of the read model for good, and take those behind it.")
  int discard(
      @Mixin DatabaseOptions bank,
      @Parameters(paramLabel = "PROJECTION") String name,
      @Parameters(paramLabel = "ID") UUID id,
      @Option(names = "--reason", required = true, description = "why, which is recorded")
          String reason,
      @Option(names = "--by", description = "who decided; the login's name, if not given")
          @Nullable String by) {
    String projection = projection(name);
    requireText("--reason", reason);
    requireText("--by", by == null ? CliSupport.operator() : by);
    try (CliDatabase database = bank.open()) {
      var tools = new CliProjections(database);
      if (!tools
          .deadLetters()
          .requestDiscard(projection, id, by == null ? CliSupport.operator() : by, reason)) {
        throw unknown();
      }
      return done(tools, projection);
    }
  }

  /** Processes the requests here; a running bank may process them first. */
  private int done(CliProjections tools, String projection) {
    DeadLetterRequests requests = tools.deadLetterRequests();
    while (requests.work()) {
      // until no request is left
    }
    CliSupport.out(spec)
        .printf("%s: %d events are parked%n", projection, tools.deadLetters().events(projection));
    CliSupport.out(spec).flush();
    return 0;
  }

  private String projection(String name) {
    return CliProjections.named(spec, List.of(name)).getFirst();
  }

  /** Recorded texts follow the same rule as over HTTP. */
  private void requireText(String option, String value) {
    try {
      Validation.text(option, value);
    } catch (IllegalArgumentException bad) {
      throw CliSupport.misused(spec, String.valueOf(bad.getMessage()));
    }
  }

  private static String line(DeadLetter letter) {
    return "%s %s/%s #%d %s followers=%d%s"
        .formatted(
            letter.id(),
            letter.tenant(),
            letter.stream(),
            letter.version(),
            letter.eventType(),
            letter.followers(),
            letter.requested() == null ? "" : " requested=" + letter.requested());
  }

  private static CliException unknown() {
    return new CliException("there is no such dead letter");
  }
}
