package io.kontor.command.inventory;

import io.kontor.api.inventory.InventoryCommand;
import io.kontor.api.inventory.ItemsCommand;
import io.kontor.command.aggregate.AggregateNotFoundInterceptor;
import io.kontor.eventstore.aggregate.AggregateRepositories;
import org.axonframework.config.ConfigurerModule;
import org.axonframework.messaging.annotation.HandlerDefinition;
import org.axonframework.messaging.annotation.ParameterResolverFactory;
import org.axonframework.modelling.command.Repository;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class InventoryConfiguration {
  static final String REPOSITORY = "itemRepository";

  @Bean(REPOSITORY)
  Repository<InventoryItem> itemRepository(
      AggregateRepositories streams,
      ParameterResolverFactory parameters,
      HandlerDefinition handlers) {
    return streams.repositoryOf(InventoryItem.class, parameters, handlers);
  }

  @Bean
  ConfigurerModule unknownItems() {
    return new AggregateNotFoundInterceptor("product", InventoryCommand.class, ItemsCommand.class)
        .onTheBus();
  }
}
