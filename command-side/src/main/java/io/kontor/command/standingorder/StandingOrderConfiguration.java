package io.kontor.command.standingorder;

import io.kontor.api.standingorder.StandingOrderCommand;
import io.kontor.command.aggregate.AggregateNotFoundInterceptor;
import io.kontor.eventstore.aggregate.AggregateRepositories;
import org.axonframework.config.ConfigurerModule;
import org.axonframework.messaging.annotation.HandlerDefinition;
import org.axonframework.messaging.annotation.ParameterResolverFactory;
import org.axonframework.modelling.command.Repository;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class StandingOrderConfiguration {
  static final String REPOSITORY = "standingOrderRepository";
  static final AggregateNotFoundInterceptor UNKNOWN =
      new AggregateNotFoundInterceptor("standing order", StandingOrderCommand.class);

  @Bean(REPOSITORY)
  Repository<StandingOrder> standingOrderRepository(
      AggregateRepositories streams,
      ParameterResolverFactory parameters,
      HandlerDefinition handlers) {
    return streams.repositoryOf(StandingOrder.class, parameters, handlers);
  }

  @Bean
  ConfigurerModule unknownStandingOrders() {
    return UNKNOWN.onTheBus();
  }
}
