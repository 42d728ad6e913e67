package io.kontor.command.endofday;

import io.kontor.api.endofday.BankDayCommand;
import io.kontor.command.aggregate.AggregateNotFoundInterceptor;
import io.kontor.eventstore.aggregate.AggregateRepositories;
import org.axonframework.config.ConfigurerModule;
import org.axonframework.messaging.annotation.HandlerDefinition;
import org.axonframework.messaging.annotation.ParameterResolverFactory;
import org.axonframework.modelling.command.Repository;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class BankDayConfiguration {
  static final String BANK_DAYS = "bankDayRepository";
  static final String CONDITIONS = "conditionsRepository";
  static final AggregateNotFoundInterceptor UNKNOWN =
      new AggregateNotFoundInterceptor("bank day", BankDayCommand.class);

  @Bean(BANK_DAYS)
  Repository<BankDay> bankDayRepository(
      AggregateRepositories streams,
      ParameterResolverFactory parameters,
      HandlerDefinition handlers) {
    return streams.repositoryOf(BankDay.class, parameters, handlers);
  }

  @Bean(CONDITIONS)
  Repository<Conditions> conditionsRepository(
      AggregateRepositories streams,
      ParameterResolverFactory parameters,
      HandlerDefinition handlers) {
    return streams.repositoryOf(Conditions.class, parameters, handlers);
  }

  @Bean
  ConfigurerModule unknownBankDays() {
    return UNKNOWN.onTheBus();
  }
}
