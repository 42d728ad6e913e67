package io.kontor.cluster;

import io.kontor.cluster.membership.ClusterMembership;
import io.kontor.cluster.membership.ClusterNode;
import io.kontor.cluster.membership.OwnerIdFilter;
import io.kontor.cluster.role.NodeRoles;
import io.kontor.cluster.routing.StreamCommandRouter;
import io.kontor.eventstore.event.WriterStatus;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.axonframework.commandhandling.distributed.AnnotationRoutingStrategy;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;

/**
 * Clustering, enabled when nodes share a secret and no other transport (Axon Server) routes
 * commands. Without it, the local command bus is used.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnCluster
@EnableConfigurationProperties(ClusterProperties.class)
@Import(CommandRoutingConfiguration.class)
public class ClusterConfiguration {
  private static final Duration HEARTBEAT = Duration.ofSeconds(1);

  @Bean
  ClusterMembership nodes(
      Environment environment,
      ClusterProperties properties,
      @Qualifier("sessionsDataSource") DataSource sessions,
      ObjectProvider<WriterStatus> writer) {
    var roles = NodeRoles.of(environment);
    return new ClusterMembership(
        () ->
            new ClusterNode(UUID.randomUUID(), address(properties, environment), roles, version()),
        sessions,
        HEARTBEAT,
        () -> Optional.ofNullable(writer.getIfAvailable()).flatMap(WriterStatus::stopReason));
  }

  @Bean
  FilterRegistrationBean<OwnerIdFilter> ownerId(ClusterMembership nodes) {
    var registration = new FilterRegistrationBean<>(new OwnerIdFilter(nodes));
    registration.addUrlPatterns("/actuator/health/readiness");
    return registration;
  }

  @Bean
  MeterBinder nodeMetrics(ClusterMembership nodes) {
    return meters ->
        Gauge.builder("kontor.cluster.nodes", nodes, ClusterMembership::count)
            .description("live nodes, as this one sees it")
            .register(meters);
  }

  @Bean
  StreamCommandRouter commandRouter(ClusterMembership nodes, Environment environment) {
    return new StreamCommandRouter(
        nodes, AnnotationRoutingStrategy.defaultStrategy(), NodeRoles.of(environment));
  }

  private static URI address(ClusterProperties properties, Environment environment) {
    if (properties.address() != null) {
      return properties.address();
    }
    String port = environment.getRequiredProperty("local.server.port");
    return URI.create("http://%s:%s".formatted(host(environment), port));
  }

  private static String host(Environment environment) {
    try {
      InetAddress listensOn =
          InetAddress.getByName(environment.getProperty("server.address", "::"));
      InetAddress host = listensOn.isAnyLocalAddress() ? InetAddress.getLocalHost() : listensOn;
      String address = host.getHostAddress();
      return host instanceof Inet6Address ? "[%s]".formatted(address) : address;
    } catch (UnknownHostException e) {
      throw new IllegalStateException(
          "this machine does not know its own address: set KONTOR_CLUSTER_ADDRESS", e);
    }
  }

  /** The program's version; a placeholder when it is not packaged. */
  private static String version() {
    String packaged = ClusterConfiguration.class.getPackage().getImplementationVersion();
    return packaged == null ? "unpackaged" : packaged;
  }
}
