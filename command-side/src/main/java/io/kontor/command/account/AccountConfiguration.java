package io.kontor.command.account;

import io.kontor.eventstore.Streams;
import org.axonframework.config.ConfigurerModule;
import org.axonframework.messaging.annotation.HandlerDefinition;
import org.axonframework.messaging.annotation.ParameterResolverFactory;
import org.axonframework.modelling.command.Repository;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class AccountConfiguration {
  static final String REPOSITORY = "accountRepository";

  @Bean(REPOSITORY)
  Repository<Account> accountRepository(
      Streams streams, ParameterResolverFactory parameters, HandlerDefinition handlers) {
    return streams.repositoryOf(Account.class, parameters, handlers);
  }

  @Bean
  ConfigurerModule unknownAccounts() {
    return configurer ->
        configurer.onInitialize(
            axon -> axon.commandBus().registerHandlerInterceptor(new UnknownAccounts()));
  }
}
