package io.kontor.command;

import io.kontor.command.inventory.PriceList;
import io.kontor.command.standingorder.ExecutionCalendar;
import io.kontor.command.standingorder.StandingOrderProperties;
import java.time.InstantSource;
import org.axonframework.commandhandling.CommandBus;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.ComponentScan.Filter;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.FilterType;
import org.springframework.context.annotation.Import;

/**
 * The beans of the command side, to be imported. Needs the event store's beans and a {@code
 * JsonMapper}. The HTTP API is on every node.
 */
@Configuration(proxyBeanMethods = false)
@ComponentScan(
    excludeFilters =
        @Filter(
            type = FilterType.REGEX,
            pattern = "io\\.kontor\\.command\\.(?!http\\.|\\w+\\.web\\.).*"))
@Import({CommandHandlersConfiguration.class, PriceList.class, ExecutionCalendar.class})
@EnableConfigurationProperties(StandingOrderProperties.class)
public class CommandSideConfiguration {

  /** Also stamps the commands that this node's tasks and processes send. */
  @Bean
  InitializingBean stampedCommands(CommandBus commands, ObjectProvider<InstantSource> clock) {
    var sentAt = new SentAt(clock.getIfAvailable(InstantSource::system));
    return () -> commands.registerDispatchInterceptor(sentAt);
  }
}
