package io.kontor.command.account;

import io.kontor.api.account.AccountCommand;
import io.kontor.api.transfer.Transfer;
import io.kontor.command.UnknownStreams;
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
  static final UnknownStreams UNKNOWN =
      new UnknownStreams("account", AccountCommand.class, Transfer.class);

  @Bean(REPOSITORY)
  Repository<Account> accountRepository(
      Streams streams, ParameterResolverFactory parameters, HandlerDefinition handlers) {
    return streams.repositoryOf(Account.class, parameters, handlers);
  }

  @Bean
  ConfigurerModule unknownAccounts() {
    return UNKNOWN.onTheBus();
  }
}
