package io.kontor.command.payment;

import io.kontor.api.payment.PaymentCommand;
import io.kontor.command.aggregate.AggregateNotFoundInterceptor;
import io.kontor.eventstore.aggregate.AggregateRepositories;
import org.axonframework.config.ConfigurerModule;
import org.axonframework.messaging.annotation.HandlerDefinition;
import org.axonframework.messaging.annotation.ParameterResolverFactory;
import org.axonframework.modelling.command.Repository;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class PaymentConfiguration {
  static final String REPOSITORY = "paymentRepository";

  @Bean(REPOSITORY)
  Repository<Payment> paymentRepository(
      AggregateRepositories streams,
      ParameterResolverFactory parameters,
      HandlerDefinition handlers) {
    return streams.repositoryOf(Payment.class, parameters, handlers);
  }

  @Bean
  ConfigurerModule unknownPayments() {
    return new AggregateNotFoundInterceptor("payment", PaymentCommand.class).onTheBus();
  }
}
