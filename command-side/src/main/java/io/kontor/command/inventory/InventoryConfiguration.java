package io.kontor.command.inventory;

import io.kontor.api.inventory.ItemCommand;
import io.kontor.command.UnknownStreams;
import io.kontor.eventstore.Streams;
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
      Streams streams, ParameterResolverFactory parameters, HandlerDefinition handlers) {
    return streams.repositoryOf(InventoryItem.class, parameters, handlers);
  }

  @Bean
  ConfigurerModule unknownItems() {
    return new UnknownStreams("product", ItemCommand.class).onTheBus();
  }
}
