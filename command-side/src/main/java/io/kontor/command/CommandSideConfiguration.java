package io.kontor.command;

import io.kontor.command.account.UnknownAccounts;
import org.axonframework.config.ConfigurerModule;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;

/**
 * The command side as beans: import it. It needs a {@code Cache} bean named {@code accounts} and a
 * {@code SnapshotTriggerDefinition} bean named {@code accountSnapshots}.
 */
@Configuration(proxyBeanMethods = false)
@ComponentScan
public class CommandSideConfiguration {
  @Bean
  ConfigurerModule unknownAccounts() {
    return configurer ->
        configurer.onInitialize(
            configuration ->
                configuration.commandBus().registerHandlerInterceptor(new UnknownAccounts()));
  }
}
