package io.kontor.command.account;

import io.kontor.api.account.AccountCommand;
import io.kontor.api.transfer.TransferMoney;
import io.kontor.command.aggregate.AggregateNotFoundInterceptor;
import io.kontor.eventstore.aggregate.AggregateRepositories;
import org.axonframework.config.ConfigurerModule;
import org.axonframework.messaging.annotation.HandlerDefinition;
import org.axonframework.messaging.annotation.ParameterResolverFactory;
import org.axonframework.modelling.command.Repository;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class AccountConfiguration {
  static final String REPOSITORY = "accountRepository";
  static final AggregateNotFoundInterceptor UNKNOWN =
      new AggregateNotFoundInterceptor("account", AccountCommand.class, TransferMoney.class);

  @Bean(REPOSITORY)
  Repository<Account> accountRepository(
      AggregateRepositories streams,
      ParameterResolverFactory parameters,
      HandlerDefinition handlers) {
    return streams.repositoryOf(Account.class, parameters, handlers);
  }

  @Bean
  ConfigurerModule unknownAccounts() {
    return UNKNOWN.onTheBus();
  }
}
