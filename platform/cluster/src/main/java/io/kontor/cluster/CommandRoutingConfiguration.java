package io.kontor.cluster;

import io.kontor.cluster.routing.ClusterSecret;
import io.kontor.cluster.routing.CommandMessageCodec;
import io.kontor.cluster.routing.NodeCommandBusConnector;
import io.kontor.cluster.routing.NodeCommandClient;
import io.kontor.cluster.routing.NodeCommandEndpoint;
import io.kontor.cluster.routing.StreamCommandRouter;
import io.kontor.tenancy.TenantId;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Objects;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.commandhandling.CommandBusSpanFactory;
import org.axonframework.commandhandling.distributed.DistributedCommandBus;
import org.axonframework.serialization.Serializer;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.core.env.Environment;

/**
 * Sends the commands of one database to the nodes that own their streams. Needs the node's {@link
 * StreamCommandRouter}; in a cell also the tenant whose cell it is.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnCluster
public class CommandRoutingConfiguration {

  @Bean
  ClusterSecret clusterSecret(Environment environment) {
    return Objects.requireNonNull(ClusterSecret.of(environment));
  }

  @Bean
  CommandMessageCodec commandWire(@Qualifier("messageSerializer") Serializer serializer) {
    return new CommandMessageCodec(serializer);
  }

  @Bean
  NodeCommandClient peers(
      ClusterSecret secret, CommandMessageCodec wire, ObjectProvider<TenantId> cell) {
    return new NodeCommandClient(secret, wire, cell.getIfAvailable());
  }

  @Bean
  NodeCommandEndpoint nodeEndpoint(
      @Qualifier("localSegment") CommandBus local, CommandMessageCodec wire) {
    return new NodeCommandEndpoint(local, wire);
  }

  @Bean
  @Primary
  DistributedCommandBus routedCommandBus(
      StreamCommandRouter router,
      @Qualifier("localSegment") CommandBus local,
      NodeCommandClient peers,
      MeterRegistry meters,
      CommandBusSpanFactory spans) {
    return DistributedCommandBus.builder()
        .commandRouter(router)
        .connector(new NodeCommandBusConnector(local, router, peers, meters))
        .spanFactory(spans)
        .build();
  }
}
