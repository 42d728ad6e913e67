package io.kontor.command.shipment;

import io.kontor.api.shipment.ShipmentCommand;
import io.kontor.command.aggregate.AggregateNotFoundInterceptor;
import io.kontor.eventstore.aggregate.AggregateRepositories;
import org.axonframework.config.ConfigurerModule;
import org.axonframework.messaging.annotation.HandlerDefinition;
import org.axonframework.messaging.annotation.ParameterResolverFactory;
import org.axonframework.modelling.command.Repository;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class ShipmentConfiguration {
  static final String REPOSITORY = "shipmentRepository";

  @Bean(REPOSITORY)
  Repository<Shipment> shipmentRepository(
      AggregateRepositories streams,
      ParameterResolverFactory parameters,
      HandlerDefinition handlers) {
    return streams.repositoryOf(Shipment.class, parameters, handlers);
  }

  @Bean
  ConfigurerModule unknownShipments() {
    return new AggregateNotFoundInterceptor("shipment", ShipmentCommand.class).onTheBus();
  }
}
