package io.kontor.app.cli.verify;

import io.kontor.app.cli.CliDatabase;
import io.kontor.app.cli.CliSupport;
import io.kontor.app.cli.DatabaseOptions;
import io.kontor.app.cli.ProgressBar;
import io.kontor.app.cli.projection.CliProjections;
import io.kontor.eventstore.chain.ChainVerifier;
import io.kontor.eventstore.chain.ChainVerifier.Finding;
import io.kontor.eventstore.chain.ChainVerifier.Head;
import io.kontor.eventstore.event.Sha256;
import io.kontor.eventstore.read.EventReader;
import io.kontor.tenancy.TenantId;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Verifies the stored events and everything derived from them. */
@Command(
    name = "verify",
    description = "Prove what is stored; ends with 1 when something is wrong.",
    mixinStandardHelpOptions = true)
public final class VerifyCommand implements Callable<Integer> {
  private static final int WRONG = 1;

  @Mixin private DatabaseOptions which = new DatabaseOptions();

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--chain",
      description = {
        "the events' hash chains alone: no event was changed, removed or put in;",
        "without it also streams, tokens, bookkeeping and every row of every read model"
      })
  private boolean chain;

  @Option(
      names = "--head",
      paramLabel = "TENANT:HASH",
      description = "a head printed earlier, which the tenant's chain must go through (repeatable)")
  private List<String> heads = new ArrayList<>();

  @Option(
      names = "--heads",
      paramLabel = "FILE",
      description = "the same, from a file that --save-heads wrote")
  private @Nullable Path headsFile;

  @Option(
      names = "--save-heads",
      paramLabel = "FILE",
      description = "write the heads to this file when the chains are whole; keep it elsewhere")
  private @Nullable Path saveTo;

  @Override
  public Integer call() throws IOException {
    try (CliDatabase bank = which.open()) {
      var events = new EventReader(bank.worker());
      List<String> wrong = new ArrayList<>();
      verifyChains(events, events.head())
          .forEach(found -> wrong.add("position %d: %s".formatted(found.position(), found.what())));
      if (!chain) {
        wrong.addAll(new StoreInvariants(bank.worker()).breaches());
        wrong.addAll(verifyReadModels(bank, events));
      }
      PrintWriter out = CliSupport.out(spec);
      wrong.forEach(out::println);
      out.println(
          wrong.isEmpty()
              ? "all is well"
              : (wrong.size() == 1 ? "1 finding" : "%,d findings".formatted(wrong.size())));
      out.flush();
      return wrong.isEmpty() ? 0 : WRONG;
    }
  }

  private List<String> verifyReadModels(CliDatabase bank, EventReader events) {
    List<TenantId> tenants =
        events.heads(null, Long.MAX_VALUE).keySet().stream().map(TenantId::new).toList();
    var tools = new CliProjections(bank);
    List<String> wrong = new ArrayList<>();
    for (TenantId tenant : tenants) {
      tools
          .bookkeeping()
          .breaches(tenant)
          .forEach(breach -> wrong.add("tenant %s, %s".formatted(tenant, breach)));
    }
    try (var progress = new ProgressBar(CliSupport.err(spec), "read models", events.head())) {
      tools
          .verification()
          .run(tenants, progress::reached)
          .forEach(
              difference ->
                  wrong.add(
                      "projection %s, tenant %s, %s %s: %s"
                          .formatted(
                              difference.projection(),
                              difference.tenant(),
                              difference.table(),
                              difference.row(),
                              difference.what())));
    }
    return wrong;
  }

  private List<Finding> verifyChains(EventReader events, long head) throws IOException {
    var check = new ChainVerifier(events);
    for (String kept : keptHeads()) {
      requireHead(check, kept);
    }
    List<Finding> findings;
    try (var progress = new ProgressBar(CliSupport.err(spec), "chain", head)) {
      findings = check.run(head, progress::reached);
    }
    List<String> lines = check.heads().stream().map(VerifyCommand::kept).toList();
    check.heads().forEach(this::print);
    if (findings.isEmpty() && saveTo != null) {
      Files.write(saveTo, lines);
    }
    return findings;
  }

  private void print(Head head) {
    CliSupport.out(spec)
        .printf(
            "%s  %,d events, the last at position %d%n",
            kept(head), head.events(), head.position());
  }

  private List<String> keptHeads() throws IOException {
    List<String> all = new ArrayList<>(heads);
    if (headsFile != null) {
      Files.readAllLines(headsFile).stream().filter(line -> !line.isBlank()).forEach(all::add);
    }
    return all;
  }

  private void requireHead(ChainVerifier check, String kept) {
    int colon = kept.indexOf(':');
    try {
      check.mustContain(
          new TenantId(kept.substring(0, Math.max(0, colon))),
          Sha256.parse(kept.substring(colon + 1)));
    } catch (IllegalArgumentException bad) {
      throw CliSupport.misused(
          spec, "a head is <tenant>:<64 hexadecimal digits>, not '%s'".formatted(kept));
    }
  }

  private static String kept(Head head) {
    return head.tenant() + ":" + head.hash();
  }
}
