package io.kontor.redis;

import io.kontor.redis.RedisNode.Connected;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.metrics.CommandLatencyRecorder;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.lettuce.core.resource.Delay;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Opens connections; holds Lettuce's threads, which {@link #close} ends. */
final class RedisConnector implements AutoCloseable {
  private static final RedisCodec<String, byte[]> CODEC =
      RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE);
  private static final Duration RECONNECT_DELAY = Duration.ofMillis(500);
  private static final Duration TOPOLOGY_REFRESH = Duration.ofSeconds(5);

  /** Commands that wait for an answer; more are rejected. */
  private static final int QUEUE = 20_000;

  private static final int THREADS = 2;

  private final RedisProperties properties;
  private final ClientResources resources =
      DefaultClientResources.builder()
          .ioThreadPoolSize(THREADS)
          .computationThreadPoolSize(THREADS)
          .commandLatencyRecorder(CommandLatencyRecorder.disabled())
          .reconnectDelay(Delay.constant(RECONNECT_DELAY))
          .build();
  private final RedisClient client = RedisClient.create(resources);

  RedisConnector(RedisProperties properties) {
    this.properties = properties;
    client.setOptions(options(ClientOptions.builder()).build());
  }

  CompletionStage<Connected> connect(String node) {
    return client.connectAsync(CODEC, uri(node)).thenApply(RedisConnector::connected);
  }

  /** Connects to a cluster by any of its nodes. */
  CompletionStage<Connected> connectCluster(List<String> seeds) {
    RedisClusterClient cluster = cluster(seeds);
    return cluster
        .refreshPartitionsAsync()
        .thenCompose(known -> cluster.connectAsync(CODEC))
        .thenApply(connection -> connected(cluster, connection))
        .whenComplete(
            (connected, failure) -> {
              if (failure != null) {
                var _ = cluster.shutdownAsync();
              }
            });
  }

  /** Listens to a channel of a server; the connection is opened again when it was lost. */
  CompletionStage<Supplier<CompletableFuture<Void>>> subscribe(
      String node, String channel, RedisSubscriber subscriber) {
    return client
        .connectPubSubAsync(CODEC, uri(node))
        .thenCompose(
            connection ->
                subscribed(connection, connection::closeAsync, channel, subscriber)
                    .whenComplete(
                        (listening, failure) -> {
                          if (failure != null) {
                            var _ = connection.closeAsync();
                          }
                        }));
  }

  /** Listens to a channel of a cluster, whose nodes pass messages on to each other. */
  CompletionStage<Supplier<CompletableFuture<Void>>> subscribeCluster(
      List<String> seeds, String channel, RedisSubscriber subscriber) {
    RedisClusterClient cluster = cluster(seeds);
    return cluster
        .refreshPartitionsAsync()
        .thenCompose(known -> cluster.connectPubSubAsync(CODEC))
        .thenCompose(
            connection -> subscribed(connection, cluster::shutdownAsync, channel, subscriber))
        .whenComplete(
            (listening, failure) -> {
              if (failure != null) {
                var _ = cluster.shutdownAsync();
              }
            });
  }

  /** Lettuce subscribes again, and says so, with each new connection. */
  private CompletionStage<Supplier<CompletableFuture<Void>>> subscribed(
      StatefulRedisPubSubConnection<String, byte[]> connection,
      Supplier<CompletableFuture<Void>> close,
      String channel,
      RedisSubscriber subscriber) {
    connection.addListener(
        new RedisPubSubAdapter<String, byte[]>() {
          @Override
          public void message(String from, byte[] message) {
            subscriber.message(message);
          }

          @Override
          public void subscribed(String to, long count) {
            subscriber.subscribed();
          }
        });
    return connection
        .async()
        .subscribe(channel)
        .thenApply(done -> close)
        .toCompletableFuture()
        .orTimeout(properties.connectTimeout().toNanos(), TimeUnit.NANOSECONDS);
  }

  private RedisClusterClient cluster(List<String> seeds) {
    RedisClusterClient cluster =
        RedisClusterClient.create(resources, seeds.stream().map(this::uri).toList());
    cluster.setOptions(
        (ClusterClientOptions)
            options(
                    ClusterClientOptions.builder()
                        .topologyRefreshOptions(
                            ClusterTopologyRefreshOptions.builder()
                                .enablePeriodicRefresh(TOPOLOGY_REFRESH)
                                .enableAllAdaptiveRefreshTriggers()
                                .build()))
                .build());
    return cluster;
  }

  @Override
  public void close() {
    client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
    var _ = resources.shutdown();
  }

  private static Connected connected(StatefulRedisConnection<String, byte[]> connection) {
    return new Connected(connection.async(), connection::isOpen, connection::closeAsync);
  }

  private static Connected connected(
      RedisClusterClient cluster, StatefulRedisClusterConnection<String, byte[]> connection) {
    return new Connected(connection.async(), connection::isOpen, cluster::shutdownAsync);
  }

  private ClientOptions.Builder options(ClientOptions.Builder options) {
    return options
        // A command of a lost connection fails at once and is not sent later.
        .disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
        .requestQueueSize(QUEUE)
        .socketOptions(
            SocketOptions.builder()
                .connectTimeout(properties.connectTimeout())
                .keepAlive(true)
                .build());
  }

  private RedisURI uri(String node) {
    int colon = node.lastIndexOf(':');
    var uri =
        RedisURI.builder()
            .withHost(node.substring(0, colon))
            .withPort(Integer.parseInt(node.substring(colon + 1)))
            .withSsl(properties.tls())
            .withTimeout(properties.connectTimeout());
    String password = properties.password();
    if (password != null) {
      String user = properties.user();
      if (user == null) {
        uri.withPassword(password.toCharArray());
      } else {
        uri.withAuthentication(user, password.toCharArray());
      }
    }
    return uri.build();
  }
}
