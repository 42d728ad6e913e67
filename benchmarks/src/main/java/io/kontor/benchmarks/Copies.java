package io.kontor.benchmarks;

import io.kontor.embeddedredis.EmbeddedRedis;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Where a node keeps copies of rows that are read by their ids. */
enum Copies {
  NONE("without copies", "0B", false),
  NEAR("copies in the process", "64MB", false),
  REDIS("copies on three Redis servers", "0B", true),
  BOTH("copies in the process and on three Redis servers", "64MB", true);

  private final String text;
  private final String near;
  private final boolean inRedis;

  Copies(String text, String near, boolean inRedis) {
    this.text = text;
    this.near = near;
    this.inRedis = inRedis;
  }

  String text() {
    return text;
  }

  /** The settings, by property. */
  Map<String, String> properties(List<EmbeddedRedis> servers) {
    String nodes = servers.stream().map(EmbeddedRedis::address).collect(Collectors.joining(","));
    return inRedis
        ? Map.of("kontor.cache.near", near, "kontor.redis.nodes", nodes)
        : Map.of("kontor.cache.near", near);
  }

  /** The same, as environment variables. */
  Map<String, String> environment(List<EmbeddedRedis> servers) {
    return properties(servers).entrySet().stream()
        .collect(
            Collectors.toMap(
                property -> property.getKey().replace('.', '_').toUpperCase(Locale.ROOT),
                Map.Entry::getValue));
  }

  /** The servers that take part, as processes. */
  List<Long> processes(List<EmbeddedRedis> servers) {
    return inRedis ? servers.stream().map(EmbeddedRedis::processId).toList() : List.of();
  }
}
