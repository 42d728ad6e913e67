package io.kontor.app.cli;

import io.kontor.api.EventCatalogue;
import io.kontor.api.OlderForms;
import io.kontor.api.evolution.Upcasts;
import io.kontor.eventstore.EventHistory;
import io.kontor.eventstore.EventPages;
import io.kontor.eventstore.NamedTypeSerializer;
import io.kontor.projections.ProjectionsConfiguration;
import io.kontor.projections.engine.DeadLetterRequests;
import io.kontor.projections.engine.DeadLetters;
import io.kontor.projections.engine.Projection;
import io.kontor.projections.engine.RebuildProperties;
import io.kontor.projections.engine.Rebuilds;
import io.kontor.projections.engine.Replay;
import io.kontor.projections.engine.Verification;
import io.kontor.projections.engine.WorkerDatabase;
import io.kontor.projections.ledger.BookkeepingLaws;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.jackson3.Jackson3Serializer;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.ConfigurableEnvironment;
import picocli.CommandLine.Model.CommandSpec;

/** What the tools need to make read models of a bank's events: the bank's own projections. */
final class ReadModelTools {
  private final WorkerDatabase worker;
  private final EventPages events;

  ReadModelTools(BankDatabase bank) {
    Serializer serializer =
        NamedTypeSerializer.of(Jackson3Serializer.builder(), EventCatalogue.byName());
    this.worker = WorkerDatabase.of(bank.worker(), serializer, List.of());
    this.events =
        new EventPages(
            new EventHistory(bank.worker()), serializer, new Upcasts(OlderForms.steps()));
  }

  Rebuilds rebuilds(ConfigurableEnvironment environment) {
    RebuildProperties properties =
        Binder.get(environment).bindOrCreate("kontor.projections.rebuild", RebuildProperties.class);
    return new Rebuilds(ProjectionsConfiguration.all(), worker, events, properties);
  }

  DeadLetters deadLetters() {
    return new DeadLetters(worker.sql());
  }

  DeadLetterRequests deadLetterRequests() {
    return new DeadLetterRequests(ProjectionsConfiguration.all(), worker, events);
  }

  Replay replay(Collection<String> names) {
    List<Projection<?>> wanted =
        ProjectionsConfiguration.all().stream()
            .filter(projection -> names.contains(projection.name()))
            .toList();
    return new Replay(wanted, worker, events);
  }

  Verification verification() {
    return new Verification(ProjectionsConfiguration.all(), worker, events);
  }

  BookkeepingLaws bookkeeping() {
    return new BookkeepingLaws(worker);
  }

  EventPages events() {
    return events;
  }

  /** Projections as a person named them; all of them, when none was. */
  static List<String> named(@Nullable CommandSpec spec, List<String> names) {
    List<String> all =
        ProjectionsConfiguration.all().stream().<String>map(Projection::name).toList();
    Stream<String> unknown = names.stream().filter(name -> !all.contains(name));
    unknown
        .findFirst()
        .ifPresent(
            name -> {
              throw Tool.misused(
                  spec,
                  "there is no projection '%s', only %s".formatted(name, String.join(", ", all)));
            });
    return names.isEmpty() ? all : names;
  }
}
