package io.kontor.app.cli.projection;

import io.kontor.api.evolution.EventTypeRegistry;
import io.kontor.api.evolution.EventUpcasters;
import io.kontor.api.evolution.JsonUpcaster;
import io.kontor.app.cli.CliDatabase;
import io.kontor.app.cli.CliSupport;
import io.kontor.app.startup.SettingsBinder;
import io.kontor.eventstore.NamedTypeSerializer;
import io.kontor.eventstore.read.EventPageReader;
import io.kontor.eventstore.read.EventReader;
import io.kontor.lock.postgres.PostgresLeaseLock;
import io.kontor.projection.Projection;
import io.kontor.projection.deadletter.DeadLetterRequests;
import io.kontor.projection.deadletter.DeadLetterService;
import io.kontor.projection.rebuild.ReadModelReplay;
import io.kontor.projection.rebuild.ReadModelVerification;
import io.kontor.projection.rebuild.RebuildProperties;
import io.kontor.projection.rebuild.RebuildService;
import io.kontor.projection.write.ProjectionDatabase;
import io.kontor.projections.ProjectionsConfiguration;
import io.kontor.projections.ledger.LedgerInvariants;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.jackson3.Jackson3Serializer;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.ConfigurableEnvironment;
import picocli.CommandLine.Model.CommandSpec;

/** Builds read models from a bank's events with the bank's own projections, for the tools. */
public final class CliProjections {
  private final ProjectionDatabase worker;
  private final EventPageReader events;

  public CliProjections(CliDatabase bank) {
    Serializer serializer =
        NamedTypeSerializer.of(Jackson3Serializer.builder(), EventTypeRegistry.byName());
    this.worker = ProjectionDatabase.of(bank.worker(), serializer, List.of());
    this.events =
        new EventPageReader(
            new EventReader(bank.worker()), serializer, new JsonUpcaster(EventUpcasters.steps()));
  }

  RebuildService rebuilds(ConfigurableEnvironment environment) {
    RebuildProperties properties = new SettingsBinder(environment).bind(RebuildProperties.class);
    return new RebuildService(
        ProjectionsConfiguration.all(),
        worker,
        events,
        properties,
        new PostgresLeaseLock(worker.dataSource()));
  }

  DeadLetterService deadLetters() {
    return new DeadLetterService(worker.sql());
  }

  DeadLetterRequests deadLetterRequests() {
    return new DeadLetterRequests(ProjectionsConfiguration.all(), worker, events);
  }

  ReadModelReplay replay(Collection<String> names) {
    List<Projection<?>> wanted =
        ProjectionsConfiguration.all().stream()
            .filter(projection -> names.contains(projection.name()))
            .toList();
    return new ReadModelReplay(wanted, worker, events);
  }

  public ReadModelVerification verification() {
    return new ReadModelVerification(ProjectionsConfiguration.all(), worker, events);
  }

  public LedgerInvariants bookkeeping() {
    return new LedgerInvariants(worker);
  }

  EventPageReader events() {
    return events;
  }

  /** The named projections; all of them when none is named. */
  static List<String> named(@Nullable CommandSpec spec, List<String> names) {
    List<String> all = Projection.names(ProjectionsConfiguration.all());
    Stream<String> unknown = names.stream().filter(name -> !all.contains(name));
    unknown
        .findFirst()
        .ifPresent(
            name -> {
              throw CliSupport.misused(
                  spec,
                  "there is no projection '%s', only %s".formatted(name, String.join(", ", all)));
            });
    return names.isEmpty() ? all : names;
  }
}
