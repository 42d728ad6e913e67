package io.kontor.app.cell;

import io.kontor.cluster.routing.StreamCommandRouter;
import io.kontor.database.listen.PostgresNotificationListener;
import io.kontor.notifications.store.TicketStore;
import io.kontor.notifications.stream.OpenConnections;
import io.kontor.personaldata.MasterKeys;
import io.kontor.tenancy.TenantId;
import io.kontor.web.security.VerifiedApiKeys;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Tracer;
import jakarta.servlet.ServletContext;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.stereotype.Component;
import org.springframework.web.context.ConfigurableWebApplicationContext;

/**
 * What all cells of a node have in common. Of these only tickets and API keys are looked up in a
 * database, the shared one: they are used before it is known that their tenant has a cell.
 */
@Component
final class SharedParts {
  /** URLs are those of the other parties that a development build brings along. */
  private static final List<Class<?>> TYPES =
      List.of(
          OpenTelemetry.class,
          Tracer.class,
          StreamCommandRouter.class,
          InstantSource.class,
          JwtDecoder.class,
          TicketStore.class,
          OpenConnections.class,
          VerifiedApiKeys.class,
          URI.class);

  private final ConfigurableWebApplicationContext bank;
  private final CellProperties properties;

  SharedParts(ConfigurableWebApplicationContext bank, CellProperties properties) {
    this.bank = bank;
    this.properties = properties;
  }

  ConfigurableEnvironment environment() {
    return bank.getEnvironment();
  }

  ServletContext servletContext() {
    return Objects.requireNonNull(bank.getServletContext());
  }

  MasterKeys masterKeys() {
    return bank.getBean(MasterKeys.class);
  }

  /** A registry whose meters are the bank's with the tenant as a tag. */
  CompositeMeterRegistry meters(TenantId tenant) {
    var meters = new CompositeMeterRegistry();
    meters.config().meterFilter(CellTag.ownMetersOnly()).commonTags(CellTag.NAME, tenant.value());
    meters.add(bank.getBean(MeterRegistry.class));
    return meters;
  }

  /** The settings in which a cell differs from the shared database. */
  Map<String, Object> settings(TenantId tenant) {
    return Map.of(
        "kontor.db.app.pool-size", properties.poolSize(),
        // There is no other tenant.
        "kontor.db.app.tenant-percent", 100,
        "kontor.db.worker.pool-size", properties.poolSize());
  }

  /** The listener of the shared database. */
  PostgresNotificationListener notificationListener() {
    return bank.getBean(PostgresNotificationListener.class);
  }

  /** Gives a cell these parts, under their names here. */
  void copyTo(ConfigurableListableBeanFactory cell) {
    for (Class<?> type : TYPES) {
      bank.getBeansOfType(type).forEach(cell::registerSingleton);
    }
  }
}
