package io.kontor.sagas.order;

import io.kontor.sagas.command.CommandOutcome;
import io.kontor.sagas.command.SystemCommandSender;
import io.kontor.tenancy.TenantId;
import java.time.Instant;
import java.time.InstantSource;

/** What an order saga needs from outside: commands and the clock. */
final class OrderStepGateway {
  private final SystemCommandSender sender;
  private final InstantSource clock;
  private final OrderSagaProperties properties;

  OrderStepGateway(
      SystemCommandSender sender, InstantSource clock, OrderSagaProperties properties) {
    this.sender = sender;
    this.clock = clock;
    this.properties = properties;
  }

  Instant now() {
    return clock.instant();
  }

  OrderSagaProperties properties() {
    return properties;
  }

  /** Sends a command and waits until it is durable. */
  CommandOutcome send(TenantId tenant, String correlation, Object command) {
    return sender.send(tenant, correlation, command);
  }
}
