package io.kontor.command.order;

import io.kontor.api.order.OrderCommand;
import io.kontor.command.aggregate.AggregateNotFoundInterceptor;
import io.kontor.eventstore.aggregate.AggregateRepositories;
import org.axonframework.config.ConfigurerModule;
import org.axonframework.messaging.annotation.HandlerDefinition;
import org.axonframework.messaging.annotation.ParameterResolverFactory;
import org.axonframework.modelling.command.Repository;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class OrderConfiguration {
  static final String REPOSITORY = "orderRepository";

  @Bean(REPOSITORY)
  Repository<Order> orderRepository(
      AggregateRepositories streams,
      ParameterResolverFactory parameters,
      HandlerDefinition handlers) {
    return streams.repositoryOf(Order.class, parameters, handlers);
  }

  @Bean
  ConfigurerModule unknownOrders() {
    return new AggregateNotFoundInterceptor("order", OrderCommand.class).onTheBus();
  }
}
